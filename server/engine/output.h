/* Writing effects into the step's room; while loading they go nowhere. */
#ifndef JINGDA_ENGINE_OUTPUT_H
#define JINGDA_ENGINE_OUTPUT_H

#include "engine/state.h"

/* Zeroed but for `kind`; the caller fills it in. */
struct effect *output_effect(struct engine *engine, enum effect_kind kind);

void output_control(struct engine *engine, struct round *round, const struct control *control, uint64_t command_id);
/* The server's own control of a round, now. */
void output_own_control(
    struct engine *engine, struct round *round, enum control_kind kind, uint16_t asking, uint32_t value);
void output_publish(struct engine *engine, const struct round *round, enum change change);
void output_standings(struct engine *engine, const struct round *round);
void output_append_standing(struct engine *engine, const struct round *round, uint16_t asking);
void output_attached(struct engine *engine, const struct round *round, uint32_t participant);
void output_refused(
    struct engine *engine, const struct attach *attach, uint32_t round, enum verdict verdict, uint16_t asking);
void output_command_refused(struct engine *engine, uint64_t command_id, enum command_error error);

#endif
