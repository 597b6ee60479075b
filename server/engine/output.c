/* Effects, one function for each kind that more than one handler needs. In: what is to be done; out: the next place of
 * the step's effects. When to do it is the handlers' matter. */
#include "engine/output.h"

#include "engine/participants.h"

struct effect *output_effect(struct engine *engine, enum effect_kind kind)
{
    struct effect *effect = &engine->discarded;
    if (!engine->is_loading) {
        expect(engine->effects->count < engine->effects->capacity);
        effect = &engine->effects->items[engine->effects->count++];
    }
    *effect = (struct effect){.kind = kind};
    return effect;
}

void output_control(struct engine *engine, struct round *round, const struct control *control, uint64_t command_id)
{
    round->asked_in = engine->asking_serial;
    struct effect *effect = output_effect(engine, EFFECT_APPEND_CONTROL);
    effect->control.control = *control;
    effect->control.control.at_ms = engine->now_ms;
    effect->control.command_id = command_id;
}

void output_own_control(
    struct engine *engine, struct round *round, enum control_kind kind, uint16_t asking, uint32_t value)
{
    struct control control = {
        .kind = kind, .round = round->number, .asking = asking, .participant = PARTICIPANT_NONE, .value = value};
    output_control(engine, round, &control, 0);
}

void output_publish(struct engine *engine, const struct round *round, enum change change)
{
    struct effect *effect = output_effect(engine, EFFECT_PUBLISH);
    effect->publish.round = round->number;
    effect->publish.edges = round->edges;
    effect->publish.change = change;
}

void output_standings(struct engine *engine, const struct round *round)
{
    if (round->edges == 0) return;
    struct effect *effect = output_effect(engine, EFFECT_STANDINGS);
    effect->publish.round = round->number;
    effect->publish.edges = round->edges;
}

void output_append_standing(struct engine *engine, const struct round *round, uint16_t asking)
{
    struct effect *effect = output_effect(engine, EFFECT_APPEND_STANDING);
    effect->standing.round = round->number;
    effect->standing.asking = asking;
}

void output_attached(struct engine *engine, const struct round *round, uint32_t participant)
{
    struct effect *effect = output_effect(engine, EFFECT_ATTACHED);
    effect->attached.attach = participant_attach(participants_get(engine, round, participant));
    effect->attached.round = round->number;
    effect->attached.participant = participant;
}

void output_refused(
    struct engine *engine, const struct attach *attach, uint32_t round, enum verdict verdict, uint16_t asking)
{
    struct effect *effect = output_effect(engine, EFFECT_REFUSED);
    effect->refused.attach = *attach;
    effect->refused.round = round;
    effect->refused.verdict = verdict;
    effect->refused.asking = asking;
}

void output_command_refused(struct engine *engine, uint64_t command_id, enum command_error error)
{
    struct effect *effect = output_effect(engine, EFFECT_COMMAND_REFUSED);
    effect->command_refused.id = command_id;
    effect->command_refused.error = error;
}
