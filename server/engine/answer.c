/* ANSWER. In: a choice and its times; out: APPEND_ANSWER, the first one's receipt, or a refusal.
 *
 *     took    = elapsed at the edge + how much later than the earliest known start the edge began to count
 *     credit  = the lowest round trip of this participant in this round, at most CREDIT_MS_MAX; 0 where this answer's
 *               connection was not measured
 *     too early   took < reading - credit: the question was not open for answers yet, however the round trip is split
 *     elapsed = max(0, took - reading - credit): what is scored and exported
 *     late        elapsed > limit (extensions included) + what an outage gave back
 *
 * It counts from any edge where the participant has been in this asking: an answer that was read in time may
 * be overtaken by the RESUME of the next connection. The acknowledgement goes to the newest one. */
#include "engine/answer.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/pending.h"
#include "engine/rounds.h"
#include "engine/starts.h"
#include "model/rules.h"

static uint8_t credit_of(struct participant *p, uint16_t measured_ms)
{
    if (measured_ms == 0) return 0;
    if (measured_ms > CREDIT_MS_MAX) measured_ms = CREDIT_MS_MAX;
    if (p->credit_lowest_ms == 0 || measured_ms < p->credit_lowest_ms) p->credit_lowest_ms = (uint8_t)measured_ms;
    return p->credit_lowest_ms;
}

/* Repeats of what is recorded or pending. True: it was one, and has been dealt with. */
static bool answer_repeat(
    struct engine *engine, const struct round *round, const struct participant *p, const struct event *event)
{
    bool is_same = p->choice == event->answer.choice;
    uint32_t number = event->answer.participant;
    if (has_flag(p, PARTICIPANT_ANSWER_PENDING)) {
        pending_repeat_answer(engine, round, number, &event->answer.attach, is_same);
        return true;
    }
    if (!has_flag(p, PARTICIPANT_ANSWERED)) return false;
    struct answer first = answer_of(round, number, p);
    if (is_same) {
        struct effect *effect = output_effect(engine, EFFECT_RECORDED);
        effect->recorded.attach = event->answer.attach;
        effect->recorded.answer = first;
    } else {
        struct effect *effect = output_effect(engine, EFFECT_REFUSED);
        effect->refused.attach = event->answer.attach;
        effect->refused.round = round->number;
        effect->refused.verdict = VERDICT_ALREADY_ANSWERED;
        effect->refused.asking = first.asking;
        effect->refused.has_first = true;
        effect->refused.first = first;
    }
    return true;
}

/* Whether this participant may answer now at all. Closed comes before knocked out: after the scoring, who is out
 * depends on the key, and before the reveal nothing may. */
static enum verdict place_check(
    const struct engine *engine, const struct round *round, const struct participant *p, const struct event *event)
{
    bool is_taken = round->phase == PHASE_OPEN ||
                    (round->phase == PHASE_CLOSING && round->edges_draining & edge_bit(event->answer.attach.edge));
    if (!is_taken) return bit_is_set(round->voided, round->asking) ? VERDICT_WRONG_ASKING : VERDICT_LATE;
    if (p->out_at) return VERDICT_KNOCKED_OUT;
    const struct asking_rules *asking = asking_of(engine, round, round->asking);
    if (!rules_choice_is_valid(asking, event->answer.choice)) return VERDICT_BAD_CHOICE;
    return VERDICT_OK;
}

/* Counted by a clock that does not count any more; by the new one there is time. */
static bool is_before_reopening(const struct round *round, const struct event *event)
{
    return bit_is_set(round->reopened, round->asking) && event->answer.start_ms < round->opened_at_ms;
}

static enum verdict time_check(struct engine *engine, struct round *round, struct participant *p,
    const struct event *event, uint32_t *elapsed_ms, uint8_t *credit_ms)
{
    starts_report(engine, round, p, event->answer.start_ms);
    *credit_ms = credit_of(p, event->answer.credit_ms);
    int64_t took_ms = event->answer.elapsed_ms;
    if (p->start_ms != START_UNKNOWN) {
        uint64_t known_ms = round->opened_at_ms + p->start_ms;
        if (event->answer.start_ms > known_ms) took_ms += (int64_t)(event->answer.start_ms - known_ms);
    }
    int64_t reading_ms = asking_of(engine, round, round->asking)->reading_ms;
    if (took_ms < reading_ms - *credit_ms) return VERDICT_TOO_EARLY;
    int64_t rest_ms = took_ms - reading_ms - *credit_ms;
    if (rest_ms < 0) rest_ms = 0;
    if (rest_ms > (int64_t)round->limit_ms + p->allowance_ms)
        return is_before_reopening(round, event) ? VERDICT_TRY_AGAIN : VERDICT_LATE;
    *elapsed_ms = (uint32_t)rest_ms;
    return pending_has_room(engine) ? VERDICT_OK : VERDICT_TRY_AGAIN;
}

static void answer_take(struct engine *engine, struct round *round, struct participant *p, const struct event *event)
{
    uint32_t elapsed_ms = 0;
    uint8_t credit_ms = 0;
    enum verdict verdict = place_check(engine, round, p, event);
    if (verdict == VERDICT_OK) verdict = time_check(engine, round, p, event, &elapsed_ms, &credit_ms);
    if (verdict != VERDICT_OK) {
        output_refused(engine, &event->answer.attach, round->number, verdict, event->answer.asking);
        return;
    }
    p->choice = event->answer.choice;
    p->elapsed_ms = elapsed_ms;
    p->credit_ms = credit_ms;
    p->flags |= PARTICIPANT_ANSWER_PENDING;
    pending_add_answer(engine, round, event->answer.participant, &event->answer.attach);
    output_effect(engine, EFFECT_APPEND_ANSWER)->answer = answer_of(round, event->answer.participant, p);
}

static bool is_on_its_way(const struct round *round, const struct participant *p, const struct event *event)
{
    return is_in(p) && phase_has_asking(round->phase) && event->answer.asking == round->asking &&
           participant_was_at(p, event->answer.attach.edge);
}

void answer_receive(struct engine *engine, const struct event *event)
{
    const struct attach *attach = &event->answer.attach;
    struct round *round = rounds_announced(engine, event->answer.round);
    struct participant *p = round ? participants_joined(engine, round, event->answer.participant) : NULL;
    enum verdict verdict = VERDICT_OK;
    if (!p || !(participant_is_at(p, attach) || is_on_its_way(round, p, event)))
        verdict = VERDICT_NOT_JOINED;
    else if (round->phase == PHASE_ENDED)
        verdict = VERDICT_ROUND_OVER;
    else if (event->answer.asking != round->asking || round->asking == 0)
        verdict = VERDICT_WRONG_ASKING;
    if (verdict != VERDICT_OK) {
        output_refused(engine, attach, event->answer.round, verdict, event->answer.asking);
        return;
    }
    if (!answer_repeat(engine, round, p, event)) answer_take(engine, round, p, event);
}
