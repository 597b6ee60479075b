/* A command of the desk. */
#ifndef JINGDA_ENGINE_COMMAND_H
#define JINGDA_ENGINE_COMMAND_H

#include "engine/state.h"

void command_receive(struct engine *engine, const struct event *event);

#endif
