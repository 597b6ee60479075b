/* What a bank file may look like, and what comes out of it. */
#include "heard.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct heard heard;

#define HEADER "题干,题型,选项A,选项B,选项C,答案\n"

static void every_column_reaches_the_question(void **state)
{
    (void)state;
    hear_text(&heard, "备注,图片说明,图片,分值,秒数,难度,分类,来源,讲解,答案,选项C,选项B,选项A,题型,题干\r\n"
                      "样题·待审,满月,moon.png,10,20,难,天文,《天文学》第3页,因为,B,丙,乙,甲,单选,月亮？\r\n");
    assert_true(heard.is_fine);
    assert_int_equal(heard.summary.questions, 1);
    assert_int_equal(heard.lines[0], 2);
    struct question expected = {.kind = QUESTION_SINGLE,
        .difficulty = 3,
        .options_count = 3,
        .key = 2,
        .seconds = 20,
        .points = 10,
        .text = "月亮？",
        .options = {"甲", "乙", "丙"},
        .explanation = "因为",
        .source = "《天文学》第3页",
        .category = "天文",
        .picture = "moon.png",
        .picture_alt = "满月",
        .is_sample = true};
    assert_memory_equal(&heard.questions[0], &expected, sizeof expected);
}

static void mark_at_the_beginning_is_passed_over(void **state)
{
    (void)state;
    hear_text(&heard, "\xef\xbb\xbf" HEADER "题,单选,甲,乙,,A\n");
    assert_true(heard.is_fine);
    assert_string_equal(heard.questions[0].text, "题");
}

static void gb18030_reads_like_utf8(void **state)
{
    (void)state;
    char text[] = HEADER "㐂龘€题,多选,甲,乙,丙,ＡＣ\n";
    char converted[256], *from = text, *to = converted;
    size_t from_left = sizeof text - 1, to_left = sizeof converted;
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    assert_true(iconv(converter, &from, &from_left, &to, &to_left) != (size_t)-1);
    iconv_close(converter);
    hear(&heard, (struct span){(uint8_t *)converted, sizeof converted - to_left});
    assert_true(heard.is_fine);
    assert_string_equal(heard.questions[0].text, "㐂龘€题");
    assert_int_equal(heard.questions[0].key, 5);
}

static void quoted_lines_become_one_text_and_later_lines_keep_their_number(void **state)
{
    (void)state;
    hear_text(&heard, HEADER "\"第一行\n第二行，\"\"引号\"\"\",单选,\"甲,\",乙,,A\n\n二,单选,甲,乙,,B\n");
    assert_true(heard.is_fine);
    assert_string_equal(heard.questions[0].text, "第一行 第二行，\"引号\"");
    assert_string_equal(heard.questions[0].options[0], "甲,");
    assert_int_equal(heard.lines[0], 2);
    assert_int_equal(heard.lines[1], 5);
}

static choice_set key_of(const char *kind, const char *key)
{
    char text[256];
    snprintf(text, sizeof text, HEADER "题,%s,甲,乙,丙,\"%s\"\n", kind, key);
    hear_text(&heard, text);
    assert_true(heard.is_fine);
    return heard.questions[0].key;
}

static void key_is_read_however_it_is_written(void **state)
{
    (void)state;
    static const char *const ways[] = {"AC", "ac", "ＡＣ", "A,C", "Ａ，Ｃ", "A、C", "C A", "A；C。", "A/C"};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        assert_int_equal(key_of("多选", ways[i]), 5);
    assert_int_equal(key_of("单选题", " b "), 2);
    assert_int_equal(key_of("单项选择题", "C."), 4);
    assert_int_equal(key_of("投票", ""), 0);
    assert_int_equal(key_of("poll", "-"), 0);
}

static const struct question *true_false(const char *options, const char *key)
{
    char text[256];
    snprintf(text, sizeof text, HEADER "题,判断题,%s,,%s\n", options, key);
    hear_text(&heard, text);
    assert_true(heard.is_fine);
    return &heard.questions[0];
}

static void true_and_false_need_no_options(void **state)
{
    (void)state;
    static const char *const rights[] = {"对", "正确", "√", "✓", "T", "A", "是"};
    static const char *const wrongs[] = {"错", "错误", "×", "X", "f", "B", "否"};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(true_false(",", rights[i])->key, 1);
        assert_int_equal(true_false(",", wrongs[i])->key, 2);
    }
    assert_int_equal(heard.questions[0].options_count, 2);
    assert_string_equal(heard.questions[0].options[0], "正确");
    assert_string_equal(heard.questions[0].options[1], "错误");
}

static void truth_goes_to_the_option_that_says_it(void **state)
{
    (void)state;
    assert_int_equal(true_false("错,对", "正确")->key, 2);
    assert_int_equal(true_false("错误,正确", "×")->key, 1);
    assert_int_equal(true_false("安全,危险", "B")->key, 2);
}

static void numbers_and_difficulty_take_their_usual_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *difficulty, *seconds, *points;
        int level;
    } ways[] = {{"易", "30", "5", 1}, {"２", "３０秒", "5分", 2}, {"较难", " 30 ", "５", 3}, {"中等", "30秒", "5", 2}};
    for (size_t i = 0; i < 4; i++) {
        char text[256];
        snprintf(text, sizeof text, "题干,题型,答案,难度,秒数,分值\n题,判断,对,%s,%s,%s\n", ways[i].difficulty,
            ways[i].seconds, ways[i].points);
        hear_text(&heard, text);
        assert_true(heard.is_fine);
        assert_int_equal(heard.questions[0].difficulty, ways[i].level);
        assert_int_equal(heard.questions[0].seconds, 30);
        assert_int_equal(heard.questions[0].points, 5);
    }
}

static void other_names_of_columns_are_understood(void **state)
{
    (void)state;
    hear_text(&heard, " 题目 ,题型,选项ａ,选项Ｂ,正确答案,解析,\n题,单选,甲,乙,A,因为,\n");
    assert_true(heard.is_fine);
    assert_string_equal(heard.questions[0].explanation, "因为");
}

static void short_and_blank_rows_are_harmless(void **state)
{
    (void)state;
    hear_text(&heard, ",,\n\n题干,题型,答案,讲解,备注\n,,,,\n题,判断,对\n 　,\n");
    assert_true(heard.is_fine);
    assert_int_equal(heard.summary.questions, 1);
    assert_int_equal(heard.lines[0], 5);
    assert_false(heard.questions[0].is_sample);
}

static void long_question_is_taken_with_a_warning(void **state)
{
    (void)state;
    hear_text(&heard, HEADER "一二三四五六七八九十一二三四五六七八九十一二三四五六七八,判断,,,,对\n");
    assert_int_equal(heard.faults_count, 0);
    hear_text(&heard, HEADER "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九,判断,,,,对\n");
    assert_true(heard.is_fine);
    assert_int_equal(heard.questions_count, 1);
    assert_int_equal(heard.summary.warnings, 1);
    assert_int_equal(heard.faults_count, 1);
    assert_int_equal(heard.faults[0].reason, BANK_TEXT_LONG_FOR_SCREEN);
    assert_int_equal(heard.faults[0].number, BANK_SCREEN_CHARS);
}

static void same_text_with_other_options_is_only_a_warning(void **state)
{
    (void)state;
    hear_text(&heard, HEADER "正确的是？,单选,甲,乙,,A\n正确的是,单选,丙,丁,,B\n");
    assert_true(heard.is_fine);
    assert_int_equal(heard.questions_count, 2);
    assert_int_equal(heard.faults[0].reason, BANK_TEXT_TWICE);
    assert_int_equal(heard.faults[0].line, 3);
    assert_int_equal(heard.faults[0].number, 2);
}

static void same_text_with_another_picture_is_another_question(void **state)
{
    (void)state;
    hear_text(&heard, "题干,题型,答案,图片,图片说明\n这是满月？,判断,对,a.png,一\n这是满月？,判断,错,b.png,二\n");
    assert_true(heard.is_fine);
    assert_int_equal(heard.faults_count, 0);
}

static void listener_may_care_for_nothing(void **state)
{
    (void)state;
    struct bank_listener deaf = {0};
    struct bank_summary summary;
    assert_true(bank_read(span_of_text(HEADER "题,判断,,,,对\n"), &deaf, &summary));
    assert_int_equal(summary.questions, 1);
    assert_false(bank_read(span_of_text(HEADER "题,判断,,,,\n"), &deaf, &summary));
    assert_int_equal(summary.questions, 0);
    assert_int_equal(summary.faults, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_reaches_the_question),
        cmocka_unit_test(mark_at_the_beginning_is_passed_over),
        cmocka_unit_test(gb18030_reads_like_utf8),
        cmocka_unit_test(quoted_lines_become_one_text_and_later_lines_keep_their_number),
        cmocka_unit_test(key_is_read_however_it_is_written),
        cmocka_unit_test(true_and_false_need_no_options),
        cmocka_unit_test(truth_goes_to_the_option_that_says_it),
        cmocka_unit_test(numbers_and_difficulty_take_their_usual_spellings),
        cmocka_unit_test(other_names_of_columns_are_understood),
        cmocka_unit_test(short_and_blank_rows_are_harmless),
        cmocka_unit_test(long_question_is_taken_with_a_warning),
        cmocka_unit_test(same_text_with_other_options_is_only_a_warning),
        cmocka_unit_test(same_text_with_another_picture_is_another_question),
        cmocka_unit_test(listener_may_care_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
