/* A batch is kept whole or not at all, and the next one works. */
#include "base/clock.h"
#include "store/store_private.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/folder.h"

struct fixture {
    struct folder *folder;
    struct faults faults;
    struct store *store; /* of a round with 100 participants, on the VFS of the faults */
};

static int fixture_make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    folder_make((void **)&fixture->folder);
    fault_vfs_use(&fixture->faults);
    assert_int_equal(
        STORE_OPENED, folder_try(fixture->folder, (struct store_options){.vfs = FAULT_VFS}, &fixture->store));
    commit_round(fixture->store, 100);
    *state = fixture;
    return 0;
}

static int fixture_remove(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture->store);
    folder_remove((void **)&fixture->folder);
    free(fixture);
    return 0;
}

/* A batch of several kinds of records; `asking` is new. */
static void append_batch(struct store *store, uint16_t asking)
{
    struct control control = {.kind = CONTROL_ASKING_OPENED, .round = ROUND_NUMBER, .asking = asking, .at_ms = 4000};
    store_append_control(store, &control);
    for (uint32_t i = 0; i < 100; i++)
        append_answer(store, asking, i);
    store_set_value(store, "term", span_of_text("12345678"));
}

static int64_t events_count(struct fixture *fixture)
{
    return folder_number(fixture->folder, "SELECT count(*) FROM event");
}

/* Nothing of the failed batch is there, in this process and for others. */
static void assert_only_the_round(struct fixture *fixture)
{
    uint8_t term[8];
    assert_false(store_has_batch(fixture->store));
    assert_int_equal(100, store_last_seq(fixture->store));
    assert_int_equal(2000, store_last_at_ms(fixture->store));
    assert_int_equal(0, answers_count(fixture->store, 1));
    assert_false(store_get_value(fixture->store, "term", term, sizeof term));
    assert_int_equal(0, events_count(fixture));
    assert_int_equal(0, folder_number(fixture->folder, "SELECT count(*) FROM answer"));
}

static void assert_next_batch_works(struct fixture *fixture)
{
    append_batch(fixture->store, 1);
    assert_int_equal(201, store_last_seq(fixture->store));
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    assert_int_equal(100, answers_count(fixture->store, 1));
    assert_int_equal(1, events_count(fixture));
    store_close(fixture->store);
    assert_int_equal(
        STORE_OPENED, folder_try(fixture->folder, (struct store_options){.vfs = FAULT_VFS}, &fixture->store));
    assert_int_equal(201, store_last_seq(fixture->store));
    assert_int_equal(100, answers_count(fixture->store, 1));
}

static void commit_without_a_batch_is_ok(void **state)
{
    struct fixture *fixture = *state;
    uint32_t syncs = fixture->faults.syncs;
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    assert_int_equal(syncs, fixture->faults.syncs);
}

static void every_commit_is_synced_before_it_is_ok(void **state)
{
    struct fixture *fixture = *state;
    for (uint16_t asking = 1; asking <= 3; asking++) {
        uint32_t syncs = fixture->faults.syncs;
        append_batch(fixture->store, asking);
        assert_int_equal(syncs, fixture->faults.syncs);
        assert_int_equal(STORE_OK, store_commit(fixture->store));
        assert_true(fixture->faults.syncs > syncs);
    }
}

static void cancelled_batch_is_gone_and_gives_its_numbers_back(void **state)
{
    struct fixture *fixture = *state;
    append_batch(fixture->store, 1);
    assert_true(store_has_batch(fixture->store));
    assert_int_equal(201, store_last_seq(fixture->store));
    store_cancel(fixture->store);
    assert_only_the_round(fixture);
    assert_next_batch_works(fixture);
}

static void answer_that_is_there_already_fails_its_batch_whole(void **state)
{
    struct fixture *fixture = *state;
    append_batch(fixture->store, 1);
    append_answer(fixture->store, 1, 50);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_non_null(strstr(store_message(fixture->store), "already"));
    assert_only_the_round(fixture);
    assert_next_batch_works(fixture);

    append_answer(fixture->store, 2, 1);
    append_answer(fixture->store, 1, 50); /* of the batch before */
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_int_equal(0, answers_count(fixture->store, 2));
    assert_int_equal(201, store_last_seq(fixture->store));
}

static void answer_of_an_earlier_life_is_known_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    store_close(fixture->store);
    assert_int_equal(
        STORE_OPENED, folder_try(fixture->folder, (struct store_options){.vfs = FAULT_VFS}, &fixture->store));
    append_answer(fixture->store, 1, 99);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_int_equal(201, store_last_seq(fixture->store));
    assert_int_equal(100, answers_count(fixture->store, 1));
}

static void answer_is_known_after_many_other_askings(void **state)
{
    struct fixture *fixture = *state;
    for (uint16_t asking = 1; asking <= 2 * ROUNDS_MAX; asking++)
        append_answer(fixture->store, asking, 5);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    append_answer(fixture->store, 1, 6);
    append_answer(fixture->store, 1, 5);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    append_answer(fixture->store, 1, 6);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    assert_int_equal(2, answers_count(fixture->store, 1));
}

static void second_answer_after_more_than_a_turn_of_others_fails_them_all(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < TURN_EVENTS_MAX + 10; i++)
        append_answer(fixture->store, 1, i);
    append_answer(fixture->store, 1, 3);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_only_the_round(fixture);
    for (uint32_t i = 0; i < TURN_EVENTS_MAX + 10; i++)
        append_answer(fixture->store, 1, i);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    assert_int_equal(TURN_EVENTS_MAX + 10, answers_count(fixture->store, 1));
}

static void participant_that_is_there_already_fails_its_batch_whole(void **state)
{
    struct fixture *fixture = *state;
    uint8_t nonce[NONCE_SIZE] = {1};
    store_append_join(fixture->store, ROUND_NUMBER, 7, 0, 0, nonce, 1, span_of_text("第二个"));
    append_batch(fixture->store, 1); /* what comes after the failure is not kept either */
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_only_the_round(fixture);
    char name[4 * NAME_CHARS_MAX + 1];
    assert_true(store_get_name(fixture->store, ROUND_NUMBER, 7, name));
    assert_string_equal("李雷", name);
    assert_next_batch_works(fixture);
}

static void record_of_an_unknown_round_fails_its_batch(void **state)
{
    struct fixture *fixture = *state;
    struct control control = {.kind = CONTROL_PAUSED, .round = 999, .at_ms = 1};
    store_append_control(fixture->store, &control);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_only_the_round(fixture);
}

static void full_disk_refuses_the_batch_and_the_next_works_when_there_is_room(void **state)
{
    struct fixture *fixture = *state;
    uint32_t refused = 0;
    enum store_result result = STORE_FULL;
    for (int64_t room = 0; result != STORE_OK; room += 1500) { /* full at another write of the commit each time */
        fixture->faults.room = room;
        append_batch(fixture->store, 1);
        result = store_commit(fixture->store);
        if (result == STORE_OK) break;
        assert_int_equal(STORE_FULL, result);
        assert_non_null(strstr(store_message(fixture->store), "full"));
        assert_only_the_round(fixture);
        refused++;
    }
    assert_true(refused > 5);
    fixture->faults.room = -1;
    assert_int_equal(100, answers_count(fixture->store, 1));
    append_batch(fixture->store, 2);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    assert_int_equal(302, store_last_seq(fixture->store));
}

static void write_that_fails_for_want_of_room_is_a_full_disk(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 2; i++) {
        fixture->faults.is_write_failing = true;
        fixture->faults.error = i == 0 ? ENOSPC : EDQUOT;
        append_batch(fixture->store, 1);
        assert_int_equal(STORE_FULL, store_commit(fixture->store));
        fixture->faults.is_write_failing = false;
        assert_only_the_round(fixture);
    }
    assert_next_batch_works(fixture);
}

static void failing_write_is_broken(void **state)
{
    struct fixture *fixture = *state;
    fixture->faults.is_write_failing = true;
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    fixture->faults.is_write_failing = false;
    assert_only_the_round(fixture);
}

static void failing_fsync_is_broken_whatever_its_errno(void **state)
{
    struct fixture *fixture = *state;
    fixture->faults.is_sync_failing = true;
    fixture->faults.error = ENOSPC;
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_BROKEN, store_commit(fixture->store));
    assert_false(store_has_batch(fixture->store));
    assert_int_equal(100, store_last_seq(fixture->store));
    fixture->faults.is_sync_failing = false;
}

/* ---- checkpoints ---- */

static void checkpoint_empties_the_wal_and_says_how_long_it_is(void **state)
{
    struct fixture *fixture = *state;
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    int pages = store_wal_pages(fixture->store);
    assert_true(pages > 5);
    assert_int_equal(pages, store_checkpoint(fixture->store, false));
    assert_int_equal(0, store_checkpoint(fixture->store, true));
    assert_int_equal(0, store_wal_pages(fixture->store));
    assert_int_equal(100, answers_count(fixture->store, 1));
}

static void wal_grows_without_a_checkpoint_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    int pages = 0;
    for (uint16_t asking = 1; pages <= 1000; asking++) { /* SQLite's own would come at 1,000 */
        append_batch(fixture->store, asking);
        assert_int_equal(STORE_OK, store_commit(fixture->store));
        assert_true(store_wal_pages(fixture->store) > pages);
        pages = store_wal_pages(fixture->store);
        assert_true(asking < 1000);
    }
}

static void truncating_checkpoint_does_not_wait_for_a_reader(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *reader;
    assert_int_equal(SQLITE_OK, sqlite3_open_v2(fixture->folder->database, &reader, SQLITE_OPEN_READONLY, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM answer", NULL, NULL, NULL));
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    uint64_t before = clock_monotonic_ms();
    assert_true(store_checkpoint(fixture->store, true) > 0);
    assert_true(clock_monotonic_ms() - before < 2000);
    sqlite3_close(reader);
    assert_int_equal(0, store_checkpoint(fixture->store, true));
}

static void checkpoint_on_a_full_disk_is_no_error_and_on_a_broken_one_it_is(void **state)
{
    struct fixture *fixture = *state;
    append_batch(fixture->store, 1);
    assert_int_equal(STORE_OK, store_commit(fixture->store));
    int pages = store_wal_pages(fixture->store);
    fixture->faults.room = 0;
    assert_int_equal(pages, store_checkpoint(fixture->store, false));
    fixture->faults.room = -1;
    fixture->faults.is_sync_failing = true;
    assert_int_equal(-1, store_checkpoint(fixture->store, false));
    fixture->faults.is_sync_failing = false;
    assert_int_equal(100, answers_count(fixture->store, 1));
}

#define BATCH_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BATCH_TEST(commit_without_a_batch_is_ok),
        BATCH_TEST(every_commit_is_synced_before_it_is_ok),
        BATCH_TEST(cancelled_batch_is_gone_and_gives_its_numbers_back),
        BATCH_TEST(answer_that_is_there_already_fails_its_batch_whole),
        BATCH_TEST(answer_of_an_earlier_life_is_known_after_a_restart),
        BATCH_TEST(answer_is_known_after_many_other_askings),
        BATCH_TEST(second_answer_after_more_than_a_turn_of_others_fails_them_all),
        BATCH_TEST(participant_that_is_there_already_fails_its_batch_whole),
        BATCH_TEST(record_of_an_unknown_round_fails_its_batch),
        BATCH_TEST(full_disk_refuses_the_batch_and_the_next_works_when_there_is_room),
        BATCH_TEST(write_that_fails_for_want_of_room_is_a_full_disk),
        BATCH_TEST(failing_write_is_broken),
        BATCH_TEST(failing_fsync_is_broken_whatever_its_errno),
        BATCH_TEST(checkpoint_empties_the_wal_and_says_how_long_it_is),
        BATCH_TEST(wal_grows_without_a_checkpoint_of_its_own),
        BATCH_TEST(truncating_checkpoint_does_not_wait_for_a_reader),
        BATCH_TEST(checkpoint_on_a_full_disk_is_no_error_and_on_a_broken_one_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
