/* The turn's spine: begin, messages in (from_edge.c, from_desk.c), end; the commit and what follows it. */
#include "core/turn.h"

#include "base/expect.h"
#include "base/log.h"
#include "core/state.h"

#include <stdlib.h>

/* A batch is committed before the engine's list of pending requests could be full. */
#define APPENDED_MAX  (TURN_EVENTS_MAX - 16)
#define UNSCORE_SLICE 20000
#define FLUSHES_MAX   (4 * ROUNDS_MAX)

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

static void on_opened(void *context, struct bus_channel *channel, enum bus_peer kind)
{
    struct turn *turn = context;
    (void)kind;
    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        if (turn->peers[i].channel) continue;
        turn->peers[i] = (struct peer){.channel = channel};
        channel->owner = &turn->peers[i];
        return;
    }
    channel->owner = NULL;
    bus_close(channel);
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
    log_error("a malformed message (kind %u) from %s: its channel is closed", message_kind(message),
        channel->peer == BUS_PEER_EDGE ? "an edge" : "the desk");
    if (peer->channel == channel) close_peer(turn, peer); /* or it is gone meanwhile */
}

/* A process that hangs holds its channel open and would hold up the close of an asking for ever. What had come in while
 * this process itself was stopped has been read by now. */
static void drop_the_silent(struct turn *turn)
{
    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        struct peer *peer = &turn->peers[i];
        if (!peer->channel || peer->channel->peer != BUS_PEER_EDGE || !peer->has_said_hello) continue;
        if (turn->now_ms < peer->heard_ms + SILENT_MS) continue;
        log_error("edge %u has said nothing for %d s: its channel is closed", peer->edge, SILENT_MS / 1000);
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
