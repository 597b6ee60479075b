/* A resident's answer. */
#ifndef JINGDA_ENGINE_ANSWER_H
#define JINGDA_ENGINE_ANSWER_H

#include "engine/state.h"

void answer_receive(struct engine *engine, const struct event *event);

#endif
