/* Role: measure the store: a reveal's worth of answers, as the core would commit them.
 * Input: a folder on the disk to be measured, and how many answers. Output: rates and commit times on standard output.
 * Not a test: nothing here passes or fails.
 *
 * Answers of one asking arrive in random order of participant and are committed every 20 ms. "behind" is the core at
 * its limit, full turns back to back; "on time" spreads them over 10 s, and shows what a commit costs when it is small.
 */
#include "base/clock.h"
#include "base/random.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH_US    20000
#define SPREAD_US   10000000
#define COMMITS_MAX 100000
#define BENCH_ROUND 1

struct commits {
    uint32_t count;
    uint32_t us[COMMITS_MAX];
};

static int compare_us(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

static void commit(struct store *store, struct commits *commits)
{
    uint64_t before = clock_monotonic_us();
    if (store_commit(store) != STORE_OK) {
        fprintf(stderr, "store_bench: %s\n", store_message(store));
        exit(1);
    }
    if (commits && commits->count < COMMITS_MAX)
        commits->us[commits->count++] = (uint32_t)(clock_monotonic_us() - before);
}

/* Moves the WAL into the database, so that each measurement begins with an empty one. */
static int empty_wal(struct store *store)
{
    int pages = store_wal_pages(store);
    if (store_checkpoint(store, true) < 0) exit(1);
    return pages;
}

static void print_result(struct store *store, const char *what, uint32_t records, uint64_t us, struct commits *commits)
{
    qsort(commits->us, commits->count, sizeof commits->us[0], compare_us);
    uint32_t last = commits->count - 1;
    printf("%-24s %u records in %.2f s: %.0f/s; %u commits, p50 %.2f ms, p99 %.2f ms, longest %.2f ms; WAL %.0f MB\n",
        what, records, (double)us / 1e6, records * 1e6 / (double)us, commits->count, commits->us[last / 2] / 1e3,
        commits->us[last - last / 100] / 1e3, commits->us[last] / 1e3, empty_wal(store) * 4096e-6);
}

static uint32_t *shuffled(uint32_t count, uint64_t seed)
{
    uint32_t *numbers = malloc(count * sizeof *numbers);
    struct random random = random_from_seed(seed);
    if (!numbers) exit(1);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = random_below(&random, i), swapped = numbers[k];
        numbers[k] = numbers[i - 1];
        numbers[i - 1] = swapped;
    }
    return numbers;
}

static void append_answer(struct store *store, uint16_t asking, uint32_t participant)
{
    struct answer answer = {.round = BENCH_ROUND,
        .asking = asking,
        .participant = participant,
        .choice = 2,
        .elapsed_ms = 1000 + participant % 20000,
        .credit_ms = 40};
    store_append_answer(store, &answer, 1700000000000);
}

static void measure_joins(struct store *store, uint32_t count, struct commits *commits)
{
    uint64_t start = clock_monotonic_us();
    commits->count = 0;
    for (uint32_t i = 0; i < count;) {
        for (uint32_t k = 0; k < TURN_EVENTS_MAX && i < count; k++, i++) {
            uint8_t nonce[NONCE_SIZE];
            char name[32];
            random_secure(nonce, sizeof nonce);
            snprintf(name, sizeof name, "居民%u", i);
            store_append_join(store, BENCH_ROUND, i, 0, 1, nonce, 1700000000000, span_of_text(name));
        }
        commit(store, commits);
    }
    print_result(store, "joins, behind", count, clock_monotonic_us() - start, commits);
}

static void measure_behind(
    struct store *store, uint16_t asking, uint32_t count, uint32_t batch, struct commits *commits)
{
    uint32_t *order = shuffled(count, asking);
    uint64_t start = clock_monotonic_us();
    commits->count = 0;
    for (uint32_t i = 0; i < count;) {
        for (uint32_t k = 0; k < batch && i < count; k++, i++)
            append_answer(store, asking, order[i]);
        commit(store, commits);
    }
    char what[64];
    snprintf(what, sizeof what, "answers, %u a turn", batch);
    print_result(store, what, count, clock_monotonic_us() - start, commits);
    free(order);
}

static void measure_on_time(struct store *store, uint16_t asking, uint32_t count, struct commits *commits)
{
    uint32_t *order = shuffled(count, asking);
    uint64_t start = clock_monotonic_us(), busy = 0;
    commits->count = 0;
    for (uint32_t i = 0; i < count;) {
        struct timespec pause = {.tv_nsec = BATCH_US * 1000};
        nanosleep(&pause, NULL);
        uint64_t now = clock_monotonic_us() - start;
        uint64_t due = now >= SPREAD_US ? count : now * count / SPREAD_US;
        for (; i < due; i++)
            append_answer(store, asking, order[i]);
        commit(store, commits);
        busy += clock_monotonic_us() - start - now;
    }
    print_result(store, "answers over 10 s", count, clock_monotonic_us() - start, commits);
    printf("%-24s the core's thread was in the store for %.1f%% of the time\n", "",
        (double)busy * 100 / (double)(clock_monotonic_us() - start));
    free(order);
}

static bool count_answer(void *context, const struct answer *answer)
{
    (void)answer;
    ++*(uint32_t *)context;
    return true;
}

static void measure_rest(struct store *store, uint32_t count)
{
    struct commits one = {0};
    uint8_t *standing = calloc(count, STANDING_ENTRY_SIZE);
    if (!standing) exit(1);
    uint64_t start = clock_monotonic_us();
    store_append_standing(store, BENCH_ROUND, 1, RULES_VERSION, standing, (size_t)count * STANDING_ENTRY_SIZE);
    commit(store, &one);
    printf("standing of %u           %.1f ms\n", count, (double)(clock_monotonic_us() - start) / 1e3);
    free(standing);

    uint32_t seen = 0;
    start = clock_monotonic_us();
    if (!store_each_answer(store, BENCH_ROUND, 1, 0, count_answer, &seen)) exit(1);
    uint64_t us = clock_monotonic_us() - start;
    printf("read back %u answers     %.1f ms, %.0f/s\n", seen, (double)us / 1e3, seen * 1e6 / (double)us);

    int pages = store_wal_pages(store);
    start = clock_monotonic_us();
    int left = store_checkpoint(store, true);
    printf("checkpoint of %d pages %.1f ms, %d left\n", pages, (double)(clock_monotonic_us() - start) / 1e3, left);
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: store_bench FOLDER ANSWERS   (an empty folder; 340000 is a district)\n");
        return 64;
    }
    uint32_t answers = (uint32_t)strtoul(words[2], NULL, 10);
    struct store_options options = {.folder = words[1]};
    struct store *store;
    char message[256];
    if (store_open(&options, &store, message) != STORE_OPENED) {
        fprintf(stderr, "store_bench: %s\n", message);
        return 74;
    }
    if (store_last_round(store) != 0 || answers == 0) {
        fprintf(stderr, "store_bench: %s: not an empty folder\n", words[1]);
        return 64;
    }
    struct round_record round = {.round = BENCH_ROUND, .title = "", .unit = "", .rules = rules_default()};
    round.rules.communities_count = 0;
    struct commits *commits = calloc(1, sizeof *commits);
    store_append_round(store, &round);
    commit(store, NULL);
    measure_joins(store, answers, commits);
    measure_behind(store, 1, answers, TURN_EVENTS_MAX, commits);
    measure_behind(store, 2, answers, 680, commits); /* 340,000 over 10 s, every 20 ms */
    measure_on_time(store, 3, answers, commits);
    measure_rest(store, answers);
    free(commits);
    store_close(store);
    return 0;
}
