/* Role: the table of communities, by points per head. Input: the last standing, who belongs where. Output: rows in
 * JSON. The order is the screens': means compared as fractions, ties share a rank, the earlier in the list stands
 * first. */
#include "base/expect.h"
#include "desk/history.h"
#include "desk/tables.h"

#include <stdlib.h>

struct sum {
    uint16_t community;
    uint32_t people;
    uint64_t points, rights;
};

/* -1: a's mean is higher. A community without people comes last. */
static int compare_means(const struct sum *a, const struct sum *b)
{
    if (!a->people || !b->people) return (a->people == 0) - (b->people == 0);
    uint64_t mine = a->points * b->people, theirs = b->points * a->people;
    return mine > theirs ? -1 : mine < theirs;
}

static int by_mean(const void *left, const void *right)
{
    const struct sum *a = left, *b = right;
    int order = compare_means(a, b);
    return order ? order : (a->community > b->community) - (a->community < b->community);
}

/* Askings that could be answered right and count. */
static uint32_t asked_count(const struct round_basics *basics, const struct core_status *status, uint16_t asking)
{
    uint32_t count = 0;
    for (uint16_t i = 1; i <= asking && i <= basics->askings_count; i++)
        count += basics->askings[i - 1].kind != QUESTION_POLL && !history_is_voided(status, i);
    return count;
}

static void add_entry(struct sum *sums, const struct reading_round *round, const struct standing_entry *entry)
{
    if (entry->participant >= round->people) return;
    uint16_t community = round->community[entry->participant];
    if (community >= round->basics.rules.communities_count) return;
    sums[community].people++;
    sums[community].points += entry->points;
    sums[community].rights += entry->rights;
}

/* Before the first standing everybody who joined is counted, with nothing won yet. */
static void add_everybody(struct sum *sums, const struct reading_round *round)
{
    for (uint32_t i = 0; i < round->people; i++)
        if (round->community[i] < round->basics.rules.communities_count) sums[round->community[i]].people++;
}

static json_t *rows_json(const struct sum *sums, const struct round_basics *basics, uint32_t asked)
{
    json_t *rows = json_array();
    uint32_t rank = 0;
    for (uint16_t i = 0; i < basics->rules.communities_count; i++) {
        const struct sum *sum = &sums[i];
        if (i == 0 || compare_means(&sums[i - 1], sum) != 0) rank = i + 1u;
        uint64_t answers = (uint64_t)sum->people * asked;
        json_int_t mean = sum->people ? (json_int_t)((sum->points * 10 + sum->people / 2) / sum->people) : 0;
        json_int_t share = sum->people && asked ? (json_int_t)((sum->rights * 100 + answers / 2) / answers) : 0;
        json_t *row = json_pack("{s:I, s:i, s:s, s:I, s:I, s:I}", "rank", (json_int_t)rank, "community",
            (int)sum->community, "name", basics->communities[sum->community], "people", (json_int_t)sum->people, "mean",
            mean, "rights_share", share);
        expect(row);
        json_array_append_new(rows, row);
    }
    return rows;
}

void communities_read(struct reading *reading, struct reading_job *job)
{
    struct reading_round *round = reading_round_of(reading, job, true);
    if (!round) return;
    struct core_status status;
    if (!reading_history(reading, &round->basics, &status, NULL, NULL)) {
        job->outcome = READING_FAILED;
        return;
    }
    struct sum *sums = calloc(COMMUNITIES_MAX, sizeof *sums);
    expect(sums);
    for (uint16_t i = 0; i < COMMUNITIES_MAX; i++)
        sums[i].community = i;
    uint8_t *packed = NULL;
    uint32_t count = 0;
    uint16_t asking = 0;
    if (store_last_standing(reading->store, job->round, UINT16_MAX, &asking, &packed, &count)) {
        for (uint32_t i = 0; i < count; i++) {
            struct standing_entry entry = standing_at(packed, i);
            add_entry(sums, round, &entry);
        }
    } else {
        add_everybody(sums, round);
    }
    free(packed);
    qsort(sums, round->basics.rules.communities_count, sizeof *sums, by_mean);
    json_t *rows = rows_json(sums, &round->basics, asked_count(&round->basics, &status, asking));
    job->body = json_pack("{s:i, s:o}", "asking", (int)asking, "rows", rows);
    free(sums);
}
