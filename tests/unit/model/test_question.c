/* Questions must fit together before they can be asked, and typed text must be clean before anyone sees it. */
#include "model/question.h"
#include "model/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define of(text) ((struct span){(const uint8_t *)(text), sizeof(text) - 1})

static struct question good_question(void)
{
    return (struct question){
        .kind = QUESTION_SINGLE, .options_count = 3, .key = 2, .text = "题", .options = {"甲", "乙", "丙"}};
}

static void kinds_are_named_and_found_again(void **state)
{
    (void)state;
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        enum question_kind found = QUESTION_POLL;
        assert_true(question_kind_from_name(question_kind_name((enum question_kind)kind), &found));
        assert_int_equal(found, kind);
    }
    enum question_kind untouched = QUESTION_MULTIPLE;
    assert_false(question_kind_from_name("essay", &untouched));
    assert_int_equal(untouched, QUESTION_MULTIPLE);
}

static void whole_question_is_fine(void **state)
{
    (void)state;
    struct question question = good_question();
    assert_int_equal(question_check(&question), QUESTION_FINE);
    question.kind = QUESTION_MULTIPLE;
    question.key = 7;
    assert_int_equal(question_check(&question), QUESTION_FINE);
    question.kind = QUESTION_POLL;
    question.key = 0;
    assert_int_equal(question_check(&question), QUESTION_FINE);
}

static void text_must_be_there(void **state)
{
    (void)state;
    struct question question = good_question();
    question.text[0] = '\0';
    assert_int_equal(question_check(&question), QUESTION_TEXT_MISSING);
}

static void options_must_be_two_to_eight_and_differ(void **state)
{
    (void)state;
    struct question question = good_question();
    question.options_count = 1;
    assert_int_equal(question_check(&question), QUESTION_OPTIONS_TOO_FEW);
    question.options_count = OPTIONS_MAX + 1;
    assert_int_equal(question_check(&question), QUESTION_OPTIONS_TOO_FEW);
    question = good_question();
    question.options[1][0] = '\0';
    assert_int_equal(question_check(&question), QUESTION_OPTION_EMPTY);
    question = good_question();
    memcpy(question.options[2], question.options[0], sizeof question.options[0]);
    assert_int_equal(question_check(&question), QUESTION_OPTION_TWICE);
}

static void key_must_fit_the_kind(void **state)
{
    (void)state;
    struct question question = good_question();
    question.key = 0;
    assert_int_equal(question_check(&question), QUESTION_KEY_MISSING);
    question.key = 1 << 3;
    assert_int_equal(question_check(&question), QUESTION_KEY_OUT_OF_RANGE);
    question.key = 3;
    assert_int_equal(question_check(&question), QUESTION_KEY_NOT_ONE);
    question.kind = QUESTION_TRUE_FALSE;
    assert_int_equal(question_check(&question), QUESTION_KEY_NOT_ONE);
    question.kind = QUESTION_POLL;
    assert_int_equal(question_check(&question), QUESTION_KEY_OF_POLL);
}

static void characters_are_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_chars(of("")), 0);
    assert_int_equal(text_chars(of("武昌abc")), 5);
    assert_int_equal(text_chars(of("😀一")), 2);
    assert_int_equal(text_chars(of("a\xff"
                                   "b")),
        3);
    assert_int_equal(text_cut(of("武昌府"), 2).size, 6);
    assert_int_equal(text_cut(of("武"), 5).size, 3);
}

static void broken_utf8_is_noticed(void **state)
{
    (void)state;
    assert_true(text_is_utf8(of("王＊英😀")));
    assert_false(text_is_utf8(of("\xc0\xaf")));         /* overlong */
    assert_false(text_is_utf8(of("\xed\xa0\x80")));     /* half of a surrogate pair */
    assert_false(text_is_utf8(of("\xe6\xad")));         /* cut short */
    assert_false(text_is_utf8(of("\xf5\x80\x80\x80"))); /* past U+10FFFF */
    assert_false(text_is_clean(of("\xe6\xad")));
}

static void controls_and_direction_marks_are_unclean(void **state)
{
    (void)state;
    assert_true(text_is_clean(of("")));
    assert_true(text_is_clean(of("李 雷，100% <b>👨‍👩‍👧</b>")));
    static const char *const unclean[] = {"\x01", "a\tb", "a\nb", "\x7f", "\xc2\x85", "\xd8\x9c", "\xe2\x80\x8e",
        "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xef\xbb\xbf", "\xe2\x80\x8b"};
    for (size_t i = 0; i < sizeof unclean / sizeof unclean[0]; i++)
        assert_false(text_is_clean(span_of_text(unclean[i])));
    assert_false(text_is_clean((struct span){(const uint8_t *)"a\0b", 3}));
}

static void what_shows_as_nothing_is_trimmed(void **state)
{
    (void)state;
    assert_true(span_equal(text_trim(of(" \t　王 英\xc2\xa0\r\n")), of("王 英")));
    assert_int_equal(text_trim(of("　 \xe2\x80\x8b\xe3\x85\xa4\xe2\xa0\x80")).size, 0);
    assert_int_equal(text_trim((struct span){NULL, 0}).size, 0);
    assert_true(span_equal(text_trim(of("❤️")), of("❤️")));
}

static void folded_text_ignores_width_case_space_and_last_mark(void **state)
{
    (void)state;
    char *folded = text_fold(of(" ＡＣ d？ "));
    assert_string_equal(folded, "acd");
    free(folded);
    folded = text_fold(of("3-2等于（　）。"));
    assert_string_equal(folded, "3-2等于");
    free(folded);
    folded = text_fold((struct span){NULL, 0});
    assert_string_equal(folded, "");
    free(folded);
    assert_null(text_fold(of("\xff")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_named_and_found_again),
        cmocka_unit_test(whole_question_is_fine),
        cmocka_unit_test(text_must_be_there),
        cmocka_unit_test(options_must_be_two_to_eight_and_differ),
        cmocka_unit_test(key_must_fit_the_kind),
        cmocka_unit_test(characters_are_code_points),
        cmocka_unit_test(broken_utf8_is_noticed),
        cmocka_unit_test(controls_and_direction_marks_are_unclean),
        cmocka_unit_test(what_shows_as_nothing_is_trimmed),
        cmocka_unit_test(folded_text_ignores_width_case_space_and_last_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
