/* Waiting after wrong passwords. */
#include "desk/lockout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct lockout *fresh(void)
{
    return calloc(1, sizeof(struct lockout));
}

static void five_tries_are_free(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 1000), 0);
    assert_int_equal(lockout_try(lockout, 1, 1000), 1000);
    free(lockout);
}

static void waiting_doubles_up_to_five_minutes(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    uint64_t now_ms = 1000;
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, now_ms), 0);
    for (uint64_t wait_s = 1; wait_s < 2000; wait_s *= 2) {
        uint64_t wait_ms = 1000 * (wait_s < LOCKOUT_WAIT_S_MAX ? wait_s : LOCKOUT_WAIT_S_MAX);
        assert_int_equal(lockout_try(lockout, 1, now_ms), wait_ms);
        assert_int_equal(lockout_try(lockout, 1, now_ms + wait_ms - 1), 1); /* asking costs nothing */
        now_ms += wait_ms;
        assert_int_equal(lockout_try(lockout, 1, now_ms), 0);
    }
    free(lockout);
}

static void other_names_do_not_wait(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 0), 0);
    assert_int_not_equal(lockout_try(lockout, 1, 0), 0);
    assert_int_equal(lockout_try(lockout, 2, 0), 0);
    free(lockout);
}

static void right_password_forgives(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 0), 0);
    lockout_forgive(lockout, 1);
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 0), 0);
    free(lockout);
}

static void an_hour_without_failing_forgets(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 0), 0);
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, LOCKOUT_FORGET_MS), 0);
    free(lockout);
}

static void flood_of_names_does_not_free_the_one_under_attack(void **state)
{
    (void)state;
    struct lockout *lockout = fresh();
    for (int i = 0; i < LOCKOUT_FREE; i++)
        assert_int_equal(lockout_try(lockout, 1, 0), 0);
    for (uint64_t key = 100; key < 100 + 4 * LOCKOUT_NAMES_MAX; key++)
        assert_int_equal(lockout_try(lockout, key, 1), 0);
    assert_int_equal(lockout_try(lockout, 1, 1), 999);
    free(lockout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_tries_are_free),
        cmocka_unit_test(waiting_doubles_up_to_five_minutes),
        cmocka_unit_test(other_names_do_not_wait),
        cmocka_unit_test(right_password_forgives),
        cmocka_unit_test(an_hour_without_failing_forgets),
        cmocka_unit_test(flood_of_names_does_not_free_the_one_under_attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
