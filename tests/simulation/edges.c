/* The simulated edge processes: the real sessions over memory. */
#include "simulation/world.h"

#include "base/expect.h"

#include <string.h>

struct port_context {
    struct world *world;
    uint8_t edge;
};

/* One for each edge of each world in turn: a world is used by one thread and destroyed before the next. */
static struct port_context contexts[EDGES];

static enum sent to_browser(void *context, uint32_t slot, struct span frame)
{
    struct port_context *port = context;
    int connection = port->world->edges[port->edge].connection_of_slot[slot];
    expect(connection >= 0);
    return connection_to_browser(port->world, connection, frame);
}

static void to_core(void *context, struct span message)
{
    struct port_context *port = context;
    struct edge *edge = &port->world->edges[port->edge];
    expect(edge->channel);
    (void)bus_send(edge->channel, message);
}

static void close_connection(void *context, uint32_t slot, uint16_t code)
{
    struct port_context *port = context;
    struct world *world = port->world;
    int at = world->edges[port->edge].connection_of_slot[slot];
    (void)code;
    if (at >= 0 && !world->connections[at].closed_at_ms) world->connections[at].closed_at_ms = world->now_ms + 20;
}

static uint32_t round_trip_ms(void *context, uint32_t slot)
{
    struct port_context *port = context;
    int at = port->world->edges[port->edge].connection_of_slot[slot];
    return at < 0 ? 0 : port->world->residents[port->world->connections[at].resident].round_trip_ms;
}

static void picture(void *context, struct span name, struct span bytes)
{
    (void)context, (void)name, (void)bytes;
}

static uint64_t port_now_ms(void *context)
{
    return ((struct port_context *)context)->world->now_ms;
}

/* ---- the bus ---- */

static void bus_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct port_context *port = context;
    (void)peer;
    port->world->edges[port->edge].channel = channel;
    sessions_core_opened(port->world->edges[port->edge].sessions, port->world->now_ms);
}

static void bus_message(void *context, struct bus_channel *channel, struct span message)
{
    struct port_context *port = context;
    struct world *world = port->world;
    (void)channel;
    for (size_t i = 0; i < message.size; i++)
        world->edge_bytes_hash = (world->edge_bytes_hash ^ message.data[i]) * 0x100000001b3u;
    if (message_kind(message) == CORE_WELCOME) world->edges[port->edge].is_welcome = true;
    if (!sessions_core_message(world->edges[port->edge].sessions, message, world->now_ms))
        world_fail(world, "an edge could not read what the core said");
}

static void bus_closed(void *context, struct bus_channel *channel)
{
    struct port_context *port = context;
    (void)channel;
    port->world->edges[port->edge].channel = NULL;
    port->world->edges[port->edge].is_welcome = false;
    port->world->edges[port->edge].is_hung_up = port->world->edges[port->edge].is_malformed;
    sessions_core_lost(port->world->edges[port->edge].sessions, port->world->now_ms);
}

/* ---- life ---- */

void edge_start(struct world *world, uint8_t index)
{
    struct edge *edge = &world->edges[index];
    contexts[index] = (struct port_context){world, index};
    struct sessions_port port = {.context = &contexts[index],
        .to_browser = to_browser,
        .to_core = to_core,
        .close = close_connection,
        .round_trip_ms = round_trip_ms,
        .picture = picture,
        .now_ms = port_now_ms};
    edge->boot++;
    struct sessions_options options = {
        .slots_max = SLOTS, .edge = index, .boot = edge->boot, .seed = world->seed ^ edge->boot};
    edge->sessions = sessions_create(&options, &port);
    for (int i = 0; i < SLOTS; i++)
        edge->connection_of_slot[i] = -1;
    struct bus_handlers handlers = {
        .context = &contexts[index], .opened = bus_opened, .message = bus_message, .closed = bus_closed};
    edge->bus = bus_memory_connect(world->hub, BUS_PEER_EDGE, &handlers);
    edge->is_up = true;
    world_trace(world, "edge %u up", index);
}

void edge_kill(struct world *world, uint8_t index)
{
    struct edge *edge = &world->edges[index];
    world_trace(world, "edge %u killed", index);
    world->crashes++;
    witness_edge_killed(world, index);
    edge->is_up = edge->is_welcome = edge->is_malformed = edge->is_hung_up = false;
    edge->channel = NULL;
    edge->up_at_ms = world->now_ms + random_below(&world->random, 3000);
    bus_destroy(edge->bus);
    sessions_destroy(edge->sessions);
    for (int i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &world->connections[i];
        if (!connection->is_open || connection->edge != index) continue;
        int resident = connection->resident;
        connection_forget(world, i);
        resident_lost(world, resident, i);
    }
}

void edge_turn(struct world *world, uint8_t index)
{
    struct edge *edge = &world->edges[index];
    bus_pump(edge->bus, 1 + random_below(&world->random, 40));
    sessions_tick(edge->sessions, world->now_ms);
    if (edge->is_hung_up) edge_kill(world, index); /* launch starts it again */
}

void edge_says(struct world *world, uint8_t index, const uint8_t *bytes, size_t size)
{
    (void)bus_send(world->edges[index].channel, (struct span){bytes, size});
}
