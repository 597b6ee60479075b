/* Reading core.db beside the loop: one worker thread at a time runs one job after another, on read-only connections of
 * its own, so that a table over 340,000 participants keeps nobody waiting for a button. */
#ifndef JINGDA_DESK_READING_H
#define JINGDA_DESK_READING_H

#include "desk/facts.h"
#include "store/desk_reader.h"

#include <jansson.h>
#include <uv.h>

#define READING_JOBS_MAX   64 /* waiting; past it: busy */
#define READING_ROUNDS_MAX 8  /* whose communities stay in memory */
#define READING_SLICE      10000
#define ROUNDS_LISTED_MAX  300
#define SEARCH_FOUND_MAX   500

struct desk;
struct reading;

enum reading_outcome {
    READING_FAILED, /* core.db could not be read */
    READING_DONE,
    READING_UNKNOWN_ROUND,
};

struct reading_job {
    /* On the worker's thread: sets `outcome`, and `body` or what else it makes. */
    void (*work)(struct reading *reading, struct reading_job *job);
    /* Back on the loop. The job is freed after it, with what it still owns. */
    void (*done)(struct desk *desk, struct reading_job *job);
    uint64_t watcher;   /* who asked, */
    json_int_t request; /* under which id */
    uint32_t round, from, count;
    char search[4 * NAME_CHARS_MAX + 1];
    struct asking_rules *askings; /* shares: owned */
    int16_t shares[ASKINGS_MAX];
    enum reading_outcome outcome;
    json_t *body;
    struct round_facts *facts;
    struct reading_job *next;
};

/* A round as the worker remembers it. */
struct reading_round {
    uint32_t round; /* 0: free */
    uint64_t used;
    struct round_basics basics;
    uint16_t *community; /* of each participant, by number */
    uint32_t people, people_capacity;
};

struct reading {
    struct desk *desk;
    const char *folder;
    uv_loop_t *loop; /* NULL: jobs are done at once, on the caller's thread */
    uv_work_t work;
    struct reading_job *first, *last; /* of those that wait; the loop's */
    uint32_t waiting;
    bool is_running;
    /* the worker's */
    struct store *store;
    struct desk_reader *reader;
    bool has_complained;
    uint64_t uses;
    struct reading_round rounds[READING_ROUNDS_MAX];
    struct core_status ended[ROUNDS_LISTED_MAX]; /* by round % ROUNDS_LISTED_MAX: what cannot change any more */
};

struct reading_job *reading_job_make(void);
/* Takes the job. False: too many wait, and it is gone. */
bool reading_ask(struct reading *reading, struct reading_job *job);
/* Once nothing runs any more. */
void reading_finish(struct reading *reading);

/* ---- for the jobs, on the worker's thread ---- */

/* The round and, where `needs_people`, everybody's community up to now. NULL: job->outcome says why. */
struct reading_round *reading_round_of(struct reading *reading, struct reading_job *job, bool needs_people);
/* The status that the log tells, without counts; `removed` (may be NULL) is called for each that was removed. */
bool reading_history(struct reading *reading, const struct round_basics *basics, struct core_status *status,
    void (*removed)(void *context, uint32_t participant), void *context);
const char *reading_community(const struct reading_round *round, uint32_t participant); /* NULL: none */

#endif
