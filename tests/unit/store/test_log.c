/* The log: controls, joins and answers come back as they were appended, each with its place. */
#include "store/store_private.h"
#include "unit/store/folder.h"

struct log {
    uint32_t count;
    uint64_t seqs[16];
    struct control controls[16];
};

static bool collect_control(void *context, uint64_t seq, const struct control *control)
{
    struct log *log = context;
    log->seqs[log->count] = seq;
    log->controls[log->count++] = *control;
    return true;
}

static void every_control_is_read_back(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    append_small_round(store, ROUND_NUMBER);
    for (uint32_t kind = CONTROL_ROUND_OPENED; kind <= CONTROL_RENAMED; kind++) {
        struct control control = {.kind = (enum control_kind)kind,
            .round = ROUND_NUMBER,
            .asking = 60000,
            .participant = kind % 2 ? PARTICIPANT_NONE : kind,
            .value = UINT32_MAX - kind,
            .at_ms = 1700000000000 + kind,
            .actor = 4000000000u};
        store_append_control(store, &control);
    }
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(1700000000015, store_last_at_ms(store));
    store_close(store);

    struct log log = {0};
    store = folder_open(folder);
    assert_true(store_each_control(store, ROUND_NUMBER, collect_control, &log));
    assert_int_equal(15, log.count);
    assert_int_equal(1700000000015, store_last_at_ms(store));
    for (uint32_t i = 0; i < log.count; i++) {
        assert_int_equal(i + 1, log.seqs[i]);
        assert_int_equal(i + 1, log.controls[i].kind);
        assert_int_equal(ROUND_NUMBER, log.controls[i].round);
        assert_int_equal(60000, log.controls[i].asking);
        assert_int_equal(i % 2 == 0 ? PARTICIPANT_NONE : i + 1, log.controls[i].participant);
        assert_int_equal(UINT32_MAX - i - 1, log.controls[i].value);
        assert_int_equal(1700000000001 + i, log.controls[i].at_ms);
        assert_int_equal(4000000000u, log.controls[i].actor);
    }
    store_close(store);
}

static bool check_participant(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE])
{
    uint32_t *count = context;
    assert_int_equal(*count, number);
    assert_int_equal(*count + 1, seq);
    assert_int_equal(9 + number, generation);
    assert_int_equal(number == 0 ? COMMUNITY_NONE : 1, community);
    for (size_t i = 0; i < NONCE_SIZE; i++)
        assert_int_equal(200 + number, nonce[i]);
    ++*count;
    return true;
}

static void joins_are_read_back_with_their_names_apart(void **state)
{
    struct store *store = folder_open(*state);
    append_small_round(store, ROUND_NUMBER);
    for (uint32_t i = 0; i < 3; i++) {
        uint8_t nonce[NONCE_SIZE];
        memset(nonce, (int)(200 + i), sizeof nonce);
        struct span name = i == 2 ? (struct span){NULL, 0} : span_of_text(i == 0 ? "王小明" : "韩梅梅");
        store_append_join(store, ROUND_NUMBER, i, 9 + i, i == 0 ? COMMUNITY_NONE : 1, nonce, 77, name);
    }
    assert_int_equal(STORE_OK, store_commit(store));
    uint32_t count = 0;
    char name[4 * NAME_CHARS_MAX + 1];
    assert_true(store_each_participant(store, ROUND_NUMBER, check_participant, &count));
    assert_int_equal(3, count);
    assert_true(store_get_name(store, ROUND_NUMBER, 1, name));
    assert_string_equal("韩梅梅", name);
    assert_true(store_get_name(store, ROUND_NUMBER, 2, name));
    assert_string_equal("", name);
    assert_int_equal(77, folder_number(*state, "SELECT min(at_ms) FROM participant"));
    store_close(store);
}

struct answers {
    uint32_t count, stop_at;
    struct answer seen[64];
};

static bool collect_answer(void *context, const struct answer *answer)
{
    struct answers *answers = context;
    answers->seen[answers->count++] = *answer;
    return answers->count != answers->stop_at;
}

static void answers_are_read_back_in_slices_in_order_of_participant(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 40);
    for (uint32_t i = 0; i < 40; i++)
        append_answer(store, 1, (i * 7) % 40);
    append_answer(store, 2, 5);
    assert_int_equal(STORE_OK, store_commit(store));
    struct answers answers = {.stop_at = 15};
    assert_true(store_each_answer(store, ROUND_NUMBER, 1, 0, collect_answer, &answers));
    assert_int_equal(15, answers.count);
    answers.stop_at = 0;
    assert_true(store_each_answer(store, ROUND_NUMBER, 1, 15, collect_answer, &answers));
    assert_int_equal(40, answers.count);
    for (uint32_t i = 0; i < 40; i++) {
        struct answer wanted = answer_of(1, i);
        assert_int_equal(wanted.round, answers.seen[i].round);
        assert_int_equal(wanted.asking, answers.seen[i].asking);
        assert_int_equal(i, answers.seen[i].participant);
        assert_int_equal(wanted.choice, answers.seen[i].choice);
        assert_int_equal(wanted.elapsed_ms, answers.seen[i].elapsed_ms);
        assert_int_equal(wanted.credit_ms, answers.seen[i].credit_ms);
    }
    assert_int_equal(1, answers_count(store, 2));
    assert_int_equal(0, answers_count(store, 3));
    store_close(store);
}

static int on_statement(unsigned kind, void *context, void *statement, void *text)
{
    (void)kind, (void)text;
    struct answers *answers = context;
    char *sql = sqlite3_expanded_sql(statement);
    unsigned round, asking, seq, participant;
    const char *values = sql && strstr(sql, "INTO answer") ? strstr(sql, "VALUES(") : NULL;
    if (values && sscanf(values, "VALUES(%u,%u,%u,%u", &round, &asking, &seq, &participant) == 4)
        answers->seen[answers->count++] =
            (struct answer){.asking = (uint16_t)asking, .participant = participant, .elapsed_ms = seq};
    sqlite3_free(sql);
    return 0;
}

static void answers_of_a_batch_are_written_at_the_commit_in_key_order(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 20);
    struct answers written = {0};
    sqlite3_trace_v2(store->database.handle, SQLITE_TRACE_STMT, on_statement, &written);
    for (uint32_t i = 0; i < 20; i++)
        append_answer(store, (uint16_t)(2 - i % 2), (i * 11) % 20);
    assert_int_equal(0, written.count);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(20, written.count);
    for (uint32_t i = 1; i < 20; i++) { /* the seq stands in elapsed_ms */
        uint32_t before = written.seen[i - 1].asking * 100u + written.seen[i - 1].elapsed_ms;
        assert_true(before < written.seen[i].asking * 100u + written.seen[i].elapsed_ms);
    }
    struct answer answer;
    uint64_t seq, at_ms;
    for (uint32_t i = 0; i < 20; i++) { /* a seq is a place in the order of arrival */
        assert_true(store_get_answer(store, ROUND_NUMBER, (uint16_t)(2 - i % 2), (i * 11) % 20, &answer, &seq, &at_ms));
        assert_int_equal(20 + i + 1, seq);
        assert_int_equal(3000, at_ms);
    }
    store_close(store);
}

/* 680 answers of anybody are some 15 KB: in the order of participants each would change a page of 4 KB. */
static void small_batch_of_a_large_asking_is_a_small_commit(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 1);
    for (uint32_t i = 0; i < 40000; i++)
        append_answer(store, 1, i * 2);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(0, store_checkpoint(store, true));
    for (uint32_t i = 0; i < 680; i++)
        append_answer(store, 1, (i * 7919) % 40000 * 2 + 1);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_in_range(store_wal_pages(store), 4, 20);
    store_close(store);
}

static void answer_that_stands_there_twice_is_found_by_reading(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    commit_round(store, 2);
    append_answer(store, 1, 0);
    append_answer(store, 2, 0);
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);
    folder_sql(
        folder, "INSERT INTO answer SELECT round, asking, 99, participant, 0, 1, 1, 2 FROM answer WHERE asking = 1");
    store = folder_open(folder);
    uint32_t count = 0;
    assert_false(store_each_answer(store, ROUND_NUMBER, 1, 0, count_answer, &count));
    assert_int_equal(0, count);
    assert_int_equal(1, answers_count(store, 2));
    store_close(store);
}

static void next_slice_sees_what_came_after_the_first(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 1);
    for (uint32_t i = 0; i < 10; i++)
        append_answer(store, 1, i);
    assert_int_equal(STORE_OK, store_commit(store));
    struct answers answers = {.stop_at = 5};
    assert_true(store_each_answer(store, ROUND_NUMBER, 1, 0, collect_answer, &answers));
    append_answer(store, 1, 10);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_true(store_each_answer(store, ROUND_NUMBER, 1, 5, collect_answer, &answers));
    assert_int_equal(11, answers.count);
    assert_int_equal(10, answers.seen[10].participant);
    store_close(store);
}

static bool read_another_asking(void *context, const struct answer *answer)
{
    struct store *store = context;
    struct answer other;
    uint64_t seq, at_ms;
    assert_int_equal(2, answers_count(store, 2));
    assert_true(store_get_answer(store, ROUND_NUMBER, 2, answer->participant, &other, &seq, &at_ms));
    assert_int_equal(answer->participant, other.participant);
    return answer->participant == 0;
}

static void callback_may_read_another_asking(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 2);
    for (uint16_t asking = 1; asking <= 2; asking++)
        for (uint32_t i = 0; i < 2; i++)
            append_answer(store, asking, i);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_true(store_each_answer(store, ROUND_NUMBER, 1, 0, read_another_asking, store));
    assert_int_equal(2, answers_count(store, 1));
    store_close(store);
}

static void answer_knows_the_batch_that_recorded_it(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 2);
    struct answer first = answer_of(1, 0), second = answer_of(1, 1), found;
    store_append_answer(store, &first, 5000);
    assert_int_equal(STORE_OK, store_commit(store));
    store_append_answer(store, &second, 6000);
    assert_int_equal(STORE_OK, store_commit(store));
    uint64_t seq, at_ms;
    assert_true(store_get_answer(store, ROUND_NUMBER, 1, 0, &found, &seq, &at_ms));
    assert_int_equal(3, seq);
    assert_int_equal(5000, at_ms);
    assert_true(store_get_answer(store, ROUND_NUMBER, 1, 1, &found, &seq, &at_ms));
    assert_int_equal(4, seq);
    assert_int_equal(6000, at_ms);
    assert_false(store_get_answer(store, ROUND_NUMBER, 2, 1, &found, &seq, &at_ms));
    store_close(store);
}

static void seq_is_contiguous_over_controls_joins_and_answers(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    for (uint32_t batch = 0; batch < 5; batch++) {
        if (batch == 0) append_small_round(store, ROUND_NUMBER);
        struct control control = {.kind = CONTROL_PAUSED, .round = ROUND_NUMBER, .at_ms = batch};
        store_append_control(store, &control);
        uint8_t nonce[NONCE_SIZE] = {0};
        store_append_join(store, ROUND_NUMBER, batch, 0, 0, nonce, batch, span_of_text(""));
        append_answer(store, 1, batch);
        store_append_control(store, &control);
        assert_int_equal(4 * (batch + 1), store_last_seq(store));
        assert_int_equal(STORE_OK, store_commit(store));
        store_close(store);
        store = folder_open(folder);
        assert_int_equal(4 * (batch + 1), store_last_seq(store));
    }
    store_close(store);
#define SEQS "(SELECT seq FROM event UNION ALL SELECT seq FROM participant UNION ALL SELECT seq FROM answer)"
    assert_int_equal(20, folder_number(folder, "SELECT count(DISTINCT seq) FROM " SEQS));
    assert_int_equal(20, folder_number(folder, "SELECT count(*) FROM " SEQS));
    assert_int_equal(20, folder_number(folder, "SELECT max(seq) FROM " SEQS));
}

static void more_answers_than_one_turn_may_bring_still_fit_in_a_batch(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 1);
    for (uint32_t i = 0; i < TURN_EVENTS_MAX + 100; i++)
        append_answer(store, 1, i);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(TURN_EVENTS_MAX + 100, answers_count(store, 1));
    store_close(store);
}

static void reader_sees_commits_and_nothing_of_an_open_batch(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 3);
    struct store *reader = folder_open_reader(*state);
    append_answer(store, 1, 0);
    struct control control = {.kind = CONTROL_PAUSED, .round = ROUND_NUMBER, .at_ms = 1};
    store_append_control(store, &control);
    struct log log = {0};
    assert_true(store_each_control(reader, ROUND_NUMBER, collect_control, &log));
    assert_int_equal(0, log.count);
    assert_int_equal(0, answers_count(reader, 1));
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(1, answers_count(reader, 1));
    assert_true(store_each_control(reader, ROUND_NUMBER, collect_control, &log));
    assert_int_equal(1, log.count);
    assert_int_equal(3000, store_last_at_ms(reader));
    store_close(reader);
    store_close(store);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(every_control_is_read_back),
        STORE_TEST(joins_are_read_back_with_their_names_apart),
        STORE_TEST(answers_are_read_back_in_slices_in_order_of_participant),
        STORE_TEST(answers_of_a_batch_are_written_at_the_commit_in_key_order),
        STORE_TEST(small_batch_of_a_large_asking_is_a_small_commit),
        STORE_TEST(answer_that_stands_there_twice_is_found_by_reading),
        STORE_TEST(next_slice_sees_what_came_after_the_first),
        STORE_TEST(callback_may_read_another_asking),
        STORE_TEST(answer_knows_the_batch_that_recorded_it),
        STORE_TEST(seq_is_contiguous_over_controls_joins_and_answers),
        STORE_TEST(more_answers_than_one_turn_may_bring_still_fit_in_a_batch),
        STORE_TEST(reader_sees_commits_and_nothing_of_an_open_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
