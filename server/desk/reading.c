/* Role: run reading jobs beside the loop, and keep what they read again and again. Input: jobs. Output: the same jobs,
 * done. Leaves to others: what a job reads (tables.c, communities.c, past.c), the queries (store/).
 *
 * Everything under "the worker's" in struct reading belongs to the running job; there is at most one, so nothing is
 * locked. Communities of 340,000 participants are read once and then only those who joined since. */
#include "desk/reading.h"

#include "base/expect.h"
#include "base/log.h"
#include "desk/history.h"

#include <stdlib.h>
#include <string.h>

struct reading_job *reading_job_make(void)
{
    struct reading_job *job = calloc(1, sizeof *job);
    expect(job);
    return job;
}

static void job_destroy(struct reading_job *job)
{
    json_decref(job->body);
    round_facts_destroy(job->facts);
    free(job->askings);
    free(job);
}

/* ---- the loop's side ---- */

static bool is_open(struct reading *reading);

static void work(uv_work_t *request)
{
    struct reading *reading = request->data;
    struct reading_job *job = reading->first;
    job->outcome = READING_FAILED;
    if (is_open(reading)) job->work(reading, job);
}

static void finish_first(struct reading *reading)
{
    struct reading_job *job = reading->first;
    reading->first = job->next;
    if (!reading->first) reading->last = NULL;
    reading->waiting--;
    job->done(reading->desk, job);
    job_destroy(job);
}

static void start_next(struct reading *reading);

static void after_work(uv_work_t *request, int status)
{
    struct reading *reading = request->data;
    (void)status;
    reading->is_running = false;
    finish_first(reading);
    start_next(reading);
}

static void start_next(struct reading *reading)
{
    if (!reading->first || reading->is_running) return;
    reading->is_running = true;
    reading->work.data = reading;
    if (reading->loop) {
        expect(uv_queue_work(reading->loop, &reading->work, work, after_work) == 0);
        return;
    }
    work(&reading->work);
    after_work(&reading->work, 0);
}

bool reading_ask(struct reading *reading, struct reading_job *job)
{
    if (reading->waiting >= READING_JOBS_MAX) {
        job_destroy(job);
        return false;
    }
    if (reading->last)
        reading->last->next = job;
    else
        reading->first = job;
    reading->last = job;
    reading->waiting++;
    start_next(reading);
    return true;
}

static void forget(struct reading_round *round)
{
    round_basics_finish(&round->basics);
    free(round->community);
    *round = (struct reading_round){0};
}

void reading_finish(struct reading *reading)
{
    expect(!reading->is_running);
    while (reading->first) {
        struct reading_job *job = reading->first;
        reading->first = job->next;
        job_destroy(job);
    }
    for (int i = 0; i < READING_ROUNDS_MAX; i++)
        forget(&reading->rounds[i]);
    store_close(reading->store);
    desk_reader_close(reading->reader);
}

/* ---- the worker's side ---- */

static bool is_open(struct reading *reading)
{
    char message[256] = "";
    if (!reading->reader && desk_reader_open(reading->folder, &reading->reader, message) != STORE_OPENED) {
        if (!reading->has_complained) log_warning("core.db cannot be read yet: %s", message);
        reading->has_complained = true;
        return false;
    }
    struct store_options options = {.folder = reading->folder, .is_read_only = true};
    if (!reading->store && store_open(&options, &reading->store, message) != STORE_OPENED) {
        if (!reading->has_complained) log_warning("core.db cannot be read yet: %s", message);
        reading->has_complained = true;
        return false;
    }
    reading->has_complained = false;
    return true;
}

static bool on_record(void *context, const struct round_record *record)
{
    struct reading_round *round = context;
    round->round = record->round;
    round_basics_of_record(&round->basics, record);
    return true;
}

static bool on_person(void *context, uint32_t number, uint16_t community)
{
    struct reading_round *round = context;
    if (number != round->people) return false; /* numbers are dense; anything else is read again next time */
    if (round->people == round->people_capacity) {
        uint32_t capacity = round->people_capacity ? 2 * round->people_capacity : 1024;
        uint16_t *grown = realloc(round->community, capacity * sizeof *grown);
        expect(grown);
        round->community = grown;
        round->people_capacity = capacity;
    }
    round->community[round->people++] = community;
    return true;
}

/* In slices, so that no read lasts. */
static bool read_people(struct reading *reading, struct reading_round *round)
{
    for (;;) {
        uint32_t before = round->people;
        if (!reader_each_community(reading->reader, round->round, before, READING_SLICE, on_person, round))
            return false;
        if (round->people - before < READING_SLICE) return true;
    }
}

struct reading_round *reading_round_of(struct reading *reading, struct reading_job *job, bool needs_people)
{
    struct reading_round *round = &reading->rounds[0];
    for (int i = 0; i < READING_ROUNDS_MAX; i++) {
        struct reading_round *other = &reading->rounds[i];
        if (other->round == job->round) {
            round = other;
            break;
        }
        if (other->used < round->used) round = other;
    }
    job->outcome = READING_FAILED;
    if (round->round != job->round) {
        forget(round);
        if (!store_get_round(reading->store, job->round, on_record, round)) {
            forget(round);
            job->outcome = job->round > store_last_round(reading->store) || job->round == 0 ? READING_UNKNOWN_ROUND
                                                                                            : READING_FAILED;
            return NULL;
        }
    }
    round->used = ++reading->uses;
    if (needs_people && !read_people(reading, round)) return NULL;
    job->outcome = READING_DONE;
    return round;
}

struct folding {
    struct core_status *status;
    const struct round_basics *basics;
    uint32_t removed_count;
    void (*removed)(void *context, uint32_t participant);
    void *context;
};

static bool on_control(void *context, uint64_t seq, const struct control *control)
{
    struct folding *folding = context;
    (void)seq;
    history_fold(folding->status, control, folding->basics->askings, &folding->removed_count);
    if (control->kind == CONTROL_REMOVED && folding->removed) folding->removed(folding->context, control->participant);
    return true;
}

bool reading_history(struct reading *reading, const struct round_basics *basics, struct core_status *status,
    void (*removed)(void *context, uint32_t participant), void *context)
{
    struct round_record record = {
        .round = basics->round, .code = basics->code, .rules = basics->rules, .askings_count = basics->askings_count};
    *status = history_of_record(&record);
    struct folding folding = {.status = status, .basics = basics, .removed = removed, .context = context};
    uint32_t joined = 0;
    if (!store_each_control(reading->store, basics->round, on_control, &folding) ||
        !reader_joined(reading->reader, basics->round, &joined))
        return false;
    status->people = joined > folding.removed_count ? joined - folding.removed_count : 0;
    return true;
}

const char *reading_community(const struct reading_round *round, uint32_t participant)
{
    if (participant >= round->people) return NULL;
    uint16_t community = round->community[participant];
    return community < round->basics.rules.communities_count ? round->basics.communities[community] : NULL;
}
