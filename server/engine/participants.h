/* The pool of participants: pages of records, handed to rounds, and the index from nonce to participant. */
#ifndef JINGDA_ENGINE_PARTICIPANTS_H
#define JINGDA_ENGINE_PARTICIPANTS_H

#include "engine/state.h"

/* NULL where the round has no such record. */
struct participant *participants_get(const struct engine *engine, const struct round *round, uint32_t number);
/* The record of somebody durable, removed or not; NULL otherwise. */
struct participant *participants_joined(const struct engine *engine, const struct round *round, uint32_t number);
/* Makes the records 0 .. number exist, blank ones where they are new. False: no page is left. */
bool participants_reserve(struct engine *engine, struct round *round, uint32_t number);
/* Gives all pages of a round back, and forgets its nonces. */
void participants_release(struct engine *engine, struct round *round);

struct attach participant_attach(const struct participant *p);
bool participant_is_at(const struct participant *p, const struct attach *attach);
/* Remembers, for this asking, that they have been at this edge. */
void participant_note_edge(struct participant *p, uint8_t edge);
bool participant_was_at(const struct participant *p, uint8_t edge);

/* PARTICIPANT_NONE where nobody has this nonce in this round. */
uint32_t index_find(const struct engine *engine, const struct round *round, const uint8_t nonce[NONCE_SIZE]);
/* Enters a record whose nonce stands in it. */
void index_enter(struct engine *engine, const struct round *round, uint32_t number);
void index_remove(struct engine *engine, const struct round *round, uint32_t number);

#endif
