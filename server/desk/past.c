/* Role: read rounds back: the list of all, one with its questions, how past questions were answered. Input: core.db.
 * Output: facts, shares, rows. Leaves to others: what the core tells of running rounds (rounds.c). */
#include "desk/past.h"

#include "base/expect.h"
#include "desk/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *phase_word(const struct core_status *status)
{
    return status->is_paused && status->phase != PHASE_ENDED ? "paused" : phase_name(status->phase);
}

struct counting {
    const struct asking_rules *asking;
    uint32_t answered, right;
    uint32_t counts[OPTIONS_MAX];
};

static bool on_choice(void *context, choice_set choice, uint32_t answers)
{
    struct counting *counting = context;
    counting->answered += answers;
    if (rules_is_right(counting->asking, choice)) counting->right += answers;
    for (int i = 0; i < OPTIONS_MAX; i++)
        if (choice >> i & 1) counting->counts[i] += answers;
    return true;
}

/* ---- one round ---- */

static bool on_record(void *context, const struct round_record *record)
{
    struct reading_job *job = context;
    job->facts = round_facts_of_record(record);
    return true;
}

static bool count_last_asking(struct reading *reading, const struct round_basics *basics, struct core_status *status)
{
    if (status->asking == 0) return true;
    struct counting counting = {.asking = &basics->askings[status->asking - 1]};
    if (!reader_each_choice(reading->reader, basics->round, status->asking, on_choice, &counting)) return false;
    status->answered = counting.answered;
    status->right = counting.right;
    memcpy(status->counts, counting.counts, sizeof status->counts);
    return true;
}

void facts_read(struct reading *reading, struct reading_job *job)
{
    if (!store_get_round(reading->store, job->round, on_record, job)) {
        bool is_unknown = job->round == 0 || job->round > store_last_round(reading->store);
        job->outcome = is_unknown ? READING_UNKNOWN_ROUND : READING_FAILED;
        return;
    }
    struct core_status *status = &job->facts->status;
    bool is_read = reading_history(reading, &job->facts->basics, status, NULL, NULL) &&
                   count_last_asking(reading, &job->facts->basics, status);
    job->outcome = is_read ? READING_DONE : READING_FAILED;
}

void shares_read(struct reading *reading, struct reading_job *job)
{
    job->outcome = READING_DONE;
    for (uint32_t asking = job->from; asking <= job->count && asking <= ASKINGS_MAX; asking++) {
        struct counting counting = {.asking = &job->askings[asking - 1]};
        if (!reader_each_choice(reading->reader, job->round, (uint16_t)asking, on_choice, &counting)) {
            job->outcome = READING_FAILED;
            return;
        }
        bool has_share = counting.answered > 0 && counting.asking->kind != QUESTION_POLL;
        uint64_t rounded = has_share ? ((uint64_t)counting.right * 200 / counting.answered + 1) / 2 : 0;
        job->shares[asking - 1] = has_share ? (int16_t)rounded : -1;
    }
}

/* ---- all rounds ---- */

struct collecting {
    uint32_t count;
    struct reader_round rounds[ROUNDS_LISTED_MAX];
};

static bool on_round(void *context, const struct reader_round *round)
{
    struct collecting *collecting = context;
    collecting->rounds[collecting->count++] = *round;
    return collecting->count < ROUNDS_LISTED_MAX;
}

/* What the log tells, remembered once it has ended. */
static bool summary_of(struct reading *reading, uint32_t number, struct core_status *status)
{
    struct core_status *ended = &reading->ended[number % ROUNDS_LISTED_MAX];
    if (ended->round == number) {
        *status = *ended;
        return true;
    }
    struct reading_job job = {.round = number};
    struct reading_round *round = reading_round_of(reading, &job, false);
    if (!round || !reading_history(reading, &round->basics, status, NULL, NULL)) return false;
    if (status->phase == PHASE_ENDED) *ended = *status;
    return true;
}

void rounds_read(struct reading *reading, struct reading_job *job)
{
    struct collecting *collecting = calloc(1, sizeof *collecting);
    expect(collecting);
    bool is_read = reader_each_round(reading->reader, ROUNDS_LISTED_MAX, on_round, collecting);
    json_t *rows = json_array();
    for (uint32_t i = 0; is_read && i < collecting->count; i++) {
        const struct reader_round *round = &collecting->rounds[i];
        struct core_status status;
        if (!summary_of(reading, round->round, &status)) continue; /* a record that cannot be read hides no other */
        char code[16];
        snprintf(code, sizeof code, "%06u", round->code);
        json_t *row = json_pack("{s:I, s:s, s:s, s:s, s:I, s:i, s:i, s:I}", "round", (json_int_t)round->round, "code",
            code, "title", round->title, "phase", phase_word(&status), "people", (json_int_t)status.people, "asking",
            (int)status.asking, "askings", (int)round->askings_count, "created_ms", (json_int_t)round->created_ms);
        expect(row);
        json_array_append_new(rows, row);
    }
    free(collecting);
    job->body = rows;
    job->outcome = is_read ? READING_DONE : READING_FAILED;
}
