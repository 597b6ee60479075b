/* Nobody's time is shorter because of a fault of the server: who was away when an asking opened, on whose way an answer
 * was overtaken, and what a restarted core forgets. */
#include "unit/engine/play.h"

/* Residents 0 and 1 in the lobby, at edges 0 and 1. */
static struct rig *in_the_lobby(void)
{
    struct rig *rig = rig_opened();
    edge_up(rig, 1);
    join(rig, 0, at(0, 0));
    join(rig, 1, at(1, 1));
    (void)rig_heard(rig);
    return rig;
}

static struct rig *in_an_asking(void)
{
    struct rig *rig = in_the_lobby();
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown(rig, 0, 0, rig->now_ms);
    shown(rig, 1, 1, rig->now_ms);
    shown_end(rig, 0);
    shown_end(rig, 1);
    (void)rig_heard(rig);
    return rig;
}

static void whose_edge_died_before_the_opening_starts_when_shown(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    edge_lost(rig, 1);
    rig->now_ms += 1000;
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0); /* the fan-out is over */
    assert_int_equal(look(rig).awaiting, 1);
    rig->now_ms += 2500;
    resume(rig, 1, at(0, 7));
    assert_false(see(rig, 1).has_start); /* this edge shows it now */
    assert_int_equal(look(rig).awaiting, 0);
    rig->now_ms += 30;
    uint64_t shown_ms = rig->now_ms;
    shown(rig, 0, 1, shown_ms);
    assert_true(see(rig, 1).start_ms == shown_ms);
    rig->now_ms += READING + LIMIT;
    answer_with(rig, (struct given){.participant = 1,
                         .attach = at(0, 7),
                         .asking = 1,
                         .choice = A,
                         .start_ms = shown_ms,
                         .raw_ms = READING + LIMIT});
    assert_int_equal(see(rig, 1).answer.elapsed_ms, LIMIT); /* the whole time, and not a late one */
    rig_free(rig);
}

static void the_close_waits_for_who_was_away_at_the_opening(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    edge_lost(rig, 1);
    command(rig, CONTROL_ASKING_OPENED, 0);
    uint64_t opened_ms = rig->now_ms;
    shown(rig, 0, 0, opened_ms);
    shown_end(rig, 0);
    rig->now_ms = opened_ms + 19000;
    resume(rig, 1, at(0, 7)); /* no report of the start yet: it cannot be before now */
    rig->now_ms = opened_ms + 19000 + READING + LIMIT;
    tick(rig);
    assert_phase(rig, "open");
    wait_ms(rig, CREDIT_MS_MAX + CONFIRM_MS + 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void who_stays_away_longer_than_an_outage_is_not_awaited_in_the_next_asking(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    edge_lost(rig, 1);
    rig->now_ms += OUTAGE_MS_MAX;
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    resume(rig, 1, at(0, 7));
    assert_true(see(rig, 1).start_ms == look(rig).opened_at_ms); /* the end of the fan-out */
    rig_free(rig);
}

static void who_left_by_themselves_before_the_opening_starts_with_the_fan_out(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    detach(rig, 1, at(1, 1));
    edge_lost(rig, 1);
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0);
    assert_int_equal(look(rig).awaiting, 0);
    rig->now_ms += 4000;
    resume(rig, 1, at(0, 7));
    assert_true(see(rig, 1).start_ms == look(rig).opened_at_ms);
    rig_free(rig);
}

static void an_asking_does_not_open_before_the_edges_are_back(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    restart_core(rig, 500, 2);
    edge_up(rig, 0);
    (void)rig_heard(rig);
    command(rig, CONTROL_ASKING_OPENED, 0);
    assert_heard(rig, "command #7 core_away");
    edge_up(rig, 1);
    (void)rig_heard(rig);
    command(rig, CONTROL_ASKING_OPENED, 0);
    assert_phase(rig, "open");
    rig_free(rig);
}

static void who_comes_back_after_the_reopening_has_the_whole_time(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    rig->now_ms += 3000;
    restart_core(rig, 2000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume(rig, 0, at(0, 5)); /* not over a connection that an edge kept: all had died */
    wait_ms(rig, GRACE_MS);
    assert_true(look(rig).is_reopened);
    shown_end(rig, 0);
    rig->now_ms += 6000;
    (void)rig_heard(rig);
    resume(rig, 1, at(1, 5));
    assert_false(see(rig, 1).has_start);
    shown(rig, 1, 1, rig->now_ms);
    assert_true(see(rig, 1).start_ms == rig->now_ms);
    rig_free(rig);
}

static void who_is_out_or_has_answered_is_not_awaited_at_a_reopening(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    answer(rig, 0, at(0, 0), A, 1000);
    restart_core(rig, 2000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    wait_ms(rig, GRACE_MS);
    assert_true(look(rig).is_reopened);
    assert_int_equal(look(rig).awaiting, 1); /* resident 1 */
    rig_free(rig);
}

static void after_a_silent_log_an_asking_waits_from_the_recovery_on(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    uint64_t opened_ms = look(rig).opened_at_ms;
    restart_core(rig, READING + LIMIT - 1000, 2); /* nobody has answered in all this time */
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume_same(rig, 0, at(0, 0), 1, opened_ms); /* edge 1 died together with the core */
    wait_ms(rig, 5000);
    assert_phase(rig, "open");
    resume(rig, 1, at(0, 9));
    assert_int_equal(see(rig, 1).allowance_ms, OUTAGE_MS_MAX);
    rig_free(rig);
}

/* The core took its own death for the end of the fan-out; the edge went on showing. */
static void a_start_that_an_edge_kept_over_the_cores_death_may_be_later_than_the_fan_out(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    command(rig, CONTROL_ASKING_OPENED, 0);
    uint64_t opened_ms = rig->now_ms;
    restart_core(rig, 2000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume_same(rig, 0, at(0, 0), 1, opened_ms + 700);
    assert_true(see(rig, 0).start_ms == opened_ms + 700);
    resume_same(rig, 1, at(1, 1), 1, 0); /* has still to be shown it */
    assert_false(see(rig, 1).has_start);
    rig->now_ms += 40;
    shown(rig, 1, 1, rig->now_ms);
    assert_true(see(rig, 1).start_ms == rig->now_ms);
    rig_free(rig);
}

static void an_allowance_survives_the_core(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    uint64_t opened_ms = look(rig).opened_at_ms;
    edge_lost(rig, 1);
    rig->now_ms += 3000;
    resume(rig, 1, at(0, 9));
    assert_int_equal(see(rig, 1).allowance_ms, 3000);
    restart_core(rig, 500, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = at(0, 9),
                          .round = ROUND,
                          .participant = 1,
                          .generation = 1,
                          .is_same_connection = true,
                          .start_asking = 1,
                          .start_ms = opened_ms,
                          .allowance_ms = 3000}});
    assert_int_equal(see(rig, 1).allowance_ms, 3000);
    rig->now_ms = opened_ms + READING + LIMIT + 2900;
    tick(rig);
    assert_phase(rig, "open");
    rig_free(rig);
}

static void an_answer_that_the_next_connection_overtakes_counts(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    rig->now_ms += READING + 2000;
    resume(rig, 0, at(1, 9)); /* overtakes what edge 0 has read before */
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "append answer p0 1 c1 1000ms -0ms; recorded 1 c1 e1.9");
    rig_free(rig);
}

static void an_edge_that_never_held_somebody_answers_nothing_for_them(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    answer(rig, 0, at(1, 1), A, 1000);
    assert_heard(rig, "refused e1.1 not_joined");
    resume(rig, 0, at(1, 9));
    command_participant(rig, CONTROL_REMOVED, 0);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 1000); /* on its way, but removed */
    assert_heard(rig, "refused e0.0 not_joined");
    rig_free(rig);
}

static void a_start_that_any_edge_of_the_asking_reports_counts(void **state)
{
    (void)state;
    struct rig *rig = in_the_lobby();
    edge_up(rig, 2);
    command(rig, CONTROL_ASKING_OPENED, 0);
    uint64_t opened_ms = rig->now_ms;
    resume(rig, 0, at(1, 8));
    resume(rig, 0, at(2, 8));
    rig->now_ms += 800;
    shown(rig, 2, 0, rig->now_ms);
    shown(rig, 0, 0, opened_ms + 5); /* the first of three edges comes last */
    assert_true(see(rig, 0).start_ms == opened_ms + 5);
    rig_free(rig);
}

static void a_commit_that_failed_knocks_nobody_out(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 2);
    open_asking(rig);
    answer(rig, 1, at(0, 1), A, 1000);
    rig->does_disk_fail = true;
    answer(rig, 0, at(0, 0), A, 1000);
    rig->does_disk_fail = false;
    close_asking(rig);
    assert_int_equal(see(rig, 0).out_at, 0);
    rig_free(rig);
}

static void a_channel_that_breaks_does_not_undo_an_outage_before(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 1);
    edge_up(rig, 1);
    open_asking(rig);
    edge_lost(rig, 0);
    rig->now_ms += 2000;
    resume(rig, 0, at(1, 4)); /* the outage */
    shown_end(rig, 1);
    edge_up(rig, 1); /* the same edge greets again: its channel had broken, its connections live */
    resume_same(rig, 0, at(1, 4), 1, look(rig).opened_at_ms);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 1);
    tick(rig);
    assert_phase(rig, "closed");
    assert_int_equal(see(rig, 0).out_at, 0);
    rig_free(rig);
}

/* The phone came back on another edge while no core was there: the edge of before does not know that yet. */
static void a_connection_that_an_edge_kept_replaces_no_newer_one(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    uint64_t opened_ms = look(rig).opened_at_ms;
    rig->now_ms += 3000;
    restart_core(rig, 1000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume(rig, 0, at(1, 9));
    (void)rig_heard(rig);
    resume_same(rig, 0, at(0, 0), 1, opened_ms);
    assert_heard(rig, "subscribe 1; refused e0.0 newer_connection");
    assert_true(see(rig, 0).start_ms == opened_ms); /* but what it knows counts */
    answer(rig, 0, at(0, 0), A, 2000);              /* and what it has read */
    assert_heard(rig, "append answer p0 1 c1 2000ms -0ms; recorded 1 c1 e1.9");
    rig_free(rig);
}

static void an_edge_that_missed_the_reopening_shows_it_again(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    uint64_t opened_ms = look(rig).opened_at_ms;
    rig->now_ms += 3000;
    restart_core(rig, 2000, 2);
    wait_ms(rig, GRACE_MS); /* no edge came back in time */
    assert_true(look(rig).is_reopened);
    restart_core(rig, 500, 2);
    edge_up(rig, 0);
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = at(0, 0),
                          .round = ROUND,
                          .participant = 0,
                          .generation = 1,
                          .is_same_connection = true,
                          .start_asking = 1,
                          .start_ms = opened_ms,
                          .allowance_ms = 4000}});
    assert_false(see(rig, 0).has_start);
    assert_int_equal(see(rig, 0).allowance_ms, 0); /* of the time before */
    rig_free(rig);
}

/* It was read in the grace, from a start that the reopening has made void. */
static void a_late_answer_from_before_the_reopening_may_be_tried_again(void **state)
{
    (void)state;
    struct rig *rig = in_an_asking();
    uint64_t opened_ms = look(rig).opened_at_ms;
    rig->now_ms += READING + LIMIT;
    restart_core(rig, 1000, 2);
    edge_up(rig, 0);
    edge_up(rig, 1);
    resume(rig, 0, at(1, 9));
    wait_ms(rig, GRACE_MS);
    assert_true(look(rig).is_reopened);
    (void)rig_heard(rig);
    answer_with(rig,
        (struct given){
            .attach = at(1, 9), .asking = 1, .choice = A, .start_ms = opened_ms, .raw_ms = READING + LIMIT + 3000});
    assert_heard(rig, "refused e1.9 try_again");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_edge_died_before_the_opening_starts_when_shown),
        cmocka_unit_test(the_close_waits_for_who_was_away_at_the_opening),
        cmocka_unit_test(who_stays_away_longer_than_an_outage_is_not_awaited_in_the_next_asking),
        cmocka_unit_test(who_left_by_themselves_before_the_opening_starts_with_the_fan_out),
        cmocka_unit_test(an_asking_does_not_open_before_the_edges_are_back),
        cmocka_unit_test(who_comes_back_after_the_reopening_has_the_whole_time),
        cmocka_unit_test(who_is_out_or_has_answered_is_not_awaited_at_a_reopening),
        cmocka_unit_test(after_a_silent_log_an_asking_waits_from_the_recovery_on),
        cmocka_unit_test(a_start_that_an_edge_kept_over_the_cores_death_may_be_later_than_the_fan_out),
        cmocka_unit_test(an_allowance_survives_the_core),
        cmocka_unit_test(an_answer_that_the_next_connection_overtakes_counts),
        cmocka_unit_test(an_edge_that_never_held_somebody_answers_nothing_for_them),
        cmocka_unit_test(a_start_that_any_edge_of_the_asking_reports_counts),
        cmocka_unit_test(a_commit_that_failed_knocks_nobody_out),
        cmocka_unit_test(a_channel_that_breaks_does_not_undo_an_outage_before),
        cmocka_unit_test(a_connection_that_an_edge_kept_replaces_no_newer_one),
        cmocka_unit_test(an_edge_that_missed_the_reopening_shows_it_again),
        cmocka_unit_test(a_late_answer_from_before_the_reopening_may_be_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
