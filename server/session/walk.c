/* Role: telling everyone of a round, in slices of one tick, and reporting to the core what came of it. Input: due bits,
 * standings. Output: frames in an order drawn anew for each asking; SHOWN with its end; DRAINED. Left to others: what
 * is due, and how one browser is told.
 *
 * 20,000 residents take a fifth of a second: in one piece, the answers of other rounds would wait for so long to be
 * read. */
#include "base/expect.h"
#include "session/state.h"

#include <stdlib.h>
#include <string.h>

#define SEND_COST 8 /* a look at a slot costs 1 */

void walk_begin(struct round_known *round)
{
    /* standings that wait belong to the step before: they go first, except where that step itself is still on its way
     */
    round->is_walk_after_pieces = round->first_piece && (round->walk_left == 0 || round->is_walk_after_pieces);
    round->walk_left = round->members_count;
}

/* ---- standings ---- */

static void drop_first_piece(struct sessions *s, struct round_known *round)
{
    struct piece *piece = round->first_piece;
    round->first_piece = piece->next;
    if (!round->first_piece) round->last_piece = NULL;
    s->pieces_size -= piece->size;
    free(piece);
}

void walk_drop_pieces(struct sessions *s, struct round_known *round)
{
    while (round->first_piece)
        drop_first_piece(s, round);
}

static bool piece_is_sound(struct span message, struct core_standings *head)
{
    struct reader r;
    if (!core_standings_begin(message, &r, head)) return false;
    for (uint32_t i = 0; i < head->count; i++) {
        struct standings_item item;
        core_standings_next(&r, &item);
    }
    return read_finished(&r);
}

/* Too many wait: who has not been told yet gets the newest state in place of them. */
static void give_up_pieces(struct sessions *s, struct round_known *round)
{
    walk_drop_pieces(s, round);
    for (uint32_t i = 0; i < round->members_count; i++) {
        struct slot *slot = &s->slots[round->members[i]];
        if (slot->role == ROLE_RESIDENT) slot->due = DUE_SNAPSHOT;
    }
    walk_begin(round);
}

bool walk_keep_piece(struct sessions *s, struct span message)
{
    struct core_standings head;
    if (!piece_is_sound(message, &head)) return false;
    struct round_known *round = round_find(s, head.round);
    if (!round || head.count == 0) return true;
    if (s->pieces_size + message.size > PIECES_SIZE_MAX) {
        give_up_pieces(s, round);
        return true;
    }
    struct piece *piece = malloc(sizeof *piece + message.size);
    expect(piece);
    *piece = (struct piece){.size = message.size, .left = head.count};
    memcpy(piece->bytes, message.data, message.size);
    bool is_sound = core_standings_begin((struct span){piece->bytes, piece->size}, &piece->reader, &head);
    expect(is_sound);
    if (round->last_piece)
        round->last_piece->next = piece;
    else
        round->first_piece = piece;
    round->last_piece = piece;
    s->pieces_size += piece->size;
    return true;
}

static uint32_t tell_standing(struct sessions *s, const struct round_known *round, const struct standings_item *item)
{
    struct slot *slot = slot_of_reply(s, item->slot, item->generation);
    if (!slot || !slot_is_resident(slot) || slot_round(s, slot) != round) return 0;
    if (slot->participant != item->standing.participant || slot->due & DUE_SNAPSHOT) return 0;
    slot->standing_asking = item->standing.asking;
    struct writer w = frame_writer(s);
    frame_write_standing(&w, &item->standing);
    tell(s, slot, &w);
    return 1;
}

static uint32_t piece_step(struct sessions *s, struct round_known *round)
{
    struct piece *piece = round->first_piece;
    struct standings_item item;
    core_standings_next(&piece->reader, &item);
    uint32_t sent = tell_standing(s, round, &item);
    if (--piece->left == 0) drop_first_piece(s, round);
    return sent;
}

/* ---- slices ---- */

static uint32_t walk_step(struct sessions *s, struct round_known *round)
{
    struct slot *slot = &s->slots[round->members[--round->walk_left]];
    uint32_t sent = tell_due(s, slot);
    slot_start_unread(s, slot);
    return sent;
}

/* Gives what it cost. */
static uint32_t round_slice(struct sessions *s, struct round_known *round, uint32_t cost_max)
{
    uint32_t cost = 0;
    while (cost < cost_max) {
        if (round->walk_left > 0 && !round->is_walk_after_pieces)
            cost += 1 + SEND_COST * walk_step(s, round);
        else if (round->first_piece)
            cost += 1 + SEND_COST * piece_step(s, round);
        else if (round->is_walk_after_pieces)
            round->is_walk_after_pieces = false;
        else
            break;
    }
    return cost;
}

void walk_slice(struct sessions *s)
{
    uint32_t cost = 0;
    const uint32_t cost_max = SEND_COST * SLICE_SENDS;
    s->round_next = (s->round_next + 1) % ROUNDS_KNOWN_MAX;
    for (uint32_t i = 0; i < ROUNDS_KNOWN_MAX && cost < cost_max; i++) {
        struct round_known *round = &s->rounds[(s->round_next + i) % ROUNDS_KNOWN_MAX];
        if (round->block) cost += round_slice(s, round, cost_max - cost);
    }
}

bool sessions_is_busy(const struct sessions *s)
{
    for (size_t i = 0; i < ROUNDS_KNOWN_MAX; i++)
        if (s->rounds[i].walk_left > 0 || s->rounds[i].first_piece) return true;
    return false;
}

/* ---- reports ---- */

void shown_flush(struct sessions *s)
{
    if (s->shown_count == 0) return;
    struct edge_shown shown = {
        .round = s->shown_round, .asking = s->shown_asking, .count = s->shown_count, .starts = s->shown};
    s->shown_count = 0;
    struct writer w = writer_over(s->message_room, sizeof s->message_room);
    edge_shown_encode(&w, &shown);
    if (s->is_welcome) call_send(s, &w);
}

void shown_add(struct sessions *s, uint32_t round, uint16_t asking, uint32_t participant, uint64_t at_ms)
{
    if (!s->is_welcome) return; /* RESUME will tell it */
    if (s->shown_count == SHOWN_BATCH_MAX || s->shown_round != round || s->shown_asking != asking) shown_flush(s);
    s->shown_round = round;
    s->shown_asking = asking;
    s->shown[s->shown_count++] = (struct shown_start){participant, engine_ms(s, (int64_t)at_ms)};
}

/* Waits for nobody: a reader that takes nothing would hold the end back, and with it the start of all whose start is
 * not known. */
static void report_end(struct sessions *s, struct round_known *round)
{
    if (!round->is_opening || round->walk_left > 0) return;
    round->is_opening = false;
    shown_flush(s);
    struct writer w = writer_over(s->message_room, sizeof s->message_room);
    edge_shown_encode(
        &w, &(struct edge_shown){.round = round->state.round, .asking = round->state.asking, .is_end = true});
    call_send(s, &w);
}

/* Each answer that was read has been handed over in the order of reading: nothing is before this that comes after it.
 */
static void report_drained(struct sessions *s, struct round_known *round)
{
    if (!round->is_drain_due || s->now_ms < round->drain_ms + DRAIN_MS) return;
    round->is_drain_due = false;
    shown_flush(s);
    struct writer w = writer_over(s->message_room, sizeof s->message_room);
    edge_drained_encode(&w, &(struct edge_drained){.round = round->state.round, .asking = round->drain_asking});
    call_send(s, &w);
}

void walk_reports(struct sessions *s)
{
    if (!s->is_welcome) return;
    for (size_t i = 0; i < ROUNDS_KNOWN_MAX; i++) {
        if (!s->rounds[i].block) continue;
        report_drained(s, &s->rounds[i]);
        report_end(s, &s->rounds[i]);
    }
}
