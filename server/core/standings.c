/* Own standings: what each attached participant is told of itself after a reveal, one pass over the round, packed by
 * edge. */
#include "base/expect.h"
#include "core/state.h"

#include <stdlib.h>

static bool rank_is_shown(enum rank_shown rule, enum phase phase)
{
    switch (rule) {
    case RANK_NEVER: return false;
    case RANK_EACH: return true;
    case RANK_END: return phase == PHASE_ENDED;
    }
    return false;
}

/* Between scoring and reveal the engine's totals already hold the asking: what it brought is taken off again, since it
 * would tell the key. (The view hides a knock-out until then by itself.) */
struct own_standing turn_own_standing(
    const struct book_round *book, const struct round_view *view, const struct participant_view *own, uint32_t of)
{
    if (view->asking == 0 || own->rank == 0) return (struct own_standing){.participant = own->number};
    struct own_standing standing = {.participant = own->number,
        .asking = view->asking,
        .points = own->points,
        .gained = own->gained,
        .rights = own->rights,
        .rank = rank_is_shown(book->rules.rank_shown, view->phase) ? own->rank : 0,
        .of = of,
        .is_out = own->is_out};
    if (book->revealed_asking == view->asking) return standing;
    if (view->phase == PHASE_ENDED) { /* final: what was scored last, also where a void or nothing came after it */
        standing.asking = view->scored;
        return standing;
    }

    bool is_scored = view->phase == PHASE_CLOSED && !view->is_voided;
    const struct asking_rules *asking = &book->askings[view->asking - 1];
    standing.asking = (uint16_t)(view->asking - 1);
    standing.gained = 0;
    standing.rank = 0;
    if (is_scored) {
        standing.points -= own->gained;
        if (own->has_answer && rules_is_right(asking, own->answer.choice)) standing.rights--;
    }
    if (standing.asking == 0) return (struct own_standing){.participant = own->number};
    return standing;
}

static void send_items(
    struct turn *turn, uint8_t edge, const struct core_standings *head, const struct standings_item *items)
{
    if (head->count == 0) return;
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_standings_encode(&w, head, items);
    turn_send(turn, edge, &w);
}

void turn_send_standings(struct turn *turn, uint32_t round, uint64_t edges)
{
    struct round_view view;
    const struct book_round *book = book_find(&turn->book, round);
    expect(book && engine_round_view(turn->engine, round, &view));
    uint32_t counts[EDGES_MAX] = {0};
    uint32_t of = engine_standing_count(turn->engine, round);
    struct core_standings head = {.round = round, .asking = view.asking, .of = of};

    uint32_t participants_count = engine_participants_count(turn->engine, round);
    for (uint32_t i = 0; i < participants_count; i++) {
        struct participant_view own;
        if (!engine_participant_view(turn->engine, round, i, &own) || !own.is_attached || own.is_pending) continue;
        uint8_t edge = own.attach.edge;
        if (!(edges >> edge & 1)) continue;
        if (!turn->items[edge]) turn->items[edge] = malloc(STANDINGS_BATCH_MAX * sizeof **turn->items);
        expect(turn->items[edge]);
        turn->items[edge][counts[edge]++] = (struct standings_item){.slot = own.attach.slot,
            .generation = own.attach.generation,
            .standing = turn_own_standing(book, &view, &own, of)};
        if (counts[edge] < STANDINGS_BATCH_MAX) continue;
        head.count = counts[edge];
        send_items(turn, edge, &head, turn->items[edge]);
        counts[edge] = 0;
    }
    for (uint8_t edge = 0; edge < EDGES_MAX; edge++) {
        head.count = counts[edge];
        send_items(turn, edge, &head, turn->items[edge]);
    }
}
