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

/* All edges count as drained as soon as the asking is closed. */
static void score_early(struct engine *engine, struct effects *effects, const struct event *event)
{
    static struct effect items[EFFECTS_MAX];
    struct round_view view;
    if (!engine_round_view(engine, event->control.round, &view)) return;
    for (uint8_t edge = 0; edge < EDGES; edge++) {
        if (!(view.edges >> edge & 1)) continue;
        struct effects more = {.items = items, .capacity = EFFECTS_MAX};
        struct event drained = {.kind = EVENT_DRAINED,
            .now_ms = event->now_ms,
            .edge_asking = {.edge = edge, .round = event->control.round, .asking = event->control.asking}};
        __real_engine_step(engine, &drained, &more);
        memcpy(effects->items + effects->count, items, more.count * sizeof *items);
        effects->count += more.count;
    }
}

void __wrap_engine_step(struct engine *engine, const struct event *event, struct effects *effects)
{
    struct event changed = *event;
    bool is_answer = event->kind == EVENT_ANSWER;
    if (fault == FAULT_ACCEPT_LATE && is_answer) changed = in_time(engine, event);
    __real_engine_step(engine, &changed, effects);
    if (fault == FAULT_EARLY_ACKNOWLEDGEMENT && is_answer) acknowledge_early(effects, event);
    if (fault == FAULT_COUNT_TWICE && is_answer) count_twice(engine, effects, event);
    bool is_live = effects->count > 0; /* a replay is left alone */
    if (fault == FAULT_SCORE_EARLY && is_live && event->kind == EVENT_CONTROL &&
        event->control.kind == CONTROL_ASKING_CLOSED)
        score_early(engine, effects, event);
}
