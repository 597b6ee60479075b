/* The rounds of an engine: finding one, making room for one. */
#ifndef JINGDA_ENGINE_ROUNDS_H
#define JINGDA_ENGINE_ROUNDS_H

#include "engine/state.h"

/* NULL where it is not known. */
struct round *rounds_find(const struct engine *engine, uint32_t number);
/* The same, but known to residents too: ROUND_OPENED has been stepped. */
struct round *rounds_announced(const struct engine *engine, uint32_t number);
/* Forgets the ended round that ended first, so that its participants' records can be used again. False: there is none.
 */
bool rounds_evict(struct engine *engine);
/* A record for the round's next participant, PENDING or JOINED by `flag`, entered in the index. PARTICIPANT_NONE: full.
 */
uint32_t rounds_take_participant(struct engine *engine, struct round *round, const uint8_t nonce[NONCE_SIZE],
    uint32_t number, enum participant_flag flag);
/* Points and ranks depend on nothing that has not been revealed. */
bool rounds_standing_is_public(const struct round *round);

#endif
