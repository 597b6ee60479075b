/* An answer's way through the edge: when its clock stops, what goes to the core, what comes back. */
#include "unit/session/world.h"

static void an_answer_stops_its_clock_when_it_is_read(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    expect_trace(world, "0 < {\"question\":1}\n"
                        "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":0}\n"
                        "core < SHOWN 7/1 p3@6000001\n"
                        "core < SHOWN 7/1 end\n");
    world->now_ms = 1000001 + 7500;
    world->round_trip_ms = 40;
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 7500 credit 40\n");
    core_records(world, slot, 1, 2);
    expect_trace(world, "0 < {\"type\":\"recorded\",\"asking\":1,\"choice\":2,\"receipt\":{\"code\":\"R\","
                        "\"elapsed_ms\":1,\"credit_ms\":2}}\n");
    world_stop(world);
}

static void the_credit_is_at_most_200_ms(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1000001 + 6000;
    world->round_trip_ms = 5000;
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6000 credit 200\n");
    world_stop(world);
}

static void the_same_answer_while_pending_is_not_doubled(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    say(world, slot, ANSWER_B);
    forget(world);
    say(world, slot, ANSWER_B);
    expect_quiet(world);
    core_records(world, slot, 1, 2);
    forget(world);
    world->now_ms = 1000001 + 9000;
    say(world, slot, ANSWER_B); /* acknowledged, and asked again: the core gives the same receipt */
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 9000 credit 0\n");
    world_stop(world);
}

static void another_choice_is_the_cores_to_refuse(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1000001 + 6000;
    say(world, slot, ANSWER_B);
    say(world, slot, ANSWER_C);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6000 credit 0\n"
                        "core < ANSWER 0.1 7/1 p3 choice 4 start 6000001 elapsed 6000 credit 0\n");
    struct core_refused refused = {.slot = slot,
        .generation = 1,
        .verdict = VERDICT_ALREADY_ANSWERED,
        .asking = 1,
        .has_first = true,
        .choice = 2,
        .elapsed_ms = 1000,
        .credit_ms = 0,
        .receipt = span_of_text("R")};
    CORE_SAYS(world, core_refused, &refused);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"already_answered\",\"asking\":1,\"choice\":2,"
                        "\"receipt\":{\"code\":\"R\",\"elapsed_ms\":1000,\"credit_ms\":0}}\n");
    world_stop(world);
}

static void a_refused_answer_may_be_given_again(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1000001 + 6000;
    say(world, slot, ANSWER_B);
    core_refuses(world, slot, VERDICT_TRY_AGAIN, 1);
    forget(world);
    world->now_ms += 500;
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6500 credit 0\n");
    world_stop(world);
}

static void nobody_answers_what_was_not_shown_yet(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    say(world, slot, ANSWER_B); /* guessed: the walk has not come to it */
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"too_early\",\"asking\":1}\n");
    world_stop(world);
}

static void an_answer_to_another_asking_goes_without_a_start(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 2);
    say(world, slot, ANSWER_B); /* recorded before, perhaps: then the core has its receipt */
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 0 elapsed 4294967295 credit 0\n");
    say(world, slot, "{\"type\":\"answer\",\"asking\":0,\"choice\":2}");
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"wrong_asking\"}\n");
    world_stop(world);
}

static void each_has_the_own_clock(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t first = resident(world, 3), second = resident(world, 4);
    world->send_ms = 100; /* a slow kernel: the clock goes on inside the slice */
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    world->send_ms = 0;
    uint32_t early = world->order[0], late = world->order[1];
    assert_true((early == first && late == second) || (early == second && late == first));
    world->now_ms = 1010000;
    forget(world);
    say(world, early, ANSWER_B);
    say(world, late, ANSWER_B);
    char expected[256];
    snprintf(expected, sizeof expected,
        "core < ANSWER %u.1 7/1 p%u choice 2 start 6000201 elapsed 9799 credit 0\n"
        "core < ANSWER %u.1 7/1 p%u choice 2 start 6000401 elapsed 9599 credit 0\n",
        early, early == first ? 3 : 4, late, late == first ? 3 : 4);
    expect_trace(world, expected);
    world_stop(world);
}

static void coming_back_does_not_start_the_clock_again(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    open_asking(world, 1);
    world->now_ms = 1020000;
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    struct core_attached attached = attached_as(world, slot, 3);
    attached.start_asking = 1;
    attached.start_ms = OFFSET_MS + 1000500; /* on the connection before */
    attached.allowance_ms = 2000;
    forget(world);
    CORE_SAYS(world, core_attached, &attached);
    assert_non_null(strstr(world->trace, "\"limit_ms\":32000,\"elapsed_ms\":19500}"));
    tick_after(world, 50);
    assert_null(strstr(world->trace, "SHOWN"));
    forget(world);
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000500 elapsed 19550 credit 0\n");
    world_stop(world);
}

static void who_comes_in_late_starts_with_the_snapshot(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    open_asking(world, 1);
    world->now_ms = 1020000;
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    core_attaches(world, slot, 3);
    assert_non_null(
        strstr(world->trace, "\"open\":{\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":0}"));
    forget(world);
    tick_after(world, 50);
    expect_trace(world, "core < SHOWN 7/1 p3@6020000\n");
    world->now_ms = 1026000;
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6020000 elapsed 6000 credit 0\n");
    world_stop(world);
}

static void a_clock_that_goes_back_gives_no_negative_time(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 999000;
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 0 credit 0\n");
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_stops_its_clock_when_it_is_read),
        cmocka_unit_test(the_credit_is_at_most_200_ms),
        cmocka_unit_test(the_same_answer_while_pending_is_not_doubled),
        cmocka_unit_test(another_choice_is_the_cores_to_refuse),
        cmocka_unit_test(a_refused_answer_may_be_given_again),
        cmocka_unit_test(nobody_answers_what_was_not_shown_yet),
        cmocka_unit_test(an_answer_to_another_asking_goes_without_a_start),
        cmocka_unit_test(each_has_the_own_clock),
        cmocka_unit_test(coming_back_does_not_start_the_clock_again),
        cmocka_unit_test(who_comes_in_late_starts_with_the_snapshot),
        cmocka_unit_test(a_clock_that_goes_back_gives_no_negative_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
