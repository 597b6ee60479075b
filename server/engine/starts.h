/* When each participant's clock for the current asking started, and when the last one is over. */
#ifndef JINGDA_ENGINE_STARTS_H
#define JINGDA_ENGINE_STARTS_H

#include "engine/state.h"

/* The current asking begins (again): nobody's start is known, every subscribed edge shows it. */
void starts_begin(struct engine *engine, struct round *round, uint64_t opened_at_ms);
/* Somebody's clock started at `start_ms` at the latest: an earlier known start stays. */
void starts_report(struct engine *engine, struct round *round, struct participant *p, uint64_t start_ms);
/* The same from an edge that the core had lost meanwhile: its fan-out may have gone on after what counts as the end. */
void starts_report_kept(struct engine *engine, struct round *round, struct participant *p, uint64_t start_ms);
/* An edge has shown it to all it has, or has died. */
void starts_edge_done(struct engine *engine, struct round *round, uint8_t edge);
/* A fan-out that has not ended by itself ends. */
void starts_end_overdue_fanout(struct engine *engine, struct round *round);
/* Adds an outage to somebody's limit. */
void starts_allow(struct round *round, struct participant *p, uint64_t outage_ms);
/* What a core before this one had allowed. */
void starts_allow_again(struct round *round, struct participant *p, uint32_t allowance_ms);
/* A fault of the server kept somebody from being shown the asking: the edge where they are now shows it, and reports.
 */
void starts_show_now(const struct engine *engine, struct round *round, struct participant *p);
/* The known start or, after the fan-out, its end. False: not known yet. */
bool starts_get(const struct round *round, const struct participant *p, uint64_t *start_ms);

/* Time may be added before this: the first participant's time is over then. */
uint64_t starts_first_end_ms(const struct engine *engine, const struct round *round);
/* The last one's time is over; UINT64_MAX while the fan-out goes on. */
uint64_t starts_last_end_ms(const struct engine *engine, const struct round *round);

void starts_shown(struct engine *engine, const struct event *event);
void starts_shown_end(struct engine *engine, const struct event *event);

#endif
