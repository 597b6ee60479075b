/* A written bank reads back equal, whatever its texts are made of. */
#include "heard.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct heard heard;
static uint8_t memory[1024 * 1024];

static void write_and_read_back(const struct question *questions, size_t count)
{
    struct writer w = writer_over(memory, sizeof memory);
    assert_true(bank_write(&w, questions, count));
    hear(&heard, (struct span){memory, w.size});
    assert_int_equal(heard.summary.faults, 0);
    assert_int_equal(heard.questions_count, count);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(&heard.questions[i], &questions[i], sizeof questions[i]);
}

static void bank_of_every_kind_reads_back_equal(void **state)
{
    (void)state;
    static const struct question questions[] = {
        {.kind = QUESTION_SINGLE,
            .difficulty = 1,
            .options_count = 3,
            .key = 4,
            .seconds = 5,
            .points = 1000,
            .text = "=SUM(A1)",
            .options = {"-1", "+1", "@乙"},
            .explanation = "含有,逗号和\"引号\"",
            .source = "'=书",
            .category = "数学",
            .picture = "a b.webp",
            .picture_alt = "＝图",
            .is_sample = true},
        {.kind = QUESTION_MULTIPLE,
            .difficulty = 2,
            .options_count = 8,
            .key = 0xa5,
            .seconds = 600,
            .text = "''@多选",
            .options = {"1", "2", "3", "4", "5", "6", "7", "8"}},
        {.kind = QUESTION_TRUE_FALSE,
            .difficulty = 3,
            .options_count = 2,
            .key = 1,
            .text = "对的",
            .options = {"正确", "错误"}},
        {.kind = QUESTION_TRUE_FALSE, .options_count = 2, .key = 2, .text = "错的", .options = {"正确", "错误"}},
        {.kind = QUESTION_TRUE_FALSE, .options_count = 2, .key = 1, .text = "反的", .options = {"错误", "正确"}},
        {.kind = QUESTION_POLL, .options_count = 2, .text = "投票", .options = {"去", "不去"}},
    };
    write_and_read_back(questions, sizeof questions / sizeof questions[0]);
}

static void fill(struct random *random, char *out, size_t chars)
{
    static const char *const pieces[] = {
        "=", "+", "-", "@", "'", "\"", ",", "字", "A", " b", "，", "😀", "＝", "\\n", "="};
    for (; chars > 1; chars--)
        strcat(out, pieces[random_below(random, sizeof pieces / sizeof pieces[0])]);
    strcat(out, "尾");
}

static void any_text_reads_back_equal(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct random random = random_from_seed(seed);
        struct question question = {.kind = QUESTION_SINGLE, .options_count = 2, .key = 1};
        fill(&random, question.text, 1 + random_below(&random, 20));
        fill(&random, question.options[0], 1 + random_below(&random, 20));
        fill(&random, question.options[1], 21);
        fill(&random, question.explanation, 1 + random_below(&random, 300));
        fill(&random, question.source, 1 + random_below(&random, 90));
        if (question.text[0] == ' ') question.text[0] = 'c'; /* texts are trimmed already */
        if (question.options[0][0] == ' ') question.options[0][0] = 'c';
        if (question.options[1][0] == ' ') question.options[1][0] = 'c';
        if (question.explanation[0] == ' ') question.explanation[0] = 'c';
        if (question.source[0] == ' ') question.source[0] = 'c';
        write_and_read_back(&question, 1);
    }
}

static void fill_up(char *text, size_t size)
{
    memset(text, '"', size - 1);
    text[0] = '=';
}

static void widest_question_fits_the_row_size(void **state)
{
    (void)state;
    static struct question question;
    question = (struct question){.kind = QUESTION_MULTIPLE,
        .options_count = OPTIONS_MAX,
        .key = 0xff,
        .seconds = 600,
        .points = 1000,
        .difficulty = 1,
        .is_sample = true};
    fill_up(question.text, sizeof question.text);
    for (size_t i = 0; i < OPTIONS_MAX; i++)
        fill_up(question.options[i], sizeof question.options[i]);
    fill_up(question.explanation, sizeof question.explanation);
    fill_up(question.source, sizeof question.source);
    fill_up(question.category, sizeof question.category);
    fill_up(question.picture, sizeof question.picture);
    fill_up(question.picture_alt, sizeof question.picture_alt);
    struct writer w = writer_over(memory, BANK_ROW_SIZE_MAX);
    bank_write_question(&w, &question);
    assert_true(w.ok);
    w = writer_over(memory, BANK_ROW_SIZE_MAX);
    bank_write_header(&w);
    assert_true(w.ok);
}

static void missing_room_is_noticed(void **state)
{
    (void)state;
    struct question question = {.kind = QUESTION_POLL, .options_count = 2, .text = "题", .options = {"甲", "乙"}};
    struct writer w = writer_over(memory, sizeof memory);
    assert_true(bank_write(&w, &question, 1));
    w = writer_over(memory, w.size - 1);
    assert_false(bank_write(&w, &question, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bank_of_every_kind_reads_back_equal),
        cmocka_unit_test(any_text_reads_back_equal),
        cmocka_unit_test(widest_question_fits_the_row_size),
        cmocka_unit_test(missing_room_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
