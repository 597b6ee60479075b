/* What an answer is worth, in integers, and which rules are in bounds. The tables were worked out by hand. */
#include "model/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define A 1
#define B 2
#define C 4
#define D 8

static struct asking_rules asking_of(enum question_kind kind, choice_set key, uint16_t points)
{
    return (struct asking_rules){
        .kind = kind, .options_count = 4, .key = key, .points = points, .limit_ms = 20000, .reading_ms = 5000};
}

static void accuracy_gives_all_or_nothing(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    struct asking_rules asking = asking_of(QUESTION_SINGLE, B, 10);
    assert_int_equal(rules_points(&rules, &asking, B, 0), 10);
    assert_int_equal(rules_points(&rules, &asking, B, 20000), 10);
    assert_int_equal(rules_points(&rules, &asking, A, 0), 0);
    assert_int_equal(rules_points(&rules, &asking, A | B, 0), 0);
}

static void speed_falls_to_half_at_the_limit(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    rules.scoring = SCORING_SPEED;
    struct asking_rules asking = asking_of(QUESTION_SINGLE, A, 1000);
    static const struct {
        uint32_t elapsed_ms, points;
    } rows[] = {{0, 1000}, {500, 1000}, {501, 1000}, {519, 1000}, {520, 1000}, {521, 999}, {560, 999}, {561, 998},
        {10500, 750}, {20499, 500}, {20500, 500}, {25000, 500}, {UINT32_MAX, 500}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rules_points(&rules, &asking, A, rows[i].elapsed_ms), rows[i].points);
    assert_int_equal(rules_points(&rules, &asking, B, 0), 0);
}

static void speed_rounds_half_up(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    rules.scoring = SCORING_SPEED;
    struct asking_rules asking = asking_of(QUESTION_SINGLE, A, 1);
    assert_int_equal(rules_points(&rules, &asking, A, 20500), 1); /* 0.5 */
    asking.points = 3;
    assert_int_equal(rules_points(&rules, &asking, A, 20500), 2); /* 1.5 */
    assert_int_equal(rules_points(&rules, &asking, A, 7166), 3);  /* 2.50005 */
    assert_int_equal(rules_points(&rules, &asking, A, 7168), 2);  /* 2.4999 */
}

static void share_is_right_less_wrong_and_never_below_zero(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    rules.multiple = MULTIPLE_SHARE;
    struct asking_rules asking = asking_of(QUESTION_MULTIPLE, A | B | C, 10);
    static const struct {
        choice_set choice;
        uint32_t points;
    } rows[] = {{A | B | C, 10}, {A | B, 7}, {A, 3}, {A | B | C | D, 7}, {A | B | D, 3}, {A | D, 0}, {D, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rules_points(&rules, &asking, rows[i].choice, 0), rows[i].points);
    asking = asking_of(QUESTION_MULTIPLE, A | B, 5);
    assert_int_equal(rules_points(&rules, &asking, A, 0), 3); /* 2.5, half up */
}

static void a_share_is_for_multiple_choice_alone(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    struct asking_rules asking = asking_of(QUESTION_MULTIPLE, A | B, 10);
    assert_int_equal(rules_points(&rules, &asking, A, 0), 0); /* all or nothing */
    rules.multiple = MULTIPLE_SHARE;
    asking = asking_of(QUESTION_SINGLE, A, 10);
    assert_int_equal(rules_points(&rules, &asking, A | B, 0), 0);
}

static void a_share_of_speed_is_the_share_first(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    rules.multiple = MULTIPLE_SHARE;
    rules.scoring = SCORING_SPEED;
    struct asking_rules asking = asking_of(QUESTION_MULTIPLE, A | B, 1000);
    assert_int_equal(rules_points(&rules, &asking, A, 10500), 375);
}

static void a_poll_gives_nothing_and_nobody_is_right(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    struct asking_rules asking = asking_of(QUESTION_POLL, 0, 10);
    assert_int_equal(rules_points(&rules, &asking, A, 0), 0);
    assert_false(rules_is_right(&asking, A));
    assert_false(rules_is_right(&asking, 0));
}

static void only_the_whole_key_is_right(void **state)
{
    (void)state;
    struct asking_rules asking = asking_of(QUESTION_MULTIPLE, A | C, 10);
    assert_true(rules_is_right(&asking, A | C));
    assert_false(rules_is_right(&asking, A));
    assert_false(rules_is_right(&asking, A | B | C));
}

static void choices_outside_the_options_are_not_valid(void **state)
{
    (void)state;
    struct asking_rules asking = asking_of(QUESTION_SINGLE, A, 10);
    assert_true(rules_choice_is_valid(&asking, D));
    assert_false(rules_choice_is_valid(&asking, 0));
    assert_false(rules_choice_is_valid(&asking, 16));
    assert_false(rules_choice_is_valid(&asking, A | B));
    asking.kind = QUESTION_POLL;
    assert_false(rules_choice_is_valid(&asking, A | B));
    asking.kind = QUESTION_MULTIPLE;
    assert_true(rules_choice_is_valid(&asking, A | B | C | D));
    assert_false(rules_choice_is_valid(&asking, A | 16));
}

#define refused_rules(field, value)                                                                                    \
    do {                                                                                                               \
        struct rules changed = rules_default();                                                                        \
        changed.field = (value);                                                                                       \
        assert_false(rules_are_valid(&changed));                                                                       \
    } while (0)

static void rules_out_of_bounds_are_not_valid(void **state)
{
    (void)state;
    struct rules rules = rules_default();
    assert_true(rules_are_valid(&rules));
    refused_rules(version, 0);
    refused_rules(version, RULES_VERSION + 1);
    refused_rules(scoring, (enum scoring)3);
    refused_rules(multiple, (enum multiple_rule)2);
    refused_rules(names, (enum names_rule)3);
    refused_rules(rank_shown, (enum rank_shown)3);
    refused_rules(distribution, (enum distribution_rule)3);
    refused_rules(limit_ms, LIMIT_MS_MIN - 1);
    refused_rules(limit_ms, LIMIT_MS_MAX + 1);
    refused_rules(reading_ms, READING_MS_MAX + 1);
    refused_rules(explain_ms, EXPLAIN_MS_MAX + 1);
    refused_rules(points, 0);
    refused_rules(points, POINTS_MAX + 1);
    refused_rules(communities_count, COMMUNITIES_MAX + 1);
}

#define refused_asking(base, field, value)                                                                             \
    do {                                                                                                               \
        struct asking_rules changed = (base);                                                                          \
        changed.field = (value);                                                                                       \
        assert_false(asking_rules_are_valid(&changed));                                                                \
    } while (0)

static void askings_out_of_bounds_are_not_valid(void **state)
{
    (void)state;
    struct asking_rules single = asking_of(QUESTION_SINGLE, A, 10), multiple = asking_of(QUESTION_MULTIPLE, A | B, 10);
    struct asking_rules poll = asking_of(QUESTION_POLL, 0, 10);
    assert_true(asking_rules_are_valid(&single));
    assert_true(asking_rules_are_valid(&multiple));
    assert_true(asking_rules_are_valid(&poll));
    refused_asking(single, kind, (enum question_kind)4);
    refused_asking(single, options_count, 1);
    refused_asking(single, options_count, OPTIONS_MAX + 1);
    refused_asking(single, key, 0);
    refused_asking(single, key, A | B);
    refused_asking(single, key, 16);
    refused_asking(multiple, key, 0);
    refused_asking(poll, key, A);
    refused_asking(single, points, POINTS_MAX + 1);
    refused_asking(single, limit_ms, LIMIT_MS_MAX + 1);
    refused_asking(single, reading_ms, READING_MS_MAX + 1);
}

static void rules_come_back_as_they_were_written(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct rules rules = rules_default(), back = {0};
    rules.scoring = SCORING_KNOCKOUT;
    rules.multiple = MULTIPLE_SHARE;
    rules.names = NAMES_REQUIRED;
    rules.rank_shown = RANK_END;
    rules.distribution = DISTRIBUTION_RIGHT;
    rules.is_shuffled = rules.is_auto = true;
    rules.communities_count = 7;
    struct writer w = writer_over(bytes, sizeof bytes);
    rules_encode(&w, &rules);
    struct reader r = reader_over(bytes, w.size);
    assert_true(rules_decode(&r, &back) && read_finished(&r));
    assert_int_equal(back.scoring, SCORING_KNOCKOUT);
    assert_int_equal(back.multiple, MULTIPLE_SHARE);
    assert_int_equal(back.names, NAMES_REQUIRED);
    assert_int_equal(back.rank_shown, RANK_END);
    assert_int_equal(back.distribution, DISTRIBUTION_RIGHT);
    assert_true(back.is_shuffled && back.is_auto);
    assert_int_equal(back.limit_ms, rules.limit_ms);
    assert_int_equal(back.reading_ms, rules.reading_ms);
    assert_int_equal(back.explain_ms, rules.explain_ms);
    assert_int_equal(back.points, rules.points);
    assert_int_equal(back.communities_count, 7);

    struct asking_rules asking = asking_of(QUESTION_MULTIPLE, A | D, 25), asking_back;
    memset(&asking_back, 0xff, sizeof asking_back);
    w = writer_over(bytes, sizeof bytes);
    asking_rules_encode(&w, &asking);
    r = reader_over(bytes, w.size);
    assert_true(asking_rules_decode(&r, &asking_back) && read_finished(&r));
    assert_int_equal(asking_back.kind, asking.kind);
    assert_int_equal(asking_back.options_count, asking.options_count);
    assert_int_equal(asking_back.key, asking.key);
    assert_int_equal(asking_back.points, asking.points);
    assert_int_equal(asking_back.limit_ms, asking.limit_ms);
    assert_int_equal(asking_back.reading_ms, asking.reading_ms);
}

static void rules_cut_short_or_with_strange_words_are_not_read(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct rules rules = rules_default(), back;
    struct asking_rules asking = asking_of(QUESTION_SINGLE, A, 10), asking_back;
    struct writer w = writer_over(bytes, sizeof bytes);
    rules_encode(&w, &rules);
    for (size_t size = 0; size < w.size; size++) {
        struct reader r = reader_over(bytes, size);
        assert_false(rules_decode(&r, &back));
    }
    for (size_t at = 2; at < 9; at++) { /* the words and the flags */
        uint8_t kept = bytes[at];
        bytes[at] = 9;
        struct reader r = reader_over(bytes, w.size);
        assert_false(rules_decode(&r, &back));
        bytes[at] = kept;
    }
    w = writer_over(bytes, sizeof bytes);
    asking_rules_encode(&w, &asking);
    for (size_t size = 0; size < w.size; size++) {
        struct reader r = reader_over(bytes, size);
        assert_false(asking_rules_decode(&r, &asking_back));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accuracy_gives_all_or_nothing),
        cmocka_unit_test(speed_falls_to_half_at_the_limit),
        cmocka_unit_test(speed_rounds_half_up),
        cmocka_unit_test(share_is_right_less_wrong_and_never_below_zero),
        cmocka_unit_test(a_share_is_for_multiple_choice_alone),
        cmocka_unit_test(a_share_of_speed_is_the_share_first),
        cmocka_unit_test(a_poll_gives_nothing_and_nobody_is_right),
        cmocka_unit_test(only_the_whole_key_is_right),
        cmocka_unit_test(choices_outside_the_options_are_not_valid),
        cmocka_unit_test(rules_out_of_bounds_are_not_valid),
        cmocka_unit_test(askings_out_of_bounds_are_not_valid),
        cmocka_unit_test(rules_come_back_as_they_were_written),
        cmocka_unit_test(rules_cut_short_or_with_strange_words_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
