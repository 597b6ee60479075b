/* The core was killed and has read its log: who is waited for, what is held, when an asking is opened again. */
#include "unit/engine/play.h"

/* Resident 0 at edge 0 and resident 1 at edge 1, asking 1 open and shown, nobody has answered. */
static struct rig *two_edges(void)
{
    struct rig *rig = rig_opened();
    edge_up(rig, 1);
    join(rig, 0, at(0, 0));
    join(rig, 1, at(1, 1));
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0);
    shown_end(rig, 1);
    (void)rig_heard(rig);
    return rig;
}

static void loading_asks_for_nothing(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    restart_core(rig, 500, 2); /* replay_step checks that no fact and no load gives an effect */
    assert_heard(rig, "");
    assert_phase(rig, "open");
    assert_true(see(rig, 0).has_answer);
    assert_int_equal(look(rig).connected, 0);
    assert_true(look(rig).edges == 0);
    rig_free(rig);
}

static void connections_and_clocks_survive_the_core(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = look(rig).opened_at_ms;
    rig->now_ms += 4000;
    restart_core(rig, 2000, 2);
    assert_int_equal(look(rig).awaiting, 2);
    edge_up(rig, 0);
    (void)rig_heard(rig);
    resume_same(rig, 0, at(0, 0), 1, opened_ms + 30);
    assert_heard(rig, "subscribe 1; attached p0 e0.0");
    assert_true(see(rig, 0).start_ms == opened_ms + 30);
    assert_int_equal(see(rig, 0).allowance_ms, 0);
    struct given given = {.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = opened_ms + 30};
    given.raw_ms = READING + 2500;
    answer_with(rig, given);
    assert_heard(rig, "append answer p0 1 c1 2500ms -0ms; recorded 1 c1 e0.0");
    rig_free(rig);
}

static void who_comes_back_over_another_connection_gets_the_outage(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += 4000;
    restart_core(rig, 2000, 2);
    edge_up(rig, 0);
    rig->now_ms += 500;
    resume(rig, 1, at(0, 8));
    assert_int_equal(see(rig, 1).allowance_ms, 2500);
    assert_int_equal(look(rig).awaiting, 1);
    assert_true(see(rig, 1).has_start);
    rig_free(rig);
}

static void who_had_not_been_shown_the_asking_starts_when_shown(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    restart_core(rig, 1000, 2); /* right after the opening was durable */
    edge_up(rig, 0);
    resume_same(rig, 0, at(0, 0), 1, 0);
    assert_false(see(rig, 0).has_start);
    rig->now_ms += 200;
    shown(rig, 0, 0, rig->now_ms);
    assert_true(see(rig, 0).start_ms == rig->now_ms);
    rig_free(rig);
}

static void an_asking_is_opened_again_where_all_edges_died_too(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    rig->now_ms += 3000;
    restart_core(rig, 4000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume(rig, 1, at(1, 1));
    (void)rig_heard(rig);
    wait_ms(rig, GRACE_MS - 1);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append reopened 1; publish reopened 2");
    struct round_view view = look(rig);
    assert_true(view.is_reopened && view.reopened[0] == 2);
    assert_true(view.opened_at_ms == rig->now_ms);
    assert_int_equal(view.awaiting, 0);
    assert_true(see(rig, 0).has_answer); /* a recorded answer stays */
    assert_int_equal(see(rig, 1).allowance_ms, 0);
    assert_false(see(rig, 1).has_start);
    shown(rig, 1, 1, rig->now_ms + 0);
    shown_end(rig, 1);
    answer(rig, 1, at(1, 1), A, LIMIT); /* the whole time */
    assert_true(see(rig, 1).has_answer);
    assert_replays(rig);
    wait_ms(rig, READING + LIMIT + CREDIT_MS_MAX + CONFIRM_MS + 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void starts_from_before_the_reopening_are_forgotten(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t old_ms = look(rig).opened_at_ms;
    restart_core(rig, 4000, 1);
    edge_up(rig, 0);
    resume(rig, 0, at(0, 0));
    wait_ms(rig, GRACE_MS);
    assert_true(look(rig).is_reopened);
    shown(rig, 0, 0, old_ms + 10); /* was on its way */
    assert_false(see(rig, 0).has_start);
    rig->now_ms += 100;
    shown(rig, 0, 0, rig->now_ms);
    assert_true(see(rig, 0).start_ms == rig->now_ms);
    rig_free(rig);
}

static void one_living_edge_is_enough_not_to_open_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    restart_core(rig, 1000, 2);
    edge_up(rig, 0);
    resume_same(rig, 0, at(0, 0), 1, look(rig).opened_at_ms);
    wait_ms(rig, GRACE_MS);
    wait_ms(rig, 1000);
    assert_false(look(rig).is_reopened);
    assert_phase(rig, "open");
    rig_free(rig);
}

static void where_everybody_had_answered_nothing_is_opened_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    answer(rig, 1, at(1, 1), B, 1000);
    restart_core(rig, 1000, 2);
    wait_ms(rig, GRACE_MS);
    wait_ms(rig, 1000);
    assert_false(look(rig).is_reopened);
    rig_free(rig);
}

static void a_reopening_that_did_not_commit_comes_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    restart_core(rig, 1000, 2);
    rig->does_disk_fail = true;
    wait_ms(rig, GRACE_MS);
    assert_false(look(rig).is_reopened);
    rig->does_disk_fail = false;
    wait_ms(rig, 100);
    assert_true(look(rig).is_reopened);
    rig_free(rig);
}

static void nothing_closes_before_the_edges_are_back_or_the_grace_is_over(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    answer(rig, 1, at(1, 1), A, 1000);
    rig->now_ms += READING + LIMIT;
    restart_core(rig, 2000, 2); /* the time is over meanwhile */
    tick(rig);
    edge_up(rig, 0);
    wait_ms(rig, 100);
    assert_phase(rig, "open");
    edge_up(rig, 1);
    wait_ms(rig, 100);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void a_closing_asking_drains_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 0);
    restart_core(rig, 500, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    wait_ms(rig, 100);
    assert_phase(rig, "closing"); /* an edge may hold an answer that was in time */
    resume_same(rig, 0, at(0, 0), 1, look(rig).opened_at_ms);
    drained(rig, 0);
    wait_ms(rig, 100);
    assert_phase(rig, "closing");
    resume_same(rig, 1, at(1, 1), 1, look(rig).opened_at_ms);
    answer(rig, 1, at(1, 1), A, 3000);
    assert_true(see(rig, 1).has_answer);
    (void)rig_heard(rig);
    drained(rig, 1);
    assert_heard(rig, "append standing 1; append scored 1; publish none 3");
    assert_int_equal(see(rig, 1).points, 10);
    assert_replays(rig);
    rig_free(rig);
}

static void a_closing_asking_is_scored_after_the_grace_without_edges(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    restart_core(rig, 500, 2);
    wait_ms(rig, GRACE_MS - 1);
    assert_phase(rig, "closing");
    wait_ms(rig, 1);
    assert_phase(rig, "closed");
    assert_false(look(rig).is_reopened);
    rig_free(rig);
}

static void the_automatic_pace_holds_until_the_edges_are_back(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.is_auto = true;
    rig_open(rig);
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    restart_core(rig, 60000, 1);
    tick(rig);
    assert_heard(rig, "");
    edge_up(rig, 0);
    tick(rig);
    assert_heard(rig, "append opened 2; publish opened 0");
    rig_free(rig);
}

static void a_fault_of_the_core_knocks_nobody_out(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 2);
    open_asking(rig);
    restart_core(rig, 1000, 1);
    edge_up(rig, 0);
    resume_same(rig, 0, at(0, 0), 1, look(rig).opened_at_ms); /* resident 1 does not come back */
    answer(rig, 0, at(0, 0), A, 2000);
    wait_ms(rig, GRACE_MS);
    close_asking(rig);
    reveal_asking(rig);
    assert_false(see(rig, 0).is_out || see(rig, 1).is_out);
    assert_replays(rig);
    rig_free(rig);
}

static void who_kept_the_connection_had_no_fault(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 1);
    open_asking(rig);
    restart_core(rig, 1000, 1);
    edge_up(rig, 0);
    resume_same(rig, 0, at(0, 0), 1, look(rig).opened_at_ms);
    wait_ms(rig, GRACE_MS);
    close_asking(rig);
    reveal_asking(rig);
    assert_true(see(rig, 0).is_out);
    rig_free(rig);
}

static void after_the_grace_the_asking_still_waits_for_those_on_their_way(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = look(rig).opened_at_ms;
    rig->now_ms = opened_ms + READING + LIMIT;
    restart_core(rig, 2000, 2);
    uint64_t recovered_ms = rig->now_ms;
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume_same(rig, 0, at(0, 0), 1, opened_ms);
    rig->now_ms = recovered_ms + OUTAGE_MS_MAX - 1;
    tick(rig);
    assert_phase(rig, "open"); /* resident 1 */
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_asks_for_nothing),
        cmocka_unit_test(connections_and_clocks_survive_the_core),
        cmocka_unit_test(who_comes_back_over_another_connection_gets_the_outage),
        cmocka_unit_test(who_had_not_been_shown_the_asking_starts_when_shown),
        cmocka_unit_test(an_asking_is_opened_again_where_all_edges_died_too),
        cmocka_unit_test(starts_from_before_the_reopening_are_forgotten),
        cmocka_unit_test(one_living_edge_is_enough_not_to_open_again),
        cmocka_unit_test(where_everybody_had_answered_nothing_is_opened_again),
        cmocka_unit_test(a_reopening_that_did_not_commit_comes_again),
        cmocka_unit_test(nothing_closes_before_the_edges_are_back_or_the_grace_is_over),
        cmocka_unit_test(a_closing_asking_drains_again),
        cmocka_unit_test(a_closing_asking_is_scored_after_the_grace_without_edges),
        cmocka_unit_test(the_automatic_pace_holds_until_the_edges_are_back),
        cmocka_unit_test(a_fault_of_the_core_knocks_nobody_out),
        cmocka_unit_test(who_kept_the_connection_had_no_fault),
        cmocka_unit_test(after_the_grace_the_asking_still_waits_for_those_on_their_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
