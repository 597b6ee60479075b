/* What goes wrong, as often as a world's mildness has it, and what is repaired. */
#include "simulation/world.h"

#include "base/bytes.h"
#include "protocol/edge_core.h"

/* One in so many steps, as mild as this world is. */
static bool strikes(struct world *world, uint32_t one_in)
{
    return world_chance(world, one_in * world->mildness);
}

/* ---- an edge that talks nonsense ---- */

/* Structure that no sibling may send. (A well-formed lie of a hijacked edge is another matter: design.md section 4.) */
static size_t nonsense(struct world *world, uint8_t *bytes, size_t size)
{
    struct writer w = writer_over(bytes, size);
    struct shown_start start = {1, 2};
    uint32_t what = random_below(&world->random, 5);
    switch (what) {
    case 0: /* too short for any known kind */
        write_u16(&w, (uint16_t)(EDGE_HELLO + random_below(&world->random, 9)));
        for (uint32_t left = random_below(&world->random, 5); left > 0; left--)
            write_u8(&w, (uint8_t)random_below(&world->random, 256));
        break;
    case 1: /* something left over */
        edge_stats_encode(&w, &(struct edge_stats){1, 2, 3});
        write_u8(&w, 0);
        break;
    case 2: /* a second greeting */
        edge_hello_encode(
            &w, &(struct edge_hello){.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION, .boot = 77});
        break;
    case 3: /* more starts announced than there are */
        edge_shown_encode(&w, &(struct edge_shown){.round = 1, .asking = 1, .count = 1, .starts = &start});
        w.size -= 4;
        break;
    default: /* a flag that is neither yes nor no, in bytes of the right number */
        edge_resume_encode(&w, &(struct edge_resume){.token = span_of_text("AQEA")});
        bytes[w.size - 15] = 9; /* before start_asking, start_ms, allowance_ms */
        break;
    }
    return w.size;
}

static void talk_nonsense(struct world *world)
{
    uint8_t bytes[256];
    uint8_t index = (uint8_t)random_below(&world->random, EDGES);
    struct edge *edge = &world->edges[index];
    if (!edge->is_up || !edge->is_welcome || edge->is_malformed) return;
    if (world_chance(world, 3)) { /* newer than the core: skipped, and nothing happens */
        edge_says(world, index, (const uint8_t *)"\xf4\x01 what a newer edge would say", 30);
        return;
    }
    edge->is_malformed = true;
    world_trace(world, "edge %u says nonsense", index);
    edge_says(world, index, bytes, nonsense(world, bytes, sizeof bytes));
}

/* ---- strikes ---- */

static void strike_processes(struct world *world)
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
}

static void strike_channels(struct world *world)
{
    if (strikes(world, 120)) {
        int at = (int)random_below(&world->random, CONNECTIONS);
        if (world->connections[at].is_open) connection_cut(world, at);
    }
    if (strikes(world, 150)) {
        struct connection *connection = &world->connections[random_below(&world->random, CONNECTIONS)];
        if (connection->is_open) connection->is_blocked = true;
    }
    if (strikes(world, 400)) { /* one channel of the bus breaks */
        uint8_t edge = (uint8_t)random_below(&world->random, EDGES);
        struct bus_memory_link *link = world->edges[edge].is_up ? bus_memory_link(world->edges[edge].bus) : NULL;
        if (link) {
            world_trace(world, "the channel of edge %u breaks", edge);
            witness_channel_broke(world, edge);
            bus_memory_break(link);
        }
    }
    if (strikes(world, 1500)) talk_nonsense(world);
}

void strike(struct world *world)
{
    strike_processes(world);
    strike_channels(world);
    if (strikes(world, 150)) world->memory->next_commit = STORE_FULL;
    if (strikes(world, 900)) {
        world->memory->next_commit = STORE_BROKEN;
        world->memory->is_kept_when_broken = world_chance(world, 2);
    }
}

/* Not a fault, only a busy machine: it happens in every world. */
void slow_down(struct world *world)
{
    for (uint8_t i = 0; i < EDGES; i++) {
        struct edge *edge = &world->edges[i];
        struct bus_memory_link *link = edge->is_up ? bus_memory_link(edge->bus) : NULL;
        if (!link) continue;
        if (!world->is_calm && !edge->held_until_ms && world_chance(world, 60))
            edge->held_until_ms = world->now_ms + random_below(&world->random, HELD_MS_MAX);
        if (world->now_ms >= edge->held_until_ms) edge->held_until_ms = 0;
        bus_memory_hold(link, BUS_MEMORY_TO_CORE, edge->held_until_ms != 0);
    }
}

void repair(struct world *world)
{
    if (!world->is_core_up && world->now_ms >= world->core_up_at_ms) core_start(world);
    for (uint8_t i = 0; i < EDGES; i++)
        if (!world->edges[i].is_up && world->now_ms >= world->edges[i].up_at_ms) edge_start(world, i);
    for (int i = 0; i < CONNECTIONS; i++)
        if (world->connections[i].is_blocked && world_chance(world, world->is_calm ? 2 : 20))
            connection_unblock(world, i);
}
