/* Role: count failed tries for each name. Input: a name's key, the time. Output: how long to wait. Leaves to others:
 * checking the password (signin.c).
 *
 * The table is bounded. Where it is full, the name with the fewest failures gives way, the longest unseen first:
 * whoever floods it with invented names pushes out his own, not the one that is under attack. */
#include "desk/lockout.h"

#include <stddef.h>

static uint64_t wait_ms(uint32_t failures)
{
    if (failures < LOCKOUT_FREE) return 0;
    uint32_t doublings = failures - LOCKOUT_FREE;
    uint64_t seconds = doublings < 16 ? 1u << doublings : LOCKOUT_WAIT_S_MAX;
    return 1000 * (seconds < LOCKOUT_WAIT_S_MAX ? seconds : LOCKOUT_WAIT_S_MAX);
}

static struct lockout_entry *find(struct lockout *lockout, uint64_t key)
{
    for (size_t i = 0; i < LOCKOUT_NAMES_MAX; i++)
        if (lockout->entries[i].failures && lockout->entries[i].key == key) return &lockout->entries[i];
    return NULL;
}

static struct lockout_entry *make(struct lockout *lockout, uint64_t key)
{
    struct lockout_entry *least = &lockout->entries[0];
    for (size_t i = 1; i < LOCKOUT_NAMES_MAX; i++) {
        struct lockout_entry *entry = &lockout->entries[i];
        if (entry->failures < least->failures ||
            (entry->failures == least->failures && entry->last_ms < least->last_ms))
            least = entry;
    }
    *least = (struct lockout_entry){.key = key};
    return least;
}

uint64_t lockout_try(struct lockout *lockout, uint64_t key, uint64_t now_ms)
{
    struct lockout_entry *entry = find(lockout, key);
    if (entry && now_ms >= entry->last_ms + LOCKOUT_FORGET_MS) entry->failures = 0;
    if (!entry) entry = make(lockout, key);
    uint64_t until_ms = entry->last_ms + wait_ms(entry->failures);
    if (entry->failures && now_ms < until_ms) return until_ms - now_ms;
    entry->key = key;
    entry->failures++;
    entry->last_ms = now_ms;
    return 0;
}

void lockout_forgive(struct lockout *lockout, uint64_t key)
{
    struct lockout_entry *entry = find(lockout, key);
    if (entry) *entry = (struct lockout_entry){0};
}
