/* Role: cut the power under the real store, at an operation that a seed chooses, and look at what is left.
 * Input: seeds. Output: what was acknowledged is there, once and equal; a batch is there whole or not at all; the file
 * is sound. With synchronous=NORMAL acknowledged batches must be missing after some cuts: so the test can fail.
 *
 * `power_cut` runs both; `power_cut --seed N [NORMAL]` replays one seed and tells what happened;
 * `power_cut --seeds FROM COUNT [NORMAL]` runs others. The lock file alone is on the machine's own disk. */
#include "power_cut/disk_vfs.h"
#include "power_cut/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEEDS          500
#define NORMAL_SEEDS   100
#define OPERATIONS_MAX 1000 /* the power goes in one of so many */

enum outcome { OUTCOME_WHOLE, OUTCOME_LOST, OUTCOME_DAMAGED };

struct cut {
    uint64_t seed;
    const char *synchronous; /* NULL: the store's own */
    char folder[64];
    struct disk disk;
    struct random random;
    struct world *world;
    struct store *store;
    sqlite3 *reader;    /* a second connection that holds its snapshot now and then; NULL: none */
    bool has_in_flight; /* the last batch was neither acknowledged nor dropped: it may be there or not */
    uint64_t at_ms;
    uint64_t cut_operation;
    uint32_t recoveries_cut;
    char reason[160];
};

struct tally {
    uint32_t whole, lost, damaged, batches, recoveries_cut;
};

/* ---- one life of the store, until the power goes ---- */

static bool open_store(struct cut *cut)
{
    struct store_options options = {.folder = cut->folder, .vfs = DISK_VFS, .synchronous = cut->synchronous};
    char message[256];
    enum store_open_result result = store_open(&options, &cut->store, message);
    if (result != STORE_OPENED && !cut->disk.is_dead)
        snprintf(cut->reason, sizeof cut->reason, "not opened: %d %.120s", result, message);
    return result == STORE_OPENED;
}

static void open_reader(struct cut *cut)
{
    char path[96];
    snprintf(path, sizeof path, "%s/core.db", cut->folder);
    if (sqlite3_open_v2(path, &cut->reader, SQLITE_OPEN_READONLY, DISK_VFS) == SQLITE_OK) return;
    sqlite3_close(cut->reader);
    cut->reader = NULL;
}

static void reader_moves(struct cut *cut)
{
    if (!cut->reader) return;
    const char *sql = sqlite3_get_autocommit(cut->reader) ? "BEGIN; SELECT count(*) FROM batch" : "COMMIT";
    (void)sqlite3_exec(cut->reader, sql, NULL, NULL, NULL);
}

static void close_all(struct cut *cut)
{
    sqlite3_close(cut->reader);
    store_close(cut->store);
    cut->reader = NULL;
    cut->store = NULL;
}

/* One batch. False: the power has gone, or the store said something that it must not say. */
static bool run_batch(struct cut *cut)
{
    cut->at_ms += random_below(&cut->random, 50);
    uint32_t before = cut->world->records_count;
    world_append(cut->world, cut->store, &cut->random, cut->at_ms);
    if (random_below(&cut->random, 20) == 0) {
        store_cancel(cut->store);
        cut->world->records_count = before;
        return true;
    }
    enum store_result result = store_commit(cut->store);
    if (result == STORE_OK) {
        if (cut->disk.is_dead) snprintf(cut->reason, sizeof cut->reason, "acknowledged after the power had gone");
        cut->world->ends[cut->world->batches_count++] = cut->world->records_count;
        return !cut->disk.is_dead;
    }
    cut->has_in_flight = true;
    if (!cut->disk.is_dead) snprintf(cut->reason, sizeof cut->reason, "commit failed: %s", store_message(cut->store));
    return false;
}

static bool reopen(struct cut *cut)
{
    close_all(cut);
    bool is_open = open_store(cut);
    if (is_open && cut->seed % 3 == 0) open_reader(cut);
    return is_open;
}

static void live_until_cut(struct cut *cut)
{
    /* One in eight falls into the very first moments, when the file is made. */
    uint32_t operations = cut->seed % 8 == 0 ? 80 : OPERATIONS_MAX;
    cut->cut_operation = 1 + random_below(&cut->random, operations);
    disk_cut_in(&cut->disk, cut->cut_operation);
    bool goes_on = reopen(cut);
    while (goes_on && !cut->disk.is_dead && cut->world->batches_count < WORLD_BATCHES_MAX) {
        goes_on = run_batch(cut);
        if (random_below(&cut->random, 4) == 0) reader_moves(cut);
        if (goes_on && random_below(&cut->random, 12) == 0)
            (void)store_checkpoint(cut->store, random_below(&cut->random, 3) == 0);
        if (goes_on && random_below(&cut->random, 40) == 0) goes_on = reopen(cut);
    }
    close_all(cut);
}

/* ---- what is left ---- */

static int64_t number_of(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

#define ALL_SEQS "(SELECT seq FROM event UNION ALL SELECT seq FROM participant UNION ALL SELECT seq FROM answer)"

/* With plain SQL, past the store's own functions. */
static bool is_sound(struct cut *cut)
{
    static const struct {
        const char *what, *sql;
    } checks[] = {
        {"integrity_check", "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"},
        {"foreign_key_check", "SELECT count(*) FROM pragma_foreign_key_check"},
        {"seq not contiguous",
            "SELECT count(*) <> coalesce(max(seq), 0) OR count(DISTINCT seq) <> count(*) FROM " ALL_SEQS},
        {"batch is not the end",
            "SELECT coalesce(max(seq), 0) <> (SELECT coalesce(max(seq), 0) FROM batch) FROM " ALL_SEQS},
        {"second answers", "SELECT count(*) FROM (SELECT 1 FROM answer GROUP BY round, asking, participant, attempt"
                           " HAVING count(*) > 1)"},
        {"strayed answers", "SELECT count(*) FROM answer WHERE NOT EXISTS(SELECT 1 FROM participant"
                            " WHERE participant.round = answer.round AND number = answer.participant)"},
    };
    sqlite3 *database = NULL;
    char path[96];
    snprintf(path, sizeof path, "%s/core.db", cut->folder);
    bool is_whole = sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, DISK_VFS) == SQLITE_OK;
    for (size_t i = 0; is_whole && i < sizeof checks / sizeof checks[0]; i++) {
        is_whole = number_of(database, checks[i].sql) == 0;
        if (!is_whole) snprintf(cut->reason, sizeof cut->reason, "%s", checks[i].what);
    }
    sqlite3_close(database);
    return is_whole;
}

/* Brings the number of acknowledged batches and records to what is really there. */
static enum outcome compare(struct cut *cut)
{
    struct world *world = cut->world;
    uint32_t acknowledged = world_end(world, world->batches_count);
    char reason[128];
    if (world_equals(world, acknowledged, cut->store, reason)) {
        world->records_count = acknowledged;
        return OUTCOME_WHOLE;
    }
    char other[128];
    if (cut->has_in_flight && world_equals(world, world->records_count, cut->store, other)) {
        world->ends[world->batches_count++] = world->records_count;
        return OUTCOME_WHOLE;
    }
    snprintf(cut->reason, sizeof cut->reason, "%s", reason);
    for (uint32_t batches = world->batches_count; batches-- > 0;) {
        if (!world_equals(world, world_end(world, batches), cut->store, other)) continue;
        snprintf(cut->reason, sizeof cut->reason, "%u of %u acknowledged batches are gone",
            world->batches_count - batches, world->batches_count);
        world->batches_count = batches;
        world->records_count = world_end(world, batches);
        return OUTCOME_LOST;
    }
    return OUTCOME_DAMAGED;
}

/* The power comes back, and sometimes goes again while the log is recovered. */
static bool recover(struct cut *cut)
{
    disk_restart(&cut->disk);
    while (random_below(&cut->random, 3) == 0) {
        disk_cut_in(&cut->disk, 1 + random_below(&cut->random, 60));
        if (open_store(cut)) (void)store_checkpoint(cut->store, true);
        close_all(cut);
        if (cut->disk.is_dead) cut->recoveries_cut++;
        disk_restart(&cut->disk);
    }
    return open_store(cut);
}

static enum outcome run(struct cut *cut)
{
    live_until_cut(cut);
    if (cut->reason[0] != '\0') return OUTCOME_DAMAGED;
    if (!recover(cut)) return OUTCOME_DAMAGED;
    if (!is_sound(cut)) return OUTCOME_DAMAGED;
    enum outcome outcome = compare(cut);
    if (outcome == OUTCOME_DAMAGED) return outcome;

    /* What was recovered must also be a good base for more: once more through the database file itself. */
    cut->has_in_flight = false;
    bool is_good = run_batch(cut) && store_checkpoint(cut->store, true) == 0 && reopen(cut) && is_sound(cut) &&
                   compare(cut) == OUTCOME_WHOLE;
    return is_good ? outcome : OUTCOME_DAMAGED;
}

static enum outcome run_seed(uint64_t seed, const char *synchronous, struct tally *tally, bool is_told)
{
    struct cut cut = {.seed = seed, .synchronous = synchronous, .random = random_from_seed(seed), .at_ms = 1000};
    snprintf(cut.folder, sizeof cut.folder, "/tmp/jingda-power-cut-XXXXXX");
    assert_non_null(mkdtemp(cut.folder));
    cut.world = world_create();
    disk_init(&cut.disk, ~seed);
    disk_vfs_use(&cut.disk);
    /* The WAL's salts come from here: the same seed gives the same bytes. */
    assert_int_equal(SQLITE_OK, sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed % 1000000 + 1), NULL));

    enum outcome outcome = run(&cut);
    close_all(&cut);
    tally->whole += outcome == OUTCOME_WHOLE;
    tally->lost += outcome == OUTCOME_LOST;
    tally->damaged += outcome == OUTCOME_DAMAGED;
    tally->batches += cut.world->batches_count;
    tally->recoveries_cut += cut.recoveries_cut;
    if (is_told || outcome == OUTCOME_DAMAGED)
        printf("seed %" PRIu64 " %s: cut in operation %" PRIu64 ", sectors of %u%s, %u batches: %s %s\n", seed,
            synchronous ? synchronous : "FULL", cut.cut_operation, cut.disk.sector,
            cut.disk.is_powersafe ? "" : " torn whole", cut.world->batches_count,
            outcome == OUTCOME_WHOLE  ? "whole"
            : outcome == OUTCOME_LOST ? "LOST"
                                      : "DAMAGED",
            cut.reason);
    disk_finish(&cut.disk);
    world_destroy(cut.world);
    char lock[96];
    snprintf(lock, sizeof lock, "%s/core.lock", cut.folder);
    unlink(lock);
    rmdir(cut.folder);
    return outcome;
}

static struct tally run_seeds(uint64_t from, uint64_t count, const char *synchronous)
{
    struct tally tally = {0};
    for (uint64_t seed = from; seed < from + count; seed++) {
        enum outcome outcome = run_seed(seed, synchronous, &tally, false);
        if (outcome == OUTCOME_LOST && !synchronous) printf("seed %" PRIu64 " lost\n", seed);
    }
    printf("synchronous=%s, seeds %" PRIu64 " to %" PRIu64 ": %u whole, %u with acknowledged batches lost, %u damaged;"
           " %u batches, %u cuts in a recovery\n",
        synchronous ? synchronous : "FULL", from, from + count - 1, tally.whole, tally.lost, tally.damaged,
        tally.batches, tally.recoveries_cut);
    return tally;
}

/* ---- the tests ---- */

static void nothing_acknowledged_is_lost_in_500_cuts(void **state)
{
    (void)state;
    struct tally tally = run_seeds(1, SEEDS, NULL);
    assert_int_equal(0, tally.lost);
    assert_int_equal(0, tally.damaged);
    assert_true(tally.batches > 10 * SEEDS && tally.recoveries_cut > SEEDS / 10);
}

static void without_full_synchronous_acknowledged_batches_are_lost(void **state)
{
    (void)state;
    struct tally tally = run_seeds(1, NORMAL_SEEDS, "NORMAL");
    assert_true(tally.lost > NORMAL_SEEDS / 10);
    assert_int_equal(0, tally.damaged);
}

static void a_seed_replays_to_the_same_operation_and_bytes(void **state)
{
    (void)state;
    struct tally first = {0}, second = {0};
    for (uint64_t seed = 1; seed <= 10; seed++) {
        (void)run_seed(seed, "NORMAL", &first, false);
        (void)run_seed(seed, "NORMAL", &second, false);
        assert_memory_equal(&first, &second, sizeof first);
    }
}

int main(int count, char **words)
{
    struct tally tally = {0};
    if (count >= 3 && strcmp(words[1], "--seed") == 0)
        return run_seed(strtoull(words[2], NULL, 10), count > 3 ? words[3] : NULL, &tally, true) != OUTCOME_WHOLE;
    if (count >= 4 && strcmp(words[1], "--seeds") == 0) {
        tally = run_seeds(strtoull(words[2], NULL, 10), strtoull(words[3], NULL, 10), count > 4 ? words[4] : NULL);
        return tally.lost + tally.damaged != 0;
    }
    if (count > 1) {
        fprintf(stderr, "usage: power_cut [--seed N [NORMAL] | --seeds FROM COUNT [NORMAL]]\n");
        return 64;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_in_500_cuts),
        cmocka_unit_test(without_full_synchronous_acknowledged_batches_are_lost),
        cmocka_unit_test(a_seed_replays_to_the_same_operation_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
