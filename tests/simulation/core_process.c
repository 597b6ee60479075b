/* The simulated core process: the real turn over memory. */
#include "simulation/world.h"

#include "base/expect.h"

#include <stdlib.h>

static struct turn *turn_over(struct world *world, struct records records)
{
    struct turn_options options = {.records = records,
        .participants_max = 64,
        .rounds_max = GAMES_MAX,
        .edges_expected = EDGES,
        .term = world->term,
        .clock_offset_ms = CLOCK_OFFSET,
        .token_key = {42},
        .random = random_from_seed(world->seed + world->term)};
    struct turn *turn = turn_create(&options);
    expect(turn);
    return turn;
}

void core_start(struct world *world)
{
    world->term++;
    world->turn = turn_over(world, memory_records_of(world->memory));
    char message[256];
    expect(turn_recover(world->turn, world_engine_now(world), message));
    world_trace(world, "core up, term %llu", (unsigned long long)world->term);

    struct turn *full = turn_over(world, memory_records_in_full(world->memory));
    expect(turn_recover(full, world_engine_now(world), message));
    for (unsigned i = 0; i < world->games_count; i++) {
        uint32_t round = world->games[i].round;
        if (engine_digest(turn_engine(world->turn), round) != engine_digest(turn_engine(full), round))
            world_fail(world, "snapshot and tail differ from the full replay");
    }
    turn_destroy(full);
    struct bus_handlers handlers = turn_handlers(world->turn);
    world->core_bus = bus_memory_listen(world->hub, &handlers);
    world->is_core_up = true;
}

void core_kill(struct world *world)
{
    world_trace(world, "core killed");
    world->crashes++;
    witness_core_killed(world);
    bus_destroy(world->core_bus);
    turn_destroy(world->turn);
    memory_records_crash(world->memory);
    world->is_core_up = false;
    world->turn = NULL;
    world->core_up_at_ms = world->now_ms + random_below(&world->random, 5000);
}

void core_turn(struct world *world)
{
    uint32_t refused_before = world->memory->refused_count;
    turn_begin(world->turn, world_engine_now(world));
    bus_pump(world->core_bus, 1 + random_below(&world->random, 40));
    enum store_result result = turn_end(world->turn);
    if (world->memory->refused_count > refused_before) witness_batch_failed(world);
    check_turn(world);
    if (result == STORE_BROKEN) core_kill(world);
}
