/* The leaderboard for screens: the first ten participants and communities of the last standing. Names as the public
 * sees them; two that look alike carry their number. */
#include "core/state.h"
#include "protocol/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 10

struct named {
    uint32_t participant;
    char text[NAME_SHOWN_SIZE + 12];
};

static void name_of(struct turn *turn, const struct round_view *view, uint32_t participant, struct named *out)
{
    char name[4 * NAME_CHARS_MAX + 1] = "", shown[NAME_SHOWN_SIZE];
    if (!view->are_names_hidden) (void)turn->records->get_name(turn->records->context, view->round, participant, name);
    name_shown(span_of_text(name), participant, view->are_names_hidden, shown);
    out->participant = participant;
    snprintf(out->text, sizeof out->text, "%s", shown);
}

/* Adds the number to names that stand more than once. */
static void tell_apart(struct named *names, uint32_t count)
{
    bool is_twice[ROWS_MAX] = {false};
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < count; k++)
            if (i != k && strcmp(names[i].text, names[k].text) == 0) is_twice[i] = true;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_twice[i]) continue;
        size_t used = strlen(names[i].text);
        snprintf(names[i].text + used, sizeof names[i].text - used, " %03u", names[i].participant + 1);
    }
}

/* ---- communities ---- */

struct community_sum {
    uint16_t community;
    uint32_t people;
    uint64_t points;
};

static int by_mean(const void *left, const void *right)
{
    const struct community_sum *a = left, *b = right;
    uint64_t mine = a->points * b->people, theirs = b->points * a->people; /* a's mean against b's, without division */
    if (mine != theirs) return mine > theirs ? -1 : 1;
    return a->community < b->community ? -1 : 1;
}

static uint32_t sum_communities(struct turn *turn, uint32_t round, struct community_sum sums[COMMUNITIES_MAX])
{
    struct participant_view participant;
    struct standing_entry entry;
    memset(sums, 0, COMMUNITIES_MAX * sizeof *sums);
    for (uint32_t i = 0; engine_standing_at(turn->engine, round, i, &entry); i++) {
        if (!engine_participant_view(turn->engine, round, entry.participant, &participant)) continue;
        if (participant.community >= COMMUNITIES_MAX) continue;
        sums[participant.community].people++;
        sums[participant.community].points += entry.points;
    }
    uint32_t count = 0;
    for (uint16_t i = 0; i < COMMUNITIES_MAX; i++) {
        if (!sums[i].people) continue;
        struct community_sum sum = sums[i];
        sum.community = i;
        sums[count++] = sum;
    }
    qsort(sums, count, sizeof *sums, by_mean);
    return count < ROWS_MAX ? count : ROWS_MAX;
}

static uint32_t rank_communities(struct turn *turn, const struct book_round *book, struct community_row rows[ROWS_MAX])
{
    struct community_sum sums[COMMUNITIES_MAX];
    if (book->rules.communities_count == 0) return 0;
    uint32_t count = sum_communities(turn, book->round, sums);
    for (uint32_t i = 0; i < count; i++) {
        bool is_tie = i > 0 && sums[i].points * sums[i - 1].people == sums[i - 1].points * sums[i].people;
        rows[i] = (struct community_row){.rank = is_tie ? rows[i - 1].rank : i + 1,
            .name = book_community(book, sums[i].community),
            .people = sums[i].people,
            .mean_tenths = (uint32_t)((sums[i].points * 10 + sums[i].people / 2) / sums[i].people)};
    }
    return count;
}

void turn_write_leaderboard(
    struct turn *turn, struct writer *w, const struct book_round *book, const struct round_view *view)
{
    struct leaderboard_row rows[ROWS_MAX];
    struct community_row communities[ROWS_MAX];
    struct named names[ROWS_MAX];
    struct standing_entry entry;
    uint32_t count = 0;
    for (; count < ROWS_MAX && engine_standing_at(turn->engine, book->round, count, &entry); count++) {
        struct participant_view participant;
        if (!engine_participant_view(turn->engine, book->round, entry.participant, &participant)) break;
        name_of(turn, view, entry.participant, &names[count]);
        rows[count] = (struct leaderboard_row){.rank = participant.rank,
            .name = names[count].text,
            .community = book_community(book, participant.community),
            .points = entry.points,
            .ms = entry.ticks * TICK_MS};
    }
    tell_apart(names, count);
    uint32_t communities_count = rank_communities(turn, book, communities);
    uint16_t asking = view->phase == PHASE_ENDED ? view->scored : view->asking; /* the last may have been voided */
    frame_write_leaderboard(
        w, asking, rows, count, engine_standing_count(turn->engine, book->round), communities, communities_count);
}
