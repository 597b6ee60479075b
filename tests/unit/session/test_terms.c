/* The core goes and comes: what waits, what is said again, when it is given up. */
#include "unit/session/world.h"

#define TRY_AGAIN_1 "0 < {\"type\":\"refused\",\"verdict\":\"try_again\",\"asking\":1}\n"

static void a_request_waits_while_no_core_is_there(void **state)
{
    (void)state;
    struct world *world = world_start(4);
    uint32_t slot = connect(world);
    say(world, slot, HELLO);
    sessions_core_opened(world->sessions, world->now_ms);
    expect_trace(world, "core < HELLO edge 3 boot 99\n");
    struct core_welcome welcome = {.version = 1, .term = 1, .clock_offset_ms = OFFSET_MS};
    CORE_SAYS(world, core_welcome, &welcome);
    expect_trace(world, "core < LOOK 0.1 123456\n");
    world_stop(world);
}

static void a_new_core_hears_of_all_before_it_hears_their_answers(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    resident(world, 4);
    screen(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    world->now_ms = 1006001;
    say(world, 0, ANSWER_B);
    core_goes(world);
    world->now_ms = 1008000;
    say(world, 1, ANSWER_C); /* tapped while no core was there */
    forget(world);
    core_comes(world, 2);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@6000001\n"
                        "core < RESUME 1.1 123456 tok same start 1@6000001\n"
                        "core < LOOK 2.1 123456\n"
                        "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6000 credit 0\n"
                        "core < ANSWER 1.1 7/1 p4 choice 4 start 6000001 elapsed 7999 credit 0\n");
    world_stop(world);
}

static void starts_follow_the_new_cores_clock(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    open_asking(world, 1);
    core_goes(world);
    sessions_core_opened(world->sessions, world->now_ms);
    forget(world);
    struct core_welcome welcome = {.version = 1, .term = 2, .clock_offset_ms = OFFSET_MS + 77};
    CORE_SAYS(world, core_welcome, &welcome);
    expect_trace(world, "core < RESUME 0.1 123456 tok same start 1@6000078\n");
    world_stop(world);
}

static void a_request_goes_to_three_cores_and_is_then_refused(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    say(world, slot, ANSWER_B);
    for (uint64_t term = 2; term <= 3; term++) {
        core_goes(world);
        core_comes(world, term);
        core_attaches(world, slot, 3);
        assert_non_null(strstr(world->trace, "core < ANSWER"));
        assert_null(strstr(world->trace, "refused"));
        forget(world);
    }
    core_goes(world);
    core_comes(world, 4);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@6000001\n" TRY_AGAIN_1);
    core_goes(world);
    core_comes(world, 5);
    assert_null(strstr(world->trace, "ANSWER"));
    world_stop(world);
}

static void who_kills_each_core_by_coming_in_is_let_go(void **state)
{
    (void)state;
    struct world *world = world_start(4);
    core_comes(world, 1);
    say(world, connect(world), HELLO_TOKEN);
    for (uint64_t term = 2; term <= 3; term++) {
        core_goes(world);
        core_comes(world, term);
    }
    forget(world);
    core_goes(world);
    core_comes(world, 4);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "0 < {\"type\":\"refused\",\"verdict\":\"try_again\"}\nclose 0 1013\n");
    world_stop(world);
}

static void a_core_that_was_replaced_is_not_listened_to(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_goes(world);
    core_comes(world, 5);
    core_goes(world);
    forget(world);
    core_comes(world, 4);
    expect_trace(world, "core < HELLO edge 3 boot 99\n");
    core_records(world, slot, 1, 2);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    say(world, slot, ANSWER_B);
    disconnect(world, slot);
    expect_quiet(world);
    world_stop(world);
}

static void a_silent_core_is_asked_once_more_after_ten_seconds(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1006001;
    say(world, slot, ANSWER_B);
    forget(world);
    pass(world, 9900);
    expect_quiet(world);
    pass(world, 1200);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6000 credit 0\n");
    pass(world, 30000);
    expect_quiet(world);
    say(world, slot, ANSWER_B); /* with the time at which it was first read */
    say(world, slot, ANSWER_B);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 6000 credit 0\n");
    core_records(world, slot, 1, 2);
    assert_non_null(strstr(world->trace, "recorded"));
    world_stop(world);
}

static void nothing_is_told_when_nothing_has_changed(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    uint32_t wall = screen(world);
    open_asking(world, 1);
    core_goes(world);
    core_comes(world, 2);
    forget(world);
    core_publishes(world, CHANGE_NONE, PHASE_OPEN, 1);
    struct core_attached attached = attached_as(world, slot, 3);
    attached.start_asking = 1;
    attached.start_ms = 6000001;
    CORE_SAYS(world, core_attached, &attached);
    core_shows(world, wall);
    settle(world);
    expect_trace(world, "core < SHOWN 7/1 end\n"); /* a core that recovers waits for it */
    world_stop(world);
}

static void what_a_dying_core_did_not_tell_comes_as_a_snapshot(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    screen(world);
    open_asking(world, 1);
    core_goes(world);
    core_comes(world, 2);
    forget(world);
    core_publishes(world, CHANGE_NONE, PHASE_REVEALED, 1);
    struct core_attached attached = attached_as(world, slot, 3);
    attached.start_asking = 1;
    attached.start_ms = 6000001;
    attached.standing = (struct own_standing){3, 1, 10, 10, 1, 1, 5, false};
    CORE_SAYS(world, core_attached, &attached);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"snapshot\""));
    assert_non_null(strstr(world->trace, "\"phase\":\"revealed\""));
    assert_non_null(strstr(world->trace, "\"standing\":{\"asking\":1,\"points\":10,\"gained\":null"));
    forget(world);
    settle(world);
    assert_non_null(strstr(world->trace, "1 < {\"type\":\"snapshot\""));
    assert_null(strstr(world->trace, "0 <"));
    world_stop(world);
}

static void an_opening_that_was_not_told_is_shown_now(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_goes(world);
    core_comes(world, 2);
    forget(world);
    core_publishes(world, CHANGE_NONE, PHASE_OPEN, 1);
    core_attaches(world, slot, 3);
    settle(world);
    expect_trace(world, "0 < {\"question\":1}\n"
                        "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":0}\n"
                        "core < SHOWN 7/1 p3@6000001\n"
                        "core < SHOWN 7/1 end\n");
    world_stop(world);
}

static void a_standing_that_got_lost_comes_as_a_snapshot(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_publishes(world, CHANGE_REVEALED, PHASE_REVEALED, 1);
    settle(world);
    core_goes(world);
    core_comes(world, 2);
    core_publishes(world, CHANGE_NONE, PHASE_REVEALED, 1);
    forget(world);
    struct core_attached attached = attached_as(world, slot, 3);
    attached.standing = (struct own_standing){3, 1, 10, 10, 1, 1, 5, false};
    CORE_SAYS(world, core_attached, &attached);
    assert_non_null(strstr(world->trace, "\"standing\":{\"asking\":1"));
    world_stop(world);
}

static void a_core_that_cannot_now_is_asked_again_without_a_word_to_the_resident(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_goes(world);
    core_comes(world, 2);
    forget(world);
    core_refuses(world, slot, VERDICT_TRY_AGAIN, 0);
    expect_quiet(world);
    pass(world, 11000);
    expect_trace(world, "core < RESUME 0.1 123456 tok same\n");
    core_refuses(world, slot, VERDICT_TRY_AGAIN, 0);
    pass(world, 11000);
    expect_trace(world, "core < RESUME 0.1 123456 tok same\n");
    world_stop(world);
}

static void a_malformed_message_closes_the_channel_and_an_unknown_one_does_not(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint8_t truncated[] = {CORE_COUNT, 0, 1}, unknown[] = {250, 0, 1};
    assert_false(sessions_core_message(world->sessions, (struct span){truncated, sizeof truncated}, world->now_ms));
    assert_true(sessions_core_message(world->sessions, (struct span){unknown, sizeof unknown}, world->now_ms));
    struct core_welcome welcome = {.version = BUS_VERSION + 1, .term = 9};
    uint8_t room[64];
    struct writer w = writer_over(room, sizeof room);
    core_welcome_encode(&w, &welcome);
    assert_false(hear(world, &w));
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_waits_while_no_core_is_there),
        cmocka_unit_test(a_new_core_hears_of_all_before_it_hears_their_answers),
        cmocka_unit_test(starts_follow_the_new_cores_clock),
        cmocka_unit_test(a_request_goes_to_three_cores_and_is_then_refused),
        cmocka_unit_test(who_kills_each_core_by_coming_in_is_let_go),
        cmocka_unit_test(a_core_that_was_replaced_is_not_listened_to),
        cmocka_unit_test(a_silent_core_is_asked_once_more_after_ten_seconds),
        cmocka_unit_test(nothing_is_told_when_nothing_has_changed),
        cmocka_unit_test(what_a_dying_core_did_not_tell_comes_as_a_snapshot),
        cmocka_unit_test(an_opening_that_was_not_told_is_shown_now),
        cmocka_unit_test(a_standing_that_got_lost_comes_as_a_snapshot),
        cmocka_unit_test(a_core_that_cannot_now_is_asked_again_without_a_word_to_the_resident),
        cmocka_unit_test(a_malformed_message_closes_the_channel_and_an_unknown_one_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
