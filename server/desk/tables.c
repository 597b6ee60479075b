/* Role: the leaderboard and the list of people, a page at a time. Input: a round, a place, a search. Output: rows in
 * JSON. Names stand in full: only organizers see them. */
#include "desk/tables.h"

#include "base/expect.h"
#include "desk/search.h"
#include "model/name.h"

#include <stdlib.h>

/* Whoever was removed in this round. */
struct removals {
    uint32_t *participants;
    uint32_t count, capacity;
};

static void on_removed(void *context, uint32_t participant)
{
    struct removals *removals = context;
    if (removals->count == removals->capacity) {
        removals->capacity = removals->capacity ? 2 * removals->capacity : 64;
        removals->participants = realloc(removals->participants, removals->capacity * sizeof(uint32_t));
        expect(removals->participants);
    }
    removals->participants[removals->count++] = participant;
}

static bool is_removed(const struct removals *removals, uint32_t participant)
{
    for (uint32_t i = 0; i < removals->count; i++)
        if (removals->participants[i] == participant) return true;
    return false;
}

/* The name that was given; without one, 居民028. */
static json_t *name_json(const char *name, uint32_t participant)
{
    char shown[NAME_SHOWN_SIZE];
    if (name[0]) return json_string(name);
    name_shown((struct span){NULL, 0}, participant, false, shown);
    return json_string(shown);
}

static json_t *community_json(const struct reading_round *round, uint32_t participant)
{
    const char *community = reading_community(round, participant);
    return community ? json_string(community) : json_null();
}

/* ---- leaderboard ---- */

struct board {
    struct reading *reading;
    const struct reading_round *round;
    const struct removals *removals;
    const uint8_t *packed;
    uint32_t count;
    json_t *rows;
};

/* 1 + the number of those strictly better: the first of its ties, found by halving, since all are in rank order. */
static uint32_t rank_at(const struct board *board, uint32_t index)
{
    struct standing_entry own = standing_at(board->packed, index);
    uint32_t low = 0, high = index;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct standing_entry entry = standing_at(board->packed, middle);
        bool is_tie = entry.points == own.points && entry.ticks == own.ticks;
        if (is_tie)
            high = middle;
        else
            low = middle + 1;
    }
    return low + 1;
}

static void add_row(struct board *board, uint32_t index)
{
    struct standing_entry entry = standing_at(board->packed, index);
    char name[4 * NAME_CHARS_MAX + 1] = "";
    (void)store_get_name(board->reading->store, board->round->round, entry.participant, name);
    json_t *row = json_pack("{s:I, s:I, s:o, s:o, s:I, s:I, s:i, s:b, s:b}", "rank", (json_int_t)rank_at(board, index),
        "participant", (json_int_t)entry.participant, "name", name_json(name, entry.participant), "community",
        community_json(board->round, entry.participant), "points", (json_int_t)entry.points, "ms",
        (json_int_t)entry.ticks * TICK_MS, "rights", (int)entry.rights, "out", (int)(entry.out_at != 0), "removed",
        (int)is_removed(board->removals, entry.participant));
    expect(row);
    json_array_append_new(board->rows, row);
}

/* The rows of those who were found, in rank order; returns how many of them stand in it. */
static uint32_t add_found(struct board *board, const struct reading_job *job, const struct found *found)
{
    uint32_t of = 0;
    for (uint32_t index = 0; index < board->count && found->count; index++) {
        if (!found_has(found, standing_at(board->packed, index).participant)) continue;
        if (of >= job->from && of - job->from < job->count) add_row(board, index);
        of++;
    }
    return of;
}

void leaderboard_read(struct reading *reading, struct reading_job *job)
{
    struct reading_round *round = reading_round_of(reading, job, true);
    if (!round) return;
    struct removals removals = {0};
    struct found *found = calloc(1, sizeof *found);
    struct core_status status;
    expect(found);
    bool is_read = reading_history(reading, &round->basics, &status, on_removed, &removals);
    if (is_read && job->search[0]) is_read = search_people(reading, job->round, job->search, found);

    uint8_t *packed = NULL;
    uint16_t asking = 0;
    struct board board = {.reading = reading, .round = round, .removals = &removals, .rows = json_array()};
    if (is_read && store_last_standing(reading->store, job->round, UINT16_MAX, &asking, &packed, &board.count))
        board.packed = packed;
    uint32_t of = board.count;
    if (board.packed && job->search[0])
        of = add_found(&board, job, found);
    else if (board.packed)
        for (uint32_t i = job->from; i < board.count && i - job->from < job->count; i++)
            add_row(&board, i);
    if (is_read)
        job->body = json_pack("{s:i, s:I, s:O}", "asking", (int)asking, "of", (json_int_t)of, "rows", board.rows);
    else
        job->outcome = READING_FAILED;
    json_decref(board.rows);
    free(packed);
    free(found);
    free(removals.participants);
}

/* ---- people ---- */

struct listing {
    const struct reading_round *round;
    const struct removals *removals;
    json_t *rows;
};

static bool add_person(void *context, uint32_t number, uint16_t community, const char *name)
{
    struct listing *listing = context;
    (void)community;
    json_t *row = json_pack("{s:I, s:o, s:o, s:b}", "participant", (json_int_t)number, "name", name_json(name, number),
        "community", community_json(listing->round, number), "removed", (int)is_removed(listing->removals, number));
    expect(row);
    json_array_append_new(listing->rows, row);
    return true;
}

static bool list_found(struct reading *reading, struct reading_job *job, struct listing *listing, uint32_t *of)
{
    struct found *found = calloc(1, sizeof *found);
    expect(found);
    bool is_read = search_people(reading, job->round, job->search, found);
    for (uint32_t i = job->from; is_read && i < found->count && i - job->from < job->count; i++)
        is_read = reader_each_person(reading->reader, job->round, found->participants[i], 1, add_person, listing);
    *of = found->count;
    free(found);
    return is_read;
}

void people_read(struct reading *reading, struct reading_job *job)
{
    struct reading_round *round = reading_round_of(reading, job, true);
    if (!round) return;
    struct removals removals = {0};
    struct core_status status;
    struct listing listing = {.round = round, .removals = &removals, .rows = json_array()};
    uint32_t of = round->people;
    bool is_read = reading_history(reading, &round->basics, &status, on_removed, &removals);
    if (is_read && job->search[0])
        is_read = list_found(reading, job, &listing, &of);
    else if (is_read)
        is_read = reader_each_person(reading->reader, job->round, job->from, job->count, add_person, &listing);
    if (is_read)
        job->body = json_pack("{s:I, s:O}", "of", (json_int_t)of, "rows", listing.rows);
    else
        job->outcome = READING_FAILED;
    json_decref(listing.rows);
    free(removals.participants);
}
