/* Cookies of known browsers: only of this account, this password, and ours. */
#include "desk/devices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct account account_of(uint8_t chance)
{
    struct account account = {.id = 1};
    memset(account.password, chance, sizeof account.password);
    return account;
}

static bool is_known(const struct account *account, const char *device)
{
    char header[300];
    snprintf(header, sizeof header, "__Host-desk=x; " DEVICE_COOKIE "=%s; a=b", device);
    struct span found = device_of_cookie(account, span_of_text(header));
    return found.size > 0 && span_equal(found, span_of_text(device));
}

static void a_browser_is_known_again(void **state)
{
    (void)state;
    struct account account = account_of(7);
    char device[DEVICE_TEXT_SIZE], other[DEVICE_TEXT_SIZE];
    device_make(&account, device);
    device_make(&account, other);
    assert_int_equal(strlen(device), DEVICE_TEXT_SIZE - 1);
    assert_string_not_equal(device, other);
    assert_true(is_known(&account, device));
    assert_true(is_known(&account, other));
}

static void another_account_or_a_new_password_does_not_know_it(void **state)
{
    (void)state;
    struct account account = account_of(7), other = account_of(8);
    char device[DEVICE_TEXT_SIZE];
    device_make(&account, device);
    assert_false(is_known(&other, device));
}

static void every_changed_character_makes_it_a_stranger(void **state)
{
    (void)state;
    struct account account = account_of(7);
    char device[DEVICE_TEXT_SIZE];
    device_make(&account, device);
    for (size_t i = 0; i < DEVICE_TEXT_SIZE - 1; i++) {
        char kept = device[i];
        device[i] = kept == '1' ? '2' : '1';
        assert_false(is_known(&account, device));
        device[i] = kept;
    }
    device[DEVICE_TEXT_SIZE - 2] = '\0';
    assert_false(is_known(&account, device));
    assert_false(is_known(&account, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browser_is_known_again),
        cmocka_unit_test(another_account_or_a_new_password_does_not_know_it),
        cmocka_unit_test(every_changed_character_makes_it_a_stranger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
