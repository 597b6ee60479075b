/* WebSockets between residents and edges: in order, delayed, breakable, with readers that stall. */
#include "simulation/world.h"

#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

static void free_queue(struct packet **queue)
{
    while (*queue) {
        struct packet *packet = *queue;
        *queue = packet->next;
        free(packet->text);
        free(packet);
    }
}

static void push(struct world *world, struct packet **queue, const char *text, size_t size)
{
    uint64_t at_ms = world->now_ms + 1 + random_below(&world->random, world_chance(world, 20) ? 1500 : 120);
    while (*queue) {
        if ((*queue)->at_ms > at_ms) at_ms = (*queue)->at_ms; /* no overtaking */
        queue = &(*queue)->next;
    }
    struct packet *packet = calloc(1, sizeof *packet);
    packet->text = calloc(1, size + 1);
    memcpy(packet->text, text, size);
    packet->at_ms = at_ms;
    *queue = packet;
}

int connection_open(struct world *world, int resident, uint8_t edge)
{
    uint32_t slot;
    int at = 0;
    while (at < CONNECTIONS && world->connections[at].is_open)
        at++;
    if (at == CONNECTIONS || !world->edges[edge].is_up) return -1;
    if (!sessions_opened(world->edges[edge].sessions, world->now_ms, &slot)) return -1;
    world->connections[at] = (struct connection){
        .is_open = true, .edge = edge, .slot = slot, .serial = ++world->serials, .resident = resident};
    world->edges[edge].connection_of_slot[slot] = at;
    world_trace(world, "resident %d connects to edge %u", resident, edge);
    witness_connected(world, &world->residents[resident], edge);
    return at;
}

void connection_forget(struct world *world, int at)
{
    struct connection *connection = &world->connections[at];
    free_queue(&connection->to_edge);
    free_queue(&connection->to_browser);
    if (connection->is_blocked) world->residents[connection->resident].blocked_ms = world->now_ms;
    free(connection->held);
    *connection = (struct connection){.resident = -1};
}

void connection_cut(struct world *world, int at)
{
    struct connection connection = world->connections[at];
    if (!connection.is_open) return;
    world_trace(world, "connection of resident %d to edge %u cut", connection.resident, connection.edge);
    witness_cut(world, &world->connections[at]);
    connection_forget(world, at);
    struct edge *edge = &world->edges[connection.edge];
    if (edge->is_up) {
        sessions_closed(edge->sessions, connection.slot, world->now_ms);
        edge->connection_of_slot[connection.slot] = -1;
    }
    resident_lost(world, connection.resident, at);
}

void connection_send(struct world *world, int at, const char *text)
{
    push(world, &world->connections[at].to_edge, text, strlen(text));
}

static void went_out(struct world *world, int at, const char *text, size_t size)
{
    struct connection *connection = &world->connections[at];
    char *copy = strndup(text, size);
    witness_frame_out(world, &world->residents[connection->resident], at, copy);
    check_frame(world, at, copy);
    push(world, &connection->to_browser, text, size);
    free(copy);
}

enum sent connection_to_browser(struct world *world, int at, struct span frame)
{
    struct connection *connection = &world->connections[at];
    if (connection->is_blocked) {
        expect(!connection->held); /* one frame at a time waits in the transport */
        connection->held = strndup((const char *)frame.data, frame.size);
        return SENT_LATER;
    }
    went_out(world, at, (const char *)frame.data, frame.size);
    return SENT_WHOLE;
}

void connection_unblock(struct world *world, int at)
{
    struct connection *connection = &world->connections[at];
    connection->is_blocked = false;
    world->residents[connection->resident].blocked_ms = world->now_ms;
    char *held = connection->held;
    connection->held = NULL;
    if (!held) return;
    went_out(world, at, held, strlen(held));
    free(held);
    sessions_written(world->edges[connection->edge].sessions, connection->slot, world->now_ms);
}

void connection_deliver(struct world *world, int at)
{
    struct connection *connection = &world->connections[at];
    while (connection->is_open && connection->to_edge && connection->to_edge->at_ms <= world->now_ms) {
        struct packet *packet = connection->to_edge;
        connection->to_edge = packet->next;
        check_frame(world, at, packet->text);
        sessions_frame(world->edges[connection->edge].sessions, connection->slot,
            (struct span){(const uint8_t *)packet->text, strlen(packet->text)}, world->now_ms);
        free(packet->text);
        free(packet);
    }
    while (connection->is_open && connection->to_browser && connection->to_browser->at_ms <= world->now_ms) {
        struct packet *packet = connection->to_browser;
        connection->to_browser = packet->next;
        resident_frame(world, connection->resident, at, packet->text);
        free(packet->text);
        free(packet);
    }
    if (connection->is_open && connection->closed_at_ms && connection->closed_at_ms <= world->now_ms &&
        !connection->to_browser)
        connection_cut(world, at);
}
