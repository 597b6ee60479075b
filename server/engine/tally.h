/* A round's counts follow its participants: take one out before changing it, put it back afterwards. */
#ifndef JINGDA_ENGINE_TALLY_H
#define JINGDA_ENGINE_TALLY_H

#include "engine/state.h"

void tally_take_out(const struct engine *engine, struct round *round, const struct participant *p);
void tally_put_back(const struct engine *engine, struct round *round, const struct participant *p);
/* After a change of everybody. */
void tally_recount(const struct engine *engine, struct round *round);

#endif
