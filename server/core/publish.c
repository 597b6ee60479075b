/* A round's public state, made into one message and sent to the edges that follow the round. Before the reveal nothing
 * that depends on the key is in it: the revealed frame and the leaderboard are empty until ASKING_REVEALED is durable.
 */
#include "base/expect.h"
#include "core/state.h"
#include "protocol/frames.h"

#include <stdlib.h>
#include <string.h>

static void send_to(struct turn *turn, uint64_t edges, const struct writer *w)
{
    for (uint8_t edge = 0; edge < EDGES_MAX; edge++)
        if (edges >> edge & 1) turn_send(turn, edge, w);
}

static void send_picture(struct turn *turn, uint64_t edges, const char *name)
{
    char sha256[65] = "", type[8] = "";
    uint8_t *bytes = NULL;
    size_t size = 0;
    memcpy(sha256, name, strnlen(name, 64));
    if (!turn->records->get_picture(turn->records->context, sha256, type, &bytes, &size)) return;
    struct core_picture picture = {.name = span_of_text(name), .bytes = {bytes, size}};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_picture_encode(&w, &picture);
    free(bytes);
    send_to(turn, edges, &w);
}

/* A browser's request for a picture may reach an edge that has nobody of the round yet: every edge has what is open. */
static void send_picture_for(struct turn *turn, const struct round_view *view, const struct question *question,
    uint64_t edges, enum change change)
{
    if (!question->picture[0] || view->phase == PHASE_LOBBY) return;
    if (change == CHANGE_NONE) {
        send_picture(turn, edges, question->picture);
    } else if (change == CHANGE_OPENED || change == CHANGE_REOPENED) {
        uint64_t up = 0;
        for (uint8_t edge = 0; edge < EDGES_MAX; edge++)
            if (turn->edges[edge].peer) up |= (uint64_t)1 << edge;
        send_picture(turn, up, question->picture);
    }
}

void turn_send_pictures(struct turn *turn, uint8_t edge)
{
    uint32_t round;
    for (uint32_t i = 0; engine_round_at(turn->engine, i, &round); i++) {
        struct round_view view;
        const struct book_round *book = book_find(&turn->book, round);
        if (!book || !engine_round_view(turn->engine, round, &view) || view.asking == 0) continue;
        if (view.phase == PHASE_ENDED) continue;
        send_picture_for(turn, &view, &book->questions[view.asking - 1], (uint64_t)1 << edge, CHANGE_NONE);
    }
}

/* How many were right and how they chose, as far as the round's rules tell it. */
static void write_revealed(struct writer *w, const struct book_round *book, const struct round_view *view)
{
    const struct question *question = &book->questions[view->asking - 1];
    enum distribution_rule rule = book->rules.distribution;
    bool tells_right = rule != DISTRIBUTION_NONE && question->kind != QUESTION_POLL;
    frame_write_revealed(w, view->asking, question, view->answered, tells_right ? view->right : FRAME_RIGHT_UNTOLD,
        rule == DISTRIBUTION_ALL ? view->counts : NULL);
}

void turn_publish(struct turn *turn, uint32_t round, uint64_t edges, enum change change)
{
    struct round_view view;
    const struct book_round *book = book_find(&turn->book, round);
    expect(book && engine_round_view(turn->engine, round, &view));

    uint8_t frames[3][QUESTION_FRAME_MAX];
    struct writer question = writer_over(frames[0], sizeof frames[0]);
    struct writer revealed = writer_over(frames[1], sizeof frames[1]);
    struct writer leaderboard = writer_over(frames[2], sizeof frames[2]);
    if (view.asking > 0) {
        const struct asking_rules *asking = engine_asking_rules(turn->engine, round, view.asking);
        const struct question *text = &book->questions[view.asking - 1];
        frame_write_question(
            &question, view.asking, view.askings_count, text, asking->points, view.reading_ms, view.limit_ms);
        send_picture_for(turn, &view, text, edges, change);
        if (book->revealed_asking == view.asking) write_revealed(&revealed, book, &view);
        if (book->revealed_asking == view.asking || (view.phase == PHASE_ENDED && view.scored))
            turn_write_leaderboard(turn, &leaderboard, book, &view);
    }
    expect(question.ok && revealed.ok && leaderboard.ok);

    struct core_round message = {.round = round,
        .code = book->code,
        .change = change,
        .phase = view.phase,
        .is_paused = view.is_paused,
        .is_locked = view.is_locked,
        .is_reopened = view.is_reopened,
        .is_voided = view.is_voided,
        .scene = view.scene,
        .names = book->rules.names,
        .rank_shown = book->rules.rank_shown,
        .scoring = book->rules.scoring,
        .asking = view.asking,
        .askings_count = view.askings_count,
        .people = view.people,
        .opened_at_ms = view.opened_at_ms,
        .reading_ms = view.reading_ms,
        .limit_ms = view.limit_ms,
        .shuffle_seed = random_next(&turn->random),
        .title = span_of_text(book->title),
        .unit = span_of_text(book->unit),
        .communities = span_of_text(book->communities_json),
        .question = {question.data, question.size},
        .revealed = {revealed.data, revealed.size},
        .leaderboard = {leaderboard.data, leaderboard.size}};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_round_encode(&w, &message);
    send_to(turn, edges, &w);
}
