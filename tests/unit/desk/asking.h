/* A page of the office and what its replies must be. */
#ifndef JINGDA_TESTS_DESK_ASKING_H
#define JINGDA_TESTS_DESK_ASKING_H

#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WATCH_2 "{\"id\":1,\"do\":\"round.watch\",\"round\":2}"
#define TAKE_2  "{\"id\":2,\"do\":\"lease.take\",\"round\":2}"

struct fixture {
    struct office *office;
    uint64_t session;
    struct page page;
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->office = office_make();
    f->session = office_sign_in(f->office);
    page_open(f->office, &f->page, f->session);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    page_close(f->office, &f->page);
    office_drop(f->office);
    free(f);
    return 0;
}

static inline void assert_refused(json_t *reply, const char *error, const char *field)
{
    assert_non_null(reply);
    assert_true(json_is_false(json_object_get(reply, "ok")));
    assert_string_equal(json_string_value(json_object_get(reply, "error")), error);
    assert_true(json_is_string(json_object_get(reply, "text")));
    assert_true(json_is_string(json_object_get(reply, "text_en")));
    if (field) assert_string_equal(json_string_value(json_object_get(reply, "field")), field);
}

static inline void assert_done(json_t *reply)
{
    assert_non_null(reply);
    if (!json_is_true(json_object_get(reply, "ok"))) fail_msg("%s", json_string_value(json_object_get(reply, "error")));
}

static inline json_int_t number(json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
