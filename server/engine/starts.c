/* Equal time, the starts' side. In: what edges report as shown; out: each participant's start, which only ever moves
 * earlier, and the time at which the whole asking is over.
 *
 * A start is the minimum ever reported for (participant, asking). One that is not known counts as the end of the
 * fan-out: when every edge that was subscribed at the opening has shown the asking to all it has, or has died, and
 * FANOUT_MS_MAX after the opening at the latest. Nor is one later than that: what is reported afterwards is of those
 * who came late, or did not read. Except where a fault of the server kept the asking from being shown (SHOW_NOW). */
#include "engine/starts.h"

#include "engine/participants.h"
#include "engine/rounds.h"
#include "engine/tally.h"

static void fanout_end(struct round *round, uint64_t now_ms)
{
    uint64_t last_ms = round->opened_at_ms + FANOUT_MS_MAX;
    round->fanout_end_ms = now_ms < last_ms ? now_ms : last_ms;
    round->edges_showing = 0;
}

void starts_begin(struct engine *engine, struct round *round, uint64_t opened_at_ms)
{
    round->opened_at_ms = opened_at_ms;
    round->fanout_end_ms = 0;
    round->earliest_ms = 0;
    round->latest_ms = round->last_shown_ms = opened_at_ms;
    round->quiet_since_ms = 0;
    round->edges_showing = round->edges;
    if (round->edges_showing == 0) fanout_end(round, opened_at_ms);
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        p->start_ms = START_UNKNOWN;
        p->edges_of_asking[0] = p->edges_of_asking[1] = 0;
        if (has_flag(p, PARTICIPANT_ATTACHED)) participant_note_edge(p, p->edge);
    }
}

void starts_report(struct engine *engine, struct round *round, struct participant *p, uint64_t start_ms)
{
    bool is_bounded = round->fanout_end_ms && p->start_ms == START_UNKNOWN && !has_flag(p, PARTICIPANT_SHOW_NOW);
    if (is_bounded && start_ms > round->fanout_end_ms) start_ms = round->fanout_end_ms;
    starts_report_kept(engine, round, p, start_ms);
}

void starts_report_kept(struct engine *engine, struct round *round, struct participant *p, uint64_t start_ms)
{
    if (!phase_has_asking(round->phase)) return;
    if (start_ms < round->opened_at_ms) {
        /* From before the asking was opened again: forgotten. Otherwise two clocks that differ by a little. */
        if (bit_is_set(round->reopened, round->asking)) return;
        start_ms = round->opened_at_ms;
    }
    if (start_ms > engine->now_ms) start_ms = engine->now_ms;
    uint64_t since_ms = start_ms - round->opened_at_ms;
    if (since_ms >= p->start_ms) return;
    if (p->start_ms == START_UNKNOWN) {
        if (start_ms > round->last_shown_ms) round->last_shown_ms = start_ms;
        if (start_ms + p->allowance_ms > round->latest_ms) round->latest_ms = start_ms + p->allowance_ms;
    }
    if (round->earliest_ms == 0 || start_ms < round->earliest_ms) round->earliest_ms = start_ms;
    tally_take_out(engine, round, p);
    p->start_ms = (uint32_t)since_ms;
    p->flags &= (uint16_t)~PARTICIPANT_SHOW_NOW;
    tally_put_back(engine, round, p);
}

void starts_edge_done(struct engine *engine, struct round *round, uint8_t edge)
{
    if (!(round->edges_showing & edge_bit(edge))) return;
    round->edges_showing &= ~edge_bit(edge);
    if (round->edges_showing == 0 && round->fanout_end_ms == 0) fanout_end(round, engine->now_ms);
}

void starts_end_overdue_fanout(struct engine *engine, struct round *round)
{
    if (round->fanout_end_ms == 0 && engine->now_ms >= round->opened_at_ms + FANOUT_MS_MAX)
        fanout_end(round, engine->now_ms);
}

static void allowance_set(struct round *round, struct participant *p, uint64_t allowance_ms)
{
    p->allowance_ms = allowance_ms < UINT16_MAX ? (uint16_t)allowance_ms : UINT16_MAX;
    if (p->start_ms == START_UNKNOWN) return; /* counted with the start, when that is known */
    uint64_t until_ms = round->opened_at_ms + p->start_ms + p->allowance_ms;
    if (until_ms > round->latest_ms) round->latest_ms = until_ms;
}

void starts_allow(struct round *round, struct participant *p, uint64_t outage_ms)
{
    allowance_set(round, p, p->allowance_ms + (outage_ms < OUTAGE_MS_MAX ? outage_ms : OUTAGE_MS_MAX));
}

void starts_allow_again(struct round *round, struct participant *p, uint32_t allowance_ms)
{
    if (phase_has_asking(round->phase) && allowance_ms > p->allowance_ms) allowance_set(round, p, allowance_ms);
}

void starts_show_now(const struct engine *engine, struct round *round, struct participant *p)
{
    p->flags |= PARTICIPANT_SHOW_NOW;
    if (engine->now_ms > round->latest_ms) round->latest_ms = engine->now_ms; /* the report will say how much later */
}

bool starts_get(const struct round *round, const struct participant *p, uint64_t *start_ms)
{
    bool is_known = p->start_ms != START_UNKNOWN;
    if (!is_known && (round->fanout_end_ms == 0 || has_flag(p, PARTICIPANT_SHOW_NOW))) return false;
    *start_ms = is_known ? round->opened_at_ms + p->start_ms : round->fanout_end_ms;
    return true;
}

static uint64_t time_ms(const struct engine *engine, const struct round *round)
{
    return (uint64_t)asking_of(engine, round, round->asking)->reading_ms + round->limit_ms;
}

uint64_t starts_first_end_ms(const struct engine *engine, const struct round *round)
{
    return (round->earliest_ms ? round->earliest_ms : round->opened_at_ms) + time_ms(engine, round);
}

uint64_t starts_last_end_ms(const struct engine *engine, const struct round *round)
{
    if (round->fanout_end_ms == 0) return UINT64_MAX;
    uint64_t latest_ms = round->latest_ms;
    if (round->tally.unstarted > 0 && round->fanout_end_ms > latest_ms) latest_ms = round->fanout_end_ms;
    return latest_ms + time_ms(engine, round) + CREDIT_MS_MAX + CONFIRM_MS;
}

void starts_shown(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_announced(engine, event->shown.round);
    if (!round || round->asking != event->shown.asking) return;
    struct participant *p = participants_joined(engine, round, event->shown.participant);
    /* Every edge they have been at in this asking counts: its report may be overtaken by the RESUMEs of later ones, and
     * a connection given up must not buy a later start. */
    if (!p || !participant_was_at(p, event->shown.edge)) return;
    starts_report(engine, round, p, event->shown.start_ms);
}

void starts_shown_end(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_announced(engine, event->edge_asking.round);
    if (!round || round->asking != event->edge_asking.asking || !phase_has_asking(round->phase)) return;
    starts_edge_done(engine, round, event->edge_asking.edge);
}
