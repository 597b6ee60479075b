/* TICK: an open asking closes when the last participant's time is over; in automatic pace the round goes on by itself.
 * In: the time; out: the server's own controls. Nothing here changes the round's phase: the fact does, once it is
 * durable, and a control that did not commit is due again at the next tick. */
#include "engine/pace.h"

#include "engine/output.h"
#include "engine/recover.h"
#include "engine/score.h"
#include "engine/starts.h"

#define REVEAL_MS 1000 /* automatic pace: from the scoring to the reveal */

void pace_restart(struct round *round, uint64_t at_ms)
{
    uint64_t wait_ms = round->phase == PHASE_REVEALED ? round->rules.explain_ms : REVEAL_MS;
    round->due_ms = at_ms + wait_ms;
    round->left_ms = wait_ms;
}

void pace_pause(struct round *round, uint64_t at_ms)
{
    round->left_ms = round->due_ms > at_ms ? round->due_ms - at_ms : 0;
}

/* Never at once: whoever resumes has seen the page say so. */
void pace_resume(struct round *round, uint64_t at_ms)
{
    round->due_ms = at_ms + (round->left_ms > REVEAL_MS ? round->left_ms : REVEAL_MS);
}

static bool is_time_over(const struct engine *engine, const struct round *round)
{
    if (round->tally.awaited > 0 && engine->now_ms < round->awaited_until_ms) return false;
    return engine->now_ms > starts_last_end_ms(engine, round);
}

/* Automatic pace: everybody who is connected has answered, for CONFIRM_MS by now. */
static bool has_everybody_answered(const struct engine *engine, struct round *round)
{
    const struct tally *tally = &round->tally;
    bool is_quiet =
        round->is_auto && round->fanout_end_ms && tally->answered > 0 && tally->expected == 0 && tally->awaited == 0;
    if (!is_quiet)
        round->quiet_since_ms = 0;
    else if (round->quiet_since_ms == 0)
        round->quiet_since_ms = engine->now_ms;
    return is_quiet && engine->now_ms >= round->quiet_since_ms + CONFIRM_MS;
}

static void tick_open(struct engine *engine, struct round *round)
{
    starts_end_overdue_fanout(engine, round);
    if (recover_reopens(engine, round))
        output_own_control(engine, round, CONTROL_ASKING_REOPENED, round->asking, 0);
    else if (recover_is_held(engine, round))
        return;
    else if (is_time_over(engine, round))
        output_own_control(engine, round, CONTROL_ASKING_CLOSED, round->asking, 0);
    else if (has_everybody_answered(engine, round))
        output_own_control(engine, round, CONTROL_ASKING_CLOSED, round->asking, 1);
}

static void tick_between(struct engine *engine, struct round *round)
{
    if (!round->is_auto || round->is_paused || round->unscore != UNSCORE_NONE) return;
    if (engine->now_ms < round->due_ms || recover_is_held(engine, round)) return;
    if (round->phase == PHASE_CLOSED)
        output_own_control(engine, round, CONTROL_ASKING_REVEALED, round->asking, 0);
    else if (round->asking < round->askings_count)
        output_own_control(engine, round, CONTROL_ASKING_OPENED, (uint16_t)(round->asking + 1), 0);
    else
        output_own_control(engine, round, CONTROL_ROUND_ENDED, 0, 0);
}

void pace_tick(struct engine *engine)
{
    recover_tick(engine);
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (!round->is_announced) continue;
        switch (round->phase) {
        case PHASE_OPEN: tick_open(engine, round); break;
        case PHASE_CLOSED:
        case PHASE_REVEALED: tick_between(engine, round); break;
        case PHASE_LOBBY:
        case PHASE_CLOSING: /* scored below */
        case PHASE_ENDED: break;
        }
    }
    score_what_is_drained(engine);
}
