/* Who drives a round. */
#include "desk/lease.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct lease_seeker ann = {.session = 1, .watcher = 10, .name = "安"};
static const struct lease_seeker ann_again = {.session = 1, .watcher = 11, .name = "安"};
static const struct lease_seeker bo = {.session = 2, .watcher = 20, .name = "博"};

static void free_lease_is_taken(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_null(lease_holder(&lease, 0));
    assert_true(lease_take(&lease, &ann, false, 0));
    assert_string_equal(lease_holder(&lease, 0), "安");
    assert_true(lease_is_of(&lease, 10));
    assert_false(lease_is_of(&lease, 11));
    assert_false(lease_is_of(&lease, 0));
}

static void living_holder_keeps_it_but_for_force(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    assert_false(lease_take(&lease, &bo, false, 1000000));
    assert_true(lease_is_of(&lease, 10));
    assert_true(lease_take(&lease, &bo, true, 1000000));
    assert_true(lease_is_of(&lease, 20));
    assert_false(lease_is_of(&lease, 10));
}

static void second_page_of_the_same_person_needs_force_too(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    assert_false(lease_take(&lease, &ann_again, false, 1));
    assert_true(lease_take(&lease, &ann, false, 1)); /* who has it may ask again */
}

static void reload_within_thirty_seconds_gets_it_back(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_lose(&lease, 10, 5000);
    assert_false(lease_is_of(&lease, 10));
    assert_string_equal(lease_holder(&lease, 5000 + LEASE_RETURN_MS - 1), "安");
    assert_false(lease_take(&lease, &bo, false, 5000 + LEASE_RETURN_MS - 1));
    lease_return(&lease, &bo, 5000 + LEASE_RETURN_MS - 1);
    assert_false(lease_is_of(&lease, 20));
    lease_return(&lease, &ann_again, 5000 + LEASE_RETURN_MS - 1);
    assert_true(lease_is_of(&lease, 11));
}

static void after_thirty_seconds_anybody_may_take_it(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_lose(&lease, 10, 5000);
    assert_null(lease_holder(&lease, 5000 + LEASE_RETURN_MS));
    lease_return(&lease, &ann_again, 5000 + LEASE_RETURN_MS);
    assert_false(lease_is_of(&lease, 11));
    assert_true(lease_take(&lease, &bo, false, 5000 + LEASE_RETURN_MS));
}

static void return_takes_nothing_from_a_living_page(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_return(&lease, &ann_again, 1);
    assert_true(lease_is_of(&lease, 10));
}

static void holder_hands_it_over(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_give(&lease, &bo);
    assert_true(lease_is_of(&lease, 20));
    assert_string_equal(lease_holder(&lease, 0), "博");
}

static void others_going_away_change_nothing(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_lose(&lease, 20, 1);
    lease_leave(&lease, 20);
    lease_end_session(&lease, 2);
    assert_true(lease_is_of(&lease, 10));
}

static void leaving_and_signing_out_free_it_at_once(void **state)
{
    (void)state;
    struct lease lease = {0};
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_leave(&lease, 10);
    assert_null(lease_holder(&lease, 0));
    assert_true(lease_take(&lease, &ann, false, 0));
    lease_lose(&lease, 10, 0);
    lease_end_session(&lease, 1);
    assert_null(lease_holder(&lease, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_lease_is_taken),
        cmocka_unit_test(living_holder_keeps_it_but_for_force),
        cmocka_unit_test(second_page_of_the_same_person_needs_force_too),
        cmocka_unit_test(reload_within_thirty_seconds_gets_it_back),
        cmocka_unit_test(after_thirty_seconds_anybody_may_take_it),
        cmocka_unit_test(return_takes_nothing_from_a_living_page),
        cmocka_unit_test(holder_hands_it_over),
        cmocka_unit_test(others_going_away_change_nothing),
        cmocka_unit_test(leaving_and_signing_out_free_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
