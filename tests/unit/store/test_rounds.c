/* A round is read back as it was frozen, or not at all. */
#include "store/question_body.h"
#include "unit/store/folder.h"

static void fill_question(struct question *question, int number)
{
    *question = (struct question){.kind = QUESTION_MULTIPLE,
        .difficulty = 2,
        .options_count = 3,
        .key = 5,
        .seconds = (uint16_t)(20 + number),
        .points = (uint16_t)(10 * number),
        .is_sample = number % 2 == 0};
    snprintf(question->text, sizeof question->text, "第%d题：下列哪些是可再生能源？", number);
    snprintf(question->options[0], sizeof question->options[0], "太阳能");
    snprintf(question->options[1], sizeof question->options[1], "煤");
    snprintf(question->options[2], sizeof question->options[2], "风能");
    snprintf(question->explanation, sizeof question->explanation, "煤是化石燃料。");
    snprintf(question->source, sizeof question->source, "《科学》八年级上册");
    snprintf(question->category, sizeof question->category, "能源");
    snprintf(question->picture, sizeof question->picture, "wind.png");
    snprintf(question->picture_alt, sizeof question->picture_alt, "风车");
}

static void assert_questions_equal(const struct question *a, const struct question *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->difficulty, b->difficulty);
    assert_int_equal(a->options_count, b->options_count);
    assert_int_equal(a->key, b->key);
    assert_int_equal(a->seconds, b->seconds);
    assert_int_equal(a->points, b->points);
    assert_int_equal(a->is_sample, b->is_sample);
    assert_string_equal(a->text, b->text);
    for (int i = 0; i < OPTIONS_MAX; i++)
        assert_string_equal(a->options[i], b->options[i]);
    assert_string_equal(a->explanation, b->explanation);
    assert_string_equal(a->source, b->source);
    assert_string_equal(a->category, b->category);
    assert_string_equal(a->picture, b->picture);
    assert_string_equal(a->picture_alt, b->picture_alt);
}

#define FULL_ASKINGS 3

struct full_round {
    struct round_record record;
    struct asking_rules askings[FULL_ASKINGS];
    struct question questions[FULL_ASKINGS];
    uint32_t seen;
};

static void fill_round(struct full_round *full)
{
    static const char *const communities[] = {"幸福里", "和平社区"};
    full->record = (struct round_record){.round = ROUND_NUMBER,
        .code = 654321,
        .created_ms = 1700000000000,
        .seed = 0xfedcba9876543210,
        .rules = rules_default(),
        .title = "全国科普日",
        .unit = "区科协",
        .communities = communities,
        .askings_count = FULL_ASKINGS,
        .askings = full->askings,
        .questions = full->questions};
    full->record.rules.communities_count = 2;
    full->record.rules.scoring = SCORING_SPEED;
    for (int i = 0; i < FULL_ASKINGS; i++) {
        fill_question(&full->questions[i], i + 1);
        full->askings[i] = (struct asking_rules){.kind = QUESTION_MULTIPLE,
            .options_count = 3,
            .key = 5,
            .points = (uint16_t)(10 + i),
            .limit_ms = 20000,
            .reading_ms = 4000};
    }
}

static bool compare_round(void *context, const struct round_record *record)
{
    struct full_round *full = context;
    const struct round_record *wanted = &full->record;
    full->seen++;
    assert_int_equal(wanted->round, record->round);
    assert_int_equal(wanted->code, record->code);
    assert_int_equal(wanted->created_ms, record->created_ms);
    assert_true(wanted->seed == record->seed);
    assert_string_equal(wanted->title, record->title);
    assert_string_equal(wanted->unit, record->unit);
    assert_int_equal(SCORING_SPEED, record->rules.scoring);
    assert_int_equal(wanted->rules.limit_ms, record->rules.limit_ms);
    assert_int_equal(2, record->rules.communities_count);
    assert_string_equal("幸福里", record->communities[0]);
    assert_string_equal("和平社区", record->communities[1]);
    assert_int_equal(FULL_ASKINGS, record->askings_count);
    for (int i = 0; i < FULL_ASKINGS; i++) {
        assert_questions_equal(&full->questions[i], &record->questions[i]);
        assert_int_equal(full->askings[i].points, record->askings[i].points);
        assert_int_equal(full->askings[i].key, record->askings[i].key);
        assert_int_equal(full->askings[i].reading_ms, record->askings[i].reading_ms);
    }
    return true;
}

static void round_is_read_back_as_it_was_frozen(void **state)
{
    struct folder *folder = *state;
    struct full_round full = {0};
    fill_round(&full);
    struct store *store = folder_open(folder);
    store_append_round(store, &full.record);
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);

    store = folder_open(folder);
    assert_true(store_get_round(store, ROUND_NUMBER, compare_round, &full));
    assert_true(store_each_round(store, false, compare_round, &full));
    assert_int_equal(2, full.seen);
    assert_int_equal(ROUND_NUMBER, store_last_round(store));
    assert_false(store_get_round(store, ROUND_NUMBER + 1, compare_round, &full));
    store_close(store);
}

static bool collect_round(void *context, const struct round_record *record)
{
    uint32_t *rounds = context;
    rounds[++rounds[0]] = record->round;
    return rounds[0] < 3;
}

static void ended_rounds_are_left_out_where_unended_are_asked_for(void **state)
{
    struct store *store = folder_open(*state);
    for (uint32_t round = 1; round <= 4; round++)
        append_small_round(store, round);
    struct control ended = {.kind = CONTROL_ROUND_ENDED, .round = 2, .at_ms = 5, .participant = PARTICIPANT_NONE};
    store_append_control(store, &ended);
    assert_int_equal(STORE_OK, store_commit(store));
    uint32_t unended[4] = {0}, all[4] = {0};
    assert_true(store_each_round(store, true, collect_round, unended));
    assert_true(store_each_round(store, false, collect_round, all)); /* stops after three */
    assert_memory_equal(((uint32_t[]){3, 1, 3, 4}), unended, sizeof unended);
    assert_memory_equal(((uint32_t[]){3, 1, 2, 3}), all, sizeof all);
    store_close(store);
}

static void damaged_question_is_refused_at_every_length(void **state)
{
    (void)state;
    struct question question, decoded;
    fill_question(&question, 1);
    uint8_t bytes[QUESTION_BODY_MAX];
    struct writer w = writer_over(bytes, sizeof bytes);
    question_body_encode(&w, &question);
    assert_true(w.ok);
    for (size_t size = 0; size < w.size; size++) {
        struct reader r = reader_over(bytes, size);
        assert_false(question_body_decode(&r, &decoded));
    }
    struct reader whole = reader_over(bytes, w.size);
    assert_true(question_body_decode(&whole, &decoded));
    assert_questions_equal(&question, &decoded);
    bytes[1] = QUESTION_KINDS;
    struct reader unknown = reader_over(bytes, w.size);
    assert_false(question_body_decode(&unknown, &decoded));
}

static void round_whose_record_is_damaged_is_not_handed_out(void **state)
{
    struct folder *folder = *state;
    struct full_round full = {0};
    struct store *store = folder_open(folder);
    commit_round(store, 0);
    store_close(store);
    folder_sql(folder, "UPDATE question SET body = x'010203'");
    store = folder_open(folder);
    assert_false(store_get_round(store, ROUND_NUMBER, compare_round, &full));
    assert_int_equal(0, full.seen);
    store_close(store);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(round_is_read_back_as_it_was_frozen),
        STORE_TEST(ended_rounds_are_left_out_where_unended_are_asked_for),
        STORE_TEST(damaged_question_is_refused_at_every_length),
        STORE_TEST(round_whose_record_is_damaged_is_not_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
