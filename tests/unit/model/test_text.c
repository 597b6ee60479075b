/* Which typed text is clean: what people write in any script is, what hides, reorders or piles up is not. */
#include "model/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

static bool is_clean(const char *text)
{
    return text_is_clean(span_of_text(text));
}

static bool is_clean_with(int32_t point)
{
    uint8_t text[6] = {'a'};
    utf8proc_ssize_t size = utf8proc_encode_char(point, text + 1);
    text[1 + size] = 'b';
    return text_is_clean((struct span){text, (size_t)size + 2});
}

static void what_people_write_is_clean(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "王秀英", "欧阳·娜娜", "Anna-Lena O'Neil", "Nguyễn Thị Hương", "กิ่งแก้ว",
        "עברית", "محمد", "हिन्दी", "e\u0301", "e\u0302\u0301", "👨‍👩‍👧", "👍🏽", "1\ufe0f\u20e3",
        "🏳\ufe0f‍🌈", "𠮷野家"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_true(is_clean(texts[i]));
}

static void controls_and_what_turns_lines_round_are_not(void **state)
{
    (void)state;
    static const int32_t points[] = {0x01, 0x1f, 0x7f, 0x85, 0x9f, 0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029,
        0x202a, 0x202e, 0x2066, 0x2069, 0xfeff};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        assert_false(is_clean_with(points[i]));
}

static void formats_nobody_types_are_not(void **state)
{
    (void)state;
    for (int32_t point = 0x206a; point <= 0x206f; point++)
        assert_false(is_clean_with(point));
    for (int32_t point = 0xfff9; point <= 0xfffb; point++)
        assert_false(is_clean_with(point));
    for (int32_t point = 0xe0000; point <= 0xe007f; point++)
        assert_false(is_clean_with(point));
    assert_true(is_clean_with(0xfffc));
    assert_true(is_clean_with(0x2070));
}

static void noncharacters_are_not(void **state)
{
    (void)state;
    for (int32_t point = 0xfdd0; point <= 0xfdef; point++)
        assert_false(is_clean_with(point));
    for (int32_t plane = 0; plane <= 16; plane++) {
        assert_false(is_clean_with(plane << 16 | 0xfffe));
        assert_false(is_clean_with(plane << 16 | 0xffff));
    }
    assert_true(is_clean_with(0xfdf0));
    assert_true(is_clean_with(0xfffd));
}

static void two_marks_in_a_row_are_writing_and_three_are_not(void **state)
{
    (void)state;
    assert_true(is_clean("a\u0300\u0301b\u0300\u0301"));
    assert_false(is_clean("a\u0300\u0301\u0302"));
    assert_false(is_clean("王\u20dd\u20dd\u20dd"));
}

static void bytes_that_are_no_text_are_not(void **state)
{
    (void)state;
    assert_false(is_clean("a\xff"));
    assert_false(is_clean("\xed\xa0\x80"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_is_clean),
        cmocka_unit_test(controls_and_what_turns_lines_round_are_not),
        cmocka_unit_test(formats_nobody_types_are_not),
        cmocka_unit_test(noncharacters_are_not),
        cmocka_unit_test(two_marks_in_a_row_are_writing_and_three_are_not),
        cmocka_unit_test(bytes_that_are_no_text_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
