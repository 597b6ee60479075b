/* The banks that ship are fit to load, and keep what we promise of them. Runs in the project's folder. */
#include "bank/file.h"
#include "model/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct counts {
    const char *path;
    size_t kinds[QUESTION_KINDS], pictures, faults;
};

static void count_question(void *context, const struct question *question, size_t line)
{
    struct counts *counts = context;
    counts->kinds[question->kind]++;
    if (question->text[0] == '\0' || question->explanation[0] == '\0' || question->source[0] == '\0' ||
        question->category[0] == '\0' || !question->is_sample)
        fail_msg("%s:%zu lacks explanation, source, category or the mark of a sample", counts->path, line);
    if ((question->kind == QUESTION_POLL) != (question->difficulty == 0))
        fail_msg("%s:%zu: all but polls have a difficulty", counts->path, line);
    if (question->picture[0] == '\0') return;

    static uint8_t memory[PICTURE_SIZE_MAX + 1];
    size_t size;
    uint32_t number;
    struct picture picture;
    assert_int_equal(bank_picture_read(counts->path, question->picture, memory, &size, &picture, &number), BANK_FINE);
    assert_in_range(size, 1, 60 * 1024);
    counts->pictures++;
}

static void print_fault(void *context, const struct bank_fault *fault)
{
    struct counts *counts = context;
    char sentence[256];
    bank_fault_english(fault, sentence, sizeof sentence);
    print_error("%s:%zu: %s %s\n", counts->path, fault->line, fault->column, sentence);
    counts->faults++;
}

static struct counts counts_of(const char *path, size_t questions)
{
    struct counts counts = {.path = path};
    struct bank_listener listener = {.on_question = count_question, .on_fault = print_fault, .context = &counts};
    struct bank_summary summary;
    assert_int_equal(bank_file_read(path, &listener, &summary), BANK_FILE_FINE);
    assert_int_equal(summary.questions, questions);
    assert_int_equal(counts.faults, 0); /* not even a warning: each fits on the wall */
    return counts;
}

static void science_has_forty_with_pictures(void **state)
{
    (void)state;
    struct counts counts = counts_of("questions/science.csv", 40);
    assert_int_equal(counts.pictures, 4);
    assert_in_range(counts.kinds[QUESTION_POLL], 1, 2);
    assert_true(counts.kinds[QUESTION_TRUE_FALSE] >= 3 && counts.kinds[QUESTION_MULTIPLE] >= 3);
}

static void party_history_has_twenty(void **state)
{
    (void)state;
    struct counts counts = counts_of("questions/party-history.csv", 20);
    assert_in_range(counts.kinds[QUESTION_POLL], 1, 2);
    assert_true(counts.kinds[QUESTION_TRUE_FALSE] >= 2 && counts.kinds[QUESTION_MULTIPLE] >= 2);
}

static void emergency_has_twenty(void **state)
{
    (void)state;
    struct counts counts = counts_of("questions/emergency.csv", 20);
    assert_in_range(counts.kinds[QUESTION_POLL], 1, 2);
    assert_true(counts.kinds[QUESTION_TRUE_FALSE] >= 2 && counts.kinds[QUESTION_MULTIPLE] >= 2);
}

static void spreadsheets_see_utf8_in_each(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "questions/science.csv", "questions/party-history.csv", "questions/emergency.csv"};
    for (size_t i = 0; i < 3; i++) {
        char beginning[3] = {0};
        FILE *file = fopen(paths[i], "rb");
        assert_non_null(file);
        assert_int_equal(fread(beginning, 1, sizeof beginning, file), sizeof beginning);
        fclose(file);
        assert_memory_equal(beginning, "\xef\xbb\xbf", 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(science_has_forty_with_pictures),
        cmocka_unit_test(party_history_has_twenty),
        cmocka_unit_test(emergency_has_twenty),
        cmocka_unit_test(spreadsheets_see_utf8_in_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
