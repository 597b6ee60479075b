/* A disk in memory that can lose its power. What was synced is kept; what was only written may be there afterwards,
 * or not, or torn, each sector by itself and in any order; so may a file's size, its creation and its deletion. */
#ifndef JINGDA_TESTS_DISK_H
#define JINGDA_TESTS_DISK_H

#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_FILES_MAX 8
#define DISK_UNIT      512 /* what is remembered as written or synced */

struct image {
    bool is_present;
    uint8_t *data;
    size_t size, capacity;
};

struct disk_file {
    char name[256];       /* empty: a free place */
    struct image current; /* what programs see */
    struct image durable; /* what the last sync left */
    uint8_t *unsynced;    /* for each unit: written since the last sync */
    size_t unsynced_count;
    bool is_truncated; /* since the last sync, and to what size at least */
    size_t truncated_to;
    uint32_t readers; /* database locks, see disk_vfs.c */
    const void *reserved, *pending, *exclusive;
    uint8_t *shared_memory[64];
    uint32_t shared_users;
    int32_t shared_locks[8]; /* n: n shared holders; -1: one exclusive holder */
};

struct disk {
    struct random random;
    uint32_t sector;     /* what a torn write can damage: 512 or 4096 */
    bool is_powersafe;   /* bytes of a sector that were not written survive a torn write of it */
    uint64_t operations; /* writes, truncations, syncs and deletions so far */
    uint64_t cut_at;     /* the power goes in this operation; 0: never */
    bool is_dead;
    struct disk_file files[DISK_FILES_MAX];
};

void disk_init(struct disk *disk, uint64_t seed);
void disk_finish(struct disk *disk);
/* The power goes in the operation that comes `operations` from now (1: the next). */
void disk_cut_in(struct disk *disk, uint64_t operations);
/* The power comes back: all that was not synced has become what chance made of it, memory and locks are gone. */
void disk_restart(struct disk *disk);

/* NULL: no such file. With `is_made`, an empty one is made. */
struct disk_file *disk_find(struct disk *disk, const char *name, bool is_made);
/* False where the power has gone before or during the operation. */
bool disk_write(struct disk *disk, struct disk_file *file, const void *data, size_t size, size_t offset);
bool disk_truncate(struct disk *disk, struct disk_file *file, size_t size);
bool disk_sync(struct disk *disk, struct disk_file *file);
bool disk_delete(struct disk *disk, struct disk_file *file, bool is_synced);

#endif
