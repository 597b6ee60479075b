/* Scoring an asking, taking a scored one back, and the standing's order. */
#ifndef JINGDA_ENGINE_SCORE_H
#define JINGDA_ENGINE_SCORE_H

#include "engine/state.h"

/* The first closing round of which every edge has drained and nothing is pending: its standing, then ASKING_SCORED. One
 * a step; the others at the next. */
void score_what_is_drained(struct engine *engine);

/* Works out the standing that scoring (or taking back) will give, without changing the round. */
void score_look_ahead(struct engine *engine, const struct round *round, enum outlook outlook, bool is_fault);
/* Makes it so. */
void score_apply(struct engine *engine, struct round *round, enum outlook outlook, bool is_fault);
/* The fact ASKING_SCORED: `is_fault` is its value. */
void score_fact(struct engine *engine, struct round *round, bool is_fault);
/* Somebody leaves the standing; those behind move up. */
void score_remove(struct engine *engine, struct round *round, uint32_t number);
/* The standing as it will be (after score_look_ahead) or is: entry `index` in rank order. */
uint32_t score_count(const struct engine *engine, const struct round *round);
struct standing_entry score_entry(const struct engine *engine, const struct round *round, uint32_t index);

#endif
