/* RECOVERED, and the grace after it. In: how long nobody was there, how many edges are expected; out: who holds what.
 *
 * Everybody is treated as lost at the moment the core died. An edge that lived through it comes up again and resumes
 * its residents with is_same_connection: they lost nothing. What cannot be undone waits until that is settled:
 *
 *   open      held until every expected edge is up and somebody has resumed so, or nobody is without an answer; at the
 *             end of the grace without any of that, all edges had died as well: the asking is opened again
 *   closing   held until every expected edge is up and subscribed, since an edge may hold answers that were in time
 *   else      held until every expected edge is up
 *
 * each for GRACE_MS at most. */
#include "engine/recover.h"

#include "engine/attach.h"

static uint32_t bits_count(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* The core died in mid-fan-out perhaps: the starts that are known come back with the edges. */
static void round_recover(struct engine *engine, struct round *round, uint64_t lost_ms)
{
    attach_lose_all(engine, round, lost_ms);
    round->has_same_connection = false;
    if (!phase_has_asking(round->phase)) return;
    if (lost_ms < round->opened_at_ms) lost_ms = round->opened_at_ms;
    uint64_t end_ms = round->opened_at_ms + FANOUT_MS_MAX;
    round->fanout_end_ms = lost_ms < end_ms ? lost_ms : end_ms;
    round->is_reopen_asked = true; /* looked at while it is open */
}

void recover_begin(struct engine *engine, const struct event *event)
{
    engine->is_loading = false;
    engine->is_recovering = true;
    engine->edges_up = 0;
    engine->edges_expected = event->recovered.edges_expected;
    engine->grace_until_ms = engine->now_ms + GRACE_MS;
    uint64_t gap_ms = event->recovered.gap_ms;
    uint64_t lost_ms = gap_ms < engine->now_ms ? engine->now_ms - gap_ms : 0;
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++)
        if (engine->rounds[place].is_used) round_recover(engine, &engine->rounds[place], lost_ms);
}

void recover_tick(struct engine *engine)
{
    if (engine->now_ms >= engine->grace_until_ms) engine->is_recovering = false;
}

bool recover_is_held(const struct engine *engine, const struct round *round)
{
    if (!engine->is_recovering || engine->now_ms >= engine->grace_until_ms) return false;
    if (bits_count(engine->edges_up) < engine->edges_expected) return true;
    if (round->phase == PHASE_OPEN && round->is_reopen_asked)
        return !round->has_same_connection && round->tally.unanswered > 0;
    if (round->phase == PHASE_CLOSING) return bits_count(round->edges) < engine->edges_expected;
    return false;
}

bool recover_reopens(const struct engine *engine, struct round *round)
{
    if (!round->is_reopen_asked) return false;
    if (round->has_same_connection || round->tally.unanswered == 0) {
        round->is_reopen_asked = false;
        return false;
    }
    return !engine->is_recovering;
}
