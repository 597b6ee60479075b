/* The turn's spine: begin, messages in (from_edge.c, from_desk.c), end; the commit and what follows it. */
#include "core/turn.h"

#include "base/expect.h"
#include "base/log.h"
#include "core/state.h"

#include <stdio.h>
#include <stdlib.h>

/* A batch is committed before the engine's list of pending requests could be full. */
#define APPENDED_MAX  (TURN_EVENTS_MAX - 16)
#define UNSCORE_SLICE 20000
#define FLUSHES_MAX   (4 * ROUNDS_MAX)
#define HELLO_MS      2000 /* an edge says it as soon as it has connected */
#define FAULT_EACH_MS 1000

struct turn *turn_create(const struct turn_options *options)
{
    struct turn *turn = calloc(1, sizeof *turn);
    if (!turn) return NULL;
    turn->options = *options;
    turn->records = &turn->options.records;
    turn->random = options->random;
    turn->engine = engine_create(&(struct engine_limits){.participants_max = options->participants_max,
        .rounds_max = options->rounds_max,
        .hash_seed = random_next(&turn->random)});
    turn->effects.capacity = EFFECTS_MAX;
    turn->effects.items = malloc(EFFECTS_MAX * sizeof *turn->effects.items);
    turn->starts = malloc(SHOWN_BATCH_MAX * sizeof *turn->starts);
    turn->scratch = malloc(BUS_MESSAGE_MAX);
    if (turn->engine && turn->effects.items && turn->starts && turn->scratch) return turn;
    turn_destroy(turn);
    return NULL;
}

void turn_destroy(struct turn *turn)
{
    if (!turn) return;
    engine_destroy(turn->engine);
    book_finish(&turn->book);
    for (uint32_t i = 0; i < EDGES_MAX; i++)
        free(turn->items[i]);
    free(turn->effects.items);
    free(turn->starts);
    free(turn->scratch);
    free(turn);
}

const struct engine *turn_engine(const struct turn *turn)
{
    return turn->engine;
}

void turn_measured(struct turn *turn, uint32_t commit_us, uint32_t turn_us)
{
    if (commit_us > turn->commit_us) turn->commit_us = commit_us;
    if (turn_us > turn->turn_us) turn->turn_us = turn_us;
}

void turn_step(struct turn *turn, struct event *event)
{
    event->now_ms = turn->now_ms;
    engine_step(turn->engine, event, &turn->effects);
    turn_perform(turn);
    if (turn->controls_count && !turn->is_flushing) turn_flush(turn);
}

/* ---- the commit ---- */

static void note_fact(struct turn *turn, const struct control *control)
{
    struct book_round *round = book_find(&turn->book, control->round);
    if (round && control->kind == CONTROL_ASKING_REVEALED) round->revealed_asking = control->asking;
}

/* Steps the first `count` controls, which are durable now; what their steps append waits for the next commit. */
static void step_controls(struct turn *turn, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct control control = turn->controls[i];
        uint64_t command = turn->control_commands[i];
        struct event event = {.kind = EVENT_CONTROL, .control = control};
        note_fact(turn, &control);
        turn_step(turn, &event);
        if (command && command == turn->command.id) {
            const struct book_round *round = book_find(&turn->book, control.round);
            turn_answer_desk(turn, COMMAND_DONE, control.round, round ? round->code : 0);
        }
    }
    turn->controls_count -= count;
    for (uint32_t i = 0; i < turn->controls_count; i++) {
        turn->controls[i] = turn->controls[count + i];
        turn->control_commands[i] = turn->control_commands[count + i];
    }
}

static void give_up_batch(struct turn *turn)
{
    turn->controls_count = 0;
    if (turn->created_round) {
        engine_round_drop(turn->engine, turn->created_round);
        book_drop(&turn->book, turn->created_round);
        turn->created_round = 0;
    }
    turn_step(turn, &(struct event){.kind = EVENT_BATCH_FAILED});
    if (turn->command.id) turn_answer_desk(turn, COMMAND_CORE_AWAY, 0, 0);
}

void turn_flush(struct turn *turn)
{
    /* What a commit brings about may append again (a drained asking is scored): go on until nothing is open. */
    turn->is_flushing = true;
    for (int guard = 0; turn->records->has_batch(turn->records->context) && !turn->is_broken; guard++) {
        expect(guard < FLUSHES_MAX);
        uint32_t controls_count = turn->controls_count;
        enum store_result result = turn->records->commit(turn->records->context);
        turn->appended = 0;
        turn->is_disk_full = result == STORE_FULL;
        switch (result) {
        case STORE_OK:
            turn->created_round = 0;
            turn_step(turn, &(struct event){.kind = EVENT_BATCH_COMMITTED});
            step_controls(turn, controls_count);
            break;
        case STORE_FULL:
            log_error("the disk is full: what is not recorded is refused until there is room");
            give_up_batch(turn);
            break;
        case STORE_BROKEN: turn->is_broken = true; break;
        }
    }
    turn->is_flushing = false;
}

/* ---- the channels ---- */

static struct peer *peer_of(struct bus_channel *channel)
{
    return channel->owner;
}

void turn_say_fault(struct turn *turn, const char *who, const char *what)
{
    if (turn->fault_said_ms && turn->now_ms < turn->fault_said_ms + FAULT_EACH_MS) {
        turn->faults_unsaid++;
        return;
    }
    if (turn->faults_unsaid)
        log_error("%s %s: its channel is closed; %u like it were not told", who, what, turn->faults_unsaid);
    else
        log_error("%s %s: its channel is closed", who, what);
    turn->fault_said_ms = turn->now_ms ? turn->now_ms : 1;
    turn->faults_unsaid = 0;
}

static void forget_peer(struct turn *turn, struct peer *peer)
{
    if (peer->channel->peer == BUS_PEER_EDGE && peer->has_said_hello && turn->edges[peer->edge].peer == peer)
        turn_edge_gone(turn, peer->edge);
    if (turn->command.desk == peer->channel) turn->command = (struct command){0};
    *peer = (struct peer){0};
}

static void close_peer(struct turn *turn, struct peer *peer)
{
    struct bus_channel *channel = peer->channel;
    forget_peer(turn, peer);
    channel->owner = NULL;
    bus_close(channel);
}

/* Any process of the edges' user may connect and say nothing. Only EDGES_MAX may wait so; then the oldest goes, since
 * an edge of ours says HELLO in the same moment as it connects. */
static void make_room_for_edge(struct turn *turn)
{
    struct peer *oldest = NULL;
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < EDGE_PEERS_MAX; i++) {
        struct peer *peer = &turn->peers[i];
        if (!peer->channel || peer->has_said_hello) continue;
        waiting++;
        if (!oldest || peer->opened_ms < oldest->opened_ms) oldest = peer;
    }
    if (waiting < EDGES_MAX) return;
    turn_say_fault(turn, "one of too many at the edges' bus", "has not said hello");
    close_peer(turn, oldest);
}

static void on_opened(void *context, struct bus_channel *channel, enum bus_peer kind)
{
    struct turn *turn = context;
    if (kind == BUS_PEER_EDGE) make_room_for_edge(turn);
    uint32_t from = kind == BUS_PEER_EDGE ? 0 : EDGE_PEERS_MAX;
    uint32_t end = kind == BUS_PEER_EDGE ? EDGE_PEERS_MAX : PEERS_MAX;
    for (uint32_t i = from; i < end; i++) {
        if (turn->peers[i].channel) continue;
        turn->peers[i] = (struct peer){.channel = channel, .opened_ms = turn->now_ms};
        channel->owner = &turn->peers[i];
        return;
    }
    channel->owner = NULL;
    bus_close(channel);
}

static void on_closed(void *context, struct bus_channel *channel)
{
    if (peer_of(channel)) forget_peer(context, peer_of(channel));
}

static void on_message(void *context, struct bus_channel *channel, struct span message)
{
    struct turn *turn = context;
    struct peer *peer = peer_of(channel);
    if (turn->is_broken || !peer) return;
    peer->heard_ms = turn->now_ms;
    bool is_fine =
        channel->peer == BUS_PEER_EDGE ? turn_from_edge(turn, peer, message) : turn_from_desk(turn, peer, message);
    if (turn->appended >= APPENDED_MAX) turn_flush(turn);
    if (is_fine) return;
    char what[96];
    snprintf(what, sizeof what, "has sent a message (kind %u) that is malformed or not its own", message_kind(message));
    turn_say_fault(turn, channel->peer == BUS_PEER_EDGE ? "an edge" : "the desk", what);
    if (peer->channel == channel) close_peer(turn, peer); /* or it is gone meanwhile */
}

/* A process that hangs holds its channel open and would hold up the close of an asking for ever. What had come in while
 * this process itself was stopped has been read by now. */
static void drop_the_silent(struct turn *turn)
{
    for (uint32_t i = 0; i < EDGE_PEERS_MAX; i++) {
        struct peer *peer = &turn->peers[i];
        if (!peer->channel) continue;
        uint64_t until_ms = peer->has_said_hello ? peer->heard_ms + SILENT_MS : peer->opened_ms + HELLO_MS;
        if (turn->now_ms < until_ms) continue;
        if (peer->has_said_hello)
            log_error("edge %u has said nothing for %d s: its channel is closed", peer->edge, SILENT_MS / 1000);
        else
            turn_say_fault(turn, "somebody at the edges' bus", "has not said hello");
        close_peer(turn, peer);
    }
}

struct bus_handlers turn_handlers(struct turn *turn)
{
    return (struct bus_handlers){.context = turn, .opened = on_opened, .message = on_message, .closed = on_closed};
}

/* ---- begin and end ---- */

void turn_begin(struct turn *turn, uint64_t now_ms)
{
    expect(now_ms >= turn->now_ms);
    turn->now_ms = now_ms;
}

enum store_result turn_end(struct turn *turn)
{
    turn_flush(turn);
    if (!turn->is_broken) drop_the_silent(turn);
    if (!turn->is_broken) turn_step(turn, &(struct event){.kind = EVENT_TICK});
    if (!turn->is_broken) turn_unscore_slice(turn, UNSCORE_SLICE);
    turn_flush(turn);
    if (turn->is_broken) return STORE_BROKEN;
    turn_tell_status(turn);
    return turn->is_disk_full ? STORE_FULL : STORE_OK;
}

bool turn_is_busy(const struct turn *turn)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++)
        if (turn->unscores[i].round) return true;
    return false;
}
