/* Rank order, ranks and the packed form; and that 340,000 are ranked well inside the promised 100 ms. */
#include "base/clock.h"
#include "base/random.h"
#include "model/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void more_points_come_first_then_fewer_ticks_then_the_lower_number(void **state)
{
    (void)state;
    const uint32_t points[] = {10, 20, 20, 20, 10, 0}, ticks[] = {5, 9, 3, 9, 4, 0};
    uint32_t order[] = {0, 1, 2, 3, 4, 5}, ranks[6] = {0}, scratch[6];
    standing_rank(order, 6, points, ticks, ranks, scratch);
    const uint32_t order_wanted[] = {2, 1, 3, 4, 0, 5}, ranks_wanted[] = {5, 2, 1, 2, 4, 6};
    assert_memory_equal(order, order_wanted, sizeof order);
    assert_memory_equal(ranks, ranks_wanted, sizeof ranks);
}

static void a_tie_shares_its_rank_and_the_next_counts_all_before(void **state)
{
    (void)state;
    const uint32_t points[] = {7, 7, 7, 1}, ticks[] = {2, 2, 2, 0};
    uint32_t order[] = {3, 2, 1, 0}, ranks[4], scratch[4];
    standing_rank(order, 4, points, ticks, ranks, scratch);
    const uint32_t order_wanted[] = {0, 1, 2, 3}, ranks_wanted[] = {1, 1, 1, 4};
    assert_memory_equal(order, order_wanted, sizeof order);
    assert_memory_equal(ranks, ranks_wanted, sizeof ranks);
}

static void who_is_not_in_the_order_is_not_ranked(void **state)
{
    (void)state;
    const uint32_t points[] = {1, 99, 2}, ticks[] = {0, 0, 0};
    uint32_t order[] = {0, 2}, ranks[3] = {77, 77, 77}, scratch[3];
    standing_rank(order, 2, points, ticks, ranks, scratch);
    assert_int_equal(ranks[2], 1);
    assert_int_equal(ranks[0], 2);
    assert_int_equal(ranks[1], 77);
    standing_rank(order, 0, points, ticks, ranks, scratch);
}

struct person {
    uint32_t number, points, ticks;
};

static int person_compare(const void *a, const void *b)
{
    const struct person *x = a, *y = b;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    if (x->ticks != y->ticks) return x->ticks < y->ticks ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static void any_numbers_come_in_the_order_of_a_comparison_sort(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static uint32_t points[COUNT], ticks[COUNT], order[COUNT], scratch[COUNT], ranks[COUNT];
    static struct person people[COUNT];
    struct random random = random_from_seed(7);
    for (uint32_t wide = 0; wide < 2; wide++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            points[i] = wide ? (uint32_t)random_next(&random) : random_below(&random, 20);
            ticks[i] = wide ? (uint32_t)random_next(&random) : random_below(&random, 50);
            people[i] = (struct person){i, points[i], ticks[i]};
            order[i] = COUNT - 1 - i;
        }
        qsort(people, COUNT, sizeof *people, person_compare);
        standing_rank(order, COUNT, points, ticks, ranks, scratch);
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(order[i], people[i].number);
            uint32_t better = i;
            while (better > 0 && people[better - 1].points == people[i].points &&
                   people[better - 1].ticks == people[i].ticks)
                better--;
            assert_int_equal(ranks[order[i]], better + 1);
        }
    }
}

static void ranks_may_be_written_over_the_scratch(void **state)
{
    (void)state;
    const uint32_t points[] = {3, 9, 5000}, ticks[] = {1, 1, 1};
    uint32_t order[] = {0, 1, 2}, scratch[3];
    standing_rank(order, 3, points, ticks, scratch, scratch);
    const uint32_t ranks_wanted[] = {3, 2, 1};
    assert_memory_equal(scratch, ranks_wanted, sizeof scratch);
}

static void a_packed_standing_reads_back(void **state)
{
    (void)state;
    const struct standing_entry entries[] = {{7, 1000, 250, 3, 0}, {UINT32_MAX, 0x01020304, 5, 200, 199}};
    uint8_t packed[2 * STANDING_ENTRY_SIZE];
    standing_pack(entries, 2, packed);
    const uint8_t second[] = {255, 255, 255, 255, 4, 3, 2, 1, 5, 0, 0, 0, 200, 0, 199, 0};
    assert_memory_equal(packed + STANDING_ENTRY_SIZE, second, sizeof second);
    for (uint32_t i = 0; i < 2; i++) {
        struct standing_entry entry = standing_at(packed, i);
        assert_int_equal(entry.participant, entries[i].participant);
        assert_int_equal(entry.points, entries[i].points);
        assert_int_equal(entry.ticks, entries[i].ticks);
        assert_int_equal(entry.rights, entries[i].rights);
        assert_int_equal(entry.out_at, entries[i].out_at);
    }
}

/* The bound is loose, for slow machines and sanitizers; the printed time is what to look at. */
static void ranking_340000_takes_less_than_a_second(void **state)
{
    (void)state;
    enum { COUNT = 340000 };
    uint32_t *points = malloc(COUNT * sizeof *points), *ticks = malloc(COUNT * sizeof *ticks);
    uint32_t *order = malloc(COUNT * sizeof *order), *scratch = malloc(COUNT * sizeof *scratch);
    assert_true(points && ticks && order && scratch);
    struct random random = random_from_seed(1);
    for (uint32_t i = 0; i < COUNT; i++) {
        points[i] = 10 * random_below(&random, 21);
        ticks[i] = random_below(&random, 6000);
        order[i] = i;
    }
    uint64_t from_ms = clock_monotonic_ms();
    standing_rank(order, COUNT, points, ticks, scratch, scratch);
    uint64_t took_ms = clock_monotonic_ms() - from_ms;
    print_message("340000 ranked in %u ms\n", (unsigned)took_ms);
    assert_true(took_ms < 1000);
    free(points);
    free(ticks);
    free(order);
    free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_points_come_first_then_fewer_ticks_then_the_lower_number),
        cmocka_unit_test(a_tie_shares_its_rank_and_the_next_counts_all_before),
        cmocka_unit_test(who_is_not_in_the_order_is_not_ranked),
        cmocka_unit_test(any_numbers_come_in_the_order_of_a_comparison_sort),
        cmocka_unit_test(ranks_may_be_written_over_the_scratch),
        cmocka_unit_test(a_packed_standing_reads_back),
        cmocka_unit_test(ranking_340000_takes_less_than_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
