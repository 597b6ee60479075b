/* The close is a barrier: nothing is scored before every edge has drained or died; and what a dead edge's residents are
 * given back. */
#include "unit/engine/play.h"

/* Residents 0 and 1 at edges 0 and 1, asking 1 open and shown. */
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

static void an_asking_is_scored_when_every_edge_has_drained(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    assert_heard(rig, "append closed 1 =1 #7; publish close 3");
    drained(rig, 0);
    tick(rig);
    assert_heard(rig, "");
    answer(rig, 1, at(1, 1), A, 1000); /* edge 1 has not drained: in time */
    assert_heard(rig, "append answer p1 1 c1 1000ms -0ms; recorded 1 c1 e1.1");
    drained(rig, 1);
    assert_heard(rig, "append standing 1; append scored 1; publish none 3");
    assert_phase(rig, "closed");
    assert_int_equal(see(rig, 1).points, 10);
    assert_replays(rig);
    rig_free(rig);
}

static void an_edge_that_has_drained_brings_no_more_answers(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 0);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "refused e0.0 late");
    rig_free(rig);
}

static void an_edge_that_died_has_drained(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 0);
    (void)rig_heard(rig);
    edge_lost(rig, 1);
    assert_heard(rig, "append standing 1; append scored 1 =1; publish none 1");
    rig_free(rig);
}

static void pending_answers_are_scored_too(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    drained(rig, 0);
    drained(rig, 1); /* in the same batch as the answer */
    assert_phase(rig, "closing");
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.0; append standing 1; append scored 1; publish none 3");
    assert_int_equal(see(rig, 0).points, 10);
    assert_replays(rig);
    rig_free(rig);
}

static void an_edge_that_comes_during_the_close_drains_as_well(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    command(rig, CONTROL_ASKING_CLOSED, 0);
    edge_up(rig, 2);
    watch(rig, 2);
    drained(rig, 0);
    drained(rig, 1);
    assert_phase(rig, "closing");
    drained(rig, 2);
    assert_phase(rig, "closed");
    rig_free(rig);
}

static void drains_of_another_asking_do_not_count(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    drained(rig, 0); /* still open */
    drained(rig, 1);
    assert_phase(rig, "open");
    command(rig, CONTROL_ASKING_CLOSED, 0);
    rig_step(rig, (struct event){.kind = EVENT_DRAINED, .edge_asking = {.edge = 0, .round = ROUND, .asking = 2}});
    drained(rig, 1);
    assert_phase(rig, "closing");
    rig_step(rig, (struct event){.kind = EVENT_DRAINED, .edge_asking = {.edge = 0, .round = 99, .asking = 1}});
    drained(rig, 0);
    assert_phase(rig, "closed");
    rig_free(rig);
}

static void a_scoring_that_did_not_commit_comes_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 0);
    rig->does_disk_fail = true;
    drained(rig, 1);
    assert_phase(rig, "closing");
    assert_int_equal(see(rig, 0).points, 0);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 0); /* what was looked ahead at is forgotten */
    (void)rig_heard(rig);
    rig->does_disk_fail = false;
    wait_ms(rig, 100);
    assert_heard(rig, "append standing 1; append scored 1; publish none 3");
    assert_int_equal(see(rig, 0).points, 10);
    rig_free(rig);
}

static void a_close_that_did_not_commit_comes_again(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->does_disk_fail = true;
    wait_ms(rig, 60000);
    assert_phase(rig, "open");
    (void)rig_heard(rig);
    rig->does_disk_fail = false;
    wait_ms(rig, 100);
    assert_heard(rig, "append closed 1; publish close 3");
    rig_free(rig);
}

/* ---- an edge dies while people answer ---- */

static void an_outage_is_added_to_the_limit(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = look(rig).opened_at_ms;
    wait_ms(rig, 8000);
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 1);
    rig->now_ms += 7000;
    (void)rig_heard(rig);
    resume(rig, 0, at(1, 5));
    assert_heard(rig, "attached p0 e1.5");
    assert_int_equal(look(rig).awaiting, 0);
    assert_int_equal(see(rig, 0).allowance_ms, 7000);
    struct given given = {.attach = at(1, 5), .asking = 1, .choice = A, .start_ms = opened_ms};
    given.raw_ms = READING + LIMIT + 7001;
    answer_with(rig, given);
    assert_heard(rig, "refused e1.5 late");
    given.raw_ms = READING + LIMIT + 7000;
    answer_with(rig, given);
    assert_heard(rig, "append answer p0 1 c1 27000ms -0ms; recorded 1 c1 e1.5");
    rig_free(rig);
}

static void an_outage_counts_for_twenty_seconds_and_moves_the_close(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    wait_ms(rig, 8000);
    edge_lost(rig, 0);
    rig->now_ms += 25000;
    resume(rig, 0, at(1, 5));
    assert_int_equal(see(rig, 0).allowance_ms, OUTAGE_MS_MAX);
    rig->now_ms = look(rig).opened_at_ms + READING + LIMIT + OUTAGE_MS_MAX + CREDIT_MS_MAX + CONFIRM_MS;
    tick(rig);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void two_outages_add_up(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    edge_lost(rig, 0);
    rig->now_ms += 2000;
    resume(rig, 0, at(1, 5));
    edge_lost(rig, 1);
    rig->now_ms += 1500;
    edge_up(rig, 2);
    resume(rig, 0, at(2, 5));
    assert_int_equal(see(rig, 0).allowance_ms, 3500);
    assert_int_equal(look(rig).awaiting, 1); /* resident 1 */
    rig_free(rig);
}

static void the_close_waits_for_those_whose_edge_died_but_not_for_ever(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += READING + LIMIT;
    edge_lost(rig, 0);
    wait_ms(rig, OUTAGE_MS_MAX - 1);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void who_had_answered_is_not_waited_for(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    answer(rig, 0, at(0, 0), A, 1000);
    rig->now_ms += READING + LIMIT;
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    wait_ms(rig, CREDIT_MS_MAX + CONFIRM_MS + 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void who_had_left_by_themselves_is_given_nothing(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    detach(rig, 0, at(0, 0));
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    rig->now_ms += 5000;
    resume(rig, 0, at(1, 5));
    assert_int_equal(see(rig, 0).allowance_ms, 0);
    rig_free(rig);
}

static void an_edge_that_came_back_to_the_same_core_lost_nobodys_time(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = look(rig).opened_at_ms;
    edge_lost(rig, 0); /* its channel alone broke: the browsers stayed */
    rig->now_ms += 3000;
    edge_up(rig, 0);
    resume_same(rig, 0, at(0, 0), 1, opened_ms + 20);
    assert_int_equal(see(rig, 0).allowance_ms, 0);
    assert_true(see(rig, 0).start_ms == opened_ms + 20);
    assert_int_equal(look(rig).awaiting, 0);
    rig_free(rig);
}

static void an_edge_that_comes_up_twice_has_died_between(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    edge_up(rig, 0);
    assert_int_equal(look(rig).awaiting, 1);
    assert_int_equal(look(rig).connected, 1);
    assert_true(look(rig).edges == 2);
    rig_free(rig);
}

static void who_is_knocked_out_is_not_waited_for(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 1);
    static const choice_set wrong[] = {B};
    play_asking(rig, wrong, 1);
    open_asking(rig);
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    rig_free(rig);
}

static void an_outage_is_given_back_in_its_own_asking_alone(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    edge_lost(rig, 0);
    rig->now_ms += 3000;
    resume(rig, 0, at(1, 5));
    assert_int_equal(see(rig, 0).allowance_ms, 3000);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 1);
    reveal_asking(rig);
    command(rig, CONTROL_ASKING_OPENED, 0);
    assert_int_equal(see(rig, 0).allowance_ms, 0);
    rig_free(rig);
}

static void between_askings_nobody_is_waited_for(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    assert_int_equal(look(rig).connected, 0);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_asking_is_scored_when_every_edge_has_drained),
        cmocka_unit_test(an_edge_that_has_drained_brings_no_more_answers),
        cmocka_unit_test(an_edge_that_died_has_drained),
        cmocka_unit_test(pending_answers_are_scored_too),
        cmocka_unit_test(an_edge_that_comes_during_the_close_drains_as_well),
        cmocka_unit_test(drains_of_another_asking_do_not_count),
        cmocka_unit_test(a_scoring_that_did_not_commit_comes_again),
        cmocka_unit_test(a_close_that_did_not_commit_comes_again),
        cmocka_unit_test(an_outage_is_added_to_the_limit),
        cmocka_unit_test(an_outage_counts_for_twenty_seconds_and_moves_the_close),
        cmocka_unit_test(two_outages_add_up),
        cmocka_unit_test(the_close_waits_for_those_whose_edge_died_but_not_for_ever),
        cmocka_unit_test(who_had_answered_is_not_waited_for),
        cmocka_unit_test(who_had_left_by_themselves_is_given_nothing),
        cmocka_unit_test(an_edge_that_came_back_to_the_same_core_lost_nobodys_time),
        cmocka_unit_test(an_edge_that_comes_up_twice_has_died_between),
        cmocka_unit_test(who_is_knocked_out_is_not_waited_for),
        cmocka_unit_test(an_outage_is_given_back_in_its_own_asking_alone),
        cmocka_unit_test(between_askings_nobody_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
