/* Attachments: which connection of which edge is a participant's. In: joins, resumes, lost edges; out: the records, and
 * REFUSED(newer_connection) to a connection that another has replaced.
 *
 * Whoever had not answered when the edge died is awaited: the asking does not close by time until they are back, or for
 * OUTAGE_MS_MAX, and what they lost is added to their limit when they come. Whose edge died before the asking opened,
 * or opened again, is awaited as well: they have not been shown it, and their clock starts when they are. */
#include "engine/attach.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/tally.h"

void attach_subscribe(struct engine *engine, struct round *round, uint8_t edge)
{
    uint64_t bit = edge_bit(edge);
    if (round->edges & bit) return;
    round->edges |= bit;
    /* It is told that the round is closing with the state, and drains like the others. */
    if (round->phase == PHASE_CLOSING) round->edges_draining |= bit;
    struct effect *effect = output_effect(engine, EFFECT_SUBSCRIBE);
    effect->publish.round = round->number;
    effect->publish.edges = bit;
}

void attach_take(struct engine *engine, struct round *round, uint32_t number, const struct attach *attach)
{
    struct participant *p = participants_get(engine, round, number);
    if (has_flag(p, PARTICIPANT_ATTACHED) && !participant_is_at(p, attach)) {
        struct attach old = participant_attach(p);
        output_refused(engine, &old, round->number, VERDICT_NEWER_CONNECTION, 0);
    }
    tally_take_out(engine, round, p);
    p->edge = attach->edge;
    participant_note_edge(p, attach->edge);
    p->attach_slot = attach->slot;
    p->attach_generation = attach->generation;
    p->flags &= (uint16_t)~PARTICIPANT_AWAY;
    p->flags |= PARTICIPANT_ATTACHED;
    tally_put_back(engine, round, p);
}

void attach_leave(struct engine *engine, struct round *round, struct participant *p)
{
    tally_take_out(engine, round, p);
    p->flags &= (uint16_t)~PARTICIPANT_ATTACHED;
    tally_put_back(engine, round, p);
}

static void participant_await(struct engine *engine, struct round *round, struct participant *p, uint64_t lost_ms)
{
    if (!phase_has_asking(round->phase) || !is_in(p) || p->out_at || has_flag(p, PARTICIPANT_ANSWERED)) return;
    tally_take_out(engine, round, p);
    p->flags |= PARTICIPANT_AWAITED;
    p->lost_ms = lost_ms > round->opened_at_ms ? (uint32_t)(lost_ms - round->opened_at_ms) : 0;
    tally_put_back(engine, round, p);
    /* From now and not from `lost_ms`: after a recovery the log may have been silent long before the core died. */
    uint64_t until_ms = engine->now_ms + OUTAGE_MS_MAX;
    if (until_ms > round->awaited_until_ms) round->awaited_until_ms = until_ms;
}

/* When the server lost them; after a recovery nobody has an edge until they come back. */
static uint64_t lost_since_ms(const struct engine *engine, const struct round *round, const struct participant *p)
{
    return p->edge == EDGE_NONE ? round->recovered_ms : engine->edge_lost_ms[p->edge];
}

void attach_begin_asking(struct engine *engine, struct round *round)
{
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        if (!has_flag(p, PARTICIPANT_AWAY) || !is_in(p) || p->out_at || has_flag(p, PARTICIPANT_ANSWERED)) continue;
        uint64_t until_ms = lost_since_ms(engine, round, p) + OUTAGE_MS_MAX;
        if (until_ms <= engine->now_ms) {
            p->flags &= (uint16_t)~PARTICIPANT_AWAY; /* it is their own doing by now */
            continue;
        }
        p->flags |= PARTICIPANT_AWAITED | PARTICIPANT_SHOW_NOW;
        p->lost_ms = 0;
        if (until_ms > round->awaited_until_ms) round->awaited_until_ms = until_ms;
    }
}

static void round_lose_edge(struct engine *engine, struct round *round, uint8_t edge)
{
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        if (p->edge != edge || !has_flag(p, PARTICIPANT_ATTACHED)) continue;
        attach_leave(engine, round, p);
        p->flags |= PARTICIPANT_AWAY;
        participant_await(engine, round, p, engine->now_ms);
    }
}

void attach_lose_edge(struct engine *engine, uint8_t edge)
{
    uint64_t bit = edge_bit(edge);
    engine->edge_lost_ms[edge] = engine->now_ms;
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (!round->is_used || !(round->edges & bit)) continue;
        round->edges &= ~bit;
        round->edges_draining &= ~bit;
        round_lose_edge(engine, round, edge);
    }
}

void attach_lose_all(struct engine *engine, struct round *round, uint64_t lost_ms)
{
    round->edges = round->edges_draining = round->edges_showing = 0;
    round->recovered_ms = engine->now_ms;
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        attach_leave(engine, round, p);
        p->flags |= PARTICIPANT_AWAY;
        participant_await(engine, round, p, lost_ms);
    }
}
