/* What recovery reads back. */
#ifndef JINGDA_ENGINE_LOAD_H
#define JINGDA_ENGINE_LOAD_H

#include "engine/state.h"

void load_participant(struct engine *engine, const struct event *event);
void load_answer(struct engine *engine, const struct event *event);
void load_standing(struct engine *engine, const struct event *event);

#endif
