/* Every message between edge and core: what is written is read again the same, and nothing else is read. */
#include "protocol/edge_core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct span text(const char *string)
{
    return span_of_text(string);
}

static const struct edge_hello a_edge_hello = {1, 2, 17, UINT64_C(0x1122334455667788), "fifteen letters"};
static const struct edge_look a_edge_look = {3, 4, 123456};
static const struct edge_detach a_edge_detach = {5, 6, 7, 8};
static const struct edge_answer a_edge_answer = {9, 10, 11, 12, 13, 5, 1400, 2500, 200};
static const struct edge_drained a_edge_drained = {14, 15};
static const struct edge_stats a_edge_stats = {16, 17, 18};
static const struct core_welcome a_core_welcome = {1, 19, -20};
static const struct core_looked a_core_looked = {21, 22, 23};
static const struct core_count a_core_count = {24, 25};

static struct edge_join a_edge_join(void)
{
    struct edge_join join = {26, 27, 28, .community = 29, .name = text("王秀英")};
    for (uint8_t i = 0; i < NONCE_SIZE; i++)
        join.nonce[i] = (uint8_t)(200 + i);
    return join;
}

static struct edge_resume a_edge_resume(void)
{
    return (struct edge_resume){30, 31, 32, text("a-token"), true, 33, 34, 3400};
}

static struct core_round a_core_round(void)
{
    return (struct core_round){.round = 35,
        .code = 36,
        .change = CHANGE_ENDED,
        .phase = PHASE_ENDED,
        .is_paused = true,
        .is_locked = false,
        .is_reopened = true,
        .is_voided = true,
        .scene = SCENE_LEADERBOARD,
        .names = NAMES_REQUIRED,
        .rank_shown = RANK_END,
        .scoring = SCORING_KNOCKOUT,
        .asking = 37,
        .askings_count = 38,
        .people = 39,
        .opened_at_ms = 40,
        .reading_ms = 41,
        .limit_ms = 42,
        .shuffle_seed = 43,
        .title = text("科普竞答"),
        .unit = text("区科协"),
        .communities = text("[\"东\"]"),
        .question = text("{\"type\":\"question\"}"),
        .revealed = text("{\"type\":\"revealed\"}"),
        .leaderboard = text("{\"type\":\"leaderboard\"}")};
}

static struct core_picture a_core_picture(void)
{
    return (struct core_picture){text("abc.png"), {(const uint8_t *)"\x89PNG\0", 5}};
}

static struct own_standing a_standing(void)
{
    return (struct own_standing){44, 45, 46, 47, 48, 49, 50, true};
}

static struct core_attached a_core_attached(void)
{
    return (struct core_attached){51, 52, 53, 54, 55, text("the-token"), text("王＊英"), 56, 57, 58, true, 59, 60, 61,
        62, text("ABCD-EFGH"), a_standing()};
}

static struct core_recorded a_core_recorded(void)
{
    return (struct core_recorded){63, 64, 65, 66, 67, 68, text("ABCD-EFGH")};
}

static struct core_refused a_core_refused(void)
{
    return (struct core_refused){69, 70, VERDICT_BAD_FRAME, 71, true, 72, 73, 74, text("ABCD-EFGH")};
}

static struct core_renamed a_core_renamed(void)
{
    return (struct core_renamed){75, 76, text("新名")};
}

/* NAME_same: written, read and written again gives the same bytes, of its kind. NAME_whole: no beginning of it, and
 * nothing longer, is read. Each attempt reads from memory of just that size, so that the sanitizer sees a step over. */
#define MESSAGE(name, kind, value)                                                                                     \
    static void name##_is_read_as_written(void **state)                                                                \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        struct name written = value, read = {0};                                                                       \
        uint8_t first[4096], second[4096];                                                                             \
        struct writer w = writer_over(first, sizeof first), again = writer_over(second, sizeof second);                \
        name##_encode(&w, &written);                                                                                   \
        assert_true(w.ok);                                                                                             \
        assert_int_equal(message_kind((struct span){first, w.size}), kind);                                            \
        assert_true(name##_decode((struct span){first, w.size}, &read));                                               \
        name##_encode(&again, &read);                                                                                  \
        assert_int_equal(w.size, again.size);                                                                          \
        assert_memory_equal(first, second, w.size);                                                                    \
    }                                                                                                                  \
    static void name##_is_read_whole_or_not_at_all(void **state)                                                       \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        struct name written = value, read;                                                                             \
        uint8_t bytes[4096] = {0};                                                                                     \
        struct writer w = writer_over(bytes, sizeof bytes);                                                            \
        name##_encode(&w, &written);                                                                                   \
        for (size_t size = 0; size <= w.size + 1; size++) {                                                            \
            uint8_t *exact = malloc(size ? size : 1);                                                                  \
            assert_non_null(exact);                                                                                    \
            memcpy(exact, bytes, size);                                                                                \
            assert_int_equal(name##_decode((struct span){exact, size}, &read), size == w.size);                        \
            free(exact);                                                                                               \
        }                                                                                                              \
        bytes[0] ^= 0x40;                                                                                              \
        assert_false(name##_decode((struct span){bytes, w.size}, &read));                                              \
        for (size_t room = 0; room < w.size; room++) {                                                                 \
            struct writer narrow = writer_over(bytes, room);                                                           \
            name##_encode(&narrow, &written);                                                                          \
            assert_false(narrow.ok);                                                                                   \
        }                                                                                                              \
    }

MESSAGE(edge_hello, EDGE_HELLO, a_edge_hello)
MESSAGE(edge_look, EDGE_LOOK, a_edge_look)
MESSAGE(edge_join, EDGE_JOIN, a_edge_join())
MESSAGE(edge_resume, EDGE_RESUME, a_edge_resume())
MESSAGE(edge_detach, EDGE_DETACH, a_edge_detach)
MESSAGE(edge_answer, EDGE_ANSWER, a_edge_answer)
MESSAGE(edge_drained, EDGE_DRAINED, a_edge_drained)
MESSAGE(edge_stats, EDGE_STATS, a_edge_stats)
MESSAGE(core_welcome, CORE_WELCOME, a_core_welcome)
MESSAGE(core_round, CORE_ROUND, a_core_round())
MESSAGE(core_picture, CORE_PICTURE, a_core_picture())
MESSAGE(core_looked, CORE_LOOKED, a_core_looked)
MESSAGE(core_attached, CORE_ATTACHED, a_core_attached())
MESSAGE(core_recorded, CORE_RECORDED, a_core_recorded())
MESSAGE(core_refused, CORE_REFUSED, a_core_refused())
MESSAGE(core_renamed, CORE_RENAMED, a_core_renamed())
MESSAGE(core_count, CORE_COUNT, a_core_count)

/* ---- the fields land where they belong: read back by name ---- */

static void fields_keep_their_names(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    struct writer w = writer_over(bytes, sizeof bytes);
    struct core_attached attached = a_core_attached(), read;
    core_attached_encode(&w, &attached);
    assert_true(core_attached_decode((struct span){bytes, w.size}, &read));
    assert_int_equal(read.participant, 54);
    assert_int_equal(read.community, 55);
    assert_true(span_equal(read.name, text("王＊英")));
    assert_int_equal(read.start_asking, 56);
    assert_int_equal(read.allowance_ms, 58);
    assert_int_equal(read.answer_asking, 59);
    assert_int_equal(read.choice, 60);
    assert_int_equal(read.elapsed_ms, 61);
    assert_int_equal(read.credit_ms, 62);
    assert_int_equal(read.standing.points, 46);
    assert_int_equal(read.standing.gained, 47);
    assert_int_equal(read.standing.rank, 49);
    assert_true(read.standing.is_out);
}

static void times_beyond_any_clock_are_not_read(void **state)
{
    (void)state;
    static const int64_t offsets[] = {INT64_MAX, INT64_MIN, ((int64_t)1 << 53) + 1};
    for (size_t i = 0; i < 3; i++) {
        uint8_t bytes[64];
        struct writer w = writer_over(bytes, sizeof bytes);
        struct core_welcome welcome = {.version = 1, .term = 1, .clock_offset_ms = offsets[i]}, read;
        core_welcome_encode(&w, &welcome);
        assert_false(core_welcome_decode((struct span){bytes, w.size}, &read));
    }
    uint8_t bytes[512];
    struct writer w = writer_over(bytes, sizeof bytes);
    struct core_attached attached = {.start_asking = 1, .start_ms = UINT64_MAX}, read;
    core_attached_encode(&w, &attached);
    assert_false(core_attached_decode((struct span){bytes, w.size}, &read));
}

static void a_negative_clock_offset_survives(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof bytes);
    struct core_welcome read;
    core_welcome_encode(&w, &a_core_welcome);
    assert_true(core_welcome_decode((struct span){bytes, w.size}, &read));
    assert_int_equal(read.clock_offset_ms, -20);
}

/* ---- lists ---- */

static void shown_is_read_as_written_and_bounded(void **state)
{
    (void)state;
    static struct shown_start starts[SHOWN_BATCH_MAX + 1], read_starts[SHOWN_BATCH_MAX];
    static uint8_t bytes[(SHOWN_BATCH_MAX + 1) * 12 + 64];
    for (uint32_t i = 0; i <= SHOWN_BATCH_MAX; i++)
        starts[i] = (struct shown_start){i, 1000000 + i};
    struct edge_shown shown = {.round = 1, .asking = 2, .is_end = true, .count = SHOWN_BATCH_MAX, .starts = starts},
                      read;
    struct writer w = writer_over(bytes, sizeof bytes);
    edge_shown_encode(&w, &shown);
    assert_true(edge_shown_decode((struct span){bytes, w.size}, &read, read_starts));
    assert_true(read.is_end);
    assert_int_equal(read.count, SHOWN_BATCH_MAX);
    assert_int_equal(read.starts[999].start_ms, 1000999);
    for (size_t size = 0; size < w.size; size += 7)
        assert_false(edge_shown_decode((struct span){bytes, size}, &read, read_starts));

    shown.count = SHOWN_BATCH_MAX + 1;
    w = writer_over(bytes, sizeof bytes);
    edge_shown_encode(&w, &shown);
    assert_true(w.ok);
    assert_false(edge_shown_decode((struct span){bytes, w.size}, &read, read_starts));
}

static void standings_are_read_entry_by_entry(void **state)
{
    (void)state;
    uint8_t bytes[512];
    struct standings_item items[2] = {{1, 2, a_standing()}, {3, 4, {5, 6, 7, 8, 9, 0, 11, false}}}, item;
    struct core_standings head = {12, 13, 14, 2}, read;
    struct writer w = writer_over(bytes, sizeof bytes);
    core_standings_encode(&w, &head, items);
    struct reader r;
    assert_true(core_standings_begin((struct span){bytes, w.size}, &r, &read));
    assert_int_equal(read.round, 12);
    assert_int_equal(read.asking, 13);
    assert_int_equal(read.of, 14);
    core_standings_next(&r, &item);
    assert_int_equal(item.standing.points, 46);
    core_standings_next(&r, &item);
    assert_int_equal(item.slot, 3);
    assert_int_equal(item.standing.rights, 9);
    assert_true(read_finished(&r));
    for (size_t size = 0; size <= w.size + 1; size++)
        assert_int_equal(core_standings_begin((struct span){bytes, size}, &r, &read), size == w.size);
}

/* ---- what a sibling may not say ---- */

static size_t encode_refused(uint8_t *bytes, size_t capacity)
{
    struct writer w = writer_over(bytes, capacity);
    struct core_refused refused = a_core_refused();
    core_refused_encode(&w, &refused);
    return w.size;
}

static void a_word_outside_its_enum_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    struct core_refused refused;
    size_t size = encode_refused(bytes, sizeof bytes);
    bytes[2 + 8] = VERDICTS;
    assert_false(core_refused_decode((struct span){bytes, size}, &refused));
    bytes[2 + 8] = VERDICT_OK; /* a refusal without a reason */
    assert_false(core_refused_decode((struct span){bytes, size}, &refused));
    bytes[2 + 8] = VERDICT_LATE;
    assert_true(core_refused_decode((struct span){bytes, size}, &refused));

    static const uint8_t last[] = {
        CHANGE_ENDED, PHASE_ENDED, 1, 1, 1, 1, SCENE_LEADERBOARD, NAMES_REQUIRED, RANK_END, SCORING_KNOCKOUT};
    struct core_round round = a_core_round(), read;
    struct writer w = writer_over(bytes, sizeof bytes);
    core_round_encode(&w, &round);
    for (size_t i = 0; i < sizeof last; i++) {
        uint8_t kept = bytes[10 + i];
        bytes[10 + i] = last[i];
        assert_true(core_round_decode((struct span){bytes, w.size}, &read));
        bytes[10 + i] = (uint8_t)(last[i] + 1);
        assert_false(core_round_decode((struct span){bytes, w.size}, &read));
        bytes[10 + i] = kept;
    }
}

static void bounds_are_held(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    static char long_text[4 * QUESTION_FRAME_MAX];
    memset(long_text, 'x', sizeof long_text - 1);

    struct edge_answer answer = a_edge_answer, read_answer;
    answer.credit_ms = CREDIT_MS_MAX + 1;
    struct writer w = writer_over(bytes, sizeof bytes);
    edge_answer_encode(&w, &answer);
    assert_false(edge_answer_decode((struct span){bytes, w.size}, &read_answer));

    struct edge_join join = a_edge_join(), read_join;
    join.name = (struct span){(const uint8_t *)long_text, 4 * NAME_CHARS_MAX + 1};
    w = writer_over(bytes, sizeof bytes);
    edge_join_encode(&w, &join);
    assert_false(edge_join_decode((struct span){bytes, w.size}, &read_join));

    struct edge_resume resume = a_edge_resume(), read_resume;
    resume.token = (struct span){(const uint8_t *)long_text, TOKEN_TEXT_MAX + 1};
    w = writer_over(bytes, sizeof bytes);
    edge_resume_encode(&w, &resume);
    assert_false(edge_resume_decode((struct span){bytes, w.size}, &read_resume));

    struct edge_hello hello = a_edge_hello, read_hello;
    hello.edge = EDGES_MAX;
    w = writer_over(bytes, sizeof bytes);
    edge_hello_encode(&w, &hello);
    assert_false(edge_hello_decode((struct span){bytes, w.size}, &read_hello));

    hello = a_edge_hello;
    hello.version_min = 3; /* above version_max */
    w = writer_over(bytes, sizeof bytes);
    edge_hello_encode(&w, &hello);
    assert_false(edge_hello_decode((struct span){bytes, w.size}, &read_hello));

    static uint8_t large[BUS_MESSAGE_MAX];
    struct core_round round = a_core_round(), read_round;
    round.question = (struct span){(const uint8_t *)long_text, QUESTION_FRAME_MAX + 1};
    w = writer_over(large, sizeof large);
    core_round_encode(&w, &round);
    assert_true(w.ok);
    assert_false(core_round_decode((struct span){large, w.size}, &read_round));
}

static void a_frame_that_is_no_json_object_is_refused(void **state)
{
    (void)state;
    static uint8_t bytes[4096];
    static const char *const bad[] = {"{", "x", "[]", "{}x", "{\xff}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct core_round round = a_core_round(), read;
        round.revealed = text(bad[i]);
        struct writer w = writer_over(bytes, sizeof bytes);
        core_round_encode(&w, &round);
        assert_false(core_round_decode((struct span){bytes, w.size}, &read));
    }
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    struct core_renamed renamed = {1, 2, text("\xff")}, read;
    struct writer w = writer_over(bytes, sizeof bytes);
    core_renamed_encode(&w, &renamed);
    assert_false(core_renamed_decode((struct span){bytes, w.size}, &read));
}

#define TESTS(name) cmocka_unit_test(name##_is_read_as_written), cmocka_unit_test(name##_is_read_whole_or_not_at_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TESTS(edge_hello),
        TESTS(edge_look),
        TESTS(edge_join),
        TESTS(edge_resume),
        TESTS(edge_detach),
        TESTS(edge_answer),
        TESTS(edge_drained),
        TESTS(edge_stats),
        TESTS(core_welcome),
        TESTS(core_round),
        TESTS(core_picture),
        TESTS(core_looked),
        TESTS(core_attached),
        TESTS(core_recorded),
        TESTS(core_refused),
        TESTS(core_renamed),
        TESTS(core_count),
        cmocka_unit_test(fields_keep_their_names),
        cmocka_unit_test(times_beyond_any_clock_are_not_read),
        cmocka_unit_test(a_negative_clock_offset_survives),
        cmocka_unit_test(shown_is_read_as_written_and_bounded),
        cmocka_unit_test(standings_are_read_entry_by_entry),
        cmocka_unit_test(a_word_outside_its_enum_is_refused),
        cmocka_unit_test(bounds_are_held),
        cmocka_unit_test(a_frame_that_is_no_json_object_is_refused),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
