/* A simulated resident: what a page does, with a person's whims. Times out of patience, taps early, late, twice, on
 * another option; loses the network and comes back elsewhere; removes the browser's storage. A screen only watches. */
#include "simulation/world.h"

#include <stdio.h>
#include <string.h>

void resident_create(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    resident->participant = resident->number = resident->connection = -1;
    snprintf(resident->nonce, sizeof resident->nonce, "nonceOfResident%06dA", index);
    nonce_read(resident->nonce, resident->nonce_bytes);
    resident->connect_at_ms = world->now_ms + random_below(&world->random, 4000);
    resident->round_trip_ms = random_below(&world->random, 300);
    if (world->is_extreme && world_chance(world, 2)) resident->round_trip_ms = 0; /* not measured */
}

static bool has_open_connection(const struct world *world, const struct resident *resident)
{
    return resident->connection >= 0 && world->connections[resident->connection].is_open;
}

/* ---- coming in ---- */

static void say_hello(struct world *world, struct resident *resident)
{
    char text[256];
    uint32_t code = game_of(world, resident)->code;
    if (resident->is_screen)
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\",\"screen\":true}", code);
    else if (resident->token[0])
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\",\"token\":\"%s\"}", code, resident->token);
    else
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\"}", code);
    connection_send(world, resident->connection, text);
}

static void connect_somewhere(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    int connection = connection_open(world, index, (uint8_t)random_below(&world->random, EDGES));
    resident->connect_at_ms = world->now_ms + 500 + random_below(&world->random, 500);
    if (connection < 0) return;
    resident->connection = connection;
    resident->asking = 0;
    say_hello(world, resident);
}

/* The nonce is still there, or that is gone too: then somebody new comes. */
static void remove_storage(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    bool is_new = world_chance(world, 2) && world->spare < RESIDENTS;
    world_trace(world, "resident %d removes the storage%s", index, is_new ? " and is somebody else" : "");
    connection_cut(world, resident->connection);
    resident->token[0] = '\0';
    resident->is_waiting = false;
    if (!is_new) return;
    resident->has_left = true;
    struct resident *other = &world->residents[world->spare++];
    other->has_left = false;
    other->game = resident->game;
    other->connect_at_ms = resident->connect_at_ms;
}

/* ---- answering ---- */

static void send_answer(struct world *world, struct resident *resident, unsigned choice)
{
    char text[128];
    snprintf(text, sizeof text, "{\"type\":\"answer\",\"asking\":%u,\"choice\":%u}", resident->chosen_asking, choice);
    connection_send(world, resident->connection, text);
}

static unsigned some_choice(struct world *world, const struct resident *resident)
{
    const struct asking_rules *rules = &game_of(world, resident)->askings[resident->asking - 1];
    unsigned one = 1u << random_below(&world->random, rules->options_count);
    if (rules->kind == QUESTION_MULTIPLE) one |= 1u << random_below(&world->random, rules->options_count);
    return one;
}

static void tap(struct world *world, struct resident *resident)
{
    if (!resident->is_waiting) {
        resident->chosen_asking = resident->asking;
        resident->choice = some_choice(world, resident);
        resident->is_waiting = true;
    }
    send_answer(world, resident, resident->choice);
    if (world_chance(world, 5)) send_answer(world, resident, resident->choice);
    if (world_chance(world, 20)) send_answer(world, resident, some_choice(world, resident));
    resident->act_at_ms = 0;
}

void resident_act(struct world *world, int index)
{
    struct resident *resident = &world->residents[index];
    if (!game_of(world, resident)->is_created || resident->is_removed || resident->has_ended || resident->has_left)
        return;
    if (!has_open_connection(world, resident)) {
        if (world->now_ms >= resident->connect_at_ms) connect_somewhere(world, index);
        return;
    }
    if (!world->is_calm && world_chance(world, 400)) { /* a second phone, the first one still open */
        connect_somewhere(world, index);
        return;
    }
    if (!world->is_calm && !resident->is_screen && world_chance(world, 5000)) {
        remove_storage(world, index);
        return;
    }
    if (resident->act_at_ms && world->now_ms >= resident->act_at_ms && resident->asking) tap(world, resident);
}

/* ---- frames ---- */

/* Anywhere between too early and too late; an extreme world's people answer at once or with the last moment. */
static uint32_t time_to_think(struct world *world, const struct game *game)
{
    uint32_t whole_ms = game->rules.limit_ms + game->rules.reading_ms;
    if (!world->is_extreme) return random_below(&world->random, whole_ms + 800);
    return world_chance(world, 2) ? random_below(&world->random, 700)
                                  : whole_ms - 300 + random_below(&world->random, 600);
}

static void sees_open(struct world *world, struct resident *resident, uint16_t asking)
{
    resident->asking = asking;
    if (resident->is_waiting && resident->chosen_asking == asking) { /* not acknowledged yet: sent again */
        send_answer(world, resident, resident->choice);
        return;
    }
    resident->is_waiting = false;
    if (resident->recorded[asking] || world_chance(world, 8)) return; /* done, or somebody who does not answer */
    resident->act_at_ms = world->now_ms + time_to_think(world, game_of(world, resident));
}

static void sees_snapshot(struct world *world, struct resident *resident, const char *text)
{
    char phase[16] = "";
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    frame_text(text, "phase", phase, sizeof phase);
    if (strcmp(phase, "ended") == 0) resident->has_ended = true;
    if (resident->is_screen) return;
    resident->asking = 0;
    resident->act_at_ms = 0;
    long answered = frame_number(text, "answer.choice", 0);
    if (resident->recorded[asking] && answered != (long)resident->recorded[asking] && asking)
        world_fail(world, "a snapshot forgot a recorded answer to asking %u", asking);
    if (answered && asking) resident->recorded[asking] = (unsigned)answered;
    if (answered && resident->chosen_asking == asking) resident->is_waiting = false;
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

static void sees_recorded(struct world *world, struct resident *resident, const char *text)
{
    long asking = frame_number(text, "asking", 0), choice = frame_number(text, "choice", 0);
    if (resident->recorded[asking] && resident->recorded[asking] != (unsigned)choice)
        world_fail(world, "resident %d was told two recorded answers to asking %ld", (int)(resident - world->residents),
            asking);
    resident->recorded[asking] = (unsigned)choice;
    if (asking == resident->chosen_asking) resident->is_waiting = false;
}

static void sees_joined(struct world *world, struct resident *resident, const char *text)
{
    frame_text(text, "token", resident->token, sizeof resident->token);
    int participant = (int)frame_number(text, "participant", 0) - 1;
    if (resident->participant >= 0 && resident->participant != participant)
        world_fail(world, "resident %d was participant %d and is now %d", (int)(resident - world->residents),
            resident->participant, participant);
    resident->participant = participant;
}

void resident_frame(struct world *world, int index, int connection, const char *text)
{
    struct resident *resident = &world->residents[index];
    world_trace(world, "%s %d hears %.700s", resident->is_screen ? "screen" : "resident", index, text);
    if (connection != resident->connection || resident->has_left) return; /* an old page */
    if (frame_is(text, "round") && !resident->is_screen) {
        char join[128];
        snprintf(
            join, sizeof join, "{\"type\":\"join\",\"nonce\":\"%s\",\"community\":%d}", resident->nonce, index % 2);
        connection_send(world, connection, join);
    }
    if (frame_is(text, "joined")) sees_joined(world, resident, text);
    if (frame_is(text, "snapshot")) sees_snapshot(world, resident, text);
    if (frame_is(text, "open") && !resident->is_screen)
        sees_open(world, resident, (uint16_t)frame_number(text, "asking", 0));
    if (frame_is(text, "closed")) resident->asking = 0;
    if (frame_is(text, "recorded")) sees_recorded(world, resident, text);
    if (frame_is(text, "refused")) sees_refused(world, resident, text);
    if (frame_is(text, "ended")) resident->has_ended = true;
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
