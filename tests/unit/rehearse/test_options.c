/* The rehearsal's command line, and whom it may be aimed at. */
#include "rehearse/options.h"
#include "rehearse/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct rehearse_options options;
static char message[REHEARSE_MESSAGE_SIZE];

#define READ(...)                                                                                                      \
    rehearse_options_read(                                                                                             \
        &options, (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)), (char *[]){__VA_ARGS__}, message)
#define WHOLE "--url", "https://localhost:8443", "--follow", "012345", "--residents", "300"

static void what_was_asked_for_is_read(void **state)
{
    (void)state;
    assert_true(
        READ(WHOLE, "--arrive", "60", "--think", "100..900", "--drop", "5%", "--most", "90", "--report", "r.json"));
    assert_string_equal(options.host, "localhost");
    assert_int_equal(options.port, 8443);
    assert_string_equal(options.code, "012345");
    assert_int_equal(options.residents, 300);
    assert_int_equal(options.arrive_s, 60);
    assert_int_equal(options.think_min_ms, 100);
    assert_int_equal(options.think_max_ms, 900);
    assert_int_equal(options.drop_per_cent, 5);
    assert_int_equal(options.most_s, 90);
    assert_string_equal(options.report, "r.json");
    assert_null(options.host_allowed);
    assert_false(options.is_help);
}

static void a_rehearsal_has_an_end_even_where_none_is_given(void **state)
{
    (void)state;
    assert_true(READ(WHOLE));
    assert_in_range(options.most_s, 1, 86400);
}

static void help_needs_nothing_else(void **state)
{
    (void)state;
    assert_true(READ("--help"));
    assert_true(options.is_help);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    assert_false(READ("--follow", "012345", "--residents", "300"));
    assert_non_null(strstr(message, "--url"));
    assert_false(READ("--url", "https://localhost:8443", "--residents", "300"));
    assert_non_null(strstr(message, "--follow"));
    assert_false(READ("--url", "https://localhost:8443", "--follow", "012345"));
    assert_non_null(strstr(message, "--residents"));
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    assert_false(READ(WHOLE, "--url", "http://localhost:8443"));
    assert_false(READ(WHOLE, "--url", "https://localhost"));
    assert_false(READ(WHOLE, "--url", "https://localhost:0"));
    assert_false(READ(WHOLE, "--url", "https://localhost:65536"));
    assert_false(READ(WHOLE, "--url", "https://localhost:8443/play"));
    assert_false(READ(WHOLE, "--url", "https://me@localhost:8443"));
    assert_false(READ(WHOLE, "--follow", "12345"));
    assert_false(READ(WHOLE, "--follow", "12345x"));
    assert_false(READ(WHOLE, "--residents", "0"));
    assert_false(READ(WHOLE, "--residents", "9999999999"));
    assert_false(READ(WHOLE, "--residents", "-1"));
    assert_false(READ(WHOLE, "--think", "900..100"));
    assert_false(READ(WHOLE, "--think", "100"));
    assert_false(READ(WHOLE, "--drop", "101%"));
    assert_false(READ(WHOLE, "--drop", "5%%"));
    assert_false(READ(WHOLE, "--arrive", ""));
    assert_false(READ(WHOLE, "--report"));
    assert_false(READ(WHOLE, "--faster", "1"));
}

static void only_this_machine_or_the_host_named_twice_is_rehearsed_against(void **state)
{
    (void)state;
    struct rehearse_target target;
    const char *why = NULL;
    assert_true(rehearse_target_find(&target, "127.0.0.1", 8443, NULL, &why));
    assert_true(target.is_loopback);
    assert_int_equal(ntohs(target.address.sin_port), 8443);
    assert_true(rehearse_target_find(&target, "127.8.9.10", 8443, NULL, &why));
    assert_false(rehearse_target_find(&target, "192.0.2.1", 8443, NULL, &why));
    assert_non_null(why);
    assert_false(rehearse_target_find(&target, "192.0.2.1", 8443, "192.0.2.2", &why));
    assert_false(rehearse_target_find(&target, "128.0.0.1", 8443, NULL, &why));
    assert_false(rehearse_target_find(&target, "0.0.0.0", 8443, NULL, &why));
    assert_true(rehearse_target_find(&target, "192.0.2.1", 8443, "192.0.2.1", &why));
    assert_false(target.is_loopback);
}

static void every_source_is_on_loopback_and_none_is_crowded(void **state)
{
    (void)state;
    uint32_t last = ntohl(rehearse_source(REHEARSE_RESIDENTS_MAX - 1).sin_addr.s_addr);
    assert_int_equal(last >> 24, 127);
    assert_int_equal(rehearse_source(0).sin_addr.s_addr, rehearse_source(249).sin_addr.s_addr);
    assert_int_not_equal(rehearse_source(0).sin_addr.s_addr, rehearse_source(250).sin_addr.s_addr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_asked_for_is_read),
        cmocka_unit_test(a_rehearsal_has_an_end_even_where_none_is_given),
        cmocka_unit_test(help_needs_nothing_else),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(only_this_machine_or_the_host_named_twice_is_rehearsed_against),
        cmocka_unit_test(every_source_is_on_loopback_and_none_is_crowded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
