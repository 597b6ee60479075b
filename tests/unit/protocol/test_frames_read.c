/* What a browser may say, and what is refused of it. */
#include "protocol/frames.h"

#include "model/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct frame frame;

static enum verdict read(const char *text)
{
    return frame_read(span_of_text(text), &frame);
}

static void hello_names_a_round(void **state)
{
    (void)state;
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"012345\"}"), VERDICT_OK);
    assert_int_equal(frame.kind, FRAME_HELLO);
    assert_int_equal(frame.code, 12345);
    assert_false(frame.is_screen);
    assert_false(frame.has_token);
    assert_int_equal(read(" {\n\t\"screen\" : true , \"round\":\"999999\",\"type\":\"hello\" }\r\n"), VERDICT_OK);
    assert_true(frame.is_screen);
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"000000\",\"token\":\"a-b_c\"}"), VERDICT_OK);
    assert_true(frame.has_token);
    assert_string_equal(frame.token, "a-b_c");
}

static void a_code_that_is_not_six_digits_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"12345\"}"), VERDICT_UNKNOWN_CODE);
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"1234567\"}"), VERDICT_UNKNOWN_CODE);
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"12345a\"}"), VERDICT_UNKNOWN_CODE);
    assert_int_equal(read("{\"type\":\"hello\",\"round\":\"\"}"), VERDICT_UNKNOWN_CODE);
}

static void a_token_too_long_to_be_one_is_bad(void **state)
{
    (void)state;
    char text[256], token[TOKEN_TEXT_MAX + 2];
    memset(token, 'x', sizeof token);
    token[TOKEN_TEXT_MAX] = '\0';
    snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"%s\"}", token);
    assert_int_equal(read(text), VERDICT_OK);
    token[TOKEN_TEXT_MAX] = 'x';
    token[TOKEN_TEXT_MAX + 1] = '\0';
    snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"%s\"}", token);
    assert_int_equal(read(text), VERDICT_BAD_TOKEN);
}

static void join_carries_nonce_name_and_community(void **state)
{
    (void)state;
    assert_int_equal(
        read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"王\\u79c0\\ud83d\\ude00\","
             "\"community\":7}"),
        VERDICT_OK);
    for (uint8_t i = 0; i < NONCE_SIZE; i++)
        assert_int_equal(frame.nonce[i], i);
    assert_string_equal(frame.name, "王秀😀");
    assert_int_equal(frame.community, 7);
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"_-8AAAAAAAAAAAAAAAAAAA\"}"), VERDICT_OK);
    assert_int_equal(frame.nonce[0], 0xff);
    assert_int_equal(frame.nonce[1], 0xef);
    assert_string_equal(frame.name, "");
    assert_int_equal(frame.community, COMMUNITY_NONE);
}

static void a_nonce_is_16_bytes_spelled_in_one_way(void **state)
{
    (void)state;
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0OD\"}"), VERDICT_BAD_FRAME);
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODwA\"}"), VERDICT_BAD_FRAME);
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODx\"}"), VERDICT_BAD_FRAME);
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0O+/\"}"), VERDICT_BAD_FRAME);
    assert_int_equal(read("{\"type\":\"join\"}"), VERDICT_BAD_FRAME);
}

static void a_name_past_its_size_or_with_a_zero_is_bad(void **state)
{
    (void)state;
    char text[256], name[4 * NAME_CHARS_MAX + 2];
    memset(name, 'n', sizeof name);
    name[4 * NAME_CHARS_MAX] = '\0';
    snprintf(text, sizeof text, "{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"%s\"}", name);
    assert_int_equal(read(text), VERDICT_OK);
    name[4 * NAME_CHARS_MAX] = 'n';
    name[4 * NAME_CHARS_MAX + 1] = '\0';
    snprintf(text, sizeof text, "{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"%s\"}", name);
    assert_int_equal(read(text), VERDICT_BAD_NAME);
    assert_int_equal(
        read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"a\\u0000b\"}"), VERDICT_BAD_NAME);
}

static void a_community_beyond_every_list_is_bad(void **state)
{
    (void)state;
    assert_int_equal(read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"community\":199}"), VERDICT_OK);
    assert_int_equal(
        read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"community\":200}"), VERDICT_BAD_COMMUNITY);
    assert_int_equal(
        read("{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"community\":65535}"), VERDICT_BAD_COMMUNITY);
}

static void answer_carries_asking_and_choice(void **state)
{
    (void)state;
    assert_int_equal(read("{\"type\":\"answer\",\"asking\":3,\"choice\":5}"), VERDICT_OK);
    assert_int_equal(frame.kind, FRAME_ANSWER);
    assert_int_equal(frame.asking, 3);
    assert_int_equal(frame.choice, 5);
    assert_int_equal(read("{\"type\":\"answer\",\"asking\":65536,\"choice\":9007199254740991}"), VERDICT_OK);
    assert_int_equal(frame.asking, 0);
    assert_int_equal(frame.choice, 0);
    assert_int_equal(read("{\"type\":\"ping\"}"), VERDICT_OK);
    assert_int_equal(frame.kind, FRAME_PING);
}

static void what_is_not_a_frame_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "{}",
        "[]",
        "null",
        "\"ping\"",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}}",
        "{\"type\":\"ping\"} x",
        "{\"type\":\"ping\"}{\"type\":\"ping\"}",
        "{\"type\":\"ping\",}",
        "{,\"type\":\"ping\"}",
        "{\"type\" \"ping\"}",
        "{type:\"ping\"}",
        "{'type':'ping'}",
        "{\"type\":\"pong\"}",
        "{\"type\":\"PING\"}",
        "{\"type\":7}",
        "{\"type\":true}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"asking\":1}",
        "{\"type\":\"ping\",\"extra\":1}",
        "{\"type\":\"pi\nng\"}",
        "{\"type\":\"pin\\x67\"}",
        "{\"type\":\"pin\\u006\"}",
        "{\"type\":\"ping\\",
        "{\"type\":\"ping\\\"}",
        "{\"type\":\"hello\"}",
        "{\"type\":\"hello\",\"round\":123456}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"screen\":false}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"screen\":1}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":null}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\\ud83d\"}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\\ud83d\\u0041\"}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\\ude00\"}",
        "{\"type\":\"answer\",\"asking\":1}",
        "{\"type\":\"answer\",\"asking\":\"1\",\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":1,\"choice\":[1]}",
        "{\"type\":\"answer\",\"asking\":{\"a\":1},\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":-1,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":+1,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":01,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":1.0,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":1e0,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":,\"choice\":1}",
        "{\"type\":\"answer\",\"asking\":1,\"choice\":9007199254740992}",
        "{\"type\":\"answer\",\"asking\":1,\"choice\":99999999999999999999999}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\xff\"}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\xed\xa0\x80\"}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"\xc0\x80\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (read(bad[i]) != VERDICT_BAD_FRAME) fail_msg("taken: %s", bad[i]);
}

static void a_key_may_be_spelled_with_escapes_and_still_stands_once(void **state)
{
    (void)state;
    assert_int_equal(read("{\"\\u0074ype\":\"p\\u0069ng\"}"), VERDICT_OK);
    assert_int_equal(read("{\"type\":\"ping\",\"\\u0074ype\":\"ping\"}"), VERDICT_BAD_FRAME);
}

static void a_frame_has_at_most_frame_max_bytes(void **state)
{
    (void)state;
    char text[FRAME_MAX + 1];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"type\":\"ping\"}", 15);
    assert_int_equal(frame_read((struct span){(uint8_t *)text, FRAME_MAX}, &frame), VERDICT_OK);
    assert_int_equal(frame_read((struct span){(uint8_t *)text, FRAME_MAX + 1}, &frame), VERDICT_BAD_FRAME);
}

static void no_beginning_of_a_frame_is_a_frame(void **state)
{
    (void)state;
    const char *text =
        "{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"\\ud83d\\ude00\",\"community\":7}";
    for (size_t size = 0; size < strlen(text); size++) {
        uint8_t exact[128];
        memcpy(exact, text, size);
        memset(exact + size, 0xee, sizeof exact - size);
        assert_int_equal(frame_read((struct span){exact, size}, &frame), VERDICT_BAD_FRAME);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_names_a_round),
        cmocka_unit_test(a_code_that_is_not_six_digits_is_unknown),
        cmocka_unit_test(a_token_too_long_to_be_one_is_bad),
        cmocka_unit_test(join_carries_nonce_name_and_community),
        cmocka_unit_test(a_nonce_is_16_bytes_spelled_in_one_way),
        cmocka_unit_test(a_name_past_its_size_or_with_a_zero_is_bad),
        cmocka_unit_test(a_community_beyond_every_list_is_bad),
        cmocka_unit_test(answer_carries_asking_and_choice),
        cmocka_unit_test(what_is_not_a_frame_is_refused),
        cmocka_unit_test(a_key_may_be_spelled_with_escapes_and_still_stands_once),
        cmocka_unit_test(a_frame_has_at_most_frame_max_bytes),
        cmocka_unit_test(no_beginning_of_a_frame_is_a_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
