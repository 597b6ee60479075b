/* Coming in, coming back, going: who is attached where, and what everybody else is told. */
#include "unit/engine/play.h"

static void a_join_is_told_only_after_its_commit(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    rig->is_batch_held = true;
    join(rig, 0, at(0, 5));
    assert_heard(rig, "subscribe 1; append join p0");
    assert_int_equal(look(rig).people, 0);
    assert_true(see(rig, 0).is_pending);
    rig_commit(rig);
    assert_heard(rig, "attached p0 e0.5");
    assert_int_equal(look(rig).people, 1);
    assert_int_equal(look(rig).connected, 1);
    rig_free(rig);
}

static void the_same_nonce_is_the_same_participant(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join(rig, 0, at(0, 5));
    join(rig, 1, at(0, 6));
    (void)rig_heard(rig);
    join(rig, 0, at(0, 5));
    assert_heard(rig, "attached p0 e0.5");
    assert_int_equal(engine_participants_count(rig->engine, ROUND), 2);
    rig_free(rig);
}

static void a_repeated_join_is_answered_once_at_the_newest_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    rig->is_batch_held = true;
    join(rig, 0, at(0, 5));
    join(rig, 0, at(0, 5));
    join(rig, 0, at(1, 8));
    assert_heard(rig, "subscribe 1; append join p0; subscribe 2; refused e0.5 newer_connection");
    rig_commit(rig);
    assert_heard(rig, "attached p0 e1.8");
    assert_int_equal(look(rig).people, 1);
    rig_free(rig);
}

static void a_join_given_up_before_its_commit_is_kept_but_told_nobody(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    rig->is_batch_held = true;
    join(rig, 0, at(0, 5));
    detach(rig, 0, at(0, 5));
    (void)rig_heard(rig);
    rig_commit(rig);
    assert_heard(rig, "");
    assert_int_equal(look(rig).people, 1);
    assert_int_equal(look(rig).connected, 0);
    rig_free(rig);
}

static void a_failed_batch_frees_its_joins_and_refuses_them(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join(rig, 0, at(0, 0));
    rig->is_batch_held = true;
    join(rig, 1, at(0, 1));
    join(rig, 2, at(0, 2));
    (void)rig_heard(rig);
    rig->does_disk_fail = true;
    rig_commit(rig);
    assert_heard(rig, "refused e0.2 try_again; refused e0.1 try_again");
    assert_int_equal(engine_participants_count(rig->engine, ROUND), 1);
    rig->does_disk_fail = false;
    join(rig, 2, at(0, 2));
    rig_commit(rig);
    assert_heard(rig, "append join p1; attached p1 e0.2");
    assert_replays(rig);
    rig_free(rig);
}

static void a_locked_lobby_takes_nobody_new(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join(rig, 0, at(0, 0));
    command(rig, CONTROL_LOCKED, 1);
    (void)rig_heard(rig);
    join(rig, 1, at(0, 1));
    assert_heard(rig, "refused e0.1 lobby_locked");
    join(rig, 0, at(0, 9)); /* known: comes back */
    assert_heard(rig, "refused e0.0 newer_connection; attached p0 e0.9");
    command(rig, CONTROL_LOCKED, 0);
    (void)rig_heard(rig);
    join(rig, 1, at(0, 1));
    assert_heard(rig, "append join p1; attached p1 e0.1");
    rig_free(rig);
}

static void an_unknown_round_is_an_unknown_code(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_round(rig, 99, 0, at(0, 0));
    assert_heard(rig, "refused e0.0 unknown_code");
    rig_step(rig, (struct event){.kind = EVENT_RESUME, .resume = {.attach = at(0, 0), .round = 99}});
    assert_heard(rig, "refused e0.0 unknown_code");
    expect(engine_round_add(rig->engine, 2, &rig->rules, rig->askings, 1));
    join_round(rig, 2, 0, at(0, 0)); /* added, but its announcement is not durable yet */
    assert_heard(rig, "refused e0.0 unknown_code");
    rig_free(rig);
}

static void nobody_joins_a_round_that_is_over(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    command(rig, CONTROL_ROUND_ENDED, 0);
    (void)rig_heard(rig);
    join(rig, 1, at(0, 1));
    assert_heard(rig, "refused e0.1 round_over");
    join(rig, 0, at(0, 1));
    assert_heard(rig, "refused e0.1 round_over");
    rig_free(rig);
}

static void who_took_part_may_look_at_the_result_after_the_end(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    command(rig, CONTROL_ROUND_ENDED, 0);
    (void)rig_heard(rig);
    resume(rig, 0, at(0, 3));
    assert_heard(rig, "refused e0.0 newer_connection; attached p0 e0.3");
    answer_with(rig, (struct given){.participant = 0, .attach = at(0, 3), .asking = 1, .choice = A});
    assert_heard(rig, "refused e0.3 round_over");
    rig_free(rig);
}

static void the_newest_connection_wins(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    resume(rig, 0, at(1, 4));
    assert_heard(rig, "subscribe 2; refused e0.0 newer_connection; attached p0 e1.4");
    resume(rig, 0, at(1, 4)); /* the same again is no other connection */
    assert_heard(rig, "attached p0 e1.4");
    assert_int_equal(look(rig).connected, 1);
    rig_free(rig);
}

static void a_used_slot_of_another_generation_is_another_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    struct attach again = {.edge = 0, .slot = 0, .generation = 2};
    resume(rig, 0, again);
    assert_heard(rig, "refused e0.0 newer_connection; attached p0 e0.0");
    detach(rig, 0, at(0, 0)); /* of the old one: too late */
    assert_int_equal(look(rig).connected, 1);
    detach(rig, 0, again);
    assert_int_equal(look(rig).connected, 0);
    rig_free(rig);
}

static void a_token_of_nobody_or_of_another_generation_is_bad(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    resume(rig, 1, at(0, 1));
    assert_heard(rig, "refused e0.1 bad_token");
    resume(rig, 5000000, at(0, 1));
    assert_heard(rig, "refused e0.1 bad_token");
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = at(0, 1), .round = ROUND, .participant = 0, .generation = 2}});
    assert_heard(rig, "refused e0.1 bad_token");
    rig->is_batch_held = true;
    join(rig, 1, at(0, 1));
    (void)rig_heard(rig);
    resume(rig, 1, at(0, 2)); /* pending: no token exists */
    assert_heard(rig, "refused e0.2 bad_token");
    rig_free(rig);
}

static void who_was_removed_does_not_come_back(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    command_participant(rig, CONTROL_REMOVED, 0);
    assert_heard(rig, "append removed 0 p0 #7; refused e0.0 removed; publish names 1");
    assert_int_equal(look(rig).people, 1);
    assert_int_equal(look(rig).connected, 1);
    assert_true(see(rig, 0).is_removed);
    resume(rig, 0, at(0, 7));
    assert_heard(rig, "refused e0.7 removed");
    join(rig, 0, at(0, 7));
    assert_heard(rig, "refused e0.7 removed");
    assert_replays(rig);
    rig_free(rig);
}

static void who_is_renamed_is_told(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    command_participant(rig, CONTROL_RENAMED, 0);
    assert_heard(rig, "append renamed 0 p0 #7; renamed p0 e0.0; publish names 1");
    detach(rig, 0, at(0, 0));
    command_participant(rig, CONTROL_RENAMED, 0);
    assert_heard(rig, "append renamed 0 p0 #7; publish names 1");
    rig_free(rig);
}

static void an_edge_hears_the_state_once_before_anything_else_of_the_round(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    watch(rig, 0);
    assert_heard(rig, "subscribe 1");
    watch(rig, 0);
    assert_heard(rig, "");
    join(rig, 0, at(0, 0));
    assert_heard(rig, "append join p0; attached p0 e0.0");
    edge_lost(rig, 0);
    watch(rig, 0);
    assert_heard(rig, "subscribe 1");
    rig_step(rig, (struct event){.kind = EVENT_WATCH, .watch = {.edge = 0, .round = 99}});
    assert_heard(rig, "");
    assert_true(look(rig).edges == 1);
    rig_free(rig);
}

static void more_joins_than_a_batch_holds_try_again(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = TURN_EVENTS_MAX + 10;
    rig_open(rig);
    rig->is_batch_held = true;
    for (uint32_t who = 0; who < TURN_EVENTS_MAX; who++)
        join(rig, who, at(0, who));
    (void)rig_heard(rig);
    join(rig, TURN_EVENTS_MAX, at(0, 1));
    assert_heard(rig, "refused e0.1 try_again");
    rig_commit(rig);
    (void)rig_heard(rig);
    assert_int_equal(look(rig).people, TURN_EVENTS_MAX);
    join(rig, TURN_EVENTS_MAX, at(0, 1));
    assert_heard(rig, "append join p4096");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_join_is_told_only_after_its_commit),
        cmocka_unit_test(the_same_nonce_is_the_same_participant),
        cmocka_unit_test(a_repeated_join_is_answered_once_at_the_newest_connection),
        cmocka_unit_test(a_join_given_up_before_its_commit_is_kept_but_told_nobody),
        cmocka_unit_test(a_failed_batch_frees_its_joins_and_refuses_them),
        cmocka_unit_test(a_locked_lobby_takes_nobody_new),
        cmocka_unit_test(an_unknown_round_is_an_unknown_code),
        cmocka_unit_test(nobody_joins_a_round_that_is_over),
        cmocka_unit_test(who_took_part_may_look_at_the_result_after_the_end),
        cmocka_unit_test(the_newest_connection_wins),
        cmocka_unit_test(a_used_slot_of_another_generation_is_another_connection),
        cmocka_unit_test(a_token_of_nobody_or_of_another_generation_is_bad),
        cmocka_unit_test(who_was_removed_does_not_come_back),
        cmocka_unit_test(who_is_renamed_is_told),
        cmocka_unit_test(an_edge_hears_the_state_once_before_anything_else_of_the_round),
        cmocka_unit_test(more_joins_than_a_batch_holds_try_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
