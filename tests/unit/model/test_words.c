/* The words for phases, errors and verdicts are those of the protocols' pages, one for each and none twice. */
#include "model/answer.h"
#include "model/round.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_verdict_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int a = 0; a < VERDICTS; a++) {
        assert_non_null(verdict_name((enum verdict)a));
        for (int b = 0; b < a; b++)
            assert_string_not_equal(verdict_name((enum verdict)a), verdict_name((enum verdict)b));
    }
    assert_string_equal(verdict_name(VERDICT_OK), "ok");
    assert_string_equal(verdict_name(VERDICT_TRY_AGAIN), "try_again");
    assert_string_equal(verdict_name(VERDICT_BAD_FRAME), "bad_frame");
}

static void every_command_error_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int a = 0; a < COMMAND_ERRORS; a++) {
        assert_non_null(command_error_name((enum command_error)a));
        for (int b = 0; b < a; b++)
            assert_string_not_equal(
                command_error_name((enum command_error)a), command_error_name((enum command_error)b));
    }
    assert_string_equal(command_error_name(COMMAND_CORE_AWAY), "core_away");
}

static void phases_are_called_as_the_protocol_calls_them(void **state)
{
    (void)state;
    static const char *const names[] = {"lobby", "open", "closing", "closed", "revealed", "ended"};
    for (int phase = PHASE_LOBBY; phase <= PHASE_ENDED; phase++)
        assert_string_equal(phase_name((enum phase)phase), names[phase]);
}

static void three_verdicts_end_a_connection(void **state)
{
    (void)state;
    for (int verdict = 0; verdict < VERDICTS; verdict++) {
        bool ends =
            verdict == VERDICT_NEWER_CONNECTION || verdict == VERDICT_TOO_MANY_FRAMES || verdict == VERDICT_BAD_FRAME;
        assert_int_equal(verdict_ends_connection((enum verdict)verdict), ends);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verdict_has_a_word_of_its_own),
        cmocka_unit_test(every_command_error_has_a_word_of_its_own),
        cmocka_unit_test(phases_are_called_as_the_protocol_calls_them),
        cmocka_unit_test(three_verdicts_end_a_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
