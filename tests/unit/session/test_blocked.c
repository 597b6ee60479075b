/* A reader that takes nothing: what is kept for it, what it gets when it reads again, when it is dropped. */
#include "unit/session/world.h"

/* Blocks a resident on one frame that it was sent. */
static uint32_t blocked_resident(struct world *world)
{
    uint32_t slot = resident(world, 3);
    world->takes_later[slot] = true;
    say(world, slot, "{\"type\":\"ping\"}");
    expect_trace(world, "0 later < {\"type\":\"pong\"}\n");
    return slot;
}

static void nothing_is_sent_to_it_and_the_newest_state_follows(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = blocked_resident(world);
    assert_int_equal(sessions_blocked(world->sessions), 1);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    core_publishes(world, CHANGE_CLOSE, PHASE_CLOSING, 1);
    settle(world);
    core_publishes(world, CHANGE_REVEALED, PHASE_REVEALED, 1);
    core_ranks(world, slot, 3, 1);
    say(world, slot, "{\"type\":\"ping\"}");
    settle(world);
    forget(world); /* the port fails the test where anything is sent */
    world->takes_later[slot] = false;
    written(world, slot);
    expect_trace(world, "core < RESUME 0.1 123456 tok same start 1@6000001\n");
    core_attaches(world, slot, 3);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"snapshot\""));
    assert_non_null(strstr(world->trace, "\"phase\":\"revealed\""));
    assert_null(strstr(world->trace, "joined"));
    assert_int_equal(sessions_blocked(world->sessions), 0);
    forget(world);
    settle(world);
    expect_quiet(world);
    world_stop(world);
}

static void an_opening_that_waited_is_told_without_the_core(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = blocked_resident(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    /* the clock has started: nobody is late for having read late what could have been read */
    expect_trace(world, "core < SHOWN 7/1 p3@6000001\ncore < SHOWN 7/1 end\n");
    world->takes_later[slot] = false;
    world->now_ms = 1007501;
    written(world, slot);
    expect_trace(world,
        "0 < {\"question\":1}\n"
        "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":7500}\n");
    tick_after(world, 50);
    expect_quiet(world); /* and does not start again */
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 7550 credit 0\n");
    world_stop(world);
}

static void an_extension_goes_into_an_opening_that_still_waits(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = blocked_resident(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    struct core_round round = round_in(PHASE_OPEN, 1);
    round.change = CHANGE_EXTENDED;
    round.limit_ms = 45000;
    CORE_SAYS(world, core_round, &round);
    settle(world);
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot);
    assert_non_null(strstr(world->trace, "\"limit_ms\":45000"));
    assert_null(strstr(world->trace, "extended"));
    world_stop(world);
}

static void an_acknowledgement_that_could_not_be_said_comes_in_the_snapshot(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    say(world, slot, ANSWER_B);
    world->takes_later[slot] = true;
    say(world, slot, "{\"type\":\"ping\"}");
    core_records(world, slot, 1, 2);
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot);
    expect_trace(world, "core < RESUME 0.1 123456 tok same start 1@6000001\n");
    struct core_attached attached = attached_as(world, slot, 3);
    attached.start_asking = 1;
    attached.start_ms = 6000001;
    attached.has_answer = true;
    attached.answer_asking = 1;
    attached.choice = 2;
    attached.receipt = span_of_text("R");
    CORE_SAYS(world, core_attached, &attached);
    assert_non_null(strstr(world->trace, "\"answer\":{\"choice\":2,\"receipt\":{\"code\":\"R\""));
    world_stop(world);
}

static void a_token_that_could_not_be_said_is_said_later(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    world->takes_later[slot] = true;
    say(world, slot, "{\"type\":\"ping\"}");
    core_attaches(world, slot, 3);
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot);
    expect_trace(world, "core < RESUME 0.1 123456 tok same\n");
    core_attaches(world, slot, 3);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"joined\""));
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"snapshot\""));
    world_stop(world);
}

static void a_screen_catches_up_by_itself(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = screen(world);
    world->takes_later[slot] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    core_publishes(world, CHANGE_CLOSE, PHASE_CLOSING, 1);
    settle(world);
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"snapshot\""));
    assert_non_null(strstr(world->trace, "\"phase\":\"closed\""));
    world_stop(world);
}

static void who_comes_in_and_does_not_read_has_the_clock_of_that_moment(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    open_asking(world, 1);
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    core_attaches(world, slot, 3); /* joined and snapshot, at once */
    disconnect(world, slot);

    connect(world);
    say(world, slot, HELLO_TOKEN);
    forget(world);
    world->takes_later[slot] = true;
    core_attaches(world, slot, 4);
    assert_non_null(strstr(world->trace, "0 later < {\"type\":\"joined\""));
    uint64_t in_ms = world->now_ms;
    tick_after(world, 50);
    char shown[64];
    snprintf(shown, sizeof shown, " p4@%llu\n", (unsigned long long)(in_ms + OFFSET_MS));
    assert_non_null(strstr(world->trace, shown));
    forget(world);
    written(world, slot);
    core_attaches(world, slot, 4);
    assert_non_null(strstr(world->trace, "0 later < {\"type\":\"snapshot\""));
    world->now_ms = in_ms + 8000;
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot); /* the snapshot said 50 ms */
    expect_trace(
        world, "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":8000}\n");
    tick_after(world, 50);
    expect_quiet(world);
    world_stop(world);
}

static void an_opening_that_came_out_too_late_starts_nothing(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    world->takes_later[slot] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    written(world, slot); /* the question is out, the opening waits */
    forget(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 2);
    settle(world);
    expect_trace(world, "core < SHOWN 7/2 p3@6000022\ncore < SHOWN 7/2 end\n");
    world->takes_later[slot] = false;
    written(world, slot);
    tick_after(world, 50);
    assert_null(strstr(world->trace, "SHOWN"));
    assert_null(strstr(world->trace, "\"asking\":1"));
    assert_non_null(strstr(world->trace, "\"asking\":2"));
    world_stop(world);
}

static void an_opening_that_came_out_in_another_asking_starts_nothing(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    world->takes_later[slot] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    written(world, slot); /* the question is out, the opening waits */
    core_goes(world);
    core_comes(world, 2);
    core_publishes(world, CHANGE_NONE, PHASE_REVEALED, 2); /* two steps that nobody was told of */
    settle(world);
    world->takes_later[slot] = false;
    forget(world);
    written(world, slot);
    tick_after(world, 50);
    assert_null(strstr(world->trace, "SHOWN"));
    world_stop(world);
}

static void who_takes_nothing_for_ten_seconds_is_dropped(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    blocked_resident(world);
    pass(world, 9500);
    expect_quiet(world);
    pass(world, 1600);
    expect_trace(world, "close 0 1008\n");
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    assert_null(strstr(world->trace, "0 "));
    world_stop(world);
}

static void a_connection_that_broke_under_a_frame_hears_no_more(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    world->is_gone[slot] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    expect_trace(world, "0 gone < {\"question\":1}\ncore < SHOWN 7/1 end\n");
    say(world, slot, ANSWER_B);
    expect_quiet(world);
    disconnect(world, slot);
    expect_trace(world, "core < DETACH 0.1 7 p3\n");
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_sent_to_it_and_the_newest_state_follows),
        cmocka_unit_test(an_opening_that_waited_is_told_without_the_core),
        cmocka_unit_test(an_extension_goes_into_an_opening_that_still_waits),
        cmocka_unit_test(an_acknowledgement_that_could_not_be_said_comes_in_the_snapshot),
        cmocka_unit_test(a_token_that_could_not_be_said_is_said_later),
        cmocka_unit_test(a_screen_catches_up_by_itself),
        cmocka_unit_test(who_comes_in_and_does_not_read_has_the_clock_of_that_moment),
        cmocka_unit_test(an_opening_that_came_out_too_late_starts_nothing),
        cmocka_unit_test(an_opening_that_came_out_in_another_asking_starts_nothing),
        cmocka_unit_test(who_takes_nothing_for_ten_seconds_is_dropped),
        cmocka_unit_test(a_connection_that_broke_under_a_frame_hears_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
