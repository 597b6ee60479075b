/* Role: the disk of the power-cut test.
 * Input: writes, syncs, and the operation in which the power goes. Output: what is found afterwards.
 * Leaves to others: how SQLite comes to it (disk_vfs.c).
 *
 * Each file has two images: `current` and `durable`. A sync copies one to the other. A cut makes a new image from the
 * durable one: for each unsynced unit chance says whether it has reached the disk, whole or torn. With is_powersafe
 * unset, a torn sector is garbage from end to end, also where it held synced bytes: SQLite is told so (no
 * SQLITE_IOCAP_POWERSAFE_OVERWRITE) and must keep synced and later bytes in different sectors.
 *
 * One thing is taken as atomic: an unsynced truncation has happened or has not, as in every journalling file system. A
 * first version let it stop half-way, and so found that SQLite relies on this: after a TRUNCATE checkpoint a WAL that
 * is cut off in the middle is replayed over the newer database. */
#include "power_cut/disk.h"

#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t chance(struct disk *disk, uint32_t bound)
{
    return random_below(&disk->random, bound);
}

/* True where the power is still there after counting this operation. */
static bool operate(struct disk *disk)
{
    if (disk->is_dead) return false;
    disk->operations++;
    if (disk->cut_at != 0 && disk->operations >= disk->cut_at) disk->is_dead = true;
    return !disk->is_dead;
}

static void image_free(struct image *image)
{
    free(image->data);
    *image = (struct image){0};
}

static void image_resize(struct image *image, size_t size)
{
    if (size >= image->capacity) {
        image->capacity = 2 * size + 1;
        image->data = realloc(image->data, image->capacity);
        expect(image->data);
    }
    if (size > image->size) memset(image->data + image->size, 0, size - image->size);
    image->size = size;
}

static void image_copy(struct image *to, const struct image *from)
{
    image_resize(to, from->size);
    if (from->size > 0) memcpy(to->data, from->data, from->size);
    to->is_present = from->is_present;
}

static void mark(struct disk_file *file, size_t from, size_t to)
{
    size_t count = (to + DISK_UNIT - 1) / DISK_UNIT;
    if (count > file->unsynced_count) {
        size_t room = count * 2;
        file->unsynced = realloc(file->unsynced, room);
        expect(file->unsynced);
        memset(file->unsynced + file->unsynced_count, 0, room - file->unsynced_count);
        file->unsynced_count = room;
    }
    for (size_t unit = from / DISK_UNIT; unit < count; unit++)
        file->unsynced[unit] = 1;
}

static void unmark(struct disk_file *file)
{
    if (file->unsynced_count > 0) memset(file->unsynced, 0, file->unsynced_count);
}

/* What was written behind the new end is no more. */
static void cut_off(struct disk_file *file, size_t size)
{
    image_resize(&file->current, size);
    if (!file->is_truncated || size < file->truncated_to) file->truncated_to = size;
    file->is_truncated = true;
    for (size_t unit = (size + DISK_UNIT - 1) / DISK_UNIT; unit < file->unsynced_count; unit++)
        file->unsynced[unit] = 0;
}

static void truncate_durable(struct disk_file *file)
{
    if (file->is_truncated && file->truncated_to < file->durable.size) image_resize(&file->durable, file->truncated_to);
    file->is_truncated = false;
}

/* ---- operations ---- */

struct disk_file *disk_find(struct disk *disk, const char *name, bool is_made)
{
    struct disk_file *free_place = NULL;
    for (size_t i = 0; i < DISK_FILES_MAX; i++) {
        struct disk_file *file = &disk->files[i];
        if (file->name[0] == '\0' && !free_place) free_place = file;
        if (strcmp(file->name, name) != 0) continue;
        if (!file->current.is_present && !is_made) return NULL;
        file->current.is_present = true;
        return file;
    }
    if (!is_made) return NULL;
    expect(free_place && strlen(name) < sizeof free_place->name);
    snprintf(free_place->name, sizeof free_place->name, "%s", name);
    free_place->current.is_present = true;
    return free_place;
}

bool disk_write(struct disk *disk, struct disk_file *file, const void *data, size_t size, size_t offset)
{
    if (disk->is_dead) return false;
    bool is_whole = operate(disk);
    if (!is_whole) size = chance(disk, (uint32_t)size + 1); /* the power goes while it is being written */
    if (offset + size > file->current.size) image_resize(&file->current, offset + size);
    if (size > 0) {
        memcpy(file->current.data + offset, data, size);
        mark(file, offset, offset + size);
    }
    return is_whole;
}

bool disk_truncate(struct disk *disk, struct disk_file *file, size_t size)
{
    if (!operate(disk)) return false;
    if (size < file->current.size) cut_off(file, size);
    return true;
}

bool disk_sync(struct disk *disk, struct disk_file *file)
{
    if (!operate(disk)) return false;
    /* SQLite's own VFS syncs the folder with the first sync of a new journal or WAL: deletions in it are then durable.
     */
    for (size_t i = 0; i < DISK_FILES_MAX && !file->durable.is_present; i++)
        if (!disk->files[i].current.is_present) image_free(&disk->files[i].durable);
    truncate_durable(file);
    image_resize(&file->durable, file->current.size);
    for (size_t unit = 0; unit * DISK_UNIT < file->current.size; unit++) {
        size_t at = unit * DISK_UNIT, left = file->current.size - at;
        if (unit < file->unsynced_count && file->unsynced[unit])
            memcpy(file->durable.data + at, file->current.data + at, left < DISK_UNIT ? left : DISK_UNIT);
    }
    file->durable.is_present = true;
    unmark(file);
    return true;
}

bool disk_delete(struct disk *disk, struct disk_file *file, bool is_synced)
{
    if (!operate(disk)) return false;
    cut_off(file, 0);
    image_free(&file->current);
    if (is_synced) image_free(&file->durable);
    return true;
}

/* ---- the cut ---- */

enum fate { FATE_OLD, FATE_NEW, FATE_TORN };

/* How the unsynced sectors of one file fare. */
enum luck { LUCK_NONE, LUCK_ALL, LUCK_EACH, LUCK_PREFIX, LUCKS };

static enum fate fate_of(struct disk *disk, enum luck luck, bool is_before_end)
{
    switch (luck) {
    case LUCK_NONE: return FATE_OLD;
    case LUCK_ALL: return FATE_NEW;
    case LUCK_PREFIX: return is_before_end ? FATE_NEW : FATE_OLD;
    case LUCK_EACH:
    case LUCKS: break;
    }
    uint32_t draw = chance(disk, 8);
    return draw == 0 ? FATE_TORN : draw < 4 ? FATE_OLD : FATE_NEW;
}

static void tear(struct disk *disk, uint8_t *to, const uint8_t *new_bytes, size_t size)
{
    if (disk->is_powersafe) {
        memcpy(to, new_bytes, chance(disk, (uint32_t)size + 1));
        return;
    }
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)random_next(&disk->random);
}

/* A file that grew may have its old size, its new one, or one between. */
static size_t size_after(struct disk *disk, size_t durable, size_t current)
{
    if (current <= durable) return durable;
    switch (chance(disk, 3)) {
    case 0: return durable;
    case 1: return current;
    default: return durable + chance(disk, (uint32_t)(current - durable) + 1);
    }
}

static bool is_unsynced(const struct disk_file *file, size_t from, size_t to)
{
    for (size_t unit = from / DISK_UNIT; unit * DISK_UNIT < to && unit < file->unsynced_count; unit++)
        if (file->unsynced[unit]) return true;
    return false;
}

/* The new durable image of a file that is there before and after. */
static void settle_bytes(struct disk *disk, struct disk_file *file)
{
    struct image after = {.is_present = true};
    struct image wanted = {.is_present = true};
    if (chance(disk, 2) == 0) truncate_durable(file);
    size_t size = size_after(disk, file->durable.size, file->current.size);
    image_copy(&after, &file->durable);
    image_copy(&wanted, &file->current);
    image_resize(&after, size);
    image_resize(&wanted, size);
    after.is_present = true; /* also where only chance brought the name to the disk */
    enum luck luck = (enum luck)chance(disk, LUCKS);
    size_t prefix = chance(disk, (uint32_t)size + 1);
    for (size_t at = 0; at < size; at += disk->sector) {
        size_t end = at + disk->sector < size ? at + disk->sector : size;
        if (!is_unsynced(file, at, end)) continue;
        switch (fate_of(disk, luck, at < prefix)) {
        case FATE_OLD: break;
        case FATE_NEW: memcpy(after.data + at, wanted.data + at, end - at); break;
        case FATE_TORN: tear(disk, after.data + at, wanted.data + at, end - at); break;
        }
    }
    image_free(&wanted);
    image_free(&file->durable);
    file->durable = after;
}

static void settle(struct disk *disk, struct disk_file *file)
{
    bool is_there = file->durable.is_present;
    if (file->current.is_present != file->durable.is_present) is_there = chance(disk, 2) == 0;
    if (!is_there)
        image_free(&file->durable);
    else if (file->current.is_present)
        settle_bytes(disk, file);
    image_free(&file->current);
    unmark(file);
    file->is_truncated = false;
    if (is_there) image_copy(&file->current, &file->durable);

    for (size_t i = 0; i < 64; i++)
        free(file->shared_memory[i]);
    memset(file->shared_memory, 0, sizeof file->shared_memory);
    memset(file->shared_locks, 0, sizeof file->shared_locks);
    file->shared_users = file->readers = 0;
    file->reserved = file->pending = file->exclusive = NULL;
}

void disk_restart(struct disk *disk)
{
    for (size_t i = 0; i < DISK_FILES_MAX; i++)
        if (disk->files[i].name[0] != '\0') settle(disk, &disk->files[i]);
    disk->cut_at = 0;
    disk->is_dead = false;
}

void disk_cut_in(struct disk *disk, uint64_t operations)
{
    disk->cut_at = disk->operations + operations;
}

void disk_init(struct disk *disk, uint64_t seed)
{
    *disk = (struct disk){.random = random_from_seed(seed)};
    disk->sector = chance(disk, 2) == 0 ? 512 : 4096;
    disk->is_powersafe = chance(disk, 2) == 0;
}

void disk_finish(struct disk *disk)
{
    for (size_t i = 0; i < DISK_FILES_MAX; i++) {
        struct disk_file *file = &disk->files[i];
        image_free(&file->current);
        image_free(&file->durable);
        free(file->unsynced);
        for (size_t k = 0; k < 64; k++)
            free(file->shared_memory[k]);
    }
    *disk = (struct disk){0};
}
