/* Standing: every participant's points, in rank order. Packed, it is what is stored, sent and recovered from.
 *
 * Order: more points first, then fewer ticks; equal points and ticks share a rank, which is 1 + the number strictly
 * better; inside a tie the lower participant number stands first. Removed participants are not in it. Only answers that
 * gained points add ticks: otherwise a wrong answer, however fast, would stand behind none at all. */
#ifndef JINGDA_MODEL_STANDING_H
#define JINGDA_MODEL_STANDING_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct standing_entry {
    uint32_t participant;
    uint32_t points;
    uint32_t ticks; /* of TICK_MS, summed over the answers that gained points */
    uint16_t rights;
    uint16_t out_at; /* knockout: the asking that knocked out; 0 still in */
};

#define STANDING_ENTRY_SIZE 16

/* `out` must have room for STANDING_ENTRY_SIZE * count bytes. */
void standing_pack(const struct standing_entry *entries, uint32_t count, uint8_t *out);
/* Entry `index` of a packed standing. */
struct standing_entry standing_at(const uint8_t *packed, uint32_t index);

/* Sorts `order` (participant numbers) by rank order and fills ranks: ranks[participant] = rank. `points` and `ticks`
 * are indexed by participant. `scratch` has room for `count` numbers; where it has room for every participant, `ranks`
 * may be the same memory. Linear in count (radix sort): 340,000 take about 10 ms. */
void standing_rank(
    uint32_t *order, uint32_t count, const uint32_t *points, const uint32_t *ticks, uint32_t *ranks, uint32_t *scratch);

#endif
