/* JOIN, RESUME, DETACH. In: a connection that wants to be a participant's; out: APPEND_JOIN and, after the commit,
 * ATTACHED; or a refusal. A nonce makes a join repeatable: the same one is the same participant. */
#include "engine/join.h"

#include "engine/attach.h"
#include "engine/output.h"
#include "engine/participants.h"
#include "engine/pending.h"
#include "engine/rounds.h"
#include "engine/starts.h"
#include "engine/tally.h"

#include <string.h>

/* Somebody durable is at `attach` from now on, in whatever asking is open. */
static void come_back(
    struct engine *engine, struct round *round, uint32_t number, const struct attach *attach, bool is_same_connection)
{
    struct participant *p = participants_get(engine, round, number);
    if (has_flag(p, PARTICIPANT_AWAITED)) {
        tally_take_out(engine, round, p);
        p->flags &= (uint16_t)~PARTICIPANT_AWAITED;
        if (!is_same_connection) p->flags |= PARTICIPANT_FAULTED;
        tally_put_back(engine, round, p);
        uint64_t outage_ms = engine->now_ms - round->opened_at_ms - p->lost_ms;
        if (outage_ms > OUTAGE_MS_MAX) p->flags &= (uint16_t)~PARTICIPANT_SHOW_NOW;
        if (has_flag(p, PARTICIPANT_SHOW_NOW))
            starts_show_now(engine, round, p);
        else if (!is_same_connection)
            starts_allow(round, p, outage_ms);
    }
    attach_subscribe(engine, round, attach->edge);
    attach_take(engine, round, number, attach);
}

/* A connection of which no start is known: after the fan-out its clock has been running since then. */
static void start_late(struct engine *engine, struct round *round, struct participant *p)
{
    if (has_flag(p, PARTICIPANT_SHOW_NOW)) return; /* no: a fault of the server kept it from being shown */
    if (phase_has_asking(round->phase) && round->fanout_end_ms && p->start_ms == START_UNKNOWN)
        starts_report(engine, round, p, round->fanout_end_ms);
}

static void join_known(struct engine *engine, struct round *round, uint32_t number, const struct attach *attach)
{
    struct participant *p = participants_get(engine, round, number);
    if (has_flag(p, PARTICIPANT_REMOVED)) {
        output_refused(engine, attach, round->number, VERDICT_REMOVED, 0);
        return;
    }
    if (has_flag(p, PARTICIPANT_PENDING)) { /* the commit's acknowledgement goes to the newest connection */
        attach_subscribe(engine, round, attach->edge);
        attach_take(engine, round, number, attach);
        return;
    }
    come_back(engine, round, number, attach, false);
    start_late(engine, round, p);
    output_attached(engine, round, number);
}

static enum verdict newcomer_check(const struct engine *engine, const struct round *round)
{
    if (round->is_locked) return VERDICT_LOBBY_LOCKED;
    return pending_has_room(engine) ? VERDICT_OK : VERDICT_TRY_AGAIN;
}

void join_new(struct engine *engine, const struct event *event)
{
    const struct attach *attach = &event->join.attach;
    struct round *round = rounds_announced(engine, event->join.round);
    if (!round || round->phase == PHASE_ENDED) {
        output_refused(engine, attach, event->join.round, round ? VERDICT_ROUND_OVER : VERDICT_UNKNOWN_CODE, 0);
        return;
    }
    uint32_t number = index_find(engine, round, event->join.nonce);
    if (number != PARTICIPANT_NONE) {
        join_known(engine, round, number, attach);
        return;
    }
    enum verdict verdict = newcomer_check(engine, round);
    if (verdict == VERDICT_OK) {
        number =
            rounds_take_participant(engine, round, event->join.nonce, round->participants_count, PARTICIPANT_PENDING);
        if (number == PARTICIPANT_NONE) verdict = VERDICT_ROUND_FULL;
    }
    if (verdict != VERDICT_OK) {
        output_refused(engine, attach, round->number, verdict, 0);
        return;
    }
    struct participant *p = participants_get(engine, round, number);
    p->community = event->join.community;
    pending_add_join(engine, round, number);
    attach_subscribe(engine, round, attach->edge);
    attach_take(engine, round, number, attach);
    start_late(engine, round, p);

    struct effect *effect = output_effect(engine, EFFECT_APPEND_JOIN);
    effect->join.round = round->number;
    effect->join.number = number;
    effect->join.generation = p->generation;
    effect->join.community = p->community;
    memcpy(effect->join.nonce, p->nonce, NONCE_SIZE);
}

static enum verdict token_check(const struct participant *p, uint32_t generation)
{
    if (!p || p->generation != generation) return VERDICT_BAD_TOKEN;
    return has_flag(p, PARTICIPANT_REMOVED) ? VERDICT_REMOVED : VERDICT_OK;
}

static bool has_start(const struct round *round, const struct event *event)
{
    return event->resume.is_same_connection && event->resume.start_asking == round->asking && round->asking;
}

/* The core or the way to the edge was lost, and the edge kept the connection: where it has not shown the asking, that
 * was no fault of the resident. */
static void resume_kept(struct engine *engine, struct round *round, struct participant *p, const struct event *event)
{
    if (has_start(round, event)) starts_report_kept(engine, round, p, event->resume.start_ms);
    if (p->start_ms == START_UNKNOWN) /* or it was shown before the reopening only */
        starts_show_now(engine, round, p);
    else if (has_start(round, event))
        starts_allow_again(round, p, event->resume.allowance_ms);
}

/* A new connection, or one that was attached all the time and asks for its state: nothing was lost, so that this gives
 * no later start. */
static void resume_here(struct engine *engine, struct round *round, struct participant *p, const struct event *event)
{
    if (has_start(round, event)) starts_report(engine, round, p, event->resume.start_ms);
    start_late(engine, round, p);
}

/* A connection that an edge kept while the core or its channel was away, but there is a newer one by now. What it knows
 * of the start counts, and so do the answers that it still holds. */
static void replaced_meanwhile(
    struct engine *engine, struct round *round, struct participant *p, const struct event *event)
{
    const struct attach *attach = &event->resume.attach;
    round->has_same_connection = true;
    attach_subscribe(engine, round, attach->edge);
    participant_note_edge(p, attach->edge);
    if (has_start(round, event)) starts_report_kept(engine, round, p, event->resume.start_ms);
    output_refused(engine, attach, round->number, VERDICT_NEWER_CONNECTION, 0);
}

void join_resume(struct engine *engine, const struct event *event)
{
    const struct attach *attach = &event->resume.attach;
    struct round *round = rounds_announced(engine, event->resume.round);
    if (!round) {
        output_refused(engine, attach, event->resume.round, VERDICT_UNKNOWN_CODE, 0);
        return;
    }
    uint32_t number = event->resume.participant;
    struct participant *p = participants_joined(engine, round, number);
    enum verdict verdict = token_check(p, event->resume.generation);
    if (verdict != VERDICT_OK) {
        output_refused(engine, attach, round->number, verdict, 0);
        return;
    }
    bool is_attached = has_flag(p, PARTICIPANT_ATTACHED);
    if (event->resume.is_same_connection && is_attached && !participant_is_at(p, attach)) {
        replaced_meanwhile(engine, round, p, event);
        return;
    }
    come_back(engine, round, number, attach, event->resume.is_same_connection);
    if (event->resume.is_same_connection) round->has_same_connection = true;
    if (event->resume.is_same_connection && !is_attached)
        resume_kept(engine, round, p, event);
    else
        resume_here(engine, round, p, event);
    output_attached(engine, round, number);
}

void join_detach(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_find(engine, event->detach.round);
    struct participant *p = round ? participants_get(engine, round, event->detach.participant) : NULL;
    if (p && participant_is_at(p, &event->detach.attach)) attach_leave(engine, round, p);
}
