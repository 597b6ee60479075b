/* The step: time goes on, what is due is delivered, everybody acts a little, faults strike. */
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
    char line[512];
    int used = snprintf(line, sizeof line, "%8llu ", (unsigned long long)world->now_ms);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, sizeof line - (size_t)used, format, arguments);
    va_end(arguments);
    for (const char *at = line; *at; at++)
        world->trace_hash = (world->trace_hash ^ (uint8_t)*at) * 0x100000001b3u;
    if (world->is_tracing) puts(line);
}

/* One in so many steps, as mild as this world is. */
static bool strikes(struct world *world, uint32_t one_in)
{
    return world_chance(world, one_in * world->mildness);
}

bool world_chance(struct world *world, uint32_t one_in)
{
    return random_below(&world->random, one_in) == 0;
}
uint64_t world_engine_now(const struct world *world)
{
    return world->now_ms + CLOCK_OFFSET;
}

/* ---- the round that is played ---- */

static void make_rules(struct world *world)
{
    struct random *random = &world->random;
    world->rules = rules_default();
    world->rules.scoring = (enum scoring)random_below(random, 3);
    world->rules.multiple = (enum multiple_rule)random_below(random, 2);
    world->rules.is_auto = random_below(random, 3) == 0;
    world->rules.rank_shown = (enum rank_shown)random_below(random, 3);
    world->rules.distribution = (enum distribution_rule)random_below(random, 3);
    world->rules.limit_ms = 5000 + random_below(random, 3000);
    world->rules.reading_ms = random_below(random, 3) * 500;
    world->rules.explain_ms = 2000;
    world->rules.communities_count = 2;
    for (unsigned i = 0; i < WORLD_ASKINGS; i++) {
        struct asking_rules *asking = &world->askings[i];
        uint32_t kind = random_below(random, 8);
        asking->kind = kind < 4   ? QUESTION_SINGLE
                       : kind < 6 ? QUESTION_MULTIPLE
                       : kind < 7 ? QUESTION_TRUE_FALSE
                                  : QUESTION_POLL;
        asking->options_count = asking->kind == QUESTION_TRUE_FALSE ? 2 : 4;
        uint32_t right = random_below(random, asking->options_count);
        if (world->wrong_key_asking == i + 1) right = (right + 1) % asking->options_count;
        asking->key = (choice_set)(1u << right);
        if (asking->kind == QUESTION_MULTIPLE) asking->key |= (choice_set)(1u << ((right + 2) % 4));
        if (asking->kind == QUESTION_POLL) asking->key = 0;
        asking->points = 10;
        asking->limit_ms = world->rules.limit_ms;
        asking->reading_ms = world->rules.reading_ms;
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
    world->memory = memory_records_create();
    world->hub = bus_memory_hub_create();
    make_rules(world);
    for (int i = 0; i < CONNECTIONS; i++)
        world->connections[i].resident = -1;
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        resident->participant = resident->connection = -1;
        snprintf(resident->nonce, sizeof resident->nonce, "nonceOfResident%06dA", i);
        nonce_read(resident->nonce, resident->nonce_bytes);
        resident->connect_at_ms = world->now_ms + random_below(&world->random, 4000);
        if (i >= RESIDENTS - 2) resident->connect_at_ms += random_below(&world->random, 20000); /* latecomers */
        resident->round_trip_ms = random_below(&world->random, 300);
    }
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

/* ---- faults ---- */

static void strike(struct world *world)
{
    if (world->is_core_up && strikes(world, 700)) {
        core_kill(world);
        return;
    }
    if (strikes(world, 500)) {
        uint8_t edge = (uint8_t)random_below(&world->random, EDGES);
        if (world->edges[edge].is_up) edge_kill(world, edge);
    }
    if (strikes(world, 900)) { /* the power: everything */
        if (world->is_core_up) core_kill(world);
        for (uint8_t i = 0; i < EDGES; i++)
            if (world->edges[i].is_up) edge_kill(world, i);
    }
    if (strikes(world, 120)) {
        int at = (int)random_below(&world->random, CONNECTIONS);
        if (world->connections[at].is_open) connection_cut(world, at);
    }
    if (strikes(world, 150)) {
        struct connection *connection = &world->connections[random_below(&world->random, CONNECTIONS)];
        if (connection->is_open) connection->is_blocked = true;
    }
    if (strikes(world, 150)) world->memory->next_commit = STORE_FULL;
    if (strikes(world, 900)) {
        world->memory->next_commit = STORE_BROKEN;
        world->memory->is_kept_when_broken = world_chance(world, 2);
    }
    if (strikes(world, 400)) { /* one channel of the bus breaks */
        struct edge *edge = &world->edges[random_below(&world->random, EDGES)];
        struct bus_memory_link *link = edge->is_up ? bus_memory_link(edge->bus) : NULL;
        if (link) {
            check_hurt(world);
            bus_memory_break(link);
        }
    }
}

/* Not a fault, only a busy machine: it happens in every world. */
static void slow_down(struct world *world)
{
    for (uint8_t i = 0; i < EDGES; i++) {
        struct edge *edge = &world->edges[i];
        struct bus_memory_link *link = edge->is_up ? bus_memory_link(edge->bus) : NULL;
        if (!link) continue;
        if (!world->is_calm && !edge->held_until_ms && world_chance(world, 60))
            edge->held_until_ms = world->now_ms + random_below(&world->random, 800);
        if (world->now_ms >= edge->held_until_ms) edge->held_until_ms = 0;
        bus_memory_hold(link, BUS_MEMORY_TO_CORE, edge->held_until_ms != 0);
    }
}

static void repair(struct world *world)
{
    if (!world->is_core_up && world->now_ms >= world->core_up_at_ms) core_start(world);
    for (uint8_t i = 0; i < EDGES; i++)
        if (!world->edges[i].is_up && world->now_ms >= world->edges[i].up_at_ms) edge_start(world, i);
    for (int i = 0; i < CONNECTIONS; i++)
        if (world->connections[i].is_blocked && world_chance(world, world->is_calm ? 2 : 20))
            connection_unblock(world, i);
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
    for (int i = 0; i < RESIDENTS; i++)
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
    for (int i = 0; i < RESIDENTS; i++)
        if (!world->residents[i].has_ended && !world->residents[i].is_removed) return false;
    return true;
}
