/* The engine's door: memory, and which handler takes which event. In: one event; out: its effects. What an event means
 * is the handlers' matter, one file for each.
 *
 *     join.c     JOIN RESUME DETACH                  control.c  CONTROL
 *     answer.c   ANSWER                              load.c     LOAD_*
 *     starts.c   SHOWN SHOWN_END                     unscore.c  UNSCORE_*
 *     edges.c    EDGE_UP EDGE_LOST WATCH DRAINED     recover.c  RECOVERED
 *     command.c  COMMAND                             pace.c     TICK
 *     pending.c  BATCH_COMMITTED BATCH_FAILED        view.c     looking */
#include "engine/answer.h"
#include "engine/command.h"
#include "engine/control.h"
#include "engine/edges.h"
#include "engine/join.h"
#include "engine/load.h"
#include "engine/pace.h"
#include "engine/pending.h"
#include "engine/recover.h"
#include "engine/score.h"
#include "engine/starts.h"
#include "engine/unscore.h"

#include <stdlib.h>

static bool engine_allocate(struct engine *engine)
{
    size_t rounds = engine->limits.rounds_max, people = engine->limits.participants_max, pages = engine->pages_count;
    size_t index_size = (size_t)engine->index_mask + 1;
    engine->rounds = calloc(rounds, sizeof *engine->rounds);
    engine->askings = calloc(rounds * ASKINGS_MAX, sizeof *engine->askings);
    engine->participants = calloc(pages * PAGE_PARTICIPANTS, sizeof *engine->participants);
    engine->pages_free = calloc(pages, sizeof *engine->pages_free);
    engine->pages = calloc(rounds * pages, sizeof *engine->pages);
    engine->page_place = calloc(pages, sizeof *engine->page_place);
    engine->page_ordinal = calloc(pages, sizeof *engine->page_ordinal);
    engine->index = calloc(index_size, sizeof *engine->index);
    engine->pending = calloc(TURN_EVENTS_MAX, sizeof *engine->pending);
    engine->points = calloc(people, sizeof *engine->points);
    engine->ticks = calloc(people, sizeof *engine->ticks);
    engine->order = calloc(people, sizeof *engine->order);
    engine->scratch = calloc(people, sizeof *engine->scratch);
    return engine->rounds && engine->askings && engine->participants && engine->pages_free && engine->pages &&
           engine->page_place && engine->page_ordinal && engine->index && engine->pending && engine->points &&
           engine->ticks && engine->order && engine->scratch;
}

struct engine *engine_create(const struct engine_limits *limits)
{
    expect(limits->participants_max >= 1 && limits->participants_max <= PARTICIPANTS_MAX);
    expect(limits->rounds_max >= 1 && limits->rounds_max <= ROUNDS_MAX);
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine) return NULL;
    engine->limits = *limits;
    engine->is_loading = true;
    /* One page a round may be filled in part only: with these, the participants run out before the pages do. */
    engine->pages_count = (limits->participants_max + PAGE_PARTICIPANTS - 1) / PAGE_PARTICIPANTS + limits->rounds_max;
    uint32_t index_size = 16;
    while (index_size / 4 * 3 < limits->participants_max)
        index_size *= 2;
    engine->index_mask = index_size - 1;
    if (!engine_allocate(engine)) {
        engine_destroy(engine);
        return NULL;
    }
    for (uint32_t place = 0; place < limits->rounds_max; place++)
        engine->rounds[place].place = place;
    while (engine->pages_free_count < engine->pages_count) {
        uint32_t page = engine->pages_count - 1 - engine->pages_free_count;
        engine->page_place[page] = PAGE_NONE;
        engine->pages_free[engine->pages_free_count++] = page;
    }
    return engine;
}

void engine_destroy(struct engine *engine)
{
    if (!engine) return;
    free(engine->rounds);
    free(engine->askings);
    free(engine->participants);
    free(engine->pages_free);
    free(engine->pages);
    free(engine->page_place);
    free(engine->page_ordinal);
    free(engine->index);
    free(engine->pending);
    free(engine->points);
    free(engine->ticks);
    free(engine->order);
    free(engine->scratch);
    free(engine);
}

static void batch_committed(struct engine *engine)
{
    pending_committed(engine);
    score_what_is_drained(engine);
}

static void batch_failed(struct engine *engine)
{
    pending_failed(engine);
    unscore_failed(engine);
}

static void engine_dispatch(struct engine *engine, const struct event *event)
{
    switch (event->kind) {
    case EVENT_JOIN: join_new(engine, event); break;
    case EVENT_RESUME: join_resume(engine, event); break;
    case EVENT_DETACH: join_detach(engine, event); break;
    case EVENT_ANSWER: answer_receive(engine, event); break;
    case EVENT_SHOWN: starts_shown(engine, event); break;
    case EVENT_SHOWN_END: starts_shown_end(engine, event); break;
    case EVENT_DRAINED: edges_drained(engine, event); break;
    case EVENT_WATCH: edges_watch(engine, event); break;
    case EVENT_EDGE_UP: edges_up(engine, event); break;
    case EVENT_EDGE_LOST: edges_lost(engine, event); break;
    case EVENT_COMMAND: command_receive(engine, event); break;
    case EVENT_TICK: pace_tick(engine); break;
    case EVENT_BATCH_COMMITTED: batch_committed(engine); break;
    case EVENT_BATCH_FAILED: batch_failed(engine); break;
    case EVENT_CONTROL: control_apply(engine, &event->control); break;
    case EVENT_LOAD_PARTICIPANT: load_participant(engine, event); break;
    case EVENT_LOAD_ANSWER: load_answer(engine, event); break;
    case EVENT_LOAD_STANDING: load_standing(engine, event); break;
    case EVENT_UNSCORE_ANSWER: unscore_answer(engine, event); break;
    case EVENT_UNSCORE_END: unscore_end(engine, event); break;
    case EVENT_RECOVERED: recover_begin(engine, event); break;
    }
}

void engine_step(struct engine *engine, const struct event *event, struct effects *effects)
{
    expect(effects->capacity >= EFFECTS_MAX);
    if (event->now_ms > engine->now_ms) engine->now_ms = event->now_ms;
    if (event->kind <= EVENT_BATCH_FAILED) engine->is_loading = false;
    /* A standing looked ahead at lasts until its control; other rounds' controls may come between. */
    if (event->kind != EVENT_CONTROL) engine->outlook = OUTLOOK_NONE;
    if (event->kind != EVENT_CONTROL && event->kind != EVENT_BATCH_COMMITTED) engine->asking_serial++;
    effects->count = 0;
    engine->effects = effects;
    engine_dispatch(engine, event);
    engine->effects = NULL;
}
