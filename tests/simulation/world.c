/* The step: time goes on, what is due is delivered, everybody acts a little, faults strike (strike.c). */
#include "simulation/world.h"

#include "base/expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALM_AT_STEP 2500

void world_fail(struct world *world, const char *format, ...)
{
    if (world->failure[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(world->failure, sizeof world->failure, format, arguments);
    va_end(arguments);
}

void world_trace(struct world *world, const char *format, ...)
{
    char line[1024];
    int used = snprintf(line, sizeof line, "%8llu ", (unsigned long long)world->now_ms);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, sizeof line - (size_t)used, format, arguments);
    va_end(arguments);
    for (const char *at = line; *at; at++)
        world->trace_hash = (world->trace_hash ^ (uint8_t)*at) * 0x100000001b3u;
    if (world->is_tracing) puts(line);
}

bool world_chance(struct world *world, uint32_t one_in)
{
    return random_below(&world->random, one_in) == 0;
}
uint64_t world_engine_now(const struct world *world)
{
    return world->now_ms + CLOCK_OFFSET;
}

struct game *game_of(struct world *world, const struct resident *resident)
{
    return &world->games[resident->game];
}

struct game *game_of_round(struct world *world, uint32_t round)
{
    for (unsigned i = 0; i < world->games_count; i++)
        if (world->games[i].is_created && world->games[i].round == round) return &world->games[i];
    return NULL;
}

/* ---- the rounds that are played ---- */

static void make_asking(struct random *random, const struct game *game, struct asking_rules *asking, bool is_wrong_key)
{
    uint32_t kind = random_below(random, 8);
    asking->kind = kind < 4   ? QUESTION_SINGLE
                   : kind < 6 ? QUESTION_MULTIPLE
                   : kind < 7 ? QUESTION_TRUE_FALSE
                              : QUESTION_POLL;
    asking->options_count = asking->kind == QUESTION_TRUE_FALSE ? 2 : 4;
    uint32_t right = random_below(random, asking->options_count);
    if (is_wrong_key) right = (right + 1) % asking->options_count;
    asking->key = (choice_set)(1u << right);
    if (asking->kind == QUESTION_MULTIPLE) asking->key |= (choice_set)(1u << ((right + 2) % 4));
    if (asking->kind == QUESTION_POLL) asking->key = 0;
    asking->points = game->rules.points;
    asking->limit_ms = game->rules.limit_ms;
    asking->reading_ms = game->rules.reading_ms;
}

static void make_game(struct world *world, struct game *game, unsigned wrong_key_asking)
{
    struct random *random = &world->random;
    game->rules = rules_default();
    game->rules.scoring = (enum scoring)random_below(random, 3);
    game->rules.multiple = (enum multiple_rule)random_below(random, 2);
    game->rules.is_auto = random_below(random, 3) == 0;
    game->rules.rank_shown = (enum rank_shown)random_below(random, 3);
    game->rules.distribution = (enum distribution_rule)random_below(random, 3);
    game->rules.limit_ms = 5000 + random_below(random, 3000);
    game->rules.reading_ms = random_below(random, 3) * 500;
    game->rules.explain_ms = 2000;
    game->rules.communities_count = 2;
    if (world->is_extreme) {
        static const uint16_t points[] = {1, 3, 997, POINTS_MAX};
        game->rules.scoring = SCORING_SPEED;
        game->rules.points = points[random_below(random, 4)];
        game->rules.limit_ms = random_below(random, 2) ? LIMIT_MS_MIN : 7777;
    }
    for (unsigned i = 0; i < WORLD_ASKINGS; i++)
        make_asking(random, game, &game->askings[i], wrong_key_asking == i + 1);
}

static void make_people(struct world *world)
{
    unsigned here = world->games_count == 1 ? 10 : 12;
    world->spare = (int)here;
    for (int i = 0; i < PEOPLE; i++) {
        struct resident *resident = &world->residents[i];
        resident->is_screen = i >= RESIDENTS;
        resident->game = (uint8_t)((unsigned)i % world->games_count);
        resident_create(world, i);
        if (!resident->is_screen && i >= (int)here) resident->has_left = true; /* not yet there */
        if (i == (int)here - 2 || i == (int)here - 1)                          /* latecomers */
            resident->connect_at_ms += random_below(&world->random, 20000);
    }
}

struct world *world_create(uint64_t seed, enum fault fault, unsigned wrong_key_asking)
{
    struct world *world = calloc(1, sizeof *world);
    expect(world);
    world->seed = seed;
    world->fault = fault;
    world->wrong_key_asking = wrong_key_asking;
    world->random = random_from_seed(seed);
    world->now_ms = 1000000;
    static const uint32_t mildness[] = {0, 8, 2, 1};
    world->mildness = mildness[seed % 4];
    world->is_extreme = seed % 5 == 2;
    world->games_count = seed % 6 == 5 ? 2 : 1;
    world->memory = memory_records_create();
    world->hub = bus_memory_hub_create();
    for (unsigned i = 0; i < world->games_count; i++)
        make_game(world, &world->games[i], i == 0 ? wrong_key_asking : 0);
    for (int i = 0; i < CONNECTIONS; i++)
        world->connections[i].resident = -1;
    make_people(world);
    core_start(world);
    for (uint8_t i = 0; i < EDGES; i++)
        edge_start(world, i);
    host_start(world);
    return world;
}

void world_destroy(struct world *world)
{
    if (!world) return;
    for (int i = 0; i < CONNECTIONS; i++)
        connection_forget(world, i);
    for (uint8_t i = 0; i < EDGES; i++) {
        if (!world->edges[i].is_up) continue;
        sessions_destroy(world->edges[i].sessions);
        bus_destroy(world->edges[i].bus);
    }
    bus_destroy(world->host_bus);
    if (world->is_core_up) {
        bus_destroy(world->core_bus);
        turn_destroy(world->turn);
    }
    bus_memory_hub_destroy(world->hub);
    memory_records_destroy(world->memory);
    free(world);
}

/* ---- the step ---- */

bool world_step(struct world *world)
{
    world->steps++;
    if (world->steps == CALM_AT_STEP) {
        world->is_calm = true;
        world_trace(world, "calm");
    }
    world->now_ms += random_below(&world->random, 40);
    if (!world->is_calm && world->mildness) strike(world);
    repair(world);
    slow_down(world);

    for (int i = 0; i < CONNECTIONS; i++)
        connection_deliver(world, i);
    for (int i = 0; i < PEOPLE; i++)
        resident_act(world, i);
    /* Who gets the processor next is chance: a process may not run for a while. */
    for (int i = 0; i < EDGES + 2; i++) {
        uint32_t who = random_below(&world->random, EDGES + 2);
        if (who < EDGES && world->edges[who].is_up) edge_turn(world, (uint8_t)who);
        if (who == EDGES && world->is_core_up) core_turn(world);
        if (who == EDGES + 1) host_act(world);
    }
    check_step(world);
    return world->failure[0] == '\0';
}

bool world_is_over(const struct world *world)
{
    if (!world->is_calm || !world->is_core_up) return false;
    for (int i = 0; i < PEOPLE; i++) {
        const struct resident *resident = &world->residents[i];
        if (!resident->has_ended && !resident->is_removed && !resident->has_left) return false;
    }
    for (int i = 0; i < EDGES; i++)
        if (world->edges[i].is_malformed) return false; /* the core has to hang up first */
    return true;
}
