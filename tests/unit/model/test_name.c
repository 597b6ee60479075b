/* How names are shown in public. */
#include "model/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect_shown(const char *name, bool is_hidden, const char *shown)
{
    char out[NAME_SHOWN_SIZE];
    name_shown(span_of_text(name), 27, is_hidden, out);
    assert_string_equal(out, shown);
}

static void middle_of_a_name_is_masked(void **state)
{
    (void)state;
    expect_shown("王秀英", false, "王＊英");
    expect_shown("陈明", false, "陈＊");
    expect_shown("欧阳小梅", false, "欧阳＊梅");
    expect_shown("李建国华", false, "李＊华");
    expect_shown("Anna", false, "A＊a");
    expect_shown("王", false, "王＊");
}

static void without_a_name_or_hidden_there_is_a_number(void **state)
{
    (void)state;
    expect_shown("", false, "居民028");
    expect_shown("王秀英", true, "居民028");
}

static void the_longest_name_fits(void **state)
{
    (void)state;
    char name[4 * NAME_CHARS_MAX + 1] = "", out[NAME_SHOWN_SIZE];
    for (int i = 0; i < NAME_CHARS_MAX; i++)
        strcat(name, "😀");
    name_shown(span_of_text(name), 4000000000u, false, out);
    assert_string_equal(out, "😀＊😀");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(middle_of_a_name_is_masked),
        cmocka_unit_test(without_a_name_or_hidden_there_is_a_number),
        cmocka_unit_test(the_longest_name_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
