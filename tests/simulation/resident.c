/* A simulated resident: what a page does, with a person's whims. Times out of patience, taps early, late, twice, on
 * another option; loses the network and comes back elsewhere. */
#include "simulation/world.h"

#include <stdio.h>
#include <string.h>

static bool has_open_connection(const struct world *world, const struct resident *resident)
{
    return resident->connection >= 0 && world->connections[resident->connection].is_open;
}

static void say_hello(struct world *world, struct resident *resident)
{
    char text[256];
    if (resident->token[0])
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\",\"token\":\"%s\"}", world->code,
            resident->token);
    else
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\"}", world->code);
    connection_send(world, resident->connection, text);
}

static void connect_somewhere(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    int connection = connection_open(world, index, (uint8_t)random_below(&world->random, EDGES));
    resident->connect_at_ms = world->now_ms + 500 + random_below(&world->random, 500);
    if (connection < 0) return;
    if (resident->is_waiting) resident->is_start_unsure[resident->chosen_asking] = true; /* the old one loses its say */
    resident->connection = connection;
    resident->asking = 0;
    say_hello(world, resident);
}

static void send_answer(struct world *world, struct resident *resident, unsigned choice)
{
    char text[128];
    snprintf(text, sizeof text, "{\"type\":\"answer\",\"asking\":%u,\"choice\":%u}", resident->chosen_asking, choice);
    connection_send(world, resident->connection, text);
}

static unsigned some_choice(struct world *world, uint16_t asking)
{
    const struct asking_rules *rules = &world->askings[asking - 1];
    unsigned one = 1u << random_below(&world->random, rules->options_count);
    if (rules->kind == QUESTION_MULTIPLE) one |= 1u << random_below(&world->random, rules->options_count);
    return one;
}

static void tap(struct world *world, struct resident *resident)
{
    if (!resident->is_waiting) {
        resident->chosen_asking = resident->asking;
        resident->choice = some_choice(world, resident->asking);
        resident->is_waiting = true;
    }
    send_answer(world, resident, resident->choice);
    if (world_chance(world, 5)) send_answer(world, resident, resident->choice);
    if (world_chance(world, 20)) send_answer(world, resident, some_choice(world, resident->asking));
    resident->act_at_ms = 0;
}

void resident_act(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    if (!world->is_created || resident->is_removed || resident->has_ended) return;
    if (!has_open_connection(world, resident)) {
        if (world->now_ms >= resident->connect_at_ms) connect_somewhere(world, index);
        return;
    }
    if (!world->is_calm && world_chance(world, 400)) { /* a second phone, the first one still open */
        connect_somewhere(world, index);
        return;
    }
    if (resident->act_at_ms && world->now_ms >= resident->act_at_ms && resident->asking) tap(world, resident);
}

/* ---- frames ---- */

static void sees_open(struct world *world, struct resident *resident, uint16_t asking)
{
    resident->asking = asking;
    if (resident->is_waiting && resident->chosen_asking == asking) { /* not acknowledged yet: sent again */
        send_answer(world, resident, resident->choice);
        return;
    }
    resident->is_waiting = false;
    if (resident->recorded[asking] || world_chance(world, 8)) return; /* done, or somebody who does not answer */
    resident->act_at_ms =
        world->now_ms + random_below(&world->random, world->rules.limit_ms + world->rules.reading_ms + 800);
}

static void sees_snapshot(struct world *world, struct resident *resident, const char *text)
{
    char phase[16] = "";
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    frame_text(text, "phase", phase, sizeof phase);
    resident->asking = 0;
    resident->act_at_ms = 0;
    long answered = frame_number(text, "answer.choice", 0);
    if (resident->recorded[asking] && answered != (long)resident->recorded[asking] && asking)
        world_fail(world, "a snapshot forgot a recorded answer to asking %u", asking);
    if (answered && asking) resident->recorded[asking] = (unsigned)answered;
    if (answered && resident->chosen_asking == asking) resident->is_waiting = false;
    if (strcmp(phase, "ended") == 0) resident->has_ended = true;
    if (strcmp(phase, "open") == 0) sees_open(world, resident, asking);
}

static void sees_refused(struct world *world, struct resident *resident, const char *text)
{
    char verdict[32] = "";
    frame_text(text, "verdict", verdict, sizeof verdict);
    long asking = frame_number(text, "asking", 0);
    if (strcmp(verdict, "removed") == 0 || strcmp(verdict, "lobby_locked") == 0) resident->is_removed = true;
    if (strcmp(verdict, "round_over") == 0) resident->has_ended = true;
    if (strcmp(verdict, "bad_token") == 0) world_fail(world, "an honest token was refused");
    if (strcmp(verdict, "bad_frame") == 0 || strcmp(verdict, "bad_choice") == 0 || strcmp(verdict, "bad_name") == 0)
        world_fail(world, "an honest frame was refused: %s", verdict);
    if (strcmp(verdict, "already_answered") == 0 && asking)
        resident->recorded[asking] = (unsigned)frame_number(text, "choice", 0);
    if (strcmp(verdict, "try_again") == 0 && !asking) connection_cut(world, resident->connection);
    if (!asking || asking != resident->chosen_asking) return;
    if (strcmp(verdict, "try_again") == 0 || strcmp(verdict, "too_early") == 0)
        resident->act_at_ms = world->now_ms + 200 + random_below(&world->random, 500);
    else
        resident->is_waiting = false;
}

void resident_frame(struct world *world, int index, int connection, const char *text)
{
    struct resident *resident = &world->residents[index];
    world_trace(world, "resident %d hears %.120s", index, text);
    if (connection != resident->connection) return; /* an old page */
    if (frame_is(text, "round")) {
        char join[128];
        snprintf(
            join, sizeof join, "{\"type\":\"join\",\"nonce\":\"%s\",\"community\":%d}", resident->nonce, index % 2);
        connection_send(world, connection, join);
    } else if (frame_is(text, "joined")) {
        frame_text(text, "token", resident->token, sizeof resident->token);
        int participant = (int)frame_number(text, "participant", 0) - 1;
        if (resident->participant >= 0 && resident->participant != participant)
            world_fail(
                world, "resident %d was participant %d and is now %d", index, resident->participant, participant);
        resident->participant = participant;
    } else if (frame_is(text, "snapshot")) {
        sees_snapshot(world, resident, text);
    } else if (frame_is(text, "open")) {
        sees_open(world, resident, (uint16_t)frame_number(text, "asking", 0));
    } else if (frame_is(text, "closed")) {
        resident->asking = 0;
    } else if (frame_is(text, "recorded")) {
        long asking = frame_number(text, "asking", 0), choice = frame_number(text, "choice", 0);
        if (resident->recorded[asking] && resident->recorded[asking] != (unsigned)choice)
            world_fail(world, "resident %d was told two recorded answers to asking %ld", index, asking);
        resident->recorded[asking] = (unsigned)choice;
        if (asking == resident->chosen_asking) resident->is_waiting = false;
    } else if (frame_is(text, "refused")) {
        sees_refused(world, resident, text);
    } else if (frame_is(text, "ended")) {
        resident->has_ended = true;
    }
}

void resident_lost(struct world *world, int index, int connection)
{
    struct resident *resident = &world->residents[index];
    if (resident->connection != connection) return;
    resident->connection = -1;
    resident->asking = 0;
    resident->act_at_ms = 0;
    resident->connect_at_ms = world->now_ms + random_below(&world->random, 1500);
}
