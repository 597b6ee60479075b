/* Every reason for which a bank file is refused, with its line and column. */
#include "heard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct heard heard;
static bool seen[BANK_REASONS];

/* What was heard: not one question, and just this fault. */
static void expect_one(size_t line, const char *column, enum bank_reason reason)
{
    assert_false(heard.is_fine);
    assert_int_equal(heard.questions_count, 0);
    assert_int_equal(heard.summary.questions, 0);
    assert_int_equal(heard.summary.faults, 1);
    assert_int_equal(heard.faults[0].reason, reason);
    assert_int_equal(heard.faults[0].line, line);
    assert_string_equal(heard.faults[0].column, column);
    seen[reason] = true;
}

static void file_is(const char *text, size_t line, const char *column, enum bank_reason reason)
{
    hear_text(&heard, text);
    expect_one(line, column, reason);
}

#define HEADER "题干,题型,选项A,选项B,选项C,答案,难度,秒数,分值,图片,图片说明,备注\n"

/* The row stands in line 3, behind a good one. */
static void row_is(const char *row, const char *column, enum bank_reason reason)
{
    char text[4096];
    snprintf(text, sizeof text, HEADER "好题,单选,甲,乙,丙,A,易,20,10,,,\n%s\n", row);
    file_is(text, 3, column, reason);
}

static void row_with_long_cell_is(const char *before, size_t chars, const char *behind, const char *column)
{
    char row[4096] = {0};
    strcpy(row, before);
    for (size_t i = 0; i < chars; i++)
        strcat(row, "长");
    strcat(row, behind);
    row_is(row, column, BANK_TEXT_TOO_LONG);
}

static void file_of_another_kind_is_refused(void **state)
{
    (void)state;
    file_is("", 1, "", BANK_NO_QUESTIONS);
    file_is("\n,,\n", 1, "", BANK_NO_QUESTIONS);
    file_is(HEADER, 2, "", BANK_NO_QUESTIONS);
    file_is("PK\x03\x04rest", 1, "", BANK_FILE_IS_SPREADSHEET);
    file_is("\xd0\xcf\x11\xe0rest", 1, "", BANK_FILE_IS_SPREADSHEET);
    file_is("\xff\xfe\x98\x98", 1, "", BANK_FILE_IS_UTF16);
    file_is("\xfe\xff\x98\x98", 1, "", BANK_FILE_IS_UTF16);
    file_is("\xef\xbb\xbf"
            "a\nb\xff\n",
        2, "", BANK_ENCODING_UNKNOWN);
    file_is("a\n\nb\x81\x20\n", 3, "", BANK_ENCODING_UNKNOWN);
}

static void file_over_the_size_limit_is_refused(void **state)
{
    (void)state;
    uint8_t *memory = calloc(1, BANK_FILE_SIZE_MAX + 1);
    hear(&heard, (struct span){memory, BANK_FILE_SIZE_MAX + 1});
    expect_one(1, "", BANK_FILE_TOO_LARGE);
    assert_int_equal(heard.faults[0].number, 20);
    free(memory);
}

/* `rows` times the format, which takes the row's number. */
static char *file_of(size_t rows, const char *format)
{
    size_t capacity = 256 + 64 * rows, size = 0;
    char *text = malloc(capacity);
    size += snprintf(text, capacity, "%s", HEADER);
    for (size_t i = 0; i < rows; i++)
        size += snprintf(text + size, capacity - size, format, i);
    return text;
}

static void bank_over_the_question_limit_is_refused(void **state)
{
    (void)state;
    char *text = file_of(BANK_QUESTIONS_MAX, "题%zu,判断,,,,对\n");
    hear_text(&heard, text);
    assert_true(heard.is_fine);
    assert_int_equal(heard.questions_count, BANK_QUESTIONS_MAX);
    free(text);
    text = file_of(BANK_QUESTIONS_MAX + 1, "题%zu,判断,,,,对\n");
    file_is(text, BANK_QUESTIONS_MAX + 2, "", BANK_QUESTIONS_TOO_MANY);
    free(text);
}

static struct bank_fault last_fault;
static size_t faults_told;

static void keep_last(void *context, const struct bank_fault *fault)
{
    (void)context;
    last_fault = *fault;
    faults_told++;
}

static void every_bad_row_is_told_up_to_a_bound(void **state)
{
    (void)state;
    struct bank_listener listener = {.on_fault = keep_last};
    struct bank_summary summary;
    char *text = file_of(BANK_FAULTS_MAX - 1, "题%zu,判断,,,,\n");
    assert_false(bank_read(span_of_text(text), &listener, &summary));
    assert_int_equal(faults_told, BANK_FAULTS_MAX - 1);
    assert_int_equal(last_fault.line, BANK_FAULTS_MAX);
    assert_int_equal(last_fault.reason, BANK_CELL_EMPTY);
    free(text);

    faults_told = 0;
    text = file_of(BANK_FAULTS_MAX + 50, "题%zu,判断,,,,\n");
    assert_false(bank_read(span_of_text(text), &listener, &summary));
    assert_int_equal(faults_told, BANK_FAULTS_MAX);
    assert_int_equal(summary.faults, BANK_FAULTS_MAX);
    assert_int_equal(last_fault.reason, BANK_FAULTS_TOO_MANY);
    assert_int_equal(last_fault.number, BANK_FAULTS_MAX - 1);
    seen[BANK_FAULTS_TOO_MANY] = true;
    free(text);
}

static void header_must_name_known_columns_once(void **state)
{
    (void)state;
    file_is("题干,题型,答案,页码\n题,判断,对,3\n", 1, "页码", BANK_COLUMN_UNKNOWN);
    file_is("题干,题型,答案,选项I\n题,判断,对,3\n", 1, "选项I", BANK_COLUMN_UNKNOWN);
    file_is("题干,题型,答案,讲解,解析\n题,判断,对,一,二\n", 1, "解析", BANK_COLUMN_TWICE);
    file_is("题干,题型\n题,判断\n", 1, "答案", BANK_COLUMN_MISSING);
    file_is("\n题型,答案\n判断,对\n", 2, "题干", BANK_COLUMN_MISSING);
    file_is("题干,题型,答案,a\xe2\x80\xae\n题,判断,对\n", 1, "?", BANK_COLUMN_UNKNOWN);
}

static void row_must_be_whole(void **state)
{
    (void)state;
    row_is("\"没有结束,单选,甲,乙,,A", "", BANK_QUOTE_OPEN);
    row_is("\"题\"目,单选,甲,乙,,A", "", BANK_QUOTE_STRAY);
    row_is("题,单选,甲,乙,,A,,,,,,,多", "", BANK_CELL_WITHOUT_COLUMN);
    assert_int_equal(heard.faults[0].number, 13);
    file_is("题干,题型,,答案\n题,判断,多,对\n", 2, "", BANK_CELL_WITHOUT_COLUMN);

    char *text = file_of(1, "题%zu,判断,,,,对\n");
    text = realloc(text, 1024);
    size_t size = strlen(text);
    memset(text + size, ',', 100);
    text[size + 100] = '\0';
    file_is(text, 3, "", BANK_ROW_TOO_LONG);
    free(text);
}

static void texts_must_be_clean(void **state)
{
    (void)state;
    row_is("题\x07目,单选,甲,乙,,A", "题干", BANK_TEXT_UNCLEAN);
    row_is("题\xe2\x80\xae目,单选,甲,乙,,A", "题干", BANK_TEXT_UNCLEAN);
    row_is("题,单选,甲,乙\t乙,,A", "选项B", BANK_TEXT_UNCLEAN);
    row_is("题,单选,甲,乙,,A,,,,,,备\xe2\x80\x8f注", "备注", BANK_TEXT_UNCLEAN);
    row_is("题,单选,甲,乙,,A,,,,a.png,图\x7f"
           "像",
        "图片说明", BANK_TEXT_UNCLEAN);
    row_is("题,单选,甲,'\t乙,,A", "选项B", BANK_TEXT_UNCLEAN);
    static const char with_zero[] = HEADER "题\0目,单选,甲,乙,,A\n";
    hear(&heard, (struct span){(const uint8_t *)with_zero, sizeof with_zero - 1});
    expect_one(2, "题干", BANK_TEXT_UNCLEAN);
}

static void texts_must_be_short_enough(void **state)
{
    (void)state;
    row_with_long_cell_is("", QUESTION_CHARS_MAX + 1, ",单选,甲,乙,,A", "题干");
    assert_int_equal(heard.faults[0].number, QUESTION_CHARS_MAX);
    row_with_long_cell_is("题,单选,甲,乙,", OPTION_CHARS_MAX + 1, ",A", "选项C");
    row_with_long_cell_is("题,单选,甲,乙,,A,,,,a.png,", PICTURE_ALT_CHARS_MAX + 1, "", "图片说明");
    row_with_long_cell_is("题,单选,甲,乙,,A,,,,,,", 201, "", "备注");
}

static void kind_must_be_known(void **state)
{
    (void)state;
    row_is("题,,甲,乙,,A", "题型", BANK_CELL_EMPTY);
    row_is("题,问答,甲,乙,,A", "题型", BANK_KIND_UNKNOWN);
}

static void question_must_have_a_text(void **state)
{
    (void)state;
    row_is("　,单选,甲,乙,,A", "题干", BANK_CELL_EMPTY);
}

static void options_must_be_whole_and_differ(void **state)
{
    (void)state;
    row_is("题,单选,甲,,,A", "选项A", BANK_OPTIONS_TOO_FEW);
    row_is("题,投票,,,,", "选项A", BANK_OPTIONS_TOO_FEW);
    row_is("题,单选,甲,,丙,A", "选项B", BANK_OPTION_EMPTY);
    row_is("题,单选,甲,乙,甲,A", "选项C", BANK_OPTION_TWICE);
    row_is("题,判断,对,错,不知道,A", "选项A", BANK_OPTIONS_NOT_TWO);
}

static void key_must_fit(void **state)
{
    (void)state;
    row_is("题,单选,甲,乙,丙,", "答案", BANK_CELL_EMPTY);
    row_is("题,单选,甲,乙,丙,甲", "答案", BANK_KEY_UNREADABLE);
    row_is("题,多选,甲,乙,丙,AA", "答案", BANK_KEY_UNREADABLE);
    row_is("题,多选,甲,乙,丙,A1", "答案", BANK_KEY_UNREADABLE);
    row_is("题,单选,甲,乙,丙,-", "答案", BANK_KEY_UNREADABLE);
    row_is("题,判断,安全,危险,,对", "答案", BANK_KEY_UNREADABLE);
    row_is("题,单选,甲,乙,丙,对", "答案", BANK_KEY_UNREADABLE);
    row_is("题,单选,甲,乙,丙,D", "答案", BANK_KEY_OUT_OF_RANGE);
    row_is("题,判断,,,,C", "答案", BANK_KEY_OUT_OF_RANGE);
    row_is("题,单选,甲,乙,丙,AC", "答案", BANK_KEY_NOT_ONE);
    row_is("题,判断,,,,AB", "答案", BANK_KEY_NOT_ONE);
    row_is("题,投票,甲,乙,丙,A", "答案", BANK_KEY_OF_POLL);
}

static void numbers_must_be_in_range(void **state)
{
    (void)state;
    row_is("题,判断,,,,对,很难", "难度", BANK_DIFFICULTY_UNKNOWN);
    row_is("题,判断,,,,对,4", "难度", BANK_DIFFICULTY_UNKNOWN);
    static const char *const bad_seconds[] = {"4", "601", "0", "-5", "20.5", "二十", "5秒钟", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad_seconds / sizeof bad_seconds[0]; i++) {
        char row[128];
        snprintf(row, sizeof row, "题,判断,,,,对,,%s", bad_seconds[i]);
        row_is(row, "秒数", BANK_SECONDS_WRONG);
    }
    row_is("题,判断,,,,对,,,0", "分值", BANK_POINTS_WRONG);
    row_is("题,判断,,,,对,,,1001", "分值", BANK_POINTS_WRONG);
    row_is("题,投票,甲,乙,,,,,5", "分值", BANK_POINTS_OF_POLL);
}

static void question_may_stand_there_once(void **state)
{
    (void)state;
    row_is("好 题？,单选,丙,甲,乙,B", "题干", BANK_QUESTION_TWICE);
    assert_int_equal(heard.faults[0].number, 2);
    file_is("题干,题型,答案\nＡ题,判断,对\na题。,判断,错\n", 3, "题干", BANK_QUESTION_TWICE);
}

static enum bank_reason no_picture(void *context, const char *name, uint32_t *number)
{
    (void)context;
    *number = 7;
    return strcmp(name, "there.png") == 0 ? BANK_FINE : BANK_PICTURE_NOT_FOUND;
}

static void picture_needs_a_plain_name_a_file_and_words(void **state)
{
    (void)state;
    row_is("题,判断,,,,对,,,,../a.png,图", "图片", BANK_PICTURE_NAME_BAD);
    row_is("题,判断,,,,对,,,,a\\b.png,图", "图片", BANK_PICTURE_NAME_BAD);
    row_is("题,判断,,,,对,,,,.png,图", "图片", BANK_PICTURE_NAME_BAD);
    char long_name[128] = "题,判断,,,,对,,,,";
    size_t start = strlen(long_name);
    memset(long_name + start, 'a', PICTURE_NAME_MAX - 3);
    strcpy(long_name + start + PICTURE_NAME_MAX - 3, ".png,图");
    row_is(long_name, "图片", BANK_PICTURE_NAME_BAD);
    row_is("题,判断,,,,对,,,,a.png,", "图片说明", BANK_PICTURE_ALT_MISSING);
    row_is("题,判断,,,,对,,,,,图", "图片", BANK_PICTURE_OF_ALT_MISSING);

    heard.on_picture = no_picture;
    row_is("题,判断,,,,对,,,,gone.png,图", "图片", BANK_PICTURE_NOT_FOUND);
    assert_int_equal(heard.faults[0].number, 7);
    hear_text(&heard, HEADER "题,判断,,,,对,,,,there.png,图\n");
    assert_true(heard.is_fine);
    heard.on_picture = NULL;
}

static void all_faults_of_a_row_and_of_all_rows_are_told(void **state)
{
    (void)state;
    hear_text(&heard, HEADER "一,单选,甲,乙,,Z,超难,1\n二,判断,,,,对\n\"三\"x,判断,,,,对\n四,判断,,,,也许\n");
    assert_false(heard.is_fine);
    assert_int_equal(heard.questions_count, 0);
    static const struct {
        size_t line;
        enum bank_reason reason;
    } expected[] = {{2, BANK_KEY_UNREADABLE}, {2, BANK_DIFFICULTY_UNKNOWN}, {2, BANK_SECONDS_WRONG},
        {4, BANK_QUOTE_STRAY}, {5, BANK_KEY_UNREADABLE}};
    assert_int_equal(heard.faults_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(heard.faults[i].line, expected[i].line);
        assert_int_equal(heard.faults[i].reason, expected[i].reason);
    }
}

static void every_reason_has_its_sentence_in_both_languages(void **state)
{
    (void)state;
    for (int reason = 0; reason < BANK_REASONS; reason++) {
        struct bank_fault fault = {.reason = (enum bank_reason)reason, .number = 4294967295};
        char chinese[256], english[256];
        bank_fault_chinese(&fault, chinese, sizeof chinese);
        bank_fault_english(&fault, english, sizeof english);
        assert_true(strlen(chinese) > 3 && strlen(chinese) < sizeof chinese - 1);
        assert_true(strlen(english) > 3 && strlen(english) < sizeof english - 1);
        assert_null(strchr(chinese, '#'));
        assert_null(strchr(english, '#'));
    }
    struct bank_fault fault = {.reason = BANK_TEXT_TOO_LONG, .number = 200};
    char small[16];
    bank_fault_chinese(&fault, small, sizeof small);
    assert_string_equal(small, "太长，最多");
    bank_fault_english(&fault, small, sizeof small);
    assert_string_equal(small, "too long, at mo");
}

/* What a picture's content can do wrong is in test_picture; memory does not run out here. */
static bool is_told_elsewhere(enum bank_reason reason)
{
    return reason == BANK_FINE || reason == BANK_NO_MEMORY || bank_reason_is_warning(reason) ||
           (reason >= BANK_PICTURE_TOO_LARGE && reason <= BANK_PICTURE_TOO_WIDE);
}

static void no_reason_is_without_a_test(void **state)
{
    (void)state;
    for (int reason = 0; reason < BANK_REASONS; reason++)
        if (!is_told_elsewhere((enum bank_reason)reason) && !seen[reason])
            fail_msg("reason %d was never given", reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_of_another_kind_is_refused),
        cmocka_unit_test(file_over_the_size_limit_is_refused),
        cmocka_unit_test(bank_over_the_question_limit_is_refused),
        cmocka_unit_test(every_bad_row_is_told_up_to_a_bound),
        cmocka_unit_test(header_must_name_known_columns_once),
        cmocka_unit_test(row_must_be_whole),
        cmocka_unit_test(texts_must_be_clean),
        cmocka_unit_test(texts_must_be_short_enough),
        cmocka_unit_test(kind_must_be_known),
        cmocka_unit_test(question_must_have_a_text),
        cmocka_unit_test(options_must_be_whole_and_differ),
        cmocka_unit_test(key_must_fit),
        cmocka_unit_test(numbers_must_be_in_range),
        cmocka_unit_test(question_may_stand_there_once),
        cmocka_unit_test(picture_needs_a_plain_name_a_file_and_words),
        cmocka_unit_test(all_faults_of_a_row_and_of_all_rows_are_told),
        cmocka_unit_test(every_reason_has_its_sentence_in_both_languages),
        cmocka_unit_test(no_reason_is_without_a_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
