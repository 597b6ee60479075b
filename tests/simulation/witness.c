/* What happened to whom, by the world's own clock: when an asking was first shown, when an answer was read and where,
 * who was away because a process died, and what may have been lost with it. It knows nothing of the server's state. */
#include "simulation/world.h"

#include <string.h>

/* Of the asking that is open or closing in the resident's round; NULL: none. */
static struct witness *current(struct world *world, struct resident *resident)
{
    const struct game *game = game_of(world, resident);
    return game->is_open || game->is_closing ? &resident->witness[game->asking_now] : NULL;
}

static bool is_connection_open(const struct world *world, uint32_t serial)
{
    for (int i = 0; i < CONNECTIONS; i++)
        if (world->connections[i].is_open && world->connections[i].serial == serial) return true;
    return false;
}

static void connections_now(const struct world *world, int index, struct witness *witness)
{
    witness->edges = 0;
    witness->connections = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        const struct connection *connection = &world->connections[i];
        if (!connection->is_open || connection->resident != index) continue;
        witness->edges |= (uint8_t)(1u << connection->edge);
        witness->connections++;
    }
}

void witness_connected(struct world *world, struct resident *resident, uint8_t edge)
{
    struct witness *witness = current(world, resident);
    if (!witness) return;
    witness->edges |= (uint8_t)(1u << edge);
    witness->connections++;
    /* The core may hear of them on the next edge before it hears that the one before has died. */
    if (resident->gone_ms && world->now_ms < resident->gone_ms + TURNS_MS) witness->was_gone = false;
    if (!witness->has_core_died) return;
    witness->is_hurt = true; /* the start and an allowance may have been known to the connection before alone */
    witness->outage_ms = 0;
}

/* What was read and has not gone to a core is gone with the connection. */
void witness_cut(struct world *world, const struct connection *connection)
{
    struct resident *resident = &world->residents[connection->resident];
    struct witness *witness = current(world, resident);
    resident->gone_ms = 0; /* the core may have seen them come back: now they are gone by themselves */
    if (!witness || (world->is_core_up && world->edges[connection->edge].is_welcome)) return;
    for (int i = 0; i < witness->readings_count; i++)
        if (witness->readings[i].serial == connection->serial) witness->readings[i].is_lost = true;
}

/* On any connection since `opened_ms`: one that does not read counts as shown then, whatever has reached it. */
static bool has_not_read(const struct world *world, const struct resident *resident, uint64_t opened_ms)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        const struct connection *connection = &world->connections[i];
        if (connection->is_blocked && connection->resident == (int)(resident - world->residents)) return true;
    }
    return resident->blocked_ms >= opened_ms;
}

/* ---- frames ---- */

static void came_back(struct world *world, struct resident *resident)
{
    const struct game *game = game_of(world, resident);
    struct witness *witness = current(world, resident);
    if (witness && witness->first_shown_ms) { /* else the clock starts now, or has run since the end of the fan-out */
        uint64_t opened_ms = game->opened_at_ms[game->asking_now];
        witness->outage_ms += world->now_ms - (resident->gone_ms > opened_ms ? resident->gone_ms : opened_ms);
    }
    resident->gone_ms = 0;
}

static void shown(struct world *world, struct resident *resident, uint16_t asking, const struct connection *connection,
    long elapsed_ms)
{
    if (asking == 0 || asking > WORLD_ASKINGS) return;
    struct witness *witness = &resident->witness[asking];
    uint64_t opened_ms = game_of(world, resident)->opened_at_ms[asking];
    if (witness->is_reopened && world->now_ms < opened_ms + (uint64_t)elapsed_ms) return; /* as it was opened before */
    witness->shown_serial = connection->serial;
    if (witness->first_shown_ms) return;
    witness->first_shown_ms = world->now_ms;
    /* Who came meanwhile, or did not read: the clock runs from the end of the fan-out at the latest. */
    witness->is_late_comer =
        elapsed_ms > 0 || has_not_read(world, resident, opened_ms) || connection->attached_ms >= opened_ms;
    world_trace(
        world, "resident %d is shown asking %u, after %ld ms", (int)(resident - world->residents), asking, elapsed_ms);
    if (!has_not_read(world, resident, opened_ms)) time_of_showing(world, resident, asking, (uint32_t)elapsed_ms);
}

void witness_frame_out(struct world *world, struct resident *resident, int at, const char *text)
{
    bool is_open = frame_is(text, "open"), is_snapshot = frame_is(text, "snapshot");
    if (resident->is_screen || !(is_open || is_snapshot || frame_is(text, "joined"))) return;
    struct connection *connection = &world->connections[at];
    if (!connection->attached_ms) connection->attached_ms = world->now_ms;
    resident->attached_serial = connection->serial;
    if (resident->gone_ms) came_back(world, resident);
    if (is_open)
        shown(world, resident, (uint16_t)frame_number(text, "asking", 0), connection,
            frame_number(text, "elapsed_ms", 0));
    if (is_snapshot)
        shown(world, resident, (uint16_t)frame_number(text, "open.asking", 0), connection,
            frame_number(text, "open.elapsed_ms", 0));
}

void witness_reading(struct world *world, struct resident *resident, int at, const char *text)
{
    long asking = frame_number(text, "asking", 0);
    if (asking < 1 || asking > WORLD_ASKINGS) return;
    struct witness *witness = &resident->witness[asking];
    const struct connection *connection = &world->connections[at];
    world_trace(world, "resident %d says %s", (int)(resident - world->residents), text);
    if (witness->readings_count == READINGS_MAX) return;
    witness->readings[witness->readings_count++] = (struct reading){.at_ms = world->now_ms,
        .outage_ms = witness->outage_ms,
        .choice = (unsigned)frame_number(text, "choice", 0),
        .edge = connection->edge,
        .serial = connection->serial};
    if (!world->edges[connection->edge].is_welcome)
        witness->readings[witness->readings_count - 1].broke_ms = world->now_ms;
}

/* What was read on this connection has had its answer: a newer connection had replaced it, and what that says counts;
 * or it was too early, and so was the same again while the core had not said so. */
void witness_settled(struct resident *resident, uint16_t asking, uint32_t serial)
{
    struct witness *witness = &resident->witness[asking];
    for (int i = 0; i < witness->readings_count; i++)
        if (witness->readings[i].serial == serial) witness->readings[i].is_lost = true;
}

/* ---- the asking ---- */

static void begin_again(struct witness *witness)
{
    witness->first_shown_ms = 0;
    witness->shown_serial = 0;
    witness->outage_ms = 0;
    witness->is_late_comer = witness->is_hurt = witness->was_gone = witness->has_core_died = false;
    witness->is_owed_a_start = false;
    witness->is_reopened = true;
    for (int i = 0; i < witness->readings_count; i++)
        witness->readings[i].is_lost = true;
}

void witness_opened(struct world *world, struct game *game, uint16_t asking, bool is_again)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        struct witness *witness = &resident->witness[asking];
        if (game_of(world, resident) != game) continue;
        if (is_again) {
            int number = check_number(world, resident);
            if (number >= 0 && memory_find_answer(world->memory, game->round, asking, (uint32_t)number)) continue;
            begin_again(witness);
        }
        connections_now(world, i, witness);
        if (!resident->gone_ms || world->now_ms >= resident->gone_ms + OUTAGE_MS_MAX) continue;
        witness->may_be_allowed = true;
        if (witness->connections > 0) continue; /* the core may have seen them come back */
        if (!check_is_to_answer(world, resident)) continue;
        witness->was_gone = true;
        /* Else the core may not have heard of the death when it opened: then the outage is added to the limit. */
        witness->is_owed_a_start = world->now_ms >= resident->gone_ms + TURNS_MS;
    }
}

/* ---- faults ---- */

static void edge_killed_under(struct world *world, struct resident *resident, uint8_t edge)
{
    struct witness *witness = current(world, resident);
    const struct connection *connection = resident->connection < 0 ? NULL : &world->connections[resident->connection];
    bool is_here = connection && connection->is_open && connection->edge == edge &&
                   resident->attached_serial == connection->serial;
    if (is_here) resident->gone_ms = world->now_ms;
    if (!witness || !(witness->edges >> edge & 1)) return;
    witness->is_hurt = true; /* the report of a start may be lost with it */
    if (is_here) witness->may_be_allowed = true;
    if (is_here && game_of(world, resident)->is_open) witness->was_gone = true;
    for (int i = 0; i < witness->readings_count; i++)
        if (witness->readings[i].edge == edge) witness->readings[i].is_lost = true;
}

void witness_edge_killed(struct world *world, uint8_t edge)
{
    for (int i = 0; i < RESIDENTS; i++)
        edge_killed_under(world, &world->residents[i], edge);
}

/* Whoever stays on one connection has lost nothing: the edge tells the next core. Who has moved meanwhile may have. */
static void core_lost_for(struct world *world, struct resident *resident)
{
    struct witness *witness = current(world, resident);
    if (!witness) return;
    const struct connection *connection = resident->connection < 0 ? NULL : &world->connections[resident->connection];
    bool is_there = connection && connection->is_open && connection->serial == resident->attached_serial;
    if (witness->connections > 1 || !is_there) witness->is_hurt = true;
    witness->has_core_died = true;
    witness->was_gone = false;        /* the core that comes takes who is still there as untouched */
    witness->is_owed_a_start = false; /* and adds the outage of who is not to the limit */
    if (!is_there) witness->outage_ms = 0;
    for (int i = 0; i < witness->readings_count; i++)
        if (!is_connection_open(world, witness->readings[i].serial)) witness->readings[i].is_lost = true;
}

void witness_core_killed(struct world *world)
{
    for (int i = 0; i < RESIDENTS; i++)
        core_lost_for(world, &world->residents[i]);
    for (unsigned i = 0; i < world->games_count; i++)
        world->games[i].is_standing_to_check = world->games[i].is_created; /* what comes back must agree too */
}

void witness_channel_broke(struct world *world, uint8_t edge)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct resident *resident = &world->residents[i];
        struct witness *witness = current(world, resident);
        if (!witness || !(witness->edges >> edge & 1)) continue;
        if (witness->connections > 1) witness->is_hurt = true;
        /* While it closes, an edge without a channel counts as dead: the barrier does not wait for it. */
        bool is_closing = game_of(world, resident)->is_closing;
        for (int k = 0; k < witness->readings_count; k++) {
            struct reading *reading = &witness->readings[k];
            if (reading->edge != edge) continue;
            reading->broke_ms = world->now_ms;
            if (is_closing || !is_connection_open(world, reading->serial)) reading->is_lost = true;
        }
    }
}

/* Whatever was in the batch is to be tried again, also by who cannot hear it just now. */
void witness_batch_failed(struct world *world)
{
    for (int i = 0; i < RESIDENTS; i++) {
        struct witness *witness = current(world, &world->residents[i]);
        if (witness && witness->readings_count > 0) witness->is_retried = true;
    }
}
