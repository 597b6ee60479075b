/* EDGE_UP, EDGE_LOST, WATCH, DRAINED. In: what an edge says or that it died; out: subscriptions, and the end of a
 * barrier. An edge that died has shown and drained all it ever will. */
#include "engine/edges.h"

#include "engine/attach.h"
#include "engine/rounds.h"
#include "engine/score.h"
#include "engine/starts.h"

static void edge_forget(struct engine *engine, uint8_t edge)
{
    engine->edges_up &= ~edge_bit(edge);
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (round->is_used && phase_has_asking(round->phase)) starts_edge_done(engine, round, edge);
    }
    attach_lose_edge(engine, edge);
}

void edges_up(struct engine *engine, const struct event *event)
{
    uint8_t edge = event->edge.edge;
    /* One that comes up twice has died in between. */
    if (engine->edges_up & edge_bit(edge)) edge_forget(engine, edge);
    engine->edges_up |= edge_bit(edge);
    score_what_is_drained(engine);
}

void edges_lost(struct engine *engine, const struct event *event)
{
    edge_forget(engine, event->edge.edge);
    score_what_is_drained(engine);
}

void edges_watch(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_announced(engine, event->watch.round);
    if (round) attach_subscribe(engine, round, event->watch.edge);
}

void edges_drained(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_announced(engine, event->edge_asking.round);
    if (!round || round->phase != PHASE_CLOSING || round->asking != event->edge_asking.asking) return;
    round->edges_draining &= ~edge_bit(event->edge_asking.edge);
    score_what_is_drained(engine);
}
