/* Equal time: starts that only move earlier, credit, the fan-out's end, and the close by time. */
#include "unit/engine/play.h"

/* Two residents at edges 0 and 1; asking 1 has just been opened, nothing is shown yet. */
static struct rig *two_edges(void)
{
    struct rig *rig = rig_opened();
    edge_up(rig, 1);
    join(rig, 0, at(0, 0));
    join(rig, 1, at(1, 1));
    command(rig, CONTROL_ASKING_OPENED, 0);
    (void)rig_heard(rig);
    return rig;
}

static uint32_t elapsed_of(struct rig *rig, struct given given)
{
    answer_with(rig, given);
    return see(rig, given.participant).answer.elapsed_ms;
}

static void time_runs_from_the_earliest_start_ever_reported(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 3000;
    shown(rig, 0, 0, opened_ms + 1000);
    shown(rig, 0, 0, opened_ms + 2500); /* another connection, later: nothing starts it again */
    assert_true(see(rig, 0).start_ms == opened_ms + 1000);
    shown(rig, 0, 0, opened_ms + 400);
    assert_true(see(rig, 0).start_ms == opened_ms + 400);
    /* This edge counts from 1,000: the 600 ms before are added. */
    struct given given = {.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = opened_ms + 1000};
    given.raw_ms = READING + 2000;
    assert_int_equal(elapsed_of(rig, given), 2600);
    rig_free(rig);
}

static void an_answer_itself_reports_a_start(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 8000;
    shown(rig, 0, 0, opened_ms + 900);
    struct given given = {.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = opened_ms + 200};
    given.raw_ms = READING + 2000;
    assert_int_equal(elapsed_of(rig, given), 2000);
    assert_true(see(rig, 0).start_ms == opened_ms + 200);
    rig_free(rig);
}

static void reconnecting_fifty_times_gains_nothing(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    shown(rig, 0, 0, opened_ms);
    for (uint32_t i = 0; i < 50; i++) {
        rig->now_ms += 100;
        struct attach attach = at((uint8_t)(i % 2), 100 + i);
        resume(rig, 0, attach);
        shown(rig, attach.edge, 0, rig->now_ms);
        detach(rig, 0, attach);
    }
    resume(rig, 0, at(1, 9));
    struct given given = {.attach = at(1, 9), .asking = 1, .choice = A, .start_ms = rig->now_ms, .raw_ms = READING};
    assert_int_equal(elapsed_of(rig, given), 5000);
    rig_free(rig);
}

static void a_report_of_an_edge_that_was_left_is_not_lost(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 700;
    for (uint8_t edge = 1; edge < 5; edge++) { /* overtake edge 0's report */
        resume(rig, 0, at(edge, 9));
        shown(rig, edge, 0, rig->now_ms);
    }
    shown(rig, 0, 0, opened_ms);
    assert_true(see(rig, 0).start_ms == opened_ms);
    rig_free(rig);
}

static void an_edge_left_before_the_asking_reports_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    edge_up(rig, 1);
    join(rig, 0, at(1, 0));
    resume(rig, 0, at(0, 0));
    join(rig, 1, at(1, 1));
    detach(rig, 1, at(1, 1));
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown(rig, 1, 0, rig->now_ms);
    assert_false(see(rig, 0).has_start);
    shown(rig, 0, 0, rig->now_ms);
    assert_true(see(rig, 0).has_start);
    shown(rig, 1, 1, rig->now_ms);
    assert_false(see(rig, 1).has_start);
    rig_free(rig);
}

static void an_edge_reports_only_its_own_residents(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += 700;
    shown(rig, 0, 1, rig->now_ms);
    assert_false(see(rig, 1).has_start);
    shown(rig, 1, 99, rig->now_ms);
    rig_step(rig, (struct event){.kind = EVENT_SHOWN,
                      .shown = {.edge = 1, .round = ROUND, .asking = 2, .participant = 1, .start_ms = rig->now_ms}});
    assert_false(see(rig, 1).has_start);
    rig_free(rig);
}

static void a_start_lies_between_the_opening_and_now(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 700;
    shown(rig, 0, 0, opened_ms - 50);
    assert_true(see(rig, 0).start_ms == opened_ms);
    shown(rig, 1, 1, rig->now_ms + 60000);
    assert_true(see(rig, 1).start_ms == rig->now_ms);
    rig_free(rig);
}

static void the_credit_is_the_lowest_round_trip_and_at_most_200(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->askings_count = 4;
    rig_open(rig);
    join_all(rig, 1);
    static const struct {
        uint16_t measured_ms;
        uint32_t credit_ms;
    } rows[] = {{900, 200}, {120, 120}, {0, 0}, {190, 120}};
    for (size_t i = 0; i < 4; i++) {
        open_asking(rig);
        struct given given = {.attach = at(0, 0), .asking = (uint16_t)(i + 1), .choice = A, .start_ms = rig->now_ms};
        given.credit_ms = rows[i].measured_ms;
        given.raw_ms = READING + 3000;
        assert_int_equal(elapsed_of(rig, given), 3000 - rows[i].credit_ms);
        assert_int_equal(see(rig, 0).answer.credit_ms, rows[i].credit_ms);
        close_asking(rig);
        reveal_asking(rig);
    }
    rig_free(rig);
}

static void delaying_acknowledgements_does_not_raise_the_credit_again(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    struct given given = {.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = rig->now_ms};
    given.credit_ms = 30;
    given.raw_ms = 100; /* too early; what was measured stays */
    answer_with(rig, given);
    given.credit_ms = 200;
    given.raw_ms = READING + 1000;
    assert_int_equal(elapsed_of(rig, given), 970);
    assert_int_equal(see(rig, 0).answer.credit_ms, 30);
    rig_free(rig);
}

static void an_unknown_start_is_the_end_of_the_fanout(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += 300;
    shown_end(rig, 0);
    assert_false(see(rig, 0).has_start); /* edge 1 has not ended */
    rig->now_ms += 500;
    shown_end(rig, 1);
    assert_true(see(rig, 0).has_start);
    assert_true(see(rig, 0).start_ms == look(rig).opened_at_ms + 800);
    rig_free(rig);
}

static void a_dead_edge_ends_its_part_of_the_fanout(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    shown_end(rig, 0);
    rig->now_ms += 400;
    edge_lost(rig, 1);
    assert_true(see(rig, 0).has_start);
    assert_true(see(rig, 0).start_ms == look(rig).opened_at_ms + 400);
    rig_free(rig);
}

static void a_fanout_ends_after_twenty_seconds_at_the_latest(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    wait_ms(rig, FANOUT_MS_MAX - 1);
    assert_false(see(rig, 0).has_start);
    wait_ms(rig, 500);
    assert_true(see(rig, 0).has_start);
    assert_true(see(rig, 0).start_ms == look(rig).opened_at_ms + FANOUT_MS_MAX);
    rig_free(rig);
}

static void who_comes_late_has_started_at_the_end_of_the_fanout(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += 300;
    join(rig, 2, at(0, 2)); /* before the end: its edge shows it now */
    assert_false(see(rig, 2).has_start);
    shown(rig, 0, 2, rig->now_ms);
    shown_end(rig, 0);
    shown_end(rig, 1);
    uint64_t end_ms = rig->now_ms;
    rig->now_ms += 6000;
    join(rig, 3, at(0, 3));
    assert_true(see(rig, 3).start_ms == end_ms);
    shown(rig, 0, 3, rig->now_ms);
    assert_true(see(rig, 3).start_ms == end_ms);
    detach(rig, 1, at(1, 1));
    resume(rig, 1, at(0, 9)); /* never shown before */
    assert_true(see(rig, 1).start_ms == end_ms);
    rig_free(rig);
}

static void who_reads_late_has_no_later_start_than_the_end_of_the_fanout(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    rig->now_ms += 300;
    shown(rig, 0, 0, rig->now_ms);
    shown_end(rig, 0);
    shown_end(rig, 1); /* resident 1 reads nothing */
    uint64_t end_ms = rig->now_ms;
    rig->now_ms = end_ms + 7500;
    resume_same(rig, 1, at(1, 1), 1, 0); /* asks for the state over the connection that was there all the time */
    assert_true(see(rig, 1).start_ms == end_ms);
    resume_same(rig, 1, at(1, 1), 1, rig->now_ms);
    shown(rig, 1, 1, rig->now_ms);
    assert_true(see(rig, 1).start_ms == end_ms);
    answer_with(rig, (struct given){.participant = 1,
                         .attach = at(1, 1),
                         .asking = 1,
                         .choice = A,
                         .start_ms = rig->now_ms,
                         .raw_ms = READING + LIMIT - 7499});
    assert_false(see(rig, 1).has_answer); /* by one millisecond */
    rig_free(rig);
}

static void a_late_report_starts_nobody_late(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    shown_end(rig, 0);
    shown_end(rig, 1);
    uint64_t end_ms = rig->now_ms;
    rig->now_ms += 7500;
    shown(rig, 1, 1, rig->now_ms);
    assert_true(see(rig, 1).start_ms == end_ms);
    answer_with(
        rig, (struct given){.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = rig->now_ms, .raw_ms = READING});
    assert_int_equal(see(rig, 0).answer.elapsed_ms, 7500);
    rig_free(rig);
}

static void the_fanout_is_published(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 1000;
    shown(rig, 0, 0, opened_ms + 150);
    shown(rig, 1, 1, opened_ms + 640);
    assert_int_equal(look(rig).fanout_ms, 640);
    rig_free(rig);
}

static void an_asking_closes_when_the_last_participants_time_is_over(void **state)
{
    (void)state;
    struct rig *rig = two_edges();
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 700;
    shown(rig, 0, 0, opened_ms);
    shown(rig, 1, 1, opened_ms + 700);
    shown_end(rig, 0);
    shown_end(rig, 1);
    (void)rig_heard(rig);
    wait_ms(rig, READING + LIMIT + CREDIT_MS_MAX + CONFIRM_MS);
    assert_heard(rig, "");
    wait_ms(rig, 1);
    assert_heard(rig, "append closed 1; publish close 3");
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void an_asking_does_not_close_before_the_fanout_has_ended(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    for (int i = 0; i < 3; i++) {
        rig->askings[i].limit_ms = LIMIT_MS_MIN;
        rig->askings[i].reading_ms = 0;
    }
    rig_open(rig);
    join_all(rig, 1);
    command(rig, CONTROL_ASKING_OPENED, 0);
    wait_ms(rig, FANOUT_MS_MAX - 1); /* the edge says nothing */
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    wait_ms(rig, LIMIT_MS_MIN + CREDIT_MS_MAX + CONFIRM_MS);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void an_asking_without_people_closes_too(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    command(rig, CONTROL_ASKING_OPENED, 0);
    wait_ms(rig, READING + LIMIT + CREDIT_MS_MAX + CONFIRM_MS);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    wait_ms(rig, 1);
    assert_phase(rig, "closed"); /* no edge has to drain */
    assert_replays(rig);
    rig_free(rig);
}

static void time_added_moves_the_close(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    command(rig, CONTROL_ASKING_EXTENDED, LIMIT + 10000);
    assert_int_equal(look(rig).limit_ms, LIMIT + 10000);
    wait_ms(rig, READING + LIMIT + 10000 + CREDIT_MS_MAX + CONFIRM_MS);
    assert_phase(rig, "open");
    wait_ms(rig, 1);
    assert_phase(rig, "closing");
    rig_free(rig);
}

static void the_engines_time_never_goes_back(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    command(rig, CONTROL_ASKING_OPENED, 0);
    wait_ms(rig, 10000);
    rig->now_ms -= 9000;
    shown(rig, 0, 0, rig->now_ms + 8000);
    assert_true(see(rig, 0).start_ms == rig->now_ms + 8000);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_runs_from_the_earliest_start_ever_reported),
        cmocka_unit_test(an_answer_itself_reports_a_start),
        cmocka_unit_test(reconnecting_fifty_times_gains_nothing),
        cmocka_unit_test(a_report_of_an_edge_that_was_left_is_not_lost),
        cmocka_unit_test(an_edge_left_before_the_asking_reports_nothing),
        cmocka_unit_test(an_edge_reports_only_its_own_residents),
        cmocka_unit_test(a_start_lies_between_the_opening_and_now),
        cmocka_unit_test(the_credit_is_the_lowest_round_trip_and_at_most_200),
        cmocka_unit_test(delaying_acknowledgements_does_not_raise_the_credit_again),
        cmocka_unit_test(an_unknown_start_is_the_end_of_the_fanout),
        cmocka_unit_test(a_dead_edge_ends_its_part_of_the_fanout),
        cmocka_unit_test(a_fanout_ends_after_twenty_seconds_at_the_latest),
        cmocka_unit_test(who_comes_late_has_started_at_the_end_of_the_fanout),
        cmocka_unit_test(who_reads_late_has_no_later_start_than_the_end_of_the_fanout),
        cmocka_unit_test(a_late_report_starts_nobody_late),
        cmocka_unit_test(the_fanout_is_published),
        cmocka_unit_test(an_asking_closes_when_the_last_participants_time_is_over),
        cmocka_unit_test(an_asking_does_not_close_before_the_fanout_has_ended),
        cmocka_unit_test(an_asking_without_people_closes_too),
        cmocka_unit_test(time_added_moves_the_close),
        cmocka_unit_test(the_engines_time_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
