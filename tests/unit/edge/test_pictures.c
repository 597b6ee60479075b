/* Pictures: served by exact name, bounded, the oldest go first. */
#include "edge/pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct pictures));
    return *state == NULL;
}

static int tear_down(void **state)
{
    pictures_clear(*state);
    free(*state);
    return 0;
}

static struct span text(const char *bytes)
{
    return span_of_text(bytes);
}

static void a_picture_is_found_by_its_exact_name(void **state)
{
    struct pictures *pictures = *state;
    assert_true(pictures_put(pictures, text("a.png"), text("bytes")));
    assert_true(span_equal(pictures_find(pictures, text("a.png")), text("bytes")));
    assert_null(pictures_find(pictures, text("a.pn")).data);
    assert_null(pictures_find(pictures, text("a.pngx")).data);
    assert_null(pictures_find(pictures, text("")).data);
}

static void bytes_are_copied(void **state)
{
    struct pictures *pictures = *state;
    char bytes[] = "before";
    assert_true(pictures_put(pictures, text("a.png"), text(bytes)));
    strcpy(bytes, "after!");
    assert_true(span_equal(pictures_find(pictures, text("a.png")), text("before")));
}

static void the_oldest_goes_and_a_repeat_makes_new(void **state)
{
    struct pictures *pictures = *state;
    char name[32];
    for (int i = 0; i < PICTURES_MAX; i++) {
        snprintf(name, sizeof name, "%d.png", i);
        assert_true(pictures_put(pictures, text(name), text("x")));
    }
    assert_true(pictures_put(pictures, text("0.png"), text("x"))); /* again: now 1.png is the oldest */
    assert_true(pictures_put(pictures, text("new.png"), text("x")));
    assert_non_null(pictures_find(pictures, text("0.png")).data);
    assert_null(pictures_find(pictures, text("1.png")).data);
    assert_non_null(pictures_find(pictures, text("2.png")).data);
    assert_non_null(pictures_find(pictures, text("new.png")).data);
}

static void what_is_no_picture_is_not_taken(void **state)
{
    struct pictures *pictures = *state;
    char long_name[PICTURE_NAME_MAX + 8];
    memset(long_name, 'a', sizeof long_name);
    strcpy(long_name + PICTURE_NAME_MAX - 3, ".png");
    uint8_t *large = calloc(1, PICTURE_SIZE_MAX + 1);
    assert_false(pictures_put(pictures, text("a.html"), text("<script>")));
    assert_false(pictures_put(pictures, text("a.svg"), text("<svg>")));
    assert_false(pictures_put(pictures, text(".png"), text("x")));
    assert_false(pictures_put(pictures, text(""), text("x")));
    assert_false(pictures_put(pictures, text(long_name), text("x")));
    assert_false(pictures_put(pictures, text("a.png"), text("")));
    assert_false(pictures_put(pictures, text("a.png"), (struct span){large, PICTURE_SIZE_MAX + 1}));
    assert_true(pictures_put(pictures, text("a.png"), (struct span){large, PICTURE_SIZE_MAX}));
    free(large);
}

static void the_ending_says_the_type(void **state)
{
    (void)state;
    assert_string_equal(pictures_type(text("a.png")), "image/png");
    assert_string_equal(pictures_type(text("a.jpg")), "image/jpeg");
    assert_string_equal(pictures_type(text("a.webp")), "image/webp");
    assert_null(pictures_type(text("a.PNG")));
    assert_null(pictures_type(text("png")));
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(a_picture_is_found_by_its_exact_name),
        FACT(bytes_are_copied),
        FACT(the_oldest_goes_and_a_repeat_makes_new),
        FACT(what_is_no_picture_is_not_taken),
        FACT(the_ending_says_the_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
