/* The invariants, watched from outside: what people were told against what is durable.
 *
 *   told recorded, or joined        is in the durable rows, equal
 *   a durable answer                is there once, and was read by an edge, from a resident of that round
 *   closed, revealed, standing      go out only after the fact is durable; leaderboards too, and to screens alone
 *   the standing                    equals the recount of the durable rows
 *   the end                         everybody hears it, screens too, and every receipt is still good
 *
 * Times are the matter of equal_time.c. */
#include "simulation/world.h"

#include <stdio.h>
#include <string.h>

int check_number(struct world *world, struct resident *resident)
{
    uint32_t round = game_of(world, resident)->round;
    for (uint32_t i = 0; resident->number < 0 && i < world->memory->rows_durable; i++) {
        const struct memory_row *row = &world->memory->rows[i];
        if (row->kind != ROW_JOIN || row->join.round != round) continue;
        if (memcmp(row->join.nonce, resident->nonce_bytes, NONCE_SIZE) == 0) resident->number = (int)row->join.number;
    }
    return resident->number;
}

static const struct answer *durable_answer(struct world *world, struct resident *resident, uint16_t asking)
{
    int number = check_number(world, resident);
    if (number < 0) return NULL;
    return memory_find_answer(world->memory, game_of(world, resident)->round, asking, (uint32_t)number);
}

bool check_is_to_answer(struct world *world, struct resident *resident)
{
    const struct game *game = game_of(world, resident);
    struct participant_view view;
    int number = check_number(world, resident);
    if (resident->is_screen || number < 0 || !world->is_core_up) return false;
    if (!engine_participant_view(turn_engine(world->turn), game->round, (uint32_t)number, &view)) return false;
    return !view.is_removed && view.out_at == 0 &&
           !memory_find_answer(world->memory, game->round, game->asking_now, (uint32_t)number);
}

/* ---- frames as they leave and enter the edges ---- */

static void told_recorded(struct world *world, struct resident *resident, const char *text)
{
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    const struct answer *answer = durable_answer(world, resident, asking);
    world->recorded_frames++;
    if (!answer)
        world_fail(world, "told recorded, but asking %u of resident %d is not durable", asking,
            (int)(resident - world->residents));
    else if (answer->choice != frame_number(text, "choice", -1))
        world_fail(world, "told another choice than the one that is durable");
    else if (answer->elapsed_ms != frame_number(text, "receipt.elapsed_ms", -1))
        world_fail(world, "told another time than the one that is durable");
}

static void told_refused(struct world *world, struct resident *resident, uint32_t serial, const char *text)
{
    char verdict[32] = "";
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    frame_text(text, "verdict", verdict, sizeof verdict);
    if (asking < 1 || asking > WORLD_ASKINGS) return;
    time_of_refusal(world, resident, asking, verdict);
    if (strcmp(verdict, "not_joined") == 0 || strcmp(verdict, "too_early") == 0)
        witness_settled(resident, asking, serial);
}

static void told_fact(struct world *world, const struct resident *resident, const char *text)
{
    const struct game *game = game_of(world, resident);
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    if (frame_is(text, "ended") && !game->is_ended) world_fail(world, "told ended, but that is not durable");
    if (asking < 1 || asking > WORLD_ASKINGS) return;
    bool is_about_key = frame_is(text, "revealed") || frame_is(text, "standing") || frame_is(text, "leaderboard");
    bool is_public = game->is_revealed[asking] || game->is_voided[asking] || game->is_ended;
    if (is_about_key && !is_public) world_fail(world, "told of asking %u before its reveal: %.60s", asking, text);
    if (frame_is(text, "leaderboard") && !resident->is_screen) world_fail(world, "a resident is told the leaderboard");
    if (frame_is(text, "closed") && !game->closed_at_ms[asking]) world_fail(world, "told closed before it is durable");
    if (frame_is(text, "voided") && !game->is_voided[asking]) world_fail(world, "told voided before it is durable");
}

/* What is of a person goes to no screen. */
static void told_screen(struct world *world, const char *text)
{
    static const char *const own[] = {"joined", "recorded", "standing", "renamed"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (frame_is(text, own[i])) world_fail(world, "a screen is told %s", own[i]);
}

void check_frame(struct world *world, int at, const char *text)
{
    struct resident *resident = &world->residents[world->connections[at].resident];
    told_fact(world, resident, text);
    if (resident->is_screen) {
        told_screen(world, text);
        return;
    }
    if (frame_is(text, "recorded")) told_recorded(world, resident, text);
    if (frame_is(text, "joined") && check_number(world, resident) < 0)
        world_fail(world, "told joined, but the participant is not durable");
    if (frame_is(text, "refused")) told_refused(world, resident, world->connections[at].serial, text);
    /* What comes on a connection that the edge has closed is read by nobody. */
    if (frame_is(text, "answer") && !world->connections[at].closed_at_ms) witness_reading(world, resident, at, text);
}

/* ---- rows as they become durable ---- */

static struct resident *resident_of(struct world *world, const struct game *game, uint32_t number)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        if (game_of(world, resident) == game && check_number(world, resident) == (int)number) return resident;
    }
    return NULL;
}

static void answer_is_durable(struct world *world, const struct answer *answer)
{
    const struct game *game = game_of_round(world, answer->round);
    struct resident *resident = game ? resident_of(world, game, answer->participant) : NULL;
    if (!resident)
        world_fail(world, "an answer of a participant that nobody is");
    else
        time_of_answer(world, resident, answer);
}

static void note_close(struct game *game, const struct control *control)
{
    if (!game->closed_at_ms[control->asking]) game->closed_at_ms[control->asking] = control->at_ms - CLOCK_OFFSET;
    game->is_open = false;
}

static void control_is_durable(struct world *world, struct game *game, const struct control *control)
{
    uint16_t asking = control->asking;
    switch (control->kind) {
    case CONTROL_ASKING_OPENED:
        game->asking_now = asking;
        game->is_open = true;
        game->opened_at_ms[asking] = control->at_ms - CLOCK_OFFSET;
        game->limit_ms[asking] = game->askings[asking - 1].limit_ms;
        witness_opened(world, game, asking, false);
        break;
    case CONTROL_ASKING_REOPENED:
        game->opened_at_ms[asking] = control->at_ms - CLOCK_OFFSET;
        witness_opened(world, game, asking, true);
        break;
    case CONTROL_ASKING_EXTENDED: game->limit_ms[asking] = control->value; break;
    case CONTROL_ASKING_CLOSED:
        time_of_close(world, game, control);
        note_close(game, control);
        game->is_closed_early[asking] = control->value != 0;
        game->is_closing = true;
        break;
    case CONTROL_ASKING_SCORED:
        time_of_scoring(world, game, control);
        game->is_closing = false;
        game->is_standing_to_check = true;
        break;
    case CONTROL_ASKING_VOIDED:
        if (asking == game->asking_now) {
            note_close(game, control);
            game->is_closing = false;
        }
        game->is_voided[asking] = true;
        game->is_standing_to_check = true;
        break;
    case CONTROL_ASKING_REVEALED:
        game->is_revealed[asking] = true;
        game->hash_at_reveal[asking] = world->edge_bytes_hash;
        break;
    case CONTROL_REMOVED: game->is_standing_to_check = true; break;
    case CONTROL_ROUND_ENDED: game->is_ended = true; break;
    default: break;
    }
}

static void control_row(struct world *world, const struct control *control)
{
    struct game *game = game_of_round(world, control->round);
    world_trace(world, "durable: control %d of round %u, asking %u value %u", control->kind, control->round,
        control->asking, control->value);
    if (game) control_is_durable(world, game, control);
}

static void look_at_rows(struct world *world)
{
    if (world->memory->has_doubled) world_fail(world, "an answer or a participant stands in the records twice");
    for (; world->rows_seen < world->memory->rows_durable; world->rows_seen++) {
        const struct memory_row *row = &world->memory->rows[world->rows_seen];
        if (row->kind == ROW_ANSWER) answer_is_durable(world, &row->answer);
        if (row->kind == ROW_CONTROL) control_row(world, &row->control);
    }
}

void check_turn(struct world *world)
{
    look_at_rows(world);
}

void check_step(struct world *world)
{
    char why[200] = "";
    for (unsigned i = 0; world->is_core_up && i < world->games_count; i++) {
        struct game *game = &world->games[i];
        if (!game->is_standing_to_check) continue;
        game->is_standing_to_check = false;
        if (!recount_agrees(world, game, why, sizeof why)) world_fail(world, "%s", why);
    }
}

/* ---- the end ---- */

static void check_receipts(struct world *world, struct resident *resident)
{
    for (uint16_t asking = 1; asking <= WORLD_ASKINGS; asking++) {
        if (!resident->recorded[asking]) continue;
        const struct answer *answer = durable_answer(world, resident, asking);
        if (!answer || answer->choice != resident->recorded[asking])
            world_fail(world, "resident %d holds a receipt for an answer that is not there",
                (int)(resident - world->residents));
    }
}

void check_end(struct world *world)
{
    if (!world_is_over(world)) {
        world_fail(world, "the round did not end after the faults were over");
        return;
    }
    for (int i = 0; i < RESIDENTS; i++)
        check_receipts(world, &world->residents[i]);
    char why[200] = "";
    for (unsigned i = 0; i < world->games_count; i++)
        if (!recount_agrees(world, &world->games[i], why, sizeof why)) world_fail(world, "at the end: %s", why);
}
