/* CONTROL. In: a fact, committed just now or read back; out: the round as it is after it, and what edges are to be
 * told. Whether it was allowed has been decided before it was appended (command.c, pace.c, score.c); here a fact that
 * does not fit is our own bug. Times come from the fact, so that a replay has the same. */
#include "engine/control.h"

#include "engine/attach.h"
#include "engine/output.h"
#include "engine/pace.h"
#include "engine/participants.h"
#include "engine/rounds.h"
#include "engine/score.h"
#include "engine/starts.h"
#include "engine/tally.h"
#include "engine/unscore.h"

static void asking_opened(struct engine *engine, struct round *round, const struct control *control)
{
    expect(!phase_has_asking(round->phase) && control->asking == round->asking + 1);
    expect(control->asking <= round->askings_count);
    round->asking = control->asking;
    round->phase = PHASE_OPEN;
    round->scene = SCENE_QUESTION;
    round->limit_ms = asking_of(engine, round, round->asking)->limit_ms;
    round->awaited_until_ms = 0;
    round->is_reopen_asked = false;
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        p->flags &= (uint16_t)~PARTICIPANT_OF_ASKING;
        p->choice = 0;
        p->elapsed_ms = 0;
        p->credit_ms = 0;
        p->allowance_ms = 0;
    }
    starts_begin(engine, round, control->at_ms);
    attach_begin_asking(engine, round);
    tally_recount(engine, round);
    output_publish(engine, round, CHANGE_OPENED);
}

/* Only for those without an answer: a recorded answer stays. */
static void asking_reopened(struct engine *engine, struct round *round, const struct control *control)
{
    expect(round->phase == PHASE_OPEN && control->asking == round->asking);
    bit_set(round->reopened, round->asking);
    round->is_reopen_asked = false;
    round->awaited_until_ms = 0;
    for (uint32_t number = 0; number < round->participants_count; number++) {
        struct participant *p = participants_get(engine, round, number);
        p->flags &= (uint16_t) ~(PARTICIPANT_AWAITED | PARTICIPANT_SHOW_NOW);
        p->allowance_ms = 0;
    }
    starts_begin(engine, round, control->at_ms);
    attach_begin_asking(engine, round);
    tally_recount(engine, round);
    output_publish(engine, round, CHANGE_REOPENED);
}

static void asking_closed(struct engine *engine, struct round *round)
{
    expect(round->phase == PHASE_OPEN);
    round->phase = PHASE_CLOSING;
    round->edges_draining = round->edges;
    output_publish(engine, round, CHANGE_CLOSE);
}

static void asking_scored(struct engine *engine, struct round *round, const struct control *control)
{
    expect(round->phase == PHASE_CLOSING && control->asking == round->asking);
    score_fact(engine, round, control->value != 0);
    round->phase = PHASE_CLOSED;
    pace_restart(round, control->at_ms);
    output_publish(engine, round, CHANGE_NONE);
}

static void asking_revealed(struct engine *engine, struct round *round, const struct control *control)
{
    expect(round->phase == PHASE_CLOSED && control->asking == round->asking);
    round->phase = PHASE_REVEALED;
    round->revealed = round->asking;
    pace_restart(round, control->at_ms);
    output_publish(engine, round, CHANGE_REVEALED);
    output_standings(engine, round);
}

static void asking_voided(struct engine *engine, struct round *round, const struct control *control)
{
    expect(control->asking >= 1 && control->asking <= round->asking && !bit_is_set(round->voided, control->asking));
    bit_set(round->voided, control->asking);
    bool was_scored = bit_is_set(round->scored_bits, control->asking);
    if (was_scored) {
        unscore_fact(engine, round, control->asking);
    } else if (control->asking == round->asking && phase_has_asking(round->phase)) {
        round->phase = PHASE_CLOSED;
        pace_restart(round, control->at_ms);
    }
    output_publish(engine, round, CHANGE_VOIDED);
    if (!was_scored || !rounds_standing_is_public(round)) return;
    output_publish(engine, round, CHANGE_STANDING);
    output_standings(engine, round);
}

static void participant_removed(struct engine *engine, struct round *round, uint32_t number)
{
    struct participant *p = participants_joined(engine, round, number);
    expect(p && !has_flag(p, PARTICIPANT_REMOVED));
    if (has_flag(p, PARTICIPANT_ATTACHED)) {
        struct attach attach = participant_attach(p);
        output_refused(engine, &attach, round->number, VERDICT_REMOVED, 0);
    }
    tally_take_out(engine, round, p);
    if (p->rank) score_remove(engine, round, number);
    p->flags = PARTICIPANT_JOINED | PARTICIPANT_REMOVED;
    p->points = p->ticks = p->rank = 0;
    p->gained = p->choice = 0;
    p->rights = p->out_at = 0;
    output_publish(engine, round, CHANGE_NAMES);
}

static void participant_renamed(struct engine *engine, struct round *round, uint32_t number)
{
    const struct participant *p = participants_joined(engine, round, number);
    expect(p && !has_flag(p, PARTICIPANT_REMOVED));
    if (has_flag(p, PARTICIPANT_ATTACHED)) {
        struct effect *effect = output_effect(engine, EFFECT_RENAMED);
        effect->attached.attach = participant_attach(p);
        effect->attached.round = round->number;
        effect->attached.participant = number;
    }
    output_publish(engine, round, CHANGE_NAMES);
}

static void round_ended(struct engine *engine, struct round *round, uint64_t at_ms)
{
    expect(!phase_has_asking(round->phase) && round->phase != PHASE_ENDED);
    round->phase = PHASE_ENDED;
    round->ended_at_ms = at_ms;
    output_standings(engine, round);
    output_publish(engine, round, CHANGE_ENDED);
}

static void flag_set(struct engine *engine, struct round *round, bool *flag, bool value, enum change change)
{
    *flag = value;
    output_publish(engine, round, change);
}

void control_apply(struct engine *engine, const struct control *control)
{
    struct round *round = rounds_find(engine, control->round);
    expect(round);
    round->asked_in = 0;
    bool value = control->value != 0;
    switch (control->kind) {
    case CONTROL_ROUND_OPENED: flag_set(engine, round, &round->is_announced, true, CHANGE_NONE); break;
    case CONTROL_ASKING_OPENED: asking_opened(engine, round, control); break;
    case CONTROL_ASKING_EXTENDED:
        round->limit_ms = control->value;
        output_publish(engine, round, CHANGE_EXTENDED);
        break;
    case CONTROL_ASKING_CLOSED: asking_closed(engine, round); break;
    case CONTROL_ASKING_SCORED: asking_scored(engine, round, control); break;
    case CONTROL_ASKING_REVEALED: asking_revealed(engine, round, control); break;
    case CONTROL_ASKING_VOIDED: asking_voided(engine, round, control); break;
    case CONTROL_ASKING_REOPENED: asking_reopened(engine, round, control); break;
    case CONTROL_PAUSED:
        pace_pause(round, control->at_ms);
        flag_set(engine, round, &round->is_paused, true, CHANGE_PAUSED);
        break;
    case CONTROL_RESUMED:
        pace_resume(round, control->at_ms);
        flag_set(engine, round, &round->is_paused, false, CHANGE_RESUMED);
        break;
    case CONTROL_LOCKED: flag_set(engine, round, &round->is_locked, value, CHANGE_LOCKED); break;
    case CONTROL_NAMES_HIDDEN: flag_set(engine, round, &round->are_names_hidden, value, CHANGE_NAMES); break;
    case CONTROL_PACE:
        flag_set(engine, round, &round->is_auto, value, CHANGE_NONE);
        pace_restart(round, control->at_ms);
        break;
    case CONTROL_REMOVED: participant_removed(engine, round, control->participant); break;
    case CONTROL_RENAMED: participant_renamed(engine, round, control->participant); break;
    case CONTROL_SCENE:
        round->scene = value ? SCENE_LEADERBOARD : SCENE_QUESTION;
        output_publish(engine, round, CHANGE_SCENE);
        break;
    case CONTROL_ROUND_ENDED: round_ended(engine, round, control->at_ms); break;
    }
}
