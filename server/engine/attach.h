/* Who is connected where. */
#ifndef JINGDA_ENGINE_ATTACH_H
#define JINGDA_ENGINE_ATTACH_H

#include "engine/state.h"

/* The edge learns of the round, if it did not know. Before the first good reply of the round to that edge. */
void attach_subscribe(struct engine *engine, struct round *round, uint8_t edge);
/* The newest connection wins: the one before, if any, is refused. */
void attach_take(struct engine *engine, struct round *round, uint32_t number, const struct attach *attach);
/* Nothing happens to somebody who is not attached. */
void attach_leave(struct engine *engine, struct round *round, struct participant *p);

/* An asking has opened, or opened again: who is awaited since the server lost them just before.
 * The tally is the caller's to count again. */
void attach_begin_asking(struct engine *engine, struct round *round);

/* EDGE_LOST: everybody of this edge, in all rounds. */
void attach_lose_edge(struct engine *engine, uint8_t edge);
/* After a recovery, `lost_ms` being when the core died: whoever was to answer is awaited. */
void attach_lose_all(struct engine *engine, struct round *round, uint64_t lost_ms);

#endif
