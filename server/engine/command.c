/* COMMAND. In: what an organizer asks for, as the control it would be; out: APPEND_CONTROL where the round allows it
 * now, COMMAND_REFUSED where not. Nothing changes before the control is a fact. The lease is the desk's matter.
 *
 *     asking      ASKING_OPENED: the next one's number, or 0 for it. VOIDED: any that has been opened. Else: ignored.
 *     value       EXTENDED: the new limit_ms. LOCKED, NAMES_HIDDEN, PACE: 0 or 1. SCENE: enum scene. */
#include "engine/command.h"

#include "engine/output.h"
#include "engine/participants.h"
#include "engine/recover.h"
#include "engine/rounds.h"
#include "engine/starts.h"
#include "engine/unscore.h"

/* After a reveal, or from the lobby; from closed only where there is nothing to reveal. */
static enum command_error open_check(
    const struct engine *engine, const struct round *round, const struct control *control)
{
    bool is_phase = round->phase == PHASE_LOBBY || round->phase == PHASE_REVEALED ||
                    (round->phase == PHASE_CLOSED && bit_is_set(round->voided, round->asking));
    bool is_next = control->asking == 0 || control->asking == round->asking + 1;
    bool is_there = round->asking < round->askings_count;
    if (!is_phase || !is_next || !is_there || round->is_paused) return COMMAND_WRONG_PHASE;
    /* Not to some edges a moment before the others, whose residents are still there. */
    return recover_is_held(engine, round) ? COMMAND_CORE_AWAY : COMMAND_DONE;
}

static enum command_error extend_check(
    const struct engine *engine, const struct round *round, const struct control *control)
{
    if (round->phase != PHASE_OPEN) return COMMAND_WRONG_PHASE;
    if (control->value <= round->limit_ms || control->value > LIMIT_MS_MAX) return COMMAND_BAD_REQUEST;
    return engine->now_ms < starts_first_end_ms(engine, round) ? COMMAND_DONE : COMMAND_TOO_LATE;
}

static enum command_error void_check(const struct round *round, const struct control *control)
{
    uint16_t asking = control->asking;
    if (asking < 1 || asking > round->askings_count) return COMMAND_BAD_REQUEST;
    if (asking > round->asking || bit_is_set(round->voided, asking)) return COMMAND_WRONG_PHASE;
    bool is_between = !phase_has_asking(round->phase);
    return is_between || asking == round->asking ? COMMAND_DONE : COMMAND_WRONG_PHASE;
}

static enum command_error participant_check(
    const struct engine *engine, const struct round *round, const struct control *control)
{
    const struct participant *p = participants_joined(engine, round, control->participant);
    return p && !has_flag(p, PARTICIPANT_REMOVED) ? COMMAND_DONE : COMMAND_UNKNOWN_PARTICIPANT;
}

static enum command_error only_if(bool is_phase)
{
    return is_phase ? COMMAND_DONE : COMMAND_WRONG_PHASE;
}
static enum command_error value_check(const struct control *control)
{
    return control->value <= 1 ? COMMAND_DONE : COMMAND_BAD_REQUEST;
}

static enum command_error command_check(
    const struct engine *engine, const struct round *round, const struct control *control)
{
    bool is_between = !phase_has_asking(round->phase);
    switch (control->kind) {
    case CONTROL_ASKING_OPENED: return open_check(engine, round, control);
    case CONTROL_ASKING_EXTENDED: return extend_check(engine, round, control);
    case CONTROL_ASKING_CLOSED: return only_if(round->phase == PHASE_OPEN);
    case CONTROL_ASKING_REVEALED: return only_if(round->phase == PHASE_CLOSED && !round->is_paused);
    case CONTROL_ASKING_VOIDED: return void_check(round, control);
    case CONTROL_PAUSED: return only_if(is_between && !round->is_paused);
    case CONTROL_RESUMED: return only_if(round->is_paused);
    case CONTROL_LOCKED:
    case CONTROL_NAMES_HIDDEN:
    case CONTROL_PACE: return value_check(control);
    case CONTROL_REMOVED:
    case CONTROL_RENAMED: return participant_check(engine, round, control);
    case CONTROL_SCENE: return round->phase == PHASE_REVEALED ? value_check(control) : COMMAND_WRONG_PHASE;
    case CONTROL_ROUND_ENDED: return only_if(is_between);
    case CONTROL_ROUND_OPENED:
    case CONTROL_ASKING_SCORED:
    case CONTROL_ASKING_REOPENED: return COMMAND_BAD_REQUEST; /* the server's own */
    }
    return COMMAND_BAD_REQUEST;
}

/* What moves the round or its standing waits while an asking's answers are streamed back. */
static bool is_moving(enum control_kind kind)
{
    return kind == CONTROL_ASKING_OPENED || kind == CONTROL_ASKING_REVEALED || kind == CONTROL_ASKING_VOIDED ||
           kind == CONTROL_ROUND_ENDED;
}

/* The fact that the command asks for, with what it leaves open filled in. */
static struct control command_fact(const struct round *round, const struct control *asked)
{
    struct control fact = *asked;
    if (asked->kind == CONTROL_ASKING_OPENED)
        fact.asking = (uint16_t)(round->asking + 1);
    else if (asked->kind != CONTROL_ASKING_VOIDED)
        fact.asking = round->asking;
    if (asked->kind == CONTROL_ASKING_CLOSED) fact.value = 1; /* early */
    if (asked->kind != CONTROL_REMOVED && asked->kind != CONTROL_RENAMED) fact.participant = PARTICIPANT_NONE;
    return fact;
}

void command_receive(struct engine *engine, const struct event *event)
{
    const struct control *asked = &event->command.control;
    struct round *round = rounds_announced(engine, asked->round);
    enum command_error error = COMMAND_UNKNOWN_ROUND;
    if (round) error = round->phase == PHASE_ENDED ? COMMAND_ROUND_OVER : command_check(engine, round, asked);
    if (error == COMMAND_DONE && round->unscore == UNSCORE_STREAMING && is_moving(asked->kind))
        error = COMMAND_WRONG_PHASE;
    if (error != COMMAND_DONE) {
        output_command_refused(engine, event->command.id, error);
        return;
    }
    struct control fact = command_fact(round, asked);
    if (fact.kind == CONTROL_ASKING_VOIDED && bit_is_set(round->scored_bits, fact.asking))
        unscore_begin(engine, round, &fact, event->command.id);
    else
        output_control(engine, round, &fact, event->command.id);
}
