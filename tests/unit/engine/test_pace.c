/* Automatic pace: the round goes on by itself, holds while paused, and closes early only when everybody has answered.
 */
#include "unit/engine/play.h"

static struct rig *automatic(uint32_t people)
{
    struct rig *rig = rig_new();
    rig->rules.is_auto = true;
    rig->rules.explain_ms = 6000;
    rig->askings_count = 2;
    rig_open(rig);
    join_all(rig, people);
    return rig;
}

static void run_out(struct rig *rig)
{
    rig->now_ms += READING + LIMIT + CREDIT_MS_MAX + CONFIRM_MS + 1;
    tick(rig);
    drained(rig, 0);
    (void)rig_heard(rig);
}

static void the_lobby_waits_for_the_host(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    wait_ms(rig, 3600000);
    assert_heard(rig, "");
    rig_free(rig);
}

static void reveal_next_and_end_come_by_themselves(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    open_asking(rig);
    run_out(rig);
    wait_ms(rig, 999);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append revealed 1; publish revealed 1; standings 1");
    wait_ms(rig, 5999);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append opened 2; publish opened 1");
    shown_end(rig, 0);
    run_out(rig);
    wait_ms(rig, 1000);
    assert_heard(rig, "append revealed 2; publish revealed 1; standings 1");
    wait_ms(rig, 6000);
    assert_heard(rig, "append ended 0; standings 1; publish ended 1");
    assert_replays(rig);
    rig_free(rig);
}

static void by_hand_nothing_comes_by_itself_but_the_close(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    (void)rig_heard(rig);
    wait_ms(rig, 10000);
    wait_ms(rig, 1000);
    assert_heard(rig, ""); /* everybody has answered: the host decides */
    run_out(rig);
    assert_phase(rig, "closed");
    wait_ms(rig, 3600000);
    reveal_asking(rig);
    wait_ms(rig, 3600000);
    assert_heard(rig, "");
    rig_free(rig);
}

static void it_closes_early_when_everybody_connected_has_answered(void **state)
{
    (void)state;
    struct rig *rig = automatic(3);
    detach(rig, 2, at(0, 2)); /* not connected: not waited for */
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    wait_ms(rig, 8000);
    wait_ms(rig, 1000);
    assert_phase(rig, "open");
    answer(rig, 1, at(0, 1), B, 9000);
    (void)rig_heard(rig);
    tick(rig);
    wait_ms(rig, CONFIRM_MS - 1);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append closed 1 =1; publish close 1");
    rig_free(rig);
}

static void who_comes_in_the_last_moment_is_waited_for(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    tick(rig);
    wait_ms(rig, CONFIRM_MS - 1);
    join(rig, 1, at(0, 1));
    wait_ms(rig, 1);
    assert_phase(rig, "open");
    wait_ms(rig, 5000);
    assert_phase(rig, "open");
    answer(rig, 1, at(0, 1), A, 5000);
    tick(rig); /* the quiet is counted anew */
    wait_ms(rig, CONFIRM_MS - 1);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void it_does_not_close_early_while_somebodys_edge_is_dead(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    edge_up(rig, 1);
    join(rig, 1, at(1, 1));
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0);
    shown_end(rig, 1);
    answer(rig, 0, at(0, 0), A, 1000);
    edge_lost(rig, 1);
    wait_ms(rig, 1000);
    wait_ms(rig, 1000);
    assert_phase(rig, "open");
    rig_free(rig);
}

static void the_host_may_be_faster(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    open_asking(rig);
    assert_int_equal(look(rig).asking, 2);
    assert_phase(rig, "open");
    rig_free(rig);
}

static void a_pause_keeps_what_was_left(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    wait_ms(rig, 2000);
    command(rig, CONTROL_PAUSED, 0);
    wait_ms(rig, 3600000);
    assert_heard(rig, "append paused 1 #7; publish paused 1");
    command(rig, CONTROL_RESUMED, 0);
    wait_ms(rig, 3999);
    assert_heard(rig, "append resumed 1 #7; publish resumed 1");
    assert_replays(rig);
    wait_ms(rig, 1);
    assert_heard(rig, "append opened 2; publish opened 1");
    rig_free(rig);
}

static void after_a_late_pause_there_is_a_second_at_least(void **state)
{
    (void)state;
    struct rig *rig = automatic(1);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    rig->now_ms += 5990;
    command(rig, CONTROL_PAUSED, 0);
    command(rig, CONTROL_RESUMED, 0);
    (void)rig_heard(rig);
    wait_ms(rig, 999);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append opened 2; publish opened 1");
    rig_free(rig);
}

static void switching_to_automatic_counts_from_then(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.explain_ms = 6000;
    rig_open(rig);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    wait_ms(rig, 60000);
    command(rig, CONTROL_PACE, 1);
    (void)rig_heard(rig);
    wait_ms(rig, 5999);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append opened 2; publish opened 0");
    command(rig, CONTROL_PACE, 0);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lobby_waits_for_the_host),
        cmocka_unit_test(reveal_next_and_end_come_by_themselves),
        cmocka_unit_test(by_hand_nothing_comes_by_itself_but_the_close),
        cmocka_unit_test(it_closes_early_when_everybody_connected_has_answered),
        cmocka_unit_test(who_comes_in_the_last_moment_is_waited_for),
        cmocka_unit_test(it_does_not_close_early_while_somebodys_edge_is_dead),
        cmocka_unit_test(the_host_may_be_faster),
        cmocka_unit_test(a_pause_keeps_what_was_left),
        cmocka_unit_test(after_a_late_pause_there_is_a_second_at_least),
        cmocka_unit_test(switching_to_automatic_counts_from_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
