/* Passwords and secrets. */
#include "desk/passwords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Computed with Python's hashlib.scrypt(b"correct horse", salt=bytes(range(16)), n=2**15, r=8, p=1, maxmem=2**26,
 * dklen=32). */
static void password_is_hashed_as_rfc_7914_says(void **state)
{
    (void)state;
    static const uint8_t wanted[ACCOUNT_PASSWORD_SIZE] = {0x5c, 0x66, 0x26, 0x28, 0xac, 0x4e, 0xb1, 0x06, 0x8a, 0x28,
        0x7e, 0x2a, 0xa2, 0xa2, 0x02, 0xae, 0x24, 0x8e, 0x98, 0xdb, 0x04, 0xd6, 0x1d, 0x33, 0x27, 0xe7, 0x34, 0x2d,
        0xb6, 0xec, 0x70, 0x97};
    uint8_t salt[ACCOUNT_SALT_SIZE], got[ACCOUNT_PASSWORD_SIZE];
    for (uint8_t i = 0; i < sizeof salt; i++)
        salt[i] = i;
    password_hash(span_of_text("correct horse"), salt, got);
    assert_memory_equal(got, wanted, sizeof wanted);
    assert_true(bytes_same(got, wanted, sizeof wanted));
}

static void another_salt_or_password_gives_another_hash(void **state)
{
    (void)state;
    uint8_t salt[ACCOUNT_SALT_SIZE] = {0}, a[ACCOUNT_PASSWORD_SIZE], b[ACCOUNT_PASSWORD_SIZE];
    password_hash(span_of_text("12345678"), salt, a);
    password_hash(span_of_text("12345679"), salt, b);
    assert_false(bytes_same(a, b, sizeof a));
    salt[15] = 1;
    password_hash(span_of_text("12345678"), salt, b);
    assert_false(bytes_same(a, b, sizeof a));
}

static void secrets_are_43_characters_of_base64url_and_never_the_same(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char secrets[100][SECRET_TEXT_SIZE];
    for (int i = 0; i < 100; i++) {
        secret_make(secrets[i]);
        assert_int_equal(strlen(secrets[i]), 43);
        assert_int_equal(strspn(secrets[i], alphabet), 43);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(secrets[i], secrets[k]);
    }
    bool seen[256] = {false};
    int different = 0;
    for (int i = 0; i < 100; i++)
        for (int k = 0; k < 43; k++)
            seen[(uint8_t)secrets[i][k]] = true;
    for (int i = 0; i < 256; i++)
        different += seen[i];
    assert_int_equal(different, 64); /* 4,300 characters: all of the alphabet is used */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(password_is_hashed_as_rfc_7914_says),
        cmocka_unit_test(another_salt_or_password_gives_another_hash),
        cmocka_unit_test(secrets_are_43_characters_of_base64url_and_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
