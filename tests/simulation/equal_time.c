/* The promise of equal time, held against what was witnessed:
 *
 *   an answer's time      is the true one: from the first showing on any connection to the reading. Not longer,
 * whatever died; who comes after the fan-out is counted from its end. Shorter only where the report of the first
 * showing is still on its way from another edge, or was lost with one late                  hears nobody whose answer
 * was read in time by an edge that lives, before the close too early             hears nobody whose reading time was
 * over the close by time     comes after everybody's time, with what an outage took from them; early by itself only
 * when everybody who is connected has answered away at the opening   by a fault of the server: the clock starts when
 * shown missing by a fault    is written down with the scoring, and knocks nobody out */
#include "simulation/world.h"

#include <string.h>

/* The start that another edge saw comes this late at most. */
#define REPORT_MS (HELD_MS_MAX + TURNS_MS)

static uint32_t credit_of(const struct resident *resident)
{
    return resident->round_trip_ms < CREDIT_MS_MAX ? resident->round_trip_ms : CREDIT_MS_MAX;
}

static int64_t elapsed_since(
    const struct world *world, const struct resident *resident, uint64_t start_ms, uint64_t at_ms)
{
    return (int64_t)at_ms - (int64_t)start_ms - world->games[resident->game].rules.reading_ms - credit_of(resident);
}

static bool is_several(unsigned edges)
{
    return (edges & (edges - 1)) != 0;
}

/* Whatever start counts: it lies between these two. A late comer's clock has been running since the end of the fan-out,
 * which is not seen from here. */
static uint64_t first_start_ms(const struct game *game, const struct witness *witness, uint16_t asking)
{
    return witness->is_late_comer ? game->opened_at_ms[asking] : witness->first_shown_ms;
}

static uint64_t least_allowance_ms(uint64_t outage_ms)
{
    if (outage_ms > OUTAGE_MS_MAX) outage_ms = OUTAGE_MS_MAX;
    return outage_ms > TURNS_MS ? outage_ms - TURNS_MS : 0;
}

/* The reading time was not over yet, however the round trip is split between question and answer. */
static bool is_early(const struct resident *resident, int64_t elapsed_ms)
{
    return elapsed_ms < -2 * (int64_t)credit_of(resident);
}

/* ---- an answer ---- */

/* Could this reading have been recorded with this time? */
static bool reading_fits(const struct world *world, const struct resident *resident, const struct witness *witness,
    const struct reading *reading, const struct answer *answer)
{
    const struct game *game = &world->games[resident->game];
    if (reading->choice != answer->choice) return false;
    if (witness->is_reopened &&
        (reading->is_lost || !witness->first_shown_ms || reading->at_ms <= witness->first_shown_ms))
        return true; /* counted from before the reopening */
    int64_t elapsed = answer->elapsed_ms;
    int64_t truth = elapsed_since(world, resident, witness->first_shown_ms, reading->at_ms);
    int64_t longest = truth;
    if (witness->is_late_comer || witness->is_hurt)
        longest = elapsed_since(world, resident, game->opened_at_ms[answer->asking], reading->at_ms);
    if (is_early(resident, longest) || elapsed > (longest < 0 ? 0 : longest)) return false;
    if (witness->is_late_comer || witness->is_hurt) return true;
    return elapsed >= (truth < 0 ? 0 : truth) - (is_several(witness->edges) ? REPORT_MS : 0);
}

void time_of_answer(struct world *world, struct resident *resident, const struct answer *answer)
{
    const struct game *game = game_of(world, resident);
    const struct witness *witness = &resident->witness[answer->asking];
    uint32_t limit_ms = game->limit_ms[answer->asking];
    bool is_allowed = witness->outage_ms > 0 || witness->is_hurt || witness->may_be_allowed || resident->gone_ms;
    if (answer->elapsed_ms > limit_ms + (is_allowed ? OUTAGE_MS_MAX : 0)) {
        world_fail(world, "asking %u, resident %d: a late answer was accepted, %u ms", answer->asking,
            (int)(resident - world->residents), answer->elapsed_ms);
        return;
    }
    for (int i = 0; i < witness->readings_count; i++)
        if (reading_fits(world, resident, witness, &witness->readings[i], answer)) return;
    if (witness->readings_count == READINGS_MAX) return;
    int last = witness->readings_count - 1;
    long long truth =
        last < 0 ? -1
                 : (long long)elapsed_since(world, resident, witness->first_shown_ms, witness->readings[last].at_ms);
    world_fail(world, "asking %u, resident %d: %u ms recorded, but true is %lld", answer->asking,
        (int)(resident - world->residents), answer->elapsed_ms, truth);
}

/* ---- a refusal ---- */

/* The refusal does not say of which answer it is: one of them must have been too early. */
static void refused_as_early(struct world *world, struct resident *resident, uint16_t asking)
{
    const struct witness *witness = &resident->witness[asking];
    if (witness->is_hurt || witness->is_late_comer || is_several(witness->edges)) return;
    for (int i = 0; i < witness->readings_count; i++) {
        const struct reading *reading = &witness->readings[i];
        if (!witness->first_shown_ms || reading->at_ms < witness->first_shown_ms) return;
        if (is_early(resident, elapsed_since(world, resident, witness->first_shown_ms, reading->at_ms))) return;
    }
    world_fail(world, "resident %d hears too_early after the reading time of asking %u",
        (int)(resident - world->residents), asking);
}

void time_of_refusal(struct world *world, struct resident *resident, uint16_t asking, const char *verdict)
{
    if (strcmp(verdict, "too_early") == 0) refused_as_early(world, resident, asking);
    if (strcmp(verdict, "try_again") == 0 || strcmp(verdict, "knocked_out") == 0)
        resident->witness[asking].is_retried = true;
}

/* ---- the showing ---- */

void time_of_showing(struct world *world, struct resident *resident, uint16_t asking, uint32_t elapsed_ms)
{
    const struct witness *witness = &resident->witness[asking];
    bool is_owed = witness->is_owed_a_start && !witness->is_hurt && witness->outage_ms + TURNS_MS < OUTAGE_MS_MAX;
    if (is_owed && elapsed_ms > 0)
        world_fail(world, "resident %d was away at the opening of asking %u by a fault, and the clock is at %u ms",
            (int)(resident - world->residents), asking, elapsed_ms);
}

/* ---- the close and the scoring ---- */

static void closed_by_time(struct world *world, struct resident *resident, const struct game *game, uint64_t at_ms)
{
    const struct witness *witness = &resident->witness[game->asking_now];
    uint64_t time_ms = game->rules.reading_ms + game->limit_ms[game->asking_now];
    uint64_t shown_ms = witness->first_shown_ms ? first_start_ms(game, witness, game->asking_now) : resident->gone_ms;
    if (!shown_ms) return;
    bool is_over = at_ms >= shown_ms + time_ms + least_allowance_ms(witness->outage_ms);
    bool is_given_up = resident->gone_ms && at_ms + TURNS_MS >= resident->gone_ms + OUTAGE_MS_MAX;
    if (resident->gone_ms && !is_given_up && !witness->was_gone) return; /* counted as there by the core that came */
    if (resident->gone_ms ? !is_given_up && !is_over : !is_over)
        world_fail(world, "asking %u closes before the time of resident %d is over", game->asking_now,
            (int)(resident - world->residents));
}

static void closed_by_itself(struct world *world, struct resident *resident, const struct game *game)
{
    const struct witness *witness = &resident->witness[game->asking_now];
    if (resident->connection < 0 || !witness->first_shown_ms) return;
    const struct connection *connection = &world->connections[resident->connection];
    if (connection->is_open && connection->serial == witness->shown_serial)
        world_fail(world, "asking %u closes early, but resident %d is there and has not answered", game->asking_now,
            (int)(resident - world->residents));
}

void time_of_close(struct world *world, struct game *game, const struct control *control)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        if (game_of(world, resident) != game || !check_is_to_answer(world, resident)) continue;
        if (control->value == 0) closed_by_time(world, resident, game, control->at_ms - CLOCK_OFFSET);
        if (control->value == 1 && control->actor == 0) closed_by_itself(world, resident, game);
    }
}

/* An early close waits for nobody: not for an edge whose channel has just broken either, and may be scored without it.
 */
static bool is_given_up(const struct game *game, uint16_t asking, const struct reading *reading)
{
    return game->is_closed_early[asking] && reading->broke_ms &&
           game->closed_at_ms[asking] < reading->broke_ms + REPORT_MS;
}

static bool was_read_in_time(
    const struct world *world, const struct resident *resident, uint16_t asking, const struct reading *reading)
{
    const struct game *game = &world->games[resident->game];
    const struct witness *witness = &resident->witness[asking];
    uint64_t closed_ms = game->closed_at_ms[asking];
    int64_t limit_ms = (int64_t)(game->limit_ms[asking] + least_allowance_ms(reading->outage_ms));
    if (reading->is_lost || is_given_up(game, asking, reading)) return false;
    if (closed_ms && reading->at_ms > closed_ms) return false;
    if (is_early(resident, elapsed_since(world, resident, witness->first_shown_ms, reading->at_ms))) return false;
    return elapsed_since(world, resident, first_start_ms(game, witness, asking), reading->at_ms) <= limit_ms;
}

/* The same was said on this connection shortly before, too early, and had no reply yet: an edge passes on one of them.
 */
static bool is_same_again(
    const struct world *world, const struct resident *resident, const struct witness *witness, int index)
{
    const struct reading *reading = &witness->readings[index];
    for (int i = 0; i < index; i++) {
        const struct reading *before = &witness->readings[i];
        int64_t elapsed = elapsed_since(world, resident, witness->first_shown_ms, before->at_ms);
        if (before->serial == reading->serial && before->choice == reading->choice && is_early(resident, elapsed) &&
            reading->at_ms < before->at_ms + REPORT_MS)
            return true;
    }
    return false;
}

/* What was read in time by an edge that lives is there when it is scored. */
static void scored_without(struct world *world, struct resident *resident, const struct game *game)
{
    uint16_t asking = game->asking_now;
    const struct witness *witness = &resident->witness[asking];
    if (witness->is_retried || !witness->first_shown_ms) return;
    for (int i = 0; i < witness->readings_count; i++)
        if (was_read_in_time(world, resident, asking, &witness->readings[i]) &&
            !is_same_again(world, resident, witness, i))
            world_fail(world, "asking %u is scored without the answer of resident %d, read in time at %llu", asking,
                (int)(resident - world->residents), (unsigned long long)witness->readings[i].at_ms);
}

void time_of_scoring(struct world *world, struct game *game, const struct control *control)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        if (game_of(world, resident) != game || !check_is_to_answer(world, resident)) continue;
        scored_without(world, resident, game);
        if (control->value == 0 && resident->witness[game->asking_now].was_gone)
            world_fail(world, "asking %u is scored without a fault, but the edge of resident %d had died",
                game->asking_now, i);
    }
}
