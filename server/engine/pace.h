/* What happens by time alone. */
#ifndef JINGDA_ENGINE_PACE_H
#define JINGDA_ENGINE_PACE_H

#include "engine/state.h"

/* TICK */
void pace_tick(struct engine *engine);
/* The automatic pace's next step is counted from `at_ms`. */
void pace_restart(struct round *round, uint64_t at_ms);
void pace_pause(struct round *round, uint64_t at_ms);
void pace_resume(struct round *round, uint64_t at_ms);

#endif
