/* Leaderboard, people and communities out of core.db. */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct fixture {
    struct office *office;
    struct page page;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->office = office_make();
    page_open(f->office, &f->page, office_sign_in(f->office));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    page_close(f->office, &f->page);
    office_drop(f->office);
    free(f);
    return 0;
}

static json_t *ask(struct fixture *f, const char *fields)
{
    char frame[256];
    snprintf(frame, sizeof frame, "{\"id\":1,\"round\":1,%s}", fields);
    json_t *reply = page_ask(f->office, &f->page, frame);
    assert_true(json_is_true(json_object_get(reply, "ok")));
    return reply;
}

static json_t *row(json_t *reply, size_t index)
{
    json_t *one = json_array_get(json_object_get(reply, "rows"), index);
    assert_non_null(one);
    return one;
}

static size_t rows(json_t *reply)
{
    return json_array_size(json_object_get(reply, "rows"));
}

static json_int_t number(json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static const char *word(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void leaderboard_is_in_rank_order_with_shared_ranks(void **state)
{
    struct fixture *f = *state;
    json_t *reply = ask(f, "\"do\":\"leaderboard\"");
    assert_int_equal(number(reply, "asking"), 3);
    assert_int_equal(number(reply, "of"), 4);
    static const json_int_t ranks[] = {1, 2, 2, 4};
    static const char *const names[] = {"王秀英", "李明", "Anna", "居民004"};
    static const char *const communities[] = {"东湖", "东湖", "南湖", "南湖"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(number(row(reply, i), "rank"), ranks[i]);
        assert_int_equal(number(row(reply, i), "participant"), (json_int_t)i);
        assert_string_equal(word(row(reply, i), "name"), names[i]);
        assert_string_equal(word(row(reply, i), "community"), communities[i]);
        assert_true(json_is_false(json_object_get(row(reply, i), "removed")));
    }
    assert_int_equal(number(row(reply, 0), "points"), 20);
    assert_int_equal(number(row(reply, 0), "ms"), 3000);
    assert_int_equal(number(row(reply, 0), "rights"), 2);
    assert_true(json_is_true(json_object_get(row(reply, 3), "out")));
}

static void page_that_starts_inside_a_tie_has_its_rank(void **state)
{
    struct fixture *f = *state;
    json_t *reply = ask(f, "\"do\":\"leaderboard\",\"from\":2,\"count\":1");
    assert_int_equal(rows(reply), 1);
    assert_int_equal(number(reply, "of"), 4);
    assert_int_equal(number(row(reply, 0), "rank"), 2);
    assert_string_equal(word(row(reply, 0), "name"), "Anna");
    assert_int_equal(rows(ask(f, "\"do\":\"leaderboard\",\"from\":4")), 0);
}

static void search_finds_by_part_of_a_name_and_by_number(void **state)
{
    struct fixture *f = *state;
    json_t *reply = ask(f, "\"do\":\"leaderboard\",\"search\":\"秀英\"");
    assert_int_equal(rows(reply), 1);
    assert_int_equal(number(row(reply, 0), "rank"), 1);
    reply = ask(f, "\"do\":\"leaderboard\",\"search\":\"ＡＮＮＡ\""); /* full width, upper case */
    assert_int_equal(rows(reply), 1);
    assert_int_equal(number(row(reply, 0), "rank"), 2);
    assert_int_equal(number(row(ask(f, "\"do\":\"leaderboard\",\"search\":\"004\""), 0), "participant"), 3);
    assert_int_equal(number(row(ask(f, "\"do\":\"leaderboard\",\"search\":\"居民004\""), 0), "participant"), 3);
    reply = ask(f, "\"do\":\"leaderboard\",\"search\":\"谁也不是\"");
    assert_int_equal(rows(reply), 0);
    assert_int_equal(number(reply, "of"), 0);
}

static void people_stand_by_number_with_those_removed(void **state)
{
    struct fixture *f = *state;
    json_t *reply = ask(f, "\"do\":\"people\"");
    assert_int_equal(rows(reply), 5);
    assert_int_equal(number(reply, "of"), 5);
    assert_string_equal(word(row(reply, 4), "name"), "捣乱者");
    assert_true(json_is_true(json_object_get(row(reply, 4), "removed")));
    assert_true(json_is_false(json_object_get(row(reply, 3), "removed")));
    reply = ask(f, "\"do\":\"people\",\"from\":1,\"count\":2");
    assert_int_equal(rows(reply), 2);
    assert_string_equal(word(row(reply, 0), "name"), "李明");
    reply = ask(f, "\"do\":\"people\",\"search\":\"an\"");
    assert_int_equal(rows(reply), 1);
    assert_int_equal(number(row(reply, 0), "participant"), 2);
}

/* 东湖: 20 and 10 of two; 南湖: 10 and 0 of two. Two questions could be right, the poll could not. */
static void communities_stand_by_points_per_head(void **state)
{
    struct fixture *f = *state;
    json_t *reply = ask(f, "\"do\":\"communities\"");
    assert_int_equal(rows(reply), 2);
    assert_string_equal(word(row(reply, 0), "name"), "东湖");
    assert_int_equal(number(row(reply, 0), "mean"), 150);
    assert_int_equal(number(row(reply, 0), "people"), 2);
    assert_int_equal(number(row(reply, 0), "rights_share"), 75);
    assert_int_equal(number(row(reply, 1), "rank"), 2);
    assert_int_equal(number(row(reply, 1), "mean"), 50);
    assert_int_equal(number(row(reply, 1), "rights_share"), 25);
}

static void before_the_first_standing_tables_are_empty_but_right(void **state)
{
    struct fixture *f = *state;
    json_t *reply = page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"leaderboard\",\"round\":2}");
    assert_int_equal(number(reply, "of"), 0);
    assert_int_equal(number(reply, "asking"), 0);
    reply = page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"communities\",\"round\":2}");
    assert_int_equal(number(row(reply, 0), "people"), 2);
    assert_int_equal(number(row(reply, 1), "people"), 3);
    assert_int_equal(number(row(reply, 0), "rank"), 1);
    assert_int_equal(number(row(reply, 1), "rank"), 1);
}

static void those_who_join_later_are_seen(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(rows(ask(f, "\"do\":\"people\"")), 5);
    struct store *store = NULL;
    struct store_options options = {.folder = f->office->folder.path};
    char message[256];
    assert_int_equal(store_open(&options, &store, message), STORE_OPENED);
    uint8_t nonce[NONCE_SIZE] = {9};
    store_append_join(store, 1, 5, 1, 0, nonce, 9000, span_of_text("后来者"));
    assert_int_equal(store_commit(store), STORE_OK);
    store_close(store);
    json_t *reply = ask(f, "\"do\":\"people\",\"search\":\"后来\"");
    assert_int_equal(rows(reply), 1);
    assert_string_equal(word(row(reply, 0), "community"), "东湖");
}

static void core_db_that_is_not_there_is_said(void **state)
{
    struct fixture *f = *state;
    f->office->desk.reading.folder = "/nonexistent";
    json_t *reply = page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"people\",\"round\":1}");
    assert_string_equal(word(reply, "error"), "core_away");
    f->office->desk.reading.folder = f->office->folder.path;
    assert_int_equal(rows(ask(f, "\"do\":\"people\"")), 5); /* once it is there, it is read */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(leaderboard_is_in_rank_order_with_shared_ranks),
        TEST(page_that_starts_inside_a_tie_has_its_rank),
        TEST(search_finds_by_part_of_a_name_and_by_number),
        TEST(people_stand_by_number_with_those_removed),
        TEST(communities_stand_by_points_per_head),
        TEST(before_the_first_standing_tables_are_empty_but_right),
        TEST(those_who_join_later_are_seen),
        TEST(core_db_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
