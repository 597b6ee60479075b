/* The void of a scored asking. In: the asking's answers, streamed back from the store; out: the standing without them
 * and ASKING_VOIDED, for one batch.
 *
 * The engine keeps only the current asking's answers, so the others have to be read again. They are read before the
 * void is a fact and not after it: a standing in the store then holds every void before it in the log, and recovery
 * never has to guess whether a crash came between the two. */
#include "engine/unscore.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/rounds.h"
#include "engine/score.h"
#include "model/rules.h"

static void unscore_reset(struct engine *engine, struct round *round, uint16_t asking)
{
    round->unscore = UNSCORE_STREAMING;
    round->unscore_asking = asking;
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        p->unscore_points = p->unscore_ticks = 0;
        p->flags &= (uint16_t)~PARTICIPANT_UNSCORE_RIGHT;
    }
}

void unscore_begin(struct engine *engine, struct round *round, const struct control *control, uint64_t command_id)
{
    unscore_reset(engine, round, control->asking);
    round->unscore_control = *control;
    round->unscore_command = command_id;
    struct effect *effect = output_effect(engine, EFFECT_UNSCORE);
    effect->unscore.round = round->number;
    effect->unscore.asking = control->asking;
}

static struct round *round_streaming(const struct engine *engine, uint32_t number, uint16_t asking)
{
    struct round *round = rounds_find(engine, number);
    bool is_streaming = round && round->unscore == UNSCORE_STREAMING && round->unscore_asking == asking;
    return is_streaming ? round : NULL;
}

void unscore_answer(struct engine *engine, const struct event *event)
{
    const struct answer *answer = &event->load_answer;
    struct round *round = round_streaming(engine, answer->round, answer->asking);
    struct participant *p = round ? participants_get(engine, round, answer->participant) : NULL;
    if (!p || !is_in(p)) return;
    const struct asking_rules *asking = asking_of(engine, round, answer->asking);
    p->unscore_points = (uint16_t)rules_points(&round->rules, asking, answer->choice, answer->elapsed_ms);
    p->unscore_ticks = p->unscore_points > 0 ? (uint16_t)(answer->elapsed_ms / TICK_MS) : 0;
    if (rules_is_right(asking, answer->choice)) p->flags |= PARTICIPANT_UNSCORE_RIGHT;
}

void unscore_end(struct engine *engine, const struct event *event)
{
    struct round *round = round_streaming(engine, event->unscore_end.round, event->unscore_end.asking);
    if (!round) return;
    if (engine->is_loading) {
        round->unscore = UNSCORE_NONE;
        score_apply(engine, round, OUTLOOK_UNSCORE, false);
        return;
    }
    round->unscore = UNSCORE_READY;
    score_look_ahead(engine, round, OUTLOOK_UNSCORE, false);
    output_append_standing(engine, round, round->scored);
    output_control(engine, round, &round->unscore_control, round->unscore_command);
}

void unscore_fact(struct engine *engine, struct round *round, uint16_t asking)
{
    if (engine->is_loading) {
        if (asking > round->loaded) unscore_reset(engine, round, asking);
        return;
    }
    expect(round->unscore == UNSCORE_READY && round->unscore_asking == asking);
    round->unscore = UNSCORE_NONE;
    score_apply(engine, round, OUTLOOK_UNSCORE, false);
}

void unscore_failed(struct engine *engine)
{
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++)
        if (engine->rounds[place].unscore == UNSCORE_READY) engine->rounds[place].unscore = UNSCORE_NONE;
}

uint16_t engine_needs_unscore(const struct engine *engine, uint32_t number)
{
    const struct round *round = rounds_find(engine, number);
    bool is_needed = engine->is_loading && round && round->unscore == UNSCORE_STREAMING;
    return is_needed ? round->unscore_asking : 0;
}
