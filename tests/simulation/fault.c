/* Four deliberate faults of the engine, to see that the invariants catch them. The linker hands every call of
 * engine_step to __wrap_engine_step; without a fault it passes through. */
#include "simulation/world.h"

#include <string.h>

static enum fault fault;

void fault_set(enum fault value)
{
    fault = value;
}

void __real_engine_step(struct engine *engine, const struct event *event, struct effects *effects);
void __wrap_engine_step(struct engine *engine, const struct event *event, struct effects *effects);

static void acknowledge_early(struct effects *effects, const struct event *event)
{
    for (uint32_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind != EFFECT_APPEND_ANSWER) continue;
        struct effect told = {.kind = EFFECT_RECORDED};
        told.recorded.attach = event->answer.attach;
        told.recorded.answer = effects->items[i].answer;
        effects->items[effects->count++] = told;
        return;
    }
}

static void count_twice(struct engine *engine, struct effects *effects, const struct event *event)
{
    struct participant_view view;
    if (!engine_participant_view(engine, event->answer.round, event->answer.participant, &view) || !view.has_answer)
        return;
    struct effect again = {.kind = EFFECT_APPEND_ANSWER, .answer = view.answer};
    effects->items[effects->count++] = again;
}

static struct event in_time(const struct engine *engine, const struct event *event)
{
    struct event copy = *event;
    struct round_view view;
    if (engine_round_view(engine, event->answer.round, &view) &&
        copy.answer.elapsed_ms > view.reading_ms + view.limit_ms)
        copy.answer.elapsed_ms = view.reading_ms + view.limit_ms;
    return copy;
}

/* Every edge counts as drained at the first tick after the close. */
static void score_early(struct engine *engine, const struct event *tick, struct effects *effects)
{
    uint32_t round;
    struct round_view view;
    effects->count = 0;
    for (uint32_t i = 0; engine_round_at(engine, i, &round); i++) {
        if (!engine_round_view(engine, round, &view) || view.phase != PHASE_CLOSING) continue;
        for (uint8_t edge = 0; edge < EDGES && effects->count == 0; edge++) {
            struct event drained = {.kind = EVENT_DRAINED,
                .now_ms = tick->now_ms,
                .edge_asking = {.edge = edge, .round = round, .asking = view.asking}};
            if (view.edges >> edge & 1) __real_engine_step(engine, &drained, effects);
        }
    }
}

void __wrap_engine_step(struct engine *engine, const struct event *event, struct effects *effects)
{
    struct event changed = *event;
    bool is_answer = event->kind == EVENT_ANSWER;
    if (fault == FAULT_ACCEPT_LATE && is_answer) changed = in_time(engine, event);
    if (fault == FAULT_SCORE_EARLY && event->kind == EVENT_TICK) {
        score_early(engine, event, effects);
        if (effects->count > 0) return; /* the control is asked for: nothing else may be stepped before it */
    }
    __real_engine_step(engine, &changed, effects);
    if (fault == FAULT_EARLY_ACKNOWLEDGEMENT && is_answer) acknowledge_early(effects, event);
    if (fault == FAULT_COUNT_TWICE && is_answer) count_twice(engine, effects, event);
}
