/* Who has answered which asking, for the writer: a bit for each participant of the askings written to of late. It is
 * what a unique index would be (promise 2, once), without the index's price; see schema.c. */
#ifndef JINGDA_STORE_ONCE_H
#define JINGDA_STORE_ONCE_H

#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct once_set {
    uint32_t round;
    uint16_t asking;
    uint64_t used_at; /* 0: a free place */
    uint8_t *bits;
    uint32_t size; /* bytes of bits */
};

struct once {
    struct once_set sets[ROUNDS_MAX]; /* one open asking for each running round */
    uint64_t uses;
};

void once_finish(struct once *once);
/* NULL: not known here; load it. */
struct once_set *once_find(struct once *once, uint32_t round, uint16_t asking);
/* An empty set in the place of the one that was used longest ago. */
struct once_set *once_make(struct once *once, uint32_t round, uint16_t asking);
/* False where the participant (below PARTICIPANTS_MAX) was in it. */
bool once_add(struct once_set *set, uint32_t participant);
void once_remove(struct once_set *set, uint32_t participant);

#endif
