/* Coming in, coming back, going. */
#ifndef JINGDA_ENGINE_JOIN_H
#define JINGDA_ENGINE_JOIN_H

#include "engine/state.h"

void join_new(struct engine *engine, const struct event *event);
void join_resume(struct engine *engine, const struct event *event);
void join_detach(struct engine *engine, const struct event *event);

#endif
