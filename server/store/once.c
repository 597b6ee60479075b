/* Role: remember who has answered, so that a second answer is refused before it is written.
 * Leaves to others: filling a set from the database, taking back what a failed batch added (answers.c). */
#include "store/once.h"

#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

void once_finish(struct once *once)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++)
        free(once->sets[i].bits);
    *once = (struct once){0};
}

struct once_set *once_find(struct once *once, uint32_t round, uint16_t asking)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        struct once_set *set = &once->sets[i];
        if (set->used_at == 0 || set->round != round || set->asking != asking) continue;
        set->used_at = ++once->uses;
        return set;
    }
    return NULL;
}

struct once_set *once_make(struct once *once, uint32_t round, uint16_t asking)
{
    struct once_set *oldest = &once->sets[0];
    for (uint32_t i = 1; i < ROUNDS_MAX; i++)
        if (once->sets[i].used_at < oldest->used_at) oldest = &once->sets[i];
    free(oldest->bits);
    *oldest = (struct once_set){.round = round, .asking = asking, .used_at = ++once->uses};
    return oldest;
}

static void make_room(struct once_set *set, uint32_t participant)
{
    expect(participant < PARTICIPANTS_MAX);
    if (participant / 8 < set->size) return;
    uint32_t size = (participant / 8 + 1) * 2;
    set->bits = realloc(set->bits, size);
    expect(set->bits);
    memset(set->bits + set->size, 0, size - set->size);
    set->size = size;
}

bool once_add(struct once_set *set, uint32_t participant)
{
    make_room(set, participant);
    uint8_t bit = (uint8_t)(1u << (participant % 8));
    bool is_new = (set->bits[participant / 8] & bit) == 0;
    set->bits[participant / 8] |= bit;
    return is_new;
}

void once_remove(struct once_set *set, uint32_t participant)
{
    if (participant / 8 < set->size) set->bits[participant / 8] &= (uint8_t) ~(1u << (participant % 8));
}
