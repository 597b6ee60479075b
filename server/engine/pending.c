/* The open batch. In: BATCH_COMMITTED or BATCH_FAILED; out: acknowledgements to the newest connection of each, or
 * refusals, and records that are as if nothing had been asked. Nothing is acknowledged anywhere else before its commit.
 */
#include "engine/pending.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/tally.h"

bool pending_has_room(const struct engine *engine)
{
    return engine->pending_count < TURN_EVENTS_MAX;
}

static struct pending *pending_add(struct engine *engine, struct round *round, uint32_t participant)
{
    expect(pending_has_room(engine));
    struct pending *pending = &engine->pending[engine->pending_count++];
    *pending = (struct pending){.place = round->place, .participant = participant};
    round->pending_count++;
    return pending;
}

void pending_add_join(struct engine *engine, struct round *round, uint32_t participant)
{
    pending_add(engine, round, participant)->is_join = true;
}

void pending_add_answer(struct engine *engine, struct round *round, uint32_t participant, const struct attach *sender)
{
    pending_add(engine, round, participant)->sender = *sender;
}

void pending_repeat_answer(struct engine *engine, const struct round *round, uint32_t participant,
    const struct attach *sender, bool is_same_choice)
{
    /* A walk, since repeats inside one batch are rare and the list is at most a turn long. */
    for (uint32_t i = 0; i < engine->pending_count; i++) {
        struct pending *pending = &engine->pending[i];
        if (pending->is_join || pending->place != round->place || pending->participant != participant) continue;
        if (is_same_choice) {
            pending->sender = *sender;
        } else {
            pending->has_other = true;
            pending->other = *sender;
        }
        return;
    }
    expect(false); /* every pending answer is in the list */
}

struct answer answer_of(const struct round *round, uint32_t number, const struct participant *p)
{
    return (struct answer){.round = round->number,
        .asking = round->asking,
        .participant = number,
        .choice = p->choice,
        .elapsed_ms = p->elapsed_ms,
        .credit_ms = p->credit_ms};
}

static void join_committed(struct engine *engine, struct round *round, uint32_t number, struct participant *p)
{
    p->flags &= (uint16_t)~PARTICIPANT_PENDING;
    p->flags |= PARTICIPANT_JOINED;
    tally_put_back(engine, round, p);
    if (has_flag(p, PARTICIPANT_ATTACHED)) output_attached(engine, round, number);
}

static void answer_acknowledge(
    struct engine *engine, const struct round *round, const struct pending *pending, const struct participant *p)
{
    if (!has_flag(p, PARTICIPANT_ATTACHED)) return;
    struct attach attach = participant_attach(p);
    struct answer answer = answer_of(round, pending->participant, p);
    bool has_other = pending->has_other && participant_is_at(p, &pending->other);
    /* Who has only ever sent the other choice on this connection is told that alone. */
    if (!has_other || participant_is_at(p, &pending->sender)) {
        struct effect *effect = output_effect(engine, EFFECT_RECORDED);
        effect->recorded.attach = attach;
        effect->recorded.answer = answer;
    }
    if (has_other) {
        struct effect *effect = output_effect(engine, EFFECT_REFUSED);
        effect->refused.attach = attach;
        effect->refused.round = round->number;
        effect->refused.verdict = VERDICT_ALREADY_ANSWERED;
        effect->refused.asking = answer.asking;
        effect->refused.has_first = true;
        effect->refused.first = answer;
    }
}

static void answer_committed(
    struct engine *engine, struct round *round, const struct pending *pending, struct participant *p)
{
    if (!has_flag(p, PARTICIPANT_ANSWER_PENDING)) return; /* removed meanwhile */
    tally_take_out(engine, round, p);
    p->flags &= (uint16_t) ~(PARTICIPANT_ANSWER_PENDING | PARTICIPANT_AWAITED);
    p->flags |= PARTICIPANT_ANSWERED;
    tally_put_back(engine, round, p);
    answer_acknowledge(engine, round, pending, p);
}

void pending_committed(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->pending_count; i++) {
        const struct pending *pending = &engine->pending[i];
        struct round *round = &engine->rounds[pending->place];
        struct participant *p = participants_get(engine, round, pending->participant);
        if (pending->is_join)
            join_committed(engine, round, pending->participant, p);
        else
            answer_committed(engine, round, pending, p);
        round->pending_count--;
    }
    engine->pending_count = 0;
}

static void join_failed(struct engine *engine, struct round *round, uint32_t number, struct participant *p)
{
    if (has_flag(p, PARTICIPANT_ATTACHED)) {
        struct attach attach = participant_attach(p);
        output_refused(engine, &attach, round->number, VERDICT_TRY_AGAIN, 0);
    }
    index_remove(engine, round, number);
    *p = (struct participant){0};
    engine->participants_used--;
    /* Pending joins have the highest numbers, so the last to first order leaves no gap. */
    expect(number + 1 == round->participants_count);
    round->participants_count = number;
}

static void answer_failed(struct engine *engine, struct round *round, struct participant *p)
{
    if (!has_flag(p, PARTICIPANT_ANSWER_PENDING)) return;
    p->flags &= (uint16_t)~PARTICIPANT_ANSWER_PENDING;
    p->flags |= PARTICIPANT_FAULTED; /* a disk that is full knocks nobody out */
    if (!has_flag(p, PARTICIPANT_ATTACHED)) return;
    struct attach attach = participant_attach(p);
    output_refused(engine, &attach, round->number, VERDICT_TRY_AGAIN, round->asking);
}

void pending_failed(struct engine *engine)
{
    for (uint32_t i = engine->pending_count; i-- > 0;) {
        const struct pending *pending = &engine->pending[i];
        struct round *round = &engine->rounds[pending->place];
        struct participant *p = participants_get(engine, round, pending->participant);
        if (pending->is_join)
            join_failed(engine, round, pending->participant, p);
        else
            answer_failed(engine, round, p);
        round->pending_count--;
    }
    engine->pending_count = 0;
}
