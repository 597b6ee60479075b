/* Joins and answers in the open batch: not yet durable, not yet acknowledged. */
#ifndef JINGDA_ENGINE_PENDING_H
#define JINGDA_ENGINE_PENDING_H

#include "engine/state.h"

/* False: no room for another in this batch. */
bool pending_has_room(const struct engine *engine);
void pending_add_join(struct engine *engine, struct round *round, uint32_t participant);
void pending_add_answer(struct engine *engine, struct round *round, uint32_t participant, const struct attach *sender);
/* Somebody's answer that is pending: asked for again, by the same choice or another. The reply comes with the commit.
 */
void pending_repeat_answer(struct engine *engine, const struct round *round, uint32_t participant,
    const struct attach *sender, bool is_same_choice);

void pending_committed(struct engine *engine);
void pending_failed(struct engine *engine);

/* The answer that stands in a record. */
struct answer answer_of(const struct round *round, uint32_t number, const struct participant *p);

#endif
