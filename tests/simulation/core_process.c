/* The simulated core process: the real turn over memory. */
#include "simulation/world.h"

#include "base/expect.h"

#include <stdlib.h>

static struct turn *turn_over(struct world *world, struct records records)
{
    struct turn_options options = {.records = records,
        .participants_max = 64,
        .rounds_max = 2,
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

    if (world->is_created) {
        struct turn *full = turn_over(world, memory_records_in_full(world->memory));
        expect(turn_recover(full, world_engine_now(world), message));
        uint64_t with_snapshot = engine_digest(turn_engine(world->turn), world->round);
        uint64_t replayed = engine_digest(turn_engine(full), world->round);
        if (with_snapshot != replayed) world_fail(world, "snapshot and tail differ from the full replay");
        turn_destroy(full);
    }
    struct bus_handlers handlers = turn_handlers(world->turn);
    world->core_bus = bus_memory_listen(world->hub, &handlers);
    world->is_core_up = true;
}

void core_kill(struct world *world)
{
    world_trace(world, "core killed");
    world->crashes++;
    check_hurt(world);
    bus_destroy(world->core_bus);
    turn_destroy(world->turn);
    memory_records_crash(world->memory);
    world->is_core_up = false;
    world->turn = NULL;
    world->core_up_at_ms = world->now_ms + random_below(&world->random, 5000);
}

void core_turn(struct world *world)
{
    turn_begin(world->turn, world_engine_now(world));
    bus_pump(world->core_bus, 1 + random_below(&world->random, 40));
    enum store_result result = turn_end(world->turn);
    check_reveals(world);
    if (result == STORE_BROKEN) core_kill(world);
}
