/* The order of options. */
#include "desk/shuffle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct question question_of(enum question_kind kind, uint8_t options, choice_set key)
{
    struct question question = {.kind = kind, .options_count = options, .key = key};
    for (uint8_t i = 0; i < options; i++)
        snprintf(question.options[i], sizeof question.options[i], "选项%d", i);
    return question;
}

static void order_is_the_same_whatever_the_key(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct question first = question_of(QUESTION_SINGLE, 4, 1);
        question_shuffle(&first, seed, 3);
        for (choice_set key = 2; key < 16; key++) {
            struct question other = question_of(QUESTION_MULTIPLE, 4, key);
            question_shuffle(&other, seed, 3);
            assert_memory_equal(first.options, other.options, sizeof first.options);
        }
    }
}

static void key_moves_with_its_options(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct question question = question_of(QUESTION_MULTIPLE, 6, 1 << 2 | 1 << 5);
        question_shuffle(&question, seed, 0);
        for (uint8_t i = 0; i < 6; i++) {
            bool is_right = strcmp(question.options[i], "选项2") == 0 || strcmp(question.options[i], "选项5") == 0;
            assert_int_equal(question.key >> i & 1, is_right);
        }
    }
}

static void no_option_is_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct question question = question_of(QUESTION_POLL, OPTIONS_MAX, 0);
        question_shuffle(&question, seed, 1);
        unsigned seen = 0;
        for (uint8_t i = 0; i < OPTIONS_MAX; i++)
            seen |= 1u << (question.options[i][strlen("选项")] - '0');
        assert_int_equal(seen, 255);
    }
}

/* Over 4,000 draws each place of four is expected 1,000 times; 6 standard deviations are 164. */
static void each_place_is_as_likely(void **state)
{
    (void)state;
    int places[4] = {0};
    for (uint64_t seed = 0; seed < 400; seed++) {
        for (uint32_t index = 0; index < 10; index++) {
            struct question question = question_of(QUESTION_SINGLE, 4, 1);
            question_shuffle(&question, seed * 7919, index);
            for (int i = 0; i < 4; i++)
                places[i] += question.key >> i & 1;
        }
    }
    for (int i = 0; i < 4; i++)
        assert_in_range(places[i], 1000 - 164, 1000 + 164);
}

static void questions_of_a_round_are_drawn_apart(void **state)
{
    (void)state;
    int same = 0;
    for (uint32_t index = 1; index < 100; index++) {
        struct question a = question_of(QUESTION_SINGLE, 8, 1), b = a;
        question_shuffle(&a, 42, 0);
        question_shuffle(&b, 42, index);
        same += memcmp(a.options, b.options, sizeof a.options) == 0;
    }
    assert_in_range(same, 0, 1);
}

static void true_false_stays_in_its_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct question question = question_of(QUESTION_TRUE_FALSE, 2, 1), before = question;
        question_shuffle(&question, seed, 0);
        assert_memory_equal(&question, &before, sizeof before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_the_same_whatever_the_key),
        cmocka_unit_test(key_moves_with_its_options),
        cmocka_unit_test(no_option_is_lost),
        cmocka_unit_test(each_place_is_as_likely),
        cmocka_unit_test(questions_of_a_round_are_drawn_apart),
        cmocka_unit_test(true_false_stays_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
