/* Edges come, go, watch and drain. */
#ifndef JINGDA_ENGINE_EDGES_H
#define JINGDA_ENGINE_EDGES_H

#include "engine/state.h"

void edges_up(struct engine *engine, const struct event *event);
void edges_lost(struct engine *engine, const struct event *event);
void edges_watch(struct engine *engine, const struct event *event);
void edges_drained(struct engine *engine, const struct event *event);

#endif
