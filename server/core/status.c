/* What goes out by the clock: each round's status to the desk (after a change, at most four times a second), the number
 * of people to the edges, the health report once a second. */
#include "base/expect.h"
#include "core/state.h"
#include "protocol/desk_core.h"

#include <string.h>

#define STATUS_MS 250
#define COUNT_MS  1000
#define HEALTH_MS 1000

static uint64_t hash_of(const uint8_t *data, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a, only to see a change */
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 0x100000001b3u;
    return hash;
}

static void send_to_desks(struct turn *turn, const struct writer *w)
{
    expect(w->ok);
    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        struct bus_channel *channel = turn->peers[i].channel;
        if (channel && channel->peer == BUS_PEER_DESK && turn->peers[i].has_said_hello)
            (void)bus_send(channel, (struct span){w->data, w->size});
    }
}

static struct status_sent *sent_of(struct turn *turn, uint32_t round)
{
    struct status_sent *free_one = NULL;
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        struct status_sent *sent = &turn->sent[i];
        if (sent->round == round) return sent;
        struct round_view view;
        if (!free_one && (!sent->round || !engine_round_view(turn->engine, sent->round, &view))) free_one = sent;
    }
    expect(free_one);
    *free_one = (struct status_sent){.round = round};
    return free_one;
}

static void tell_round(struct turn *turn, const struct round_view *view, struct status_sent *sent)
{
    if (sent->at_ms && turn->now_ms < sent->at_ms + STATUS_MS) return;
    bool is_counting = view->phase == PHASE_OPEN || view->phase == PHASE_CLOSING;
    const struct book_round *book = book_find(&turn->book, view->round);
    struct core_status status = {.round = view->round,
        .code = book ? book->code : 0,
        .phase = view->phase,
        .is_paused = view->is_paused,
        .is_auto = view->is_auto,
        .is_locked = view->is_locked,
        .are_names_hidden = view->are_names_hidden,
        .can_extend = view->can_extend,
        .scene = view->scene,
        .asking = view->asking,
        .askings_count = view->askings_count,
        .people = view->people,
        .connected = view->connected,
        .awaiting = view->awaiting,
        .answered = view->answered,
        .right = view->right,
        .reading_ms = view->reading_ms,
        .limit_ms = view->limit_ms,
        .fanout_ms = view->fanout_ms};
    memcpy(status.counts, view->counts, sizeof status.counts);
    memcpy(status.voided, view->voided, sizeof status.voided);
    memcpy(status.reopened, view->reopened, sizeof status.reopened);

    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_status_encode(&w, &status); /* without the time: a moving clock is no change */
    uint64_t hash = hash_of(w.data, w.size);
    if (hash == sent->hash) return;
    sent->hash = hash;
    sent->at_ms = turn->now_ms;
    if (is_counting && turn->now_ms > view->opened_at_ms)
        status.elapsed_ms = (uint32_t)(turn->now_ms - view->opened_at_ms);
    w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_status_encode(&w, &status);
    send_to_desks(turn, &w);
}

static void tell_count(struct turn *turn, const struct round_view *view, struct status_sent *sent)
{
    if (view->connected == sent->people || turn->now_ms < sent->count_at_ms + COUNT_MS) return;
    sent->people = view->connected;
    sent->count_at_ms = turn->now_ms;
    struct core_count count = {.round = view->round, .people = view->connected};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_count_encode(&w, &count);
    for (uint8_t edge = 0; edge < EDGES_MAX; edge++)
        if (view->edges >> edge & 1) turn_send(turn, edge, &w);
}

static void tell_health(struct turn *turn)
{
    struct core_health health = {.edges_expected = (uint8_t)turn->options.edges_expected,
        .commit_us = turn->commit_us,
        .turn_us = turn->turn_us,
        .answers_total = turn->answers_total,
        .is_disk_full = turn->is_disk_full};
    for (uint32_t i = 0; i < EDGES_MAX; i++) {
        const struct edge_seat *seat = &turn->edges[i];
        if (!seat->peer) continue;
        health.edges_up++;
        health.edges_mask |= (uint64_t)1 << i;
        health.connected[i] = seat->stats.connections;
        health.connections += seat->stats.connections;
        health.screens += seat->stats.screens;
        health.blocked += seat->stats.blocked;
    }
    turn->commit_us = turn->turn_us = 0;
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_health_encode(&w, &health);
    send_to_desks(turn, &w);
}

void turn_tell_status(struct turn *turn)
{
    uint32_t round;
    for (uint32_t i = 0; engine_round_at(turn->engine, i, &round); i++) {
        struct round_view view;
        if (!engine_round_view(turn->engine, round, &view)) continue;
        struct status_sent *sent = sent_of(turn, round);
        tell_round(turn, &view, sent);
        tell_count(turn, &view, sent);
    }
    if (turn->now_ms < turn->health_at_ms + HEALTH_MS) return;
    turn->health_at_ms = turn->now_ms;
    tell_health(turn);
}
