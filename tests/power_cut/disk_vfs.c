/* Role: give SQLite the disk of the power-cut test as its files, its locks and its shared memory.
 * Input: SQLite's calls. Output: the disk's answers; after the power has gone every call fails.
 * Leaves to others: what a cut does (disk.c). Handles of several connections in one process, no threads. */
#include "power_cut/disk_vfs.h"

#include "base/expect.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
    int lock;
    bool has_shared_memory;
    uint16_t shared_mask, exclusive_mask; /* of its eight shared-memory locks */
};

static struct handle *handle_of(sqlite3_file *base)
{
    return (struct handle *)base;
}

/* ---- bytes ---- */

static int file_read(sqlite3_file *base, void *out, int amount, sqlite3_int64 offset)
{
    struct handle *handle = handle_of(base);
    if (handle->disk->is_dead) return SQLITE_IOERR_READ;
    const struct image *image = &handle->file->current;
    size_t wanted = (size_t)amount, from = (size_t)offset;
    size_t there = from < image->size ? image->size - from : 0;
    if (there > wanted) there = wanted;
    if (there > 0) memcpy(out, image->data + from, there);
    memset((uint8_t *)out + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int amount, sqlite3_int64 offset)
{
    struct handle *handle = handle_of(base);
    bool is_written = disk_write(handle->disk, handle->file, data, (size_t)amount, (size_t)offset);
    return is_written ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = handle_of(base);
    return disk_truncate(handle->disk, handle->file, (size_t)size) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct handle *handle = handle_of(base);
    return disk_sync(handle->disk, handle->file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)handle_of(base)->file->current.size;
    return SQLITE_OK;
}

/* ---- the database file's locks ---- */

static bool is_others(const void *holder, const struct handle *handle)
{
    return holder && holder != handle;
}

static int file_lock(sqlite3_file *base, int wanted)
{
    struct handle *handle = handle_of(base);
    struct disk_file *file = handle->file;
    if (handle->disk->is_dead) return SQLITE_IOERR_LOCK;
    if (wanted <= handle->lock) return SQLITE_OK;
    if (wanted == SQLITE_LOCK_SHARED) {
        if (is_others(file->pending, handle) || is_others(file->exclusive, handle)) return SQLITE_BUSY;
        file->readers++;
    } else {
        if (is_others(file->reserved, handle) || is_others(file->pending, handle)) return SQLITE_BUSY;
        file->reserved = handle;
        if (wanted == SQLITE_LOCK_EXCLUSIVE) {
            file->pending = handle;
            if (file->readers > 1) return SQLITE_BUSY;
            file->exclusive = handle;
        }
    }
    handle->lock = wanted;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int wanted)
{
    struct handle *handle = handle_of(base);
    struct disk_file *file = handle->file;
    if (file->exclusive == handle) file->exclusive = NULL;
    if (file->pending == handle) file->pending = NULL;
    if (file->reserved == handle) file->reserved = NULL;
    if (wanted == SQLITE_LOCK_NONE && handle->lock > SQLITE_LOCK_NONE && file->readers > 0) file->readers--;
    if (handle->lock > wanted) handle->lock = wanted;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *out)
{
    *out = handle_of(base)->file->reserved != NULL;
    return SQLITE_OK;
}

/* ---- shared memory ---- */

static int shared_map(sqlite3_file *base, int region, int size, int is_extended, void volatile **out)
{
    struct handle *handle = handle_of(base);
    struct disk_file *file = handle->file;
    *out = NULL;
    if (handle->disk->is_dead) return SQLITE_IOERR_SHMMAP;
    expect(region >= 0 && region < 64);
    if (!handle->has_shared_memory) {
        handle->has_shared_memory = true;
        file->shared_users++;
    }
    if (!file->shared_memory[region] && is_extended) {
        file->shared_memory[region] = calloc(1, (size_t)size);
        expect(file->shared_memory[region]);
    }
    *out = file->shared_memory[region];
    return SQLITE_OK;
}

static void shared_release(struct handle *handle, int place)
{
    uint16_t bit = (uint16_t)(1u << place);
    int32_t *lock = &handle->file->shared_locks[place];
    if (handle->exclusive_mask & bit) *lock = 0;
    if ((handle->shared_mask & bit) && *lock > 0) --*lock;
    handle->exclusive_mask &= (uint16_t)~bit;
    handle->shared_mask &= (uint16_t)~bit;
}

static int shared_lock(sqlite3_file *base, int offset, int count, int flags)
{
    struct handle *handle = handle_of(base);
    int32_t *locks = handle->file->shared_locks;
    if (flags & SQLITE_SHM_UNLOCK) {
        for (int i = offset; i < offset + count; i++)
            shared_release(handle, i);
        return SQLITE_OK;
    }
    if (handle->disk->is_dead) return SQLITE_IOERR_SHMLOCK;
    bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (int i = offset; i < offset + count; i++) {
        bool is_own_shared = handle->shared_mask & (1u << i);
        if (is_exclusive ? locks[i] != 0 : locks[i] < 0) return SQLITE_BUSY;
        if (is_own_shared) return SQLITE_OK;
    }
    for (int i = offset; i < offset + count; i++) {
        uint16_t bit = (uint16_t)(1u << i);
        if (is_exclusive)
            locks[i] = -1, handle->exclusive_mask |= bit;
        else
            locks[i]++, handle->shared_mask |= bit;
    }
    return SQLITE_OK;
}

static void shared_barrier(sqlite3_file *base)
{
    (void)base;
}

static int shared_unmap(sqlite3_file *base, int is_deleted)
{
    (void)is_deleted; /* the first to map it again starts it anew anyway, as in SQLite's own VFS */
    struct handle *handle = handle_of(base);
    struct disk_file *file = handle->file;
    if (!handle->has_shared_memory) return SQLITE_OK;
    for (int i = 0; i < 8; i++)
        shared_release(handle, i);
    handle->has_shared_memory = false;
    if (file->shared_users > 0 && --file->shared_users > 0) return SQLITE_OK;
    for (size_t i = 0; i < 64; i++)
        free(file->shared_memory[i]);
    memset(file->shared_memory, 0, sizeof file->shared_memory);
    return SQLITE_OK;
}

/* ---- handles ---- */

static int file_close(sqlite3_file *base)
{
    (void)shared_unmap(base, 0);
    return file_unlock(base, SQLITE_LOCK_NONE);
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    if (operation != SQLITE_FCNTL_MMAP_SIZE) return SQLITE_NOTFOUND;
    *(sqlite3_int64 *)argument = 0; /* never mapped */
    return SQLITE_OK;
}

static int file_sector_size(sqlite3_file *base)
{
    return (int)handle_of(base)->disk->sector;
}

static int file_characteristics(sqlite3_file *base)
{
    return handle_of(base)->disk->is_powersafe ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shared_map,
    .xShmLock = shared_lock,
    .xShmBarrier = shared_barrier,
    .xShmUnmap = shared_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *flags_out)
{
    struct disk *disk = vfs->pAppData;
    struct handle *handle = handle_of(base);
    *handle = (struct handle){.disk = disk};
    if (disk->is_dead || !name) return SQLITE_CANTOPEN;
    handle->file = disk_find(disk, name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!handle->file) return SQLITE_CANTOPEN;
    handle->base.pMethods = &methods;
    if (flags_out) *flags_out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int is_synced)
{
    struct disk *disk = vfs->pAppData;
    struct disk_file *file = disk_find(disk, name, false);
    if (!file) return SQLITE_IOERR_DELETE_NOENT;
    return disk_delete(disk, file, is_synced != 0) ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)flags;
    *out = disk_find(vfs->pAppData, name, false) != NULL;
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

void disk_vfs_use(struct disk *disk)
{
    static sqlite3_vfs vfs;
    if (!vfs.zName) {
        vfs = *sqlite3_vfs_find(NULL);
        vfs.zName = DISK_VFS;
        vfs.pNext = NULL;
        vfs.szOsFile = sizeof(struct handle);
        vfs.xOpen = vfs_open;
        vfs.xDelete = vfs_delete;
        vfs.xAccess = vfs_access;
        vfs.xFullPathname = vfs_full_path;
        expect(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
    }
    vfs.pAppData = disk;
}
