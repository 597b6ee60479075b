/* Points, ticks and ranks. In: the answers that stand in the records, or what a void takes back; out: the standing.
 *
 * The standing is needed twice: packed into the same batch as the control, before the control is a fact, and in the
 * records when it is. score_look_ahead writes it into the engine's scratch, score_apply works it out once more from the
 * same records and keeps it, so that a replay, which has only the fact, comes to the same. For 340,000, in processor
 * time on a busy two-core machine: 15 ms to look ahead, 18 to pack, 23 for the fact.
 *
 * Knockout: without the wholly right answer a participant is out, in everything but a poll. A missing answer is excused
 * where the participant came after the asking had opened, or for everybody where a fault of the server (an edge's death
 * or the core's) kept somebody from answering: the fact says which, since edges' deaths are not in the log. Who came
 * after an asking was scored has missed nothing of it. */
#include "engine/score.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/recover.h"
#include "engine/tally.h"
#include "model/rules.h"

struct outcome {
    uint32_t points, ticks;
    uint16_t gained;
    uint8_t rights, out_at;
};

static bool is_knocked_out(const struct round *round, const struct asking_rules *asking, const struct participant *p,
    bool is_right, bool is_fault)
{
    if (round->rules.scoring != SCORING_KNOCKOUT || asking->kind == QUESTION_POLL || is_right) return false;
    return has_flag(p, PARTICIPANT_ANSWERED) || !(is_fault || has_flag(p, PARTICIPANT_JOINED_LATE));
}

static struct outcome outcome_of_scoring(
    const struct engine *engine, const struct round *round, const struct participant *p, bool is_fault)
{
    const struct asking_rules *asking = asking_of(engine, round, round->asking);
    struct outcome outcome = {p->points, p->ticks, 0, p->rights, p->out_at};
    bool is_right = false;
    if (has_flag(p, PARTICIPANT_ANSWERED)) {
        is_right = rules_is_right(asking, p->choice);
        outcome.gained = (uint16_t)rules_points(&round->rules, asking, p->choice, p->elapsed_ms);
        outcome.points += outcome.gained;
        if (outcome.gained > 0) outcome.ticks += p->elapsed_ms / TICK_MS;
        if (is_right) outcome.rights++;
    }
    if (!p->out_at && is_knocked_out(round, asking, p, is_right, is_fault)) outcome.out_at = (uint8_t)round->asking;
    return outcome;
}

static struct outcome outcome_of_void(const struct round *round, const struct participant *p)
{
    struct outcome outcome = {
        p->points - p->unscore_points, p->ticks - p->unscore_ticks, p->gained, p->rights, p->out_at};
    if (has_flag(p, PARTICIPANT_UNSCORE_RIGHT)) outcome.rights--;
    if (p->out_at == round->unscore_asking) outcome.out_at = 0;
    if (round->scored == round->unscore_asking) outcome.gained = 0;
    return outcome;
}

static struct outcome outcome_of(const struct engine *engine, const struct round *round, const struct participant *p,
    enum outlook outlook, bool is_fault)
{
    return outlook == OUTLOOK_SCORE ? outcome_of_scoring(engine, round, p, is_fault) : outcome_of_void(round, p);
}

/* A void changes the standing that there is; who has come since is not in it. */
static bool is_ranked(const struct participant *p, enum outlook outlook)
{
    return is_in(p) && (outlook == OUTLOOK_SCORE || p->rank != 0);
}

void score_look_ahead(struct engine *engine, const struct round *round, enum outlook outlook, bool is_fault)
{
    uint32_t count = 0;
    for (uint32_t number = 0; number < round->participants_count; number++) {
        const struct participant *p = participants_get(engine, round, number);
        if (!is_ranked(p, outlook)) continue;
        struct outcome outcome = outcome_of(engine, round, p, outlook, is_fault);
        engine->points[number] = outcome.points;
        engine->ticks[number] = outcome.ticks;
        engine->order[count++] = number;
    }
    standing_rank(engine->order, count, engine->points, engine->ticks, engine->scratch, engine->scratch);
    engine->outlook = outlook;
    engine->outlook_place = round->place;
    engine->outlook_count = count;
    engine->outlook_fault = is_fault;
}

void score_apply(struct engine *engine, struct round *round, enum outlook outlook, bool is_fault)
{
    score_look_ahead(engine, round, outlook, is_fault);
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        if (!is_ranked(p, outlook)) continue;
        struct outcome outcome = outcome_of(engine, round, p, outlook, is_fault);
        p->points = outcome.points;
        p->ticks = outcome.ticks;
        p->gained = outcome.gained;
        p->rights = outcome.rights;
        p->out_at = outcome.out_at;
        p->rank = engine->scratch[number];
    }
    round->standing_count = engine->outlook_count;
    for (uint32_t i = 0; i < round->standing_count; i++)
        participants_get(engine, round, i)->ordered = engine->order[i];
    engine->outlook = OUTLOOK_NONE;
    tally_recount(engine, round); /* who is out is not expected to answer */
}

/* The standing that was loaded holds this asking: what it gave is all that is missing. */
static void score_gained(struct engine *engine, struct round *round)
{
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        p->gained = is_in(p) ? outcome_of_scoring(engine, round, p, true).gained : 0;
    }
}

void score_fact(struct engine *engine, struct round *round, bool is_fault)
{
    if (round->asking > round->loaded)
        score_apply(engine, round, OUTLOOK_SCORE, is_fault);
    else
        score_gained(engine, round);
    round->scored = round->asking;
    bit_set(round->scored_bits, round->asking);
}

/* Did a fault of the server keep somebody from answering? */
static bool had_fault(const struct engine *engine, const struct round *round)
{
    for (uint32_t number = 0; number < round->participants_count; number++) {
        const struct participant *p = participants_get(engine, round, number);
        if (!is_in(p) || p->out_at || !(p->flags & (PARTICIPANT_FAULTED | PARTICIPANT_AWAITED))) continue;
        if (!has_flag(p, PARTICIPANT_ANSWERED)) return true;
    }
    return false;
}

/* With a control of the round on its way (its own scoring, a void) what is scored may change under it. */
static bool is_drained(const struct engine *engine, const struct round *round)
{
    return round->is_used && round->phase == PHASE_CLOSING && round->edges_draining == 0 && round->pending_count == 0 &&
           round->asked_in != engine->asking_serial && !recover_is_held(engine, round);
}

void score_what_is_drained(struct engine *engine)
{
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (!is_drained(engine, round)) continue;
        bool is_fault = had_fault(engine, round);
        score_look_ahead(engine, round, OUTLOOK_SCORE, is_fault);
        output_append_standing(engine, round, round->asking);
        output_own_control(engine, round, CONTROL_ASKING_SCORED, round->asking, is_fault);
        return;
    }
}

void score_remove(struct engine *engine, struct round *round, uint32_t number)
{
    uint32_t kept = 0, rank = 0;
    const struct participant *before = NULL;
    for (uint32_t i = 0; i < round->standing_count; i++) {
        uint32_t ordered = participants_get(engine, round, i)->ordered;
        if (ordered == number) continue;
        struct participant *p = participants_get(engine, round, ordered);
        bool is_tie = before && before->points == p->points && before->ticks == p->ticks;
        if (!is_tie) rank = kept + 1;
        p->rank = rank;
        before = p;
        participants_get(engine, round, kept++)->ordered = ordered;
    }
    round->standing_count = kept;
}

static bool is_looked_ahead(const struct engine *engine, const struct round *round)
{
    return engine->outlook != OUTLOOK_NONE && engine->outlook_place == round->place;
}

uint32_t score_count(const struct engine *engine, const struct round *round)
{
    return is_looked_ahead(engine, round) ? engine->outlook_count : round->standing_count;
}

struct standing_entry score_entry(const struct engine *engine, const struct round *round, uint32_t index)
{
    bool is_ahead = is_looked_ahead(engine, round);
    uint32_t number = is_ahead ? engine->order[index] : participants_get(engine, round, index)->ordered;
    const struct participant *p = participants_get(engine, round, number);
    struct outcome outcome = {p->points, p->ticks, p->gained, p->rights, p->out_at};
    if (is_ahead) outcome = outcome_of(engine, round, p, engine->outlook, engine->outlook_fault);
    return (struct standing_entry){.participant = number,
        .points = outcome.points,
        .ticks = outcome.ticks,
        .rights = outcome.rights,
        .out_at = outcome.out_at};
}
