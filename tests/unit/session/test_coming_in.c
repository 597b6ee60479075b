/* Hello, join, coming back, leaving: who is told what, and what the core hears of it. */
#include "unit/session/world.h"

#define ROUND_FRAME                                                                                                    \
    "{\"type\":\"round\",\"code\":\"123456\",\"title\":\"T\",\"unit\":\"U\",\"names\":\"none\",\"communities\":["      \
    "\"C\"],"                                                                                                          \
    "\"locked\":false,\"people\":5}\n"
#define JOINED_FRAME "{\"type\":\"joined\",\"token\":\"tok\",\"participant\":4,\"name\":\"N\",\"community\":-1}\n"
#define LOBBY                                                                                                          \
    "\"code\":\"123456\",\"title\":\"T\",\"unit\":\"U\",\"phase\":\"lobby\",\"askings\":3,\"asking\":0,\"people\":5,"  \
    "\"rank_shown\":\"never\",\"scoring\":\"accuracy\","
#define LOBBY_SNAPSHOT "{\"type\":\"snapshot\"," LOBBY "\"participant\":4,\"name\":\"N\",\"community\":-1}\n"

static void a_newcomer_looks_joins_and_is_told_all(void **state)
{
    (void)state;
    struct world *world = world_start(WORLD_SLOTS);
    core_comes(world, 1);
    expect_trace(world, "core < HELLO edge 3 boot 99\n");
    uint32_t slot = connect(world);
    say(world, slot, HELLO);
    expect_trace(world, "core < LOOK 0.1 123456\n");
    core_publishes(world, CHANGE_NONE, PHASE_LOBBY, 0);
    core_shows(world, slot);
    expect_trace(world, "0 < " ROUND_FRAME);
    say(world, slot, JOIN);
    expect_trace(world, "core < JOIN 0.1 123456 00 'N' -1\n");
    core_attaches(world, slot, 3);
    expect_trace(world, "0 < " JOINED_FRAME "0 < " LOBBY_SNAPSHOT);
    world_stop(world);
}

static void a_token_brings_everything_back(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    expect_trace(world, "core < RESUME 0.1 123456 tok\n");
    core_attaches(world, slot, 3);
    expect_trace(world, "0 < " JOINED_FRAME "0 < " LOBBY_SNAPSHOT);
    world_stop(world);
}

static void a_newcomer_to_a_round_that_is_over_is_told_so_at_once(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    core_publishes(world, CHANGE_NONE, PHASE_ENDED, 3);
    uint32_t slot = connect(world), wall = connect(world);
    say(world, slot, HELLO);
    forget(world);
    core_shows(world, slot);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"round_over\"}\n");
    say(world, wall, HELLO_WALL);
    forget(world);
    core_shows(world, wall);
    assert_non_null(strstr(world->trace, "\"phase\":\"ended\"")); /* a wall shows the podium on */
    world_stop(world);
}

static void a_screen_gets_a_snapshot_and_joins_nothing(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO_WALL);
    expect_trace(world, "core < LOOK 0.1 123456\n");
    core_shows(world, slot);
    expect_trace(world, "0 < {\"type\":\"snapshot\"," LOBBY "\"scene\":\"question\"}\n");
    assert_int_equal(sessions_screens(world->sessions), 1);
    say(world, slot, JOIN);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"unknown_code\"}\n");
    say(world, slot, ANSWER_B);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"not_joined\",\"asking\":1}\n");
    disconnect(world, slot);
    expect_quiet(world);
    assert_int_equal(sessions_screens(world->sessions), 0);
    assert_int_equal(sessions_connected(world->sessions), 0);
    world_stop(world);
}

static void a_join_before_hello_names_no_round(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    say(world, connect(world), JOIN);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"unknown_code\"}\n");
    world_stop(world);
}

static void an_answer_before_joining_is_refused(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, ANSWER_B);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"not_joined\",\"asking\":1}\n");
    say(world, slot, HELLO);
    core_shows(world, slot);
    forget(world);
    say(world, slot, ANSWER_B);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"not_joined\",\"asking\":1}\n");
    world_stop(world);
}

static void a_refused_code_may_be_tried_again(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, "{\"type\":\"hello\",\"round\":\"000001\"}");
    expect_trace(world, "core < LOOK 0.1 000001\n");
    core_refuses(world, slot, VERDICT_UNKNOWN_CODE, 0);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"unknown_code\"}\n");
    say(world, slot, HELLO);
    expect_trace(world, "core < LOOK 0.1 123456\n");
    core_shows(world, slot);
    expect_trace(world, "0 < " ROUND_FRAME);
    world_stop(world);
}

static void a_refused_join_may_be_tried_again(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO);
    core_shows(world, slot);
    say(world, slot, JOIN);
    forget(world);
    core_refuses(world, slot, VERDICT_BAD_NAME, 0);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"bad_name\"}\n");
    say(world, slot, JOIN);
    expect_trace(world, "core < JOIN 0.1 123456 00 'N' -1\n");
    say(world, slot, JOIN); /* pending: not doubled */
    expect_quiet(world);
    core_attaches(world, slot, 3);
    expect_trace(world, "0 < " JOINED_FRAME "0 < " LOBBY_SNAPSHOT);
    world_stop(world);
}

static void a_hello_again_tells_all_again_on_the_same_connection(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    say(world, slot, HELLO_TOKEN);
    say(world, slot, HELLO_TOKEN); /* pending: not doubled */
    expect_trace(world, "core < RESUME 0.1 123456 tok same\n");
    core_attaches(world, slot, 3);
    expect_trace(world, "0 < " JOINED_FRAME "0 < " LOBBY_SNAPSHOT);
    world_stop(world);
}

static void a_hello_as_somebody_else_leaves_first(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    say(world, slot, HELLO);
    expect_trace(world, "core < DETACH 0.1 7 p3\ncore < LOOK 0.1 123456\n");
    core_shows(world, slot);
    expect_trace(world, "0 < " ROUND_FRAME);
    world_stop(world);
}

static void a_closed_connection_is_detached_and_its_place_used_again(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    disconnect(world, slot);
    expect_trace(world, "core < DETACH 0.1 7 p3\n");
    assert_int_equal(connect(world), slot);
    say(world, slot, HELLO);
    expect_trace(world, "core < LOOK 0.2 123456\n");
    world_stop(world);
}

static void replies_to_who_was_there_before_are_dropped(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    disconnect(world, slot);
    connect(world);
    say(world, slot, HELLO);
    forget(world);
    world->generation[slot]--;
    core_records(world, slot, 1, 2);
    core_refuses(world, slot, VERDICT_NEWER_CONNECTION, 0);
    core_shows(world, slot);
    core_ranks(world, slot, 3, 1);
    settle(world);
    expect_quiet(world);
    world->generation[slot]++;
    core_shows(world, slot);
    expect_trace(world, "0 < " ROUND_FRAME);
    world_stop(world);
}

static void who_left_before_coming_in_is_detached(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    disconnect(world, slot);
    forget(world);
    core_attaches(world, slot, 3);
    expect_trace(world, "core < DETACH 0.1 7 p3\n");
    world_stop(world);
}

static void the_older_connection_is_told_and_closed_and_detaches_nobody(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_refuses(world, slot, VERDICT_NEWER_CONNECTION, 0);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"newer_connection\"}\nclose 0 1008\n");
    say(world, slot, HELLO_TOKEN);
    disconnect(world, slot);
    expect_quiet(world);
    world_stop(world);
}

static void who_is_removed_stays_connected_and_is_nobody(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_refuses(world, slot, VERDICT_REMOVED, 0);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"removed\"}\n");
    open_asking(world, 1);
    say(world, slot, ANSWER_B);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"not_joined\",\"asking\":1}\n");
    disconnect(world, slot);
    expect_quiet(world);
    world_stop(world);
}

static void a_round_that_this_edge_does_not_know_attaches_nobody(void **state)
{
    (void)state;
    struct world *world = world_start(4);
    core_comes(world, 1);
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    forget(world);
    core_attaches(world, slot, 3);
    expect_trace(world, "core < DETACH 0.1 7 p3\n");
    world_stop(world);
}

static void past_the_last_slot_nobody_comes_in(void **state)
{
    (void)state;
    struct world *world = world_start(2);
    uint32_t slot;
    connect(world);
    connect(world);
    assert_false(sessions_opened(world->sessions, world->now_ms, &slot));
    disconnect(world, 0);
    assert_true(sessions_opened(world->sessions, world->now_ms, &slot));
    assert_int_equal(slot, 0);
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newcomer_looks_joins_and_is_told_all),
        cmocka_unit_test(a_token_brings_everything_back),
        cmocka_unit_test(a_newcomer_to_a_round_that_is_over_is_told_so_at_once),
        cmocka_unit_test(a_screen_gets_a_snapshot_and_joins_nothing),
        cmocka_unit_test(a_join_before_hello_names_no_round),
        cmocka_unit_test(an_answer_before_joining_is_refused),
        cmocka_unit_test(a_refused_code_may_be_tried_again),
        cmocka_unit_test(a_refused_join_may_be_tried_again),
        cmocka_unit_test(a_hello_again_tells_all_again_on_the_same_connection),
        cmocka_unit_test(a_hello_as_somebody_else_leaves_first),
        cmocka_unit_test(a_closed_connection_is_detached_and_its_place_used_again),
        cmocka_unit_test(replies_to_who_was_there_before_are_dropped),
        cmocka_unit_test(who_left_before_coming_in_is_detached),
        cmocka_unit_test(the_older_connection_is_told_and_closed_and_detaches_nobody),
        cmocka_unit_test(who_is_removed_stays_connected_and_is_nobody),
        cmocka_unit_test(a_round_that_this_edge_does_not_know_attaches_nobody),
        cmocka_unit_test(past_the_last_slot_nobody_comes_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
