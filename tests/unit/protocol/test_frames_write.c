/* JSON as it is written: bounded, escaped, commas in their places. What each frame looks like stands in
 * tests/vectors/server_frames.jsonl, held by test_vectors.c. */
#include "unit/protocol/fixed_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_written(const struct writer *w, const char *text)
{
    assert_true(w->ok);
    assert_int_equal(w->size, strlen(text));
    assert_memory_equal(w->data, text, w->size);
}

static void commas_come_by_themselves(void **state)
{
    (void)state;
    char room[128];
    struct writer w = writer_over(room, sizeof room);
    json_open(&w, '{');
    json_key(&w, "a");
    json_open(&w, '[');
    json_number(&w, 1);
    json_bool(&w, false);
    json_nothing(&w);
    json_open(&w, '[');
    json_close(&w, ']');
    json_open(&w, '{');
    json_close(&w, '}');
    json_close(&w, ']');
    json_key(&w, "b");
    json_raw(&w, span_of_text("{\"c\":2}"));
    json_key(&w, "d");
    json_text(&w, span_of_text("{"));
    json_key(&w, "e");
    json_text(&w, span_of_text(":"));
    json_close(&w, '}');
    expect_written(&w, "{\"a\":[1,false,null,[],{}],\"b\":{\"c\":2},\"d\":\"{\",\"e\":\":\"}");
}

static void numbers_have_all_their_digits(void **state)
{
    (void)state;
    char room[128];
    struct writer w = writer_over(room, sizeof room);
    json_open(&w, '[');
    json_number(&w, 0);
    json_number(&w, -1);
    json_number(&w, INT64_MAX);
    json_number(&w, INT64_MIN);
    json_close(&w, ']');
    expect_written(&w, "[0,-1,9223372036854775807,-9223372036854775808]");
}

static void text_is_escaped_and_kept_whole(void **state)
{
    (void)state;
    char room[128];
    struct writer w = writer_over(room, sizeof room);
    json_text(&w, (struct span){(const uint8_t *)"\"\\/\0\x1f\x7f王😀", 13});
    expect_written(&w, "\"\\\"\\\\/\\u0000\\u001f\x7f王😀\"");
}

static void text_that_is_not_utf8_fails_the_writer(void **state)
{
    (void)state;
    char room[128];
    struct writer w = writer_over(room, sizeof room);
    json_text(&w, span_of_text("a\xff"));
    assert_false(w.ok);
}

static void a_frame_that_does_not_fit_is_not_ok(void **state)
{
    (void)state;
    static char room[8192];
    for (size_t number = 0; number < FIXED_FRAMES; number++) {
        struct writer whole = writer_over(room, sizeof room);
        fixed_frame(&whole, number);
        assert_true(whole.ok);
        for (size_t capacity = 0; capacity < whole.size; capacity++) {
            uint8_t *exact = malloc(capacity ? capacity : 1);
            assert_non_null(exact);
            struct writer w = writer_over(exact, capacity);
            fixed_frame(&w, number);
            assert_false(w.ok);
            free(exact);
        }
    }
}

/* Promise 3: until the reveal nothing that a resident gets is made from the key. */
static void nothing_before_the_reveal_depends_on_the_key(void **state)
{
    (void)state;
    char first[4096], second[4096];
    struct question question = fixed_question();
    struct writer w = writer_over(first, sizeof first), other = writer_over(second, sizeof second);
    frame_write_question(&w, 2, 20, &question, 10, 5000, 30000);
    question.key = 2;
    frame_write_question(&other, 2, 20, &question, 10, 5000, 30000);
    assert_true(span_equal((struct span){w.data, w.size}, (struct span){other.data, other.size}));
}

/* The longest question that a bank may hold still fits the bus's bound on its frame. */
static void the_longest_question_fits(void **state)
{
    (void)state;
    static char room[QUESTION_FRAME_MAX];
    static struct question question;
    question = (struct question){.kind = QUESTION_SINGLE, .options_count = OPTIONS_MAX, .key = 1};
    memset(question.text, '"', sizeof question.text - 1);
    for (size_t i = 0; i < OPTIONS_MAX; i++)
        memset(question.options[i], '\\', sizeof question.options[i] - 1);
    memset(question.explanation, '"', sizeof question.explanation - 1);
    memset(question.source, '"', sizeof question.source - 1);
    memset(question.category, '"', sizeof question.category - 1);
    memset(question.picture, 'f', sizeof question.picture - 1);
    memset(question.picture_alt, '"', sizeof question.picture_alt - 1);
    struct writer w = writer_over(room, sizeof room);
    frame_write_question(&w, ASKINGS_MAX, ASKINGS_MAX, &question, POINTS_MAX, READING_MS_MAX, LIMIT_MS_MAX);
    assert_true(w.ok);
    uint32_t counts[OPTIONS_MAX];
    memset(counts, 0xff, sizeof counts);
    w = writer_over(room, sizeof room);
    frame_write_revealed(&w, ASKINGS_MAX, &question, UINT32_MAX, UINT32_MAX - 1, counts);
    assert_true(w.ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_come_by_themselves),
        cmocka_unit_test(numbers_have_all_their_digits),
        cmocka_unit_test(text_is_escaped_and_kept_whole),
        cmocka_unit_test(text_that_is_not_utf8_fails_the_writer),
        cmocka_unit_test(a_frame_that_does_not_fit_is_not_ok),
        cmocka_unit_test(nothing_before_the_reveal_depends_on_the_key),
        cmocka_unit_test(the_longest_question_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
