/* Children: orders that survive the command line, restarts that neither dawdle nor spin, and enough edges. */
#include "launch/children.h"
#include "launch/launch.h"
#include "launch/role.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int count_of(char **words)
{
    int count = 0;
    while (words[count])
        count++;
    return count;
}

static void orders_read_back_as_they_were_written(void **state)
{
    (void)state;
    struct role role = {.kind = ROLE_EDGE,
        .index = 3,
        .residents = 1,
        .edges = 2,
        .per_address = 4,
        .uid = 65534,
        .gid = 5,
        .edge_uid = 6,
        .desk_uid = 7,
        .folder = "/data = x",
        .web = "w",
        .banks = "",
        .bus = "b",
        .url = "https://quiz.example",
        .origins = {"https://a", "https://b:8443", NULL}};
    struct role back;
    char *words[ROLE_WORDS_MAX + 1];
    role_write(&role, words);
    assert_true(role_is_child(count_of(words), words));
    assert_true(role_read(&back, count_of(words), words));
    assert_int_equal(back.kind, ROLE_EDGE);
    assert_int_equal(back.index, 3);
    assert_int_equal(back.uid, 65534);
    assert_int_equal(back.desk_uid, 7);
    assert_string_equal(back.folder, "/data = x");
    assert_string_equal(back.banks, "");
    assert_string_equal(back.url, "https://quiz.example");
    assert_string_equal(back.origins[1], "https://b:8443");
    assert_null(back.origins[2]);
    role_words_free(words);
}

static void orders_that_launch_does_not_write_are_refused(void **state)
{
    (void)state;
    struct role role;
    char *unknown[] = {"jingda", "role:cook", NULL}, *stray[] = {"jingda", "role:core", "salt", NULL};
    char *strange[] = {"jingda", "role:core", "salt=1", NULL}, *number[] = {"jingda", "role:core", "index=x", NULL};
    char *command[] = {"jingda", "serve", NULL};
    assert_false(role_read(&role, 2, unknown));
    assert_false(role_read(&role, 3, stray));
    assert_false(role_read(&role, 3, strange));
    assert_false(role_read(&role, 3, number));
    assert_false(role_is_child(2, command));
    assert_false(role_is_child(1, command));
}

static void who_lived_long_starts_again_at_once(void **state)
{
    (void)state;
    struct child child = {.pid = 1, .started_ms = 1000, .quick_deaths = 5};
    child_ended(&child, 1000 + CHILDREN_QUICK_MS);
    assert_int_equal(child.start_at_ms, 1000 + CHILDREN_QUICK_MS);
    assert_int_equal(child.quick_deaths, 0);
    assert_int_equal(child.pid, 0);
}

static void quick_deaths_wait_longer_each_time_up_to_five_seconds_and_never_end(void **state)
{
    (void)state;
    struct child child = {0};
    uint64_t now_ms = 0, last_wait = 0;
    for (uint32_t deaths = 1; deaths <= 1000; deaths++) {
        child.pid = 1;
        child.started_ms = now_ms;
        child_ended(&child, now_ms);
        uint64_t wait = child.start_at_ms - now_ms;
        if (deaths <= 2) assert_int_equal(wait, 0); /* residents wait for it */
        if (deaths > 2 && last_wait < 5000) assert_true(wait > last_wait);
        assert_true(wait <= 5000);
        if (deaths == 20) assert_true(wait < 2000); /* who stops killing it has it back soon */
        last_wait = wait;
        now_ms = child.start_at_ms;
    }
    assert_int_equal(last_wait, 5000);
}

static void deaths_that_repeat_are_told_once_a_minute(void **state)
{
    (void)state;
    struct child child = {0};
    uint32_t told = 0, untold = 0, accounted = 0;
    uint64_t now_ms = 7;
    for (int i = 0; i < 600; i++, now_ms += 1000) { /* ten minutes, a death each second */
        child.pid = 1;
        child.started_ms = now_ms;
        child_ended(&child, now_ms);
        if (!child_end_is_told(&child, now_ms, &untold)) continue;
        told++;
        accounted += 1 + untold;
    }
    assert_in_range(told, 10, 12); /* the first two at once */
    assert_int_equal(accounted + child.untold, 600);
}

static void what_a_child_says_is_told_once_a_second(void **state)
{
    (void)state;
    struct child child = {0};
    assert_true(child_line_is_told(&child, 5));
    assert_false(child_line_is_told(&child, 5 + CHILD_LINES_EACH_MS - 1));
    assert_true(child_line_is_told(&child, 5 + CHILD_LINES_EACH_MS));
}

static void a_child_is_given_little_of_our_environment(void **state)
{
    (void)state;
    char *const ours[] = {"SECRET=hunter2", "PATHETIC=1", "PATH=/bin", "JINGDA_KEY=/k.pem", "PATH=/twice",
        "TZ=Asia/Shanghai", "LD_PRELOAD=x.so", "ASAN_OPTIONS=a=1", NULL};
    char *given[CHILD_ENVIRONMENT_MAX];
    child_environment(ours, given);
    assert_string_equal(given[0], "PATH=/bin");
    assert_string_equal(given[1], "TZ=Asia/Shanghai");
    assert_string_equal(given[2], "ASAN_OPTIONS=a=1");
    assert_null(given[3]);
}

static void lines_come_whole_however_they_were_written(void **state)
{
    (void)state;
    int ends[2];
    struct child child = {0};
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    child.pipe = ends[0];
    assert_null(child_line(&child));
    assert_int_equal(write(ends[1], "rea", 3), 3);
    assert_null(child_line(&child));
    assert_int_equal(write(ends[1], "dy\nfirst x\nerr", 14), 14);
    assert_string_equal(child_line(&child), "ready");
    assert_string_equal(child_line(&child), "first x");
    assert_null(child_line(&child));
    assert_int_equal(write(ends[1], "or y\n", 5), 5);
    close(ends[1]);
    assert_string_equal(child_line(&child), "error y");
    assert_null(child_line(&child));
    assert_int_equal(child.pipe, -1);
}

static void a_line_that_is_too_long_is_dropped_and_the_next_is_read(void **state)
{
    (void)state;
    int ends[2];
    struct child child = {0};
    char noise[CHILD_LINE_MAX + 100];
    memset(noise, 'x', sizeof noise);
    log_start("test", LOG_LEVEL_NONE);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    child.pipe = ends[0];
    assert_int_equal(write(ends[1], noise, sizeof noise), (ssize_t)sizeof noise);
    assert_null(child_line(&child));
    /* Nothing is left that poll() would wake us for again and again. */
    assert_int_equal(read(ends[0], noise, 1), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(write(ends[1], "xx\nready\n", 9), 9);
    assert_string_equal(child_line(&child), "ready");
    assert_null(child_line(&child));
    close(ends[0]);
    close(ends[1]);
}

static void a_child_that_writes_without_end_does_not_hold_us_up(void **state)
{
    (void)state;
    int zeros = open("/dev/zero", O_RDONLY); /* its noise never ends */
    struct child child = {.pipe = zeros};
    log_start("test", LOG_LEVEL_NONE);
    assert_true(zeros >= 0);
    assert_null(child_line(&child));
    assert_null(child_line(&child));
    assert_true(child.line_size <= CHILD_LINE_MAX);
    close(zeros);
}

static void edges_are_enough_for_residents_and_processors(void **state)
{
    (void)state;
    assert_int_equal(launch_edges(0, 30000, 20000, 1), 2);
    assert_int_equal(launch_edges(0, 30000, 20000, 8), 8);
    assert_int_equal(launch_edges(0, 340000, 20000, 2), 18);
    assert_int_equal(launch_edges(0, 340000, 1048576, 2), 2);
    assert_int_equal(launch_edges(0, 1, 1024, 1), 1);
    assert_int_equal(launch_edges(0, 2000000, 1024, 1), LAUNCH_EDGES_MAX);
    assert_int_equal(launch_edges(5, 340000, 20000, 2), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_read_back_as_they_were_written),
        cmocka_unit_test(orders_that_launch_does_not_write_are_refused),
        cmocka_unit_test(who_lived_long_starts_again_at_once),
        cmocka_unit_test(quick_deaths_wait_longer_each_time_up_to_five_seconds_and_never_end),
        cmocka_unit_test(deaths_that_repeat_are_told_once_a_minute),
        cmocka_unit_test(what_a_child_says_is_told_once_a_second),
        cmocka_unit_test(a_child_is_given_little_of_our_environment),
        cmocka_unit_test(lines_come_whole_however_they_were_written),
        cmocka_unit_test(a_line_that_is_too_long_is_dropped_and_the_next_is_read),
        cmocka_unit_test(a_child_that_writes_without_end_does_not_hold_us_up),
        cmocka_unit_test(edges_are_enough_for_residents_and_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
