/* The simulation's command: many seeds, each replayable.
 *
 *   simulation                     2,000 seeds, replays, the key test, and the four faults
 *   simulation --seeds N --from S  as many, from there
 *   simulation --seed S [--trace]  one seed, told in lines
 *   simulation --once ...          each seed alone, every failure told: to look for seeds
 *   simulation --fault NAME        how soon a fault is caught */
#include "base/log.h"
#include "simulation/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEPS_MAX 12000

/* The seed being played, for the moment when an expectation breaks. */
static volatile uint64_t playing;

static void say_seed(int number)
{
    char line[64];
    int size = snprintf(line, sizeof line, "seed %llu broke an expectation\n", (unsigned long long)playing);
    (void)number;
    if (write(STDOUT_FILENO, line, (size_t)size) < 0) _exit(2);
}

static const char *const fault_names[] = {"none", "acknowledge-early", "count-twice", "accept-late", "score-early"};

struct outcome {
    bool is_fine;
    uint64_t trace_hash, steps, crashes, recorded;
    uint64_t hash_at_reveal[WORLD_ASKINGS + 1];
    char failure[256];
};

static struct outcome play(uint64_t seed, enum fault fault, unsigned wrong_key_asking, bool is_tracing)
{
    struct outcome outcome = {0};
    fault_set(fault);
    playing = seed;
    struct world *world = world_create(seed, fault, wrong_key_asking);
    world->is_tracing = is_tracing;
    while (world->steps < STEPS_MAX && !world_is_over(world) && world_step(world)) {
    }
    if (!world->failure[0]) check_end(world);
    outcome.is_fine = world->failure[0] == '\0';
    outcome.trace_hash = world->trace_hash;
    outcome.steps = world->steps;
    outcome.crashes = world->crashes;
    outcome.recorded = world->recorded_frames;
    memcpy(outcome.hash_at_reveal, world->games[0].hash_at_reveal, sizeof outcome.hash_at_reveal);
    snprintf(outcome.failure, sizeof outcome.failure, "%s", world->failure);
    world_destroy(world);
    fault_set(FAULT_NONE);
    return outcome;
}

static bool run_seed(uint64_t seed, bool is_once, struct outcome *sum)
{
    struct outcome outcome = play(seed, FAULT_NONE, 0, false);
    sum->crashes += outcome.crashes;
    sum->recorded += outcome.recorded;
    sum->steps += outcome.steps;
    if (!outcome.is_fine) {
        printf("seed %llu: %s\n", (unsigned long long)seed, outcome.failure);
        return false;
    }
    if (is_once) return true;
    if (seed % 10 == 0 && play(seed, FAULT_NONE, 0, false).trace_hash != outcome.trace_hash) {
        printf("seed %llu: does not replay\n", (unsigned long long)seed);
        return false;
    }
    /* The key of one asking is another one: up to its reveal every byte to the edges must be the same. */
    unsigned asking = 1 + (unsigned)(seed % WORLD_ASKINGS);
    struct outcome other = play(seed, FAULT_NONE, asking, false);
    if (!other.is_fine) {
        printf("seed %llu with another key of asking %u: %s\n", (unsigned long long)seed, asking, other.failure);
        return false;
    }
    for (unsigned i = 1; i <= asking; i++)
        if (outcome.hash_at_reveal[i] != other.hash_at_reveal[i]) {
            printf("seed %llu: what edges heard before the reveal of asking %u depends on its key\n",
                (unsigned long long)seed, i);
            return false;
        }
    return true;
}

/* The number of seeds it took; 0: never caught. */
static uint32_t seeds_to_catch(enum fault fault, uint32_t seeds_max)
{
    for (uint32_t seed = 0; seed < seeds_max; seed++) {
        struct outcome outcome = play(seed, fault, 0, false);
        if (outcome.is_fine) continue;
        printf("fault %s is caught by seed %u: %s\n", fault_names[fault], seed, outcome.failure);
        return seed + 1;
    }
    printf("fault %s is NOT caught by %u seeds\n", fault_names[fault], seeds_max);
    return 0;
}

int main(int argc, char **argv)
{
    log_start("simulation", LOG_LEVEL_NONE);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGABRT, say_seed);
    uint64_t seeds = 2000, from = 0;
    bool is_tracing = false, is_single = false, is_once = false;
    int fault = -1;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--trace") == 0) is_tracing = true;
        if (strcmp(argv[i], "--once") == 0) is_once = true;
        if (strcmp(argv[i], "--seeds") == 0) seeds = strtoull(value, NULL, 10);
        if (strcmp(argv[i], "--from") == 0) from = strtoull(value, NULL, 10);
        if (strcmp(argv[i], "--seed") == 0) {
            from = strtoull(value, NULL, 10);
            is_single = true;
        }
        for (int k = 1; strcmp(argv[i], "--fault") == 0 && k <= FAULT_SCORE_EARLY; k++)
            if (strcmp(value, fault_names[k]) == 0) fault = k;
    }
    if (is_single) {
        struct outcome outcome = play(from, fault > 0 ? (enum fault)fault : FAULT_NONE, 0, is_tracing);
        printf("seed %llu: %s (%llu steps, %llu crashes, %llu recorded)\n", (unsigned long long)from,
            outcome.is_fine ? "fine" : outcome.failure, (unsigned long long)outcome.steps,
            (unsigned long long)outcome.crashes, (unsigned long long)outcome.recorded);
        return outcome.is_fine ? 0 : 1;
    }
    uint32_t passed = 0, failed = 0;
    if (fault > 0) return seeds_to_catch((enum fault)fault, (uint32_t)seeds) ? 0 : 1;

    struct outcome sum = {0};
    for (uint64_t seed = from; seed < from + seeds; seed++) {
        if (run_seed(seed, is_once, &sum))
            passed++;
        else
            failed++;
        if (failed >= 10 && !is_once) break;
    }
    printf("%u seeds passed, %u failed: %llu steps, %llu crashes, %llu acknowledgements\n", passed, failed,
        (unsigned long long)sum.steps, (unsigned long long)sum.crashes, (unsigned long long)sum.recorded);
    for (enum fault each = is_once ? FAULT_SCORE_EARLY + 1 : FAULT_EARLY_ACKNOWLEDGEMENT; each <= FAULT_SCORE_EARLY;
         each++)
        if (!seeds_to_catch(each, 400)) failed++;
    return failed ? 1 : 0;
}
