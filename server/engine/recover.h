/* The first seconds after the core came back: waiting for the edges that lived on. */
#ifndef JINGDA_ENGINE_RECOVER_H
#define JINGDA_ENGINE_RECOVER_H

#include "engine/state.h"

/* RECOVERED */
void recover_begin(struct engine *engine, const struct event *event);
/* The grace ends by itself. */
void recover_tick(struct engine *engine);
/* Nothing may close, be scored or go on by itself yet in this round. */
bool recover_is_held(const struct engine *engine, const struct round *round);
/* All edges had died too: the open asking is to be opened again. */
bool recover_reopens(const struct engine *engine, struct round *round);

#endif
