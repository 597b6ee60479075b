/* Facts: what stands in the log happens to the round. */
#ifndef JINGDA_ENGINE_CONTROL_H
#define JINGDA_ENGINE_CONTROL_H

#include "engine/state.h"

void control_apply(struct engine *engine, const struct control *control);

#endif
