/* Taking back what a scored asking gave, for a void. */
#ifndef JINGDA_ENGINE_UNSCORE_H
#define JINGDA_ENGINE_UNSCORE_H

#include "engine/state.h"

/* Asks for the asking's answers; `control` is appended when they have come. */
void unscore_begin(struct engine *engine, struct round *round, const struct control *control, uint64_t command_id);
void unscore_answer(struct engine *engine, const struct event *event);
void unscore_end(struct engine *engine, const struct event *event);
/* The fact ASKING_VOIDED of a scored asking. */
void unscore_fact(struct engine *engine, struct round *round, uint16_t asking);
/* The batch with the void did not commit: the standing stays as it was. */
void unscore_failed(struct engine *engine);

#endif
