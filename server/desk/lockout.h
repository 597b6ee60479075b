/* How long somebody who keeps failing to sign in must wait: five tries are free, then 1, 2, 4 ... 300 seconds, counted
 * for each account name wherever the tries come from. Names that are nobody's are counted alike, so that waiting tells
 * nothing. Pure: time is handed in. */
#ifndef JINGDA_DESK_LOCKOUT_H
#define JINGDA_DESK_LOCKOUT_H

#include <stdint.h>

#define LOCKOUT_NAMES_MAX  512
#define LOCKOUT_FREE       5
#define LOCKOUT_WAIT_S_MAX 300
#define LOCKOUT_FORGET_MS  (60 * 60 * 1000) /* without a failure */

struct lockout_entry {
    uint64_t key;
    uint32_t failures; /* 0: free */
    uint64_t last_ms;
};

struct lockout {
    struct lockout_entry entries[LOCKOUT_NAMES_MAX];
};

/* 0: go on, and the try counts as failed until lockout_forgive, so that many at once gain nothing. Otherwise the
 * milliseconds to wait; the try is not counted. `key` is a keyed hash of the name. */
uint64_t lockout_try(struct lockout *lockout, uint64_t key, uint64_t now_ms);
/* It was the right password. */
void lockout_forgive(struct lockout *lockout, uint64_t key);

#endif
