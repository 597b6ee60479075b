/* The machine's own files, with faults on order: a full disk, a failing write or fsync, no shared memory. */
#ifndef JINGDA_TESTS_FAULT_VFS_H
#define JINGDA_TESTS_FAULT_VFS_H

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FAULT_VFS "fault"

struct faults {
    int64_t room; /* bytes that may still be written; -1: as many as you like */
    bool is_sync_failing;
    bool is_write_failing; /* SQLITE_IOERR_WRITE with `error` */
    bool is_read_failing;
    bool has_no_shared_memory;
    int error; /* what errno the failing write has */
    uint32_t syncs;
};

struct fault_file {
    sqlite3_file base;
    sqlite3_io_methods methods;
    struct faults *faults;
    sqlite3_file *real; /* behind this struct */
};

static inline struct fault_file *fault_file_of(sqlite3_file *base)
{
    return (struct fault_file *)base;
}
#define REAL(base) (fault_file_of(base)->real)

static inline int fault_close(sqlite3_file *f)
{
    return REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : 0;
}
static inline int fault_read(sqlite3_file *f, void *out, int amount, sqlite3_int64 offset)
{
    if (fault_file_of(f)->faults->is_read_failing) return SQLITE_IOERR_READ;
    return REAL(f)->pMethods->xRead(REAL(f), out, amount, offset);
}
static inline int fault_write(sqlite3_file *f, const void *data, int amount, sqlite3_int64 offset)
{
    struct faults *faults = fault_file_of(f)->faults;
    if (faults->is_write_failing) return SQLITE_IOERR_WRITE;
    if (faults->room >= 0 && faults->room < amount) return SQLITE_FULL;
    if (faults->room >= 0) faults->room -= amount;
    return REAL(f)->pMethods->xWrite(REAL(f), data, amount, offset);
}
static inline int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return REAL(f)->pMethods->xTruncate(REAL(f), size);
}
static inline int fault_sync(sqlite3_file *f, int flags)
{
    fault_file_of(f)->faults->syncs++;
    if (fault_file_of(f)->faults->is_sync_failing) return SQLITE_IOERR_FSYNC;
    return REAL(f)->pMethods->xSync(REAL(f), flags);
}
static inline int fault_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), out);
}
static inline int fault_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}
static inline int fault_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}
static inline int fault_reserved(sqlite3_file *f, int *out)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}
static inline int fault_control(sqlite3_file *f, int operation, void *argument)
{
    return REAL(f)->pMethods->xFileControl(REAL(f), operation, argument);
}
static inline int fault_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static inline int fault_device(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}
static inline int fault_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), region, size, extend, out);
}
static inline int fault_shm_lock(sqlite3_file *f, int offset, int count, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), offset, count, flags);
}
static inline void fault_shm_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}
static inline int fault_shm_unmap(sqlite3_file *f, int is_deleted)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), is_deleted);
}

static inline int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *flags_out)
{
    struct fault_file *file = fault_file_of(base);
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    memset(file, 0, sizeof *file);
    file->faults = vfs->pAppData;
    file->real = (sqlite3_file *)(file + 1);
    int code = real->xOpen(real, name, file->real, flags, flags_out);
    if (code != SQLITE_OK) return code;
    file->methods = (sqlite3_io_methods){file->faults->has_no_shared_memory ? 1 : 2, fault_close, fault_read,
        fault_write, fault_truncate, fault_sync, fault_size, fault_lock, fault_unlock, fault_reserved, fault_control,
        fault_sector, fault_device, fault_shm_map, fault_shm_lock, fault_shm_barrier, fault_shm_unmap, NULL, NULL};
    base->pMethods = &file->methods;
    return SQLITE_OK;
}

static inline int fault_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)size, (void)out;
    return ((struct faults *)vfs->pAppData)->error;
}

/* Registers it once; the faults are the caller's to change at any time. */
static inline void fault_vfs_use(struct faults *faults)
{
    static sqlite3_vfs vfs;
    *faults = (struct faults){.room = -1, .error = EIO};
    if (!vfs.zName) {
        sqlite3_vfs *real = sqlite3_vfs_find(NULL);
        vfs = *real;
        vfs.zName = FAULT_VFS;
        vfs.pNext = NULL;
        vfs.szOsFile = (int)sizeof(struct fault_file) + real->szOsFile;
        vfs.xOpen = fault_open;
        vfs.xGetLastError = fault_last_error;
        if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) abort();
    }
    vfs.pAppData = faults;
}

#endif
