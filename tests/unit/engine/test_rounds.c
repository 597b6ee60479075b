/* Many rounds in one engine: places, the common pool of participants, the nonce index; and a standing of 340,000. */
#include "base/random.h"
#include "unit/engine/play.h"

#include <time.h>

static uint32_t people_of(const struct rig *rig, uint32_t round)
{
    struct round_view view;
    expect(engine_round_view(rig->engine, round, &view));
    return view.people;
}

static void end_round(struct rig *rig, uint32_t round)
{
    command_control(
        rig, 7, (struct control){.kind = CONTROL_ROUND_ENDED, .round = round, .participant = PARTICIPANT_NONE});
    (void)rig_heard(rig);
}

static void rounds_do_not_know_each_other(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    rig_announce(rig, 2);
    join_round(rig, 1, 0, at(0, 0));
    join_round(rig, 2, 0, at(0, 1)); /* the same nonce: somebody else */
    join_round(rig, 2, 1, at(0, 2));
    assert_int_equal(people_of(rig, 1), 1);
    assert_int_equal(people_of(rig, 2), 2);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    struct participant_view view;
    assert_true(engine_participant_view(rig->engine, 2, 0, &view));
    assert_false(view.has_answer);
    assert_false(engine_participant_view(rig->engine, 1, 1, &view));
    assert_replays(rig);
    rig_free(rig);
}

static void rounds_that_drain_together_are_scored_one_a_step(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    for (uint32_t round = 2; round <= 3; round++)
        rig_announce(rig, round);
    for (uint32_t round = 1; round <= 3; round++) {
        join_round(rig, round, 0, at(0, round));
        command_control(rig, 7, (struct control){.kind = CONTROL_ASKING_OPENED, .round = round});
        command_control(rig, 7, (struct control){.kind = CONTROL_ASKING_CLOSED, .round = round});
    }
    (void)rig_heard(rig);
    edge_lost(rig, 0); /* scored, one commit after another */
    tick(rig);
    tick(rig);
    for (uint32_t round = 1; round <= 3; round++) {
        struct round_view view;
        assert_true(engine_round_view(rig->engine, round, &view));
        assert_int_equal(view.phase, PHASE_CLOSED);
    }
    for (uint32_t i = 0; i < rig->log_durable; i++) {
        if (rig->log[i].kind != LOGGED_STANDING) continue;
        assert_int_equal(rig->log[i].standing_count, 1);
        assert_int_equal(rig->log[i + 1].control.kind, CONTROL_ASKING_SCORED); /* in the same batch */
        assert_int_equal(rig->log[i + 1].control.round, rig->log[i].standing_round);
    }
    rig_free(rig);
}

static void an_ended_rounds_place_is_used_again_and_no_other(void **state)
{
    (void)state;
    struct rig *rig = rig_opened(); /* 4 places */
    for (uint32_t round = 2; round <= 4; round++)
        rig_announce(rig, round);
    assert_false(engine_round_add(rig->engine, 5, &rig->rules, rig->askings, 1));
    rig->now_ms += 10;
    end_round(rig, 3);
    rig->now_ms += 10;
    end_round(rig, 2);
    struct round_view view;
    assert_true(engine_round_view(rig->engine, 3, &view)); /* still there to look at */
    assert_true(engine_round_add(rig->engine, 5, &rig->rules, rig->askings, 1));
    assert_false(engine_round_view(rig->engine, 3, &view)); /* it ended first */
    assert_true(engine_round_view(rig->engine, 2, &view));
    uint32_t number = 0, count = 0;
    while (engine_round_at(rig->engine, count, &number))
        count++;
    assert_int_equal(count, 4);
    rig_free(rig);
}

static void an_add_that_did_not_commit_is_taken_back(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    assert_true(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, 2));
    assert_false(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, 2));
    assert_int_equal(engine_asking_rules(rig->engine, 9, 2)->points, 10);
    assert_null(engine_asking_rules(rig->engine, 9, 3));
    assert_null(engine_asking_rules(rig->engine, 9, 0));
    engine_round_drop(rig->engine, 9);
    assert_null(engine_rules(rig->engine, 9));
    engine_round_drop(rig->engine, 9);
    rig_free(rig);
}

static void rules_out_of_bounds_make_no_round(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    struct rules rules = rig->rules;
    rules.version = 0;
    assert_false(engine_round_add(rig->engine, 9, &rules, rig->askings, 1));
    assert_false(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, 0));
    assert_false(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, ASKINGS_MAX + 1));
    rig->askings[1].key = 0;
    assert_false(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, 2));
    assert_true(engine_round_add(rig->engine, 9, &rig->rules, rig->askings, 1));
    rig_free(rig);
}

static void the_pool_is_everybodys_and_runs_out_exactly(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = 1500;
    rig_open(rig);
    rig_announce(rig, 2);
    for (uint32_t who = 0; who < 1500; who++)
        join_round(rig, 1 + who % 2, who, at(0, who));
    assert_int_equal(people_of(rig, 1) + people_of(rig, 2), 1500);
    assert_int_equal(engine_room(rig->engine), 0);
    (void)rig_heard(rig);
    join(rig, 7777, at(0, 9));
    assert_heard(rig, "refused e0.9 round_full");
    join_round(rig, 1, 0, at(0, 0)); /* known: comes back all the same */
    assert_heard(rig, "attached p0 e0.0");
    rig_free(rig);
}

static void an_ended_round_makes_room_when_it_is_needed(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = 100;
    rig_open(rig);
    join_all(rig, 100);
    rig_announce(rig, 2);
    join_round(rig, 2, 0, at(0, 0));
    assert_heard(rig, "publish none 0; refused e0.0 round_full");
    end_round(rig, 1);
    assert_int_equal(engine_room(rig->engine), 100);
    join_round(rig, 2, 0, at(0, 0));
    assert_heard(rig, "subscribe 1; append join p0; attached p0 e0.0");
    resume(rig, 0, at(0, 0));
    assert_heard(rig, "refused e0.0 unknown_code");
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = at(0, 1), .round = 2, .participant = 5, .generation = 1}});
    assert_heard(rig, "refused e0.1 bad_token"); /* nobody of the old round lives on in the new one's records */
    rig_free(rig);
}

static void an_ended_round_with_a_join_in_the_open_batch_keeps_its_place(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = 2;
    rig_open(rig);
    rig_announce(rig, 2);
    join(rig, 0, at(0, 0));
    rig->is_batch_held = true;
    join(rig, 1, at(0, 1));
    struct control ended = {.kind = CONTROL_ROUND_ENDED, .round = ROUND};
    rig_append(rig, LOGGED_CONTROL)->control = ended;
    rig_step(rig, (struct event){.kind = EVENT_CONTROL, .control = ended});
    (void)rig_heard(rig);
    join_round(rig, 2, 5, at(0, 5));
    assert_heard(rig, "refused e0.5 round_full");
    rig_commit(rig);
    assert_heard(rig, "attached p1 e0.1");
    join_round(rig, 2, 5, at(0, 5));
    assert_heard(rig, "subscribe 1; append join p0");
    rig_free(rig);
}

static void the_first_request_ends_the_loading(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->engine = rig_engine(rig); /* never told RECOVERED */
    rig_announce(rig, ROUND);
    assert_heard(rig, "");
    join(rig, 0, at(0, 0));
    assert_heard(rig, "subscribe 1; append join p0; attached p0 e0.0");
    rig_free(rig);
}

/* Thousands come and go through the index; what is there is found, what is not there is new. */
static void the_index_stays_whole_over_many_rounds(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = 3000;
    rig->limits.rounds_max = 2;
    rig_open(rig);
    struct random random = random_from_seed(3);
    for (uint32_t round = 2; round < 30; round++) {
        end_round(rig, round - 1);
        rig_announce(rig, round);
        uint32_t count = 1 + random_below(&random, 2900);
        for (uint32_t who = 0; who < count; who++)
            join_round(rig, round, who * 7, at(0, who));
        assert_int_equal(people_of(rig, round), count);
        for (uint32_t who = 0; who < count; who++)
            join_round(rig, round, who * 7, at(0, who));
        assert_int_equal(people_of(rig, round), count);
        rig->log_count = rig->log_durable = 0; /* the log is not looked at here */
    }
    rig_free(rig);
}

/* The index has 16 places here: failed joins that stayed in it would fill it, and the next look would never end. */
static void failed_joins_leave_the_index(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->limits.participants_max = 10;
    rig_open(rig);
    rig->does_disk_fail = true;
    for (uint32_t who = 0; who < 100; who++)
        join(rig, who, at(0, who));
    rig->does_disk_fail = false;
    for (uint32_t who = 0; who < 10; who++)
        join(rig, who, at(0, who));
    assert_int_equal(people_of(rig, 1), 10);
    assert_int_equal(engine_room(rig->engine), 0);
    rig_free(rig);
}

static void a_standing_of_340000_is_made_in_less_than_a_second(void **state)
{
    (void)state;
    enum { PEOPLE = 340000 };
    struct rig *rig = rig_new();
    rig->limits.participants_max = PEOPLE;
    rig->engine = rig_engine(rig);
    assert_true(engine_round_add(rig->engine, ROUND, &rig->rules, rig->askings, 3));
    struct random random = random_from_seed(1);
    struct event event = {.kind = EVENT_CONTROL, .control = {.kind = CONTROL_ROUND_OPENED, .round = ROUND}};
    rig_step(rig, event);
    event = (struct event){.kind = EVENT_LOAD_PARTICIPANT, .load_participant = {.round = ROUND, .generation = 1}};
    for (uint32_t i = 0; i < PEOPLE; i++) {
        event.load_participant.number = i;
        memcpy(event.load_participant.nonce, &i, sizeof i);
        rig_step(rig, event);
    }
    event =
        (struct event){.kind = EVENT_CONTROL, .control = {.kind = CONTROL_ASKING_OPENED, .round = ROUND, .asking = 1}};
    rig_step(rig, event);
    event = (struct event){.kind = EVENT_LOAD_ANSWER, .load_answer = {.round = ROUND, .asking = 1}};
    for (uint32_t i = 0; i < PEOPLE; i++) {
        event.load_answer.participant = i;
        event.load_answer.choice = (choice_set)(1 << random_below(&random, 4));
        event.load_answer.elapsed_ms = random_below(&random, LIMIT);
        rig_step(rig, event);
    }
    event =
        (struct event){.kind = EVENT_CONTROL, .control = {.kind = CONTROL_ASKING_CLOSED, .round = ROUND, .asking = 1}};
    rig_step(rig, event);
    clock_t from = clock();
    event =
        (struct event){.kind = EVENT_CONTROL, .control = {.kind = CONTROL_ASKING_SCORED, .round = ROUND, .asking = 1}};
    rig_step(rig, event);
    long took_ms = (long)(clock() - from) * 1000 / CLOCKS_PER_SEC;
    print_message("a standing of 340000 in %ld ms\n", took_ms);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), PEOPLE);
    assert_true(took_ms < 1000);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_do_not_know_each_other),
        cmocka_unit_test(rounds_that_drain_together_are_scored_one_a_step),
        cmocka_unit_test(an_ended_rounds_place_is_used_again_and_no_other),
        cmocka_unit_test(an_add_that_did_not_commit_is_taken_back),
        cmocka_unit_test(rules_out_of_bounds_make_no_round),
        cmocka_unit_test(the_pool_is_everybodys_and_runs_out_exactly),
        cmocka_unit_test(an_ended_round_makes_room_when_it_is_needed),
        cmocka_unit_test(an_ended_round_with_a_join_in_the_open_batch_keeps_its_place),
        cmocka_unit_test(the_first_request_ends_the_loading),
        cmocka_unit_test(the_index_stays_whole_over_many_rounds),
        cmocka_unit_test(failed_joins_leave_the_index),
        cmocka_unit_test(a_standing_of_340000_is_made_in_less_than_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
