/* Settings: flags over environment over file over defaults, and one clear line for what is wrong. */
#include "launch/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct launch_options options;
static char message[512];

static bool read_all(char *const *argv, char *const *environment)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    message[0] = 0;
    return launch_options_read(&options, argc, argv, environment, message);
}

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})
#define NOTHING    ((char *[]){NULL})

/* A file that is gone after the test; returns its name. */
static char *file_of(const char *text)
{
    static char name[64];
    strcpy(name, "/tmp/jingda-options-XXXXXX");
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return name;
}

static void defaults_stand_where_nothing_is_said(void **state)
{
    (void)state;
    assert_true(read_all(NOTHING, NOTHING));
    assert_int_equal(options.port, 8443);
    assert_int_equal(options.desk_port, 8444);
    assert_int_equal(options.residents, 30000);
    assert_string_equal(options.data, "data");
    assert_string_equal(options.desk_address, "127.0.0.1");
    assert_string_equal(options.host, "");
}

static void a_flag_takes_its_value_from_the_same_word_or_the_next(void **state)
{
    (void)state;
    assert_true(read_all(WORDS("--port", "1", "--desk-port=2", "--host="), NOTHING));
    assert_int_equal(options.port, 1);
    assert_int_equal(options.desk_port, 2);
    assert_string_equal(options.host, "");
}

static void the_last_of_two_equal_flags_stands(void **state)
{
    (void)state;
    assert_true(read_all(WORDS("--data", "a", "--data", "b"), NOTHING));
    assert_string_equal(options.data, "b");
}

static void flags_go_over_environment_and_that_over_the_file(void **state)
{
    (void)state;
    char *file = file_of("port = 1\ndesk-port = 1\nresidents = 1\n");
    char variable[128];
    snprintf(variable, sizeof variable, "JINGDA_CONFIG=%s", file);
    bool ok = read_all(WORDS("--port=3"), WORDS(variable, "JINGDA_PORT=2", "JINGDA_DESK_PORT=2", "OTHER=9"));
    unlink(file);
    assert_true(ok);
    assert_int_equal(options.port, 3);
    assert_int_equal(options.desk_port, 2);
    assert_int_equal(options.residents, 1);
}

static void a_file_names_the_line_of_its_fault(void **state)
{
    (void)state;
    char *file = file_of("# note\nport = 1\ncolour = red\n");
    bool ok = read_all(WORDS("--config", file), NOTHING);
    unlink(file);
    assert_false(ok);
    assert_non_null(strstr(message, ":3: colour is not a setting"));
}

static void a_bad_value_in_a_file_names_its_line(void **state)
{
    (void)state;
    char *file = file_of("port = 70000\n");
    bool ok = read_all(WORDS("--config", file), NOTHING);
    unlink(file);
    assert_false(ok);
    assert_non_null(strstr(message, ":1: port: 70000 is not a number from 1 to 65535"));
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    assert_false(read_all(WORDS("--config", "/nowhere/x.ini"), NOTHING));
    assert_non_null(strstr(message, "/nowhere/x.ini"));
    assert_true(options.is_file_at_fault);
    assert_false(read_all(WORDS("--colour", "red"), NOTHING));
    assert_false(options.is_file_at_fault);
}

static void numbers_are_whole_and_in_bounds(void **state)
{
    (void)state;
    char *const bad[] = {"", "0", "65536", "-1", "+1", "1x", " 1", "0x10", "99999999999999999999", "1.5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(read_all(WORDS("--port", bad[i]), NOTHING));
        assert_non_null(strstr(message, "--port"));
    }
    assert_true(read_all(WORDS("--port", "65535"), NOTHING));
}

static void unknown_flags_and_missing_values_are_refused(void **state)
{
    (void)state;
    assert_false(read_all(WORDS("--colour", "red"), NOTHING));
    assert_non_null(strstr(message, "--colour"));
    assert_false(read_all(WORDS("data"), NOTHING));
    assert_false(read_all(WORDS("-p", "1"), NOTHING));
    assert_false(read_all(WORDS("--"), NOTHING));
    assert_false(read_all(WORDS("--port"), NOTHING));
    assert_non_null(strstr(message, "needs a value"));
}

static void a_text_that_is_too_long_is_refused_not_cut(void **state)
{
    (void)state;
    char *name = malloc(8192);
    memset(name, 'x', 8191);
    name[8191] = 0;
    assert_false(read_all(WORDS("--data", name), NOTHING));
    free(name);
}

static void a_wrong_environment_variable_is_named(void **state)
{
    (void)state;
    assert_false(read_all(NOTHING, WORDS("JINGDA_DESK_PORT=abc")));
    assert_non_null(strstr(message, "JINGDA_DESK_PORT"));
}

static void help_and_check_only_are_heard(void **state)
{
    (void)state;
    assert_true(read_all(WORDS("--check-config", "--port", "5"), NOTHING));
    assert_true(options.is_check_only);
    assert_int_equal(options.port, 5);
    assert_true(read_all(WORDS("--help"), NOTHING));
    assert_true(options.is_help);
}

static void what_is_printed_reads_back_the_same(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    assert_true(read_all(WORDS("--port", "7", "--host", "quiz.example", "--edges", "3"), NOTHING));
    struct launch_options before = options;
    FILE *out = open_memstream(&text, &size);
    launch_options_print(out, &options);
    fclose(out);
    char *file = file_of(text);
    bool ok = read_all(WORDS("--config", file), NOTHING);
    unlink(file);
    free(text);
    assert_true(ok);
    memset(options.config, 0, sizeof options.config);
    assert_memory_equal(&before, &options, offsetof(struct launch_options, is_check_only));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_stand_where_nothing_is_said),
        cmocka_unit_test(a_flag_takes_its_value_from_the_same_word_or_the_next),
        cmocka_unit_test(the_last_of_two_equal_flags_stands),
        cmocka_unit_test(flags_go_over_environment_and_that_over_the_file),
        cmocka_unit_test(a_file_names_the_line_of_its_fault),
        cmocka_unit_test(a_bad_value_in_a_file_names_its_line),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(numbers_are_whole_and_in_bounds),
        cmocka_unit_test(unknown_flags_and_missing_values_are_refused),
        cmocka_unit_test(a_text_that_is_too_long_is_refused_not_cut),
        cmocka_unit_test(a_wrong_environment_variable_is_named),
        cmocka_unit_test(help_and_check_only_are_heard),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
