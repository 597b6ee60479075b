/* Tokens and receipts: only the key's holder makes them, and any change shows. */
#include "core/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[TOKEN_KEY_SIZE] = {1, 2, 3};

static void token_comes_back_as_it_was_written(void **state)
{
    (void)state;
    char text[TOKEN_TEXT_SIZE];
    struct token token;
    token_write(key, (struct token){7, 339999, 2}, text);
    assert_int_equal(strlen(text), TOKEN_TEXT_SIZE - 1);
    assert_true(token_read(key, span_of_text(text), &token));
    assert_int_equal(token.round, 7);
    assert_int_equal(token.participant, 339999);
    assert_int_equal(token.generation, 2);
}

static void token_with_any_character_changed_is_refused(void **state)
{
    (void)state;
    char text[TOKEN_TEXT_SIZE];
    struct token token;
    token_write(key, (struct token){7, 1, 0}, text);
    for (size_t i = 0; i < strlen(text); i++) {
        char kept = text[i];
        text[i] = kept == 'A' ? 'B' : 'A';
        assert_false(token_read(key, span_of_text(text), &token));
        text[i] = kept;
    }
    assert_true(token_read(key, span_of_text(text), &token));
}

static void token_of_another_key_or_length_is_refused(void **state)
{
    (void)state;
    static const uint8_t other[TOKEN_KEY_SIZE] = {9};
    char text[TOKEN_TEXT_SIZE];
    struct token token;
    token_write(other, (struct token){7, 1, 0}, text);
    assert_false(token_read(key, span_of_text(text), &token));
    token_write(key, (struct token){7, 1, 0}, text);
    assert_false(token_read(key, (struct span){(const uint8_t *)text, strlen(text) - 1}, &token));
    assert_false(token_read(key, span_of_text(""), &token));
    assert_false(token_read(key, span_of_text("\xff\xff\xff"), &token));
}

static void receipt_names_the_answer_and_nothing_else(void **state)
{
    (void)state;
    struct answer answer = {.round = 1, .asking = 2, .participant = 3, .choice = 4, .elapsed_ms = 5, .credit_ms = 6};
    char first[RECEIPT_TEXT_SIZE], again[RECEIPT_TEXT_SIZE], other[RECEIPT_TEXT_SIZE];
    receipt_write(key, &answer, first);
    receipt_write(key, &answer, again);
    answer.choice = 2;
    receipt_write(key, &answer, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_int_equal(first[4], '-');
    assert_int_equal(strlen(first), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_comes_back_as_it_was_written),
        cmocka_unit_test(token_with_any_character_changed_is_refused),
        cmocka_unit_test(token_of_another_key_or_length_is_refused),
        cmocka_unit_test(receipt_names_the_answer_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
