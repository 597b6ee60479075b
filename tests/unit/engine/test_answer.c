/* One answer: recorded only when durable, once, from its sender alone, inside its time. */
#include "unit/engine/play.h"

static struct rig *asked(uint32_t people)
{
    struct rig *rig = rig_opened();
    join_all(rig, people);
    open_asking(rig);
    return rig;
}

static void an_answer_is_recorded_only_after_its_commit(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1234);
    assert_heard(rig, "append answer p0 1 c1 1234ms -0ms");
    assert_int_equal(look(rig).answered, 0);
    assert_false(see(rig, 0).has_answer);
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.0");
    assert_int_equal(look(rig).answered, 1);
    assert_int_equal(look(rig).right, 1);
    assert_int_equal(look(rig).counts[0], 1);
    assert_int_equal(see(rig, 0).answer.elapsed_ms, 1234);
    assert_replays(rig);
    rig_free(rig);
}

static void the_same_choice_again_gets_the_same_receipt(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    answer(rig, 0, at(0, 0), A, 1000);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 9000);
    assert_heard(rig, "recorded 1 c1 e0.0");
    assert_int_equal(see(rig, 0).answer.elapsed_ms, 1000);
    close_asking(rig);
    answer(rig, 0, at(0, 0), A, 9000); /* closed: still the receipt */
    assert_heard(rig, "recorded 1 c1 e0.0");
    rig_free(rig);
}

static void another_choice_gets_the_first_one(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    answer(rig, 0, at(0, 0), B, 1000);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 2000);
    assert_heard(rig, "refused e0.0 already_answered; first c2");
    assert_int_equal(look(rig).right, 0);
    rig_free(rig);
}

static void a_repeat_while_pending_is_acknowledged_once(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    answer(rig, 0, at(0, 0), A, 1500);
    assert_heard(rig, "append answer p0 1 c1 1000ms -0ms");
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.0");
    rig_free(rig);
}

static void an_acknowledgement_goes_to_the_newest_connection(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    resume(rig, 0, at(0, 9));
    answer(rig, 0, at(0, 9), A, 2000);
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.9");
    rig_free(rig);
}

static void who_only_came_back_is_acknowledged_too(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    resume(rig, 0, at(0, 9));
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.9");
    rig_free(rig);
}

static void another_choice_while_pending_is_refused_after_the_commit(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    answer(rig, 0, at(0, 0), B, 1100);
    answer(rig, 1, at(0, 1), A, 1000);
    resume(rig, 1, at(0, 9));
    answer(rig, 1, at(0, 9), B, 1200);
    assert_heard(rig, "append answer p0 1 c1 1000ms -0ms; append answer p1 1 c1 1000ms -0ms; "
                      "refused e0.1 newer_connection; attached p1 e0.9");
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.0; refused e0.0 already_answered; first c1; "
                      "refused e0.9 already_answered; first c1");
    assert_int_equal(look(rig).counts[1], 0);
    rig_free(rig);
}

static void who_sent_both_choices_on_one_connection_is_told_both(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    resume(rig, 0, at(0, 9));
    answer(rig, 0, at(0, 9), B, 1100);
    answer(rig, 0, at(0, 9), A, 1200);
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "recorded 1 c1 e0.9; refused e0.9 already_answered; first c1");
    rig_free(rig);
}

static void a_failed_batch_frees_the_answer(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), B, 1000);
    answer(rig, 1, at(0, 1), B, 1000);
    detach(rig, 1, at(0, 1));
    rig->does_disk_fail = true;
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "refused e0.0 try_again");
    assert_false(see(rig, 0).has_answer);
    rig->does_disk_fail = false;
    answer(rig, 0, at(0, 0), A, 3000); /* nothing was counted: even another choice is fine */
    rig_commit(rig);
    assert_heard(rig, "append answer p0 1 c1 3000ms -0ms; recorded 1 c1 e0.0");
    assert_replays(rig);
    rig_free(rig);
}

static void a_pending_answer_of_a_lost_edge_still_counts(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    edge_lost(rig, 0);
    assert_int_equal(look(rig).awaiting, 1);
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "");
    assert_int_equal(look(rig).answered, 1);
    assert_int_equal(look(rig).awaiting, 0);
    rig_free(rig);
}

static void an_edge_answers_only_for_those_it_has_held(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    answer(rig, 0, at(1, 0), A, 1000); /* another edge */
    assert_heard(rig, "refused e1.0 not_joined");
    answer(rig, 77, at(0, 0), A, 1000); /* nobody */
    assert_heard(rig, "refused e0.0 not_joined");
    rig_step(rig, (struct event){.kind = EVENT_ANSWER, .answer = {.attach = at(0, 1), .round = 99}});
    assert_heard(rig, "refused e0.1 not_joined");
    assert_int_equal(look(rig).answered, 0);
    rig_free(rig);
}

/* Read before it was replaced, and held by the edge while no core was there. */
static void an_answer_of_a_connection_that_was_replaced_counts(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    resume(rig, 0, at(0, 9));
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "append answer p0 1 c1 1000ms -0ms; recorded 1 c1 e0.9");
    rig_free(rig);
}

static void a_removed_participants_answer_is_not_taken(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    answer(rig, 0, at(0, 0), A, 1000);
    rig->is_batch_held = true;
    answer(rig, 1, at(0, 1), A, 1000);
    command_participant(rig, CONTROL_REMOVED, 0);
    command_participant(rig, CONTROL_REMOVED, 1);
    assert_int_equal(look(rig).answered, 0);
    assert_int_equal(look(rig).counts[0], 0);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "refused e0.0 not_joined");
    rig_commit(rig);
    assert_replays(rig);
    rig_free(rig);
}

static void a_pending_answer_is_not_told_to_who_was_removed_meanwhile(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    (void)rig_heard(rig);
    command_participant(rig, CONTROL_REMOVED, 0); /* commits the batch with it */
    assert_heard(rig, "append removed 1 p0 #7; recorded 1 c1 e0.0; refused e0.0 removed; publish names 1");
    assert_int_equal(look(rig).answered, 0);
    assert_replays(rig);
    rig_free(rig);
}

/* The fact may also be stepped before BATCH_COMMITTED. */
static void who_was_removed_before_the_commit_was_told_is_not_told(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    struct control removed = {.kind = CONTROL_REMOVED, .round = ROUND, .participant = 0};
    rig_append(rig, LOGGED_CONTROL)->control = removed;
    rig_step(rig, (struct event){.kind = EVENT_CONTROL, .control = removed});
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "");
    assert_int_equal(look(rig).answered, 0);
    assert_replays(rig);
    rig_free(rig);
}

static void an_answer_to_another_asking_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    answer_with(rig, (struct given){.attach = at(0, 0), .asking = 1, .choice = A, .raw_ms = READING});
    assert_heard(rig, "refused e0.0 wrong_asking");
    answer_with(rig, (struct given){.attach = at(0, 0), .asking = 0, .choice = A, .raw_ms = READING});
    assert_heard(rig, "refused e0.0 wrong_asking");
    open_asking(rig);
    answer_with(rig, (struct given){.attach = at(0, 0), .asking = 2, .choice = A, .raw_ms = READING});
    assert_heard(rig, "refused e0.0 wrong_asking");
    rig_free(rig);
}

static void an_option_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->askings[1].kind = QUESTION_MULTIPLE;
    rig->askings[1].key = A | B;
    rig_open(rig);
    join_all(rig, 1);
    open_asking(rig);
    answer(rig, 0, at(0, 0), 0, 1000);
    assert_heard(rig, "refused e0.0 bad_choice");
    answer(rig, 0, at(0, 0), 16, 1000);
    assert_heard(rig, "refused e0.0 bad_choice");
    answer(rig, 0, at(0, 0), A | B, 1000);
    assert_heard(rig, "refused e0.0 bad_choice");
    close_asking(rig);
    reveal_asking(rig);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A | C | D, 1000);
    assert_heard(rig, "append answer p0 2 c13 1000ms -0ms; recorded 2 c13 e0.0");
    assert_int_equal(look(rig).counts[2], 1);
    assert_int_equal(look(rig).right, 0);
    rig_free(rig);
}

static void an_answer_inside_the_reading_time_is_too_early(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    struct given given = {.attach = at(0, 0), .asking = 1, .choice = A, .start_ms = rig->now_ms, .raw_ms = READING - 1};
    answer_with(rig, given);
    assert_heard(rig, "refused e0.0 too_early");
    given.raw_ms = READING;
    answer_with(rig, given);
    assert_heard(rig, "append answer p0 1 c1 0ms -0ms; recorded 1 c1 e0.0");
    /* A phone 100 ms away sees the question 50 ms late and its answer takes 50 ms: inside by the edge's clock alone. */
    given = (struct given){.participant = 1, .attach = at(0, 1), .asking = 1, .choice = A, .start_ms = rig->now_ms};
    given.credit_ms = 100;
    given.raw_ms = READING - 101;
    answer_with(rig, given);
    assert_heard(rig, "refused e0.1 too_early");
    given.raw_ms = READING - 100;
    answer_with(rig, given);
    assert_heard(rig, "append answer p1 1 c1 0ms -100ms; recorded 1 c1 e0.1");
    rig_free(rig);
}

static void an_answer_after_the_limit_is_late(void **state)
{
    (void)state;
    struct rig *rig = asked(2);
    answer(rig, 0, at(0, 0), A, LIMIT + 1);
    assert_heard(rig, "refused e0.0 late");
    answer(rig, 0, at(0, 0), A, LIMIT);
    assert_heard(rig, "append answer p0 1 c1 20000ms -0ms; recorded 1 c1 e0.0");
    answer_with(rig, (struct given){.participant = 1,
                         .attach = at(0, 1),
                         .asking = 1,
                         .choice = A,
                         .start_ms = rig->now_ms,
                         .raw_ms = UINT32_MAX});
    assert_heard(rig, "refused e0.1 late");
    rig_free(rig);
}

static void time_added_counts_for_the_limit(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    command(rig, CONTROL_ASKING_EXTENDED, LIMIT + 5000);
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 0), A, LIMIT + 5001);
    assert_heard(rig, "refused e0.0 late");
    answer(rig, 0, at(0, 0), A, LIMIT + 5000);
    assert_heard(rig, "append answer p0 1 c1 25000ms -0ms; recorded 1 c1 e0.0");
    rig_free(rig);
}

static void nobody_answers_after_the_close(void **state)
{
    (void)state;
    struct rig *rig = asked(1);
    close_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "refused e0.0 late");
    reveal_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    assert_heard(rig, "refused e0.0 late");
    rig_free(rig);
}

static void more_answers_than_a_batch_holds_try_again(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = TURN_EVENTS_MAX + 1;
    rig_open(rig);
    join_all(rig, TURN_EVENTS_MAX + 1);
    open_asking(rig);
    rig->is_batch_held = true;
    for (uint32_t who = 0; who < TURN_EVENTS_MAX; who++)
        answer(rig, who, at(0, who), A, 1000);
    (void)rig_heard(rig);
    answer(rig, TURN_EVENTS_MAX, at(0, TURN_EVENTS_MAX), A, 1000);
    assert_heard(rig, "refused e0.4096 try_again");
    rig_commit(rig);
    assert_int_equal(look(rig).answered, TURN_EVENTS_MAX);
    (void)rig_heard(rig);
    answer(rig, TURN_EVENTS_MAX, at(0, TURN_EVENTS_MAX), A, 1000);
    assert_heard(rig, "append answer p4096 1 c1 1000ms -0ms");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_recorded_only_after_its_commit),
        cmocka_unit_test(the_same_choice_again_gets_the_same_receipt),
        cmocka_unit_test(another_choice_gets_the_first_one),
        cmocka_unit_test(a_repeat_while_pending_is_acknowledged_once),
        cmocka_unit_test(an_acknowledgement_goes_to_the_newest_connection),
        cmocka_unit_test(who_only_came_back_is_acknowledged_too),
        cmocka_unit_test(another_choice_while_pending_is_refused_after_the_commit),
        cmocka_unit_test(who_sent_both_choices_on_one_connection_is_told_both),
        cmocka_unit_test(a_failed_batch_frees_the_answer),
        cmocka_unit_test(a_pending_answer_of_a_lost_edge_still_counts),
        cmocka_unit_test(an_edge_answers_only_for_those_it_has_held),
        cmocka_unit_test(an_answer_of_a_connection_that_was_replaced_counts),
        cmocka_unit_test(a_removed_participants_answer_is_not_taken),
        cmocka_unit_test(a_pending_answer_is_not_told_to_who_was_removed_meanwhile),
        cmocka_unit_test(who_was_removed_before_the_commit_was_told_is_not_told),
        cmocka_unit_test(an_answer_to_another_asking_is_refused),
        cmocka_unit_test(an_option_that_is_not_there_is_refused),
        cmocka_unit_test(an_answer_inside_the_reading_time_is_too_early),
        cmocka_unit_test(an_answer_after_the_limit_is_late),
        cmocka_unit_test(time_added_counts_for_the_limit),
        cmocka_unit_test(nobody_answers_after_the_close),
        cmocka_unit_test(more_answers_than_a_batch_holds_try_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
