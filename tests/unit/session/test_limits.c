/* Limits of a connection, verdicts that end it, beats, statistics, goodbye. */
#include "unit/session/world.h"

static void past_forty_frames_in_ten_seconds_the_connection_is_closed(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    for (int i = 0; i < FRAMES_PER_10S_MAX; i++)
        say(world, slot, "{\"type\":\"ping\"}");
    assert_null(strstr(world->trace, "refused"));
    forget(world);
    say(world, slot, "{\"type\":\"ping\"}");
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"too_many_frames\"}\nclose 0 1008\n");
    say(world, slot, "{\"type\":\"ping\"}");
    expect_quiet(world);
    world_stop(world);
}

static uint32_t states_told(const struct world *world)
{
    uint32_t count = 0;
    for (const char *at = world->trace; (at = strstr(at, "core < LOOK")); at++)
        count++;
    return count;
}

/* A hello has 40 bytes, its answer perhaps 10,000. */
static void hellos_beyond_five_in_ten_seconds_get_one_answer_together(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    for (int i = 0; i < 35; i++) {
        tick_after(world, 30);
        say(world, slot, HELLO);
        if (i < 5) core_shows(world, slot);
    }
    assert_int_equal(states_told(world), 5);
    forget(world);
    pass(world, 8000);
    expect_quiet(world);
    pass(world, 2000);
    expect_trace(world, "core < LOOK 0.1 123456\n");
    core_shows(world, slot);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"round\""));
    forget(world);
    pass(world, 12000);
    expect_quiet(world);
    world_stop(world);
}

static void a_hello_that_waits_is_the_newest_one(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    for (int i = 0; i < 6; i++) {
        say(world, slot, HELLO);
        core_shows(world, slot);
    }
    say(world, slot, HELLO_TOKEN);
    forget(world);
    pass(world, 11000);
    expect_trace(world, "core < RESUME 0.1 123456 tok\n");
    world_stop(world);
}

static void join_with(struct world *world, uint32_t slot, char nonce)
{
    char text[128];
    snprintf(text, sizeof text, "{\"type\":\"join\",\"nonce\":\"%cAECAwQFBgcICQoLDA0ODQ\",\"name\":\"N\"}", nonce);
    say(world, slot, text);
}

static void a_connection_that_joins_with_a_fourth_nonce_is_closed(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO);
    for (char nonce = 'A'; nonce <= 'C'; nonce++) {
        pass(world, 5000);
        join_with(world, slot, nonce);
        core_attaches(world, slot, 3 + (uint32_t)(nonce - 'A'));
    }
    assert_null(strstr(world->trace, "refused"));
    pass(world, 5000);
    forget(world);
    join_with(world, slot, 'D');
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"too_many_frames\"}\nclose 0 1008\n");
    world_stop(world);
}

static void one_nonce_may_be_said_again_but_not_for_a_state_each_time(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, HELLO);
    for (int i = 0; i < 4; i++) {
        say(world, slot, JOIN);
        core_attaches(world, slot, 3);
    }
    assert_null(strstr(world->trace, "refused"));
    forget(world);
    say(world, slot, JOIN);
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"try_again\"}\n");
    pass(world, 10000);
    say(world, slot, JOIN);
    assert_non_null(strstr(world->trace, "core < JOIN"));
    world_stop(world);
}

static void four_frames_a_second_are_never_too_many(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    for (int i = 0; i < 400; i++) {
        world->now_ms += 250;
        say(world, slot, "{\"type\":\"ping\"}");
    }
    assert_null(strstr(world->trace, "refused"));
    world_stop(world);
}

static void what_is_not_a_frame_closes_the_connection(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    say(world, connect(world), "{\"type\":\"shout\"}");
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"bad_frame\"}\nclose 0 1003\n");
    world_stop(world);
}

/* docs/protocol.md says of three verdicts that the connection is closed, and of no other. */
static void each_verdict_closes_or_keeps_as_documented(void **state)
{
    (void)state;
    for (int verdict = 1; verdict < VERDICTS; verdict++) {
        struct world *world = world_with_lobby();
        uint32_t slot = resident(world, 3);
        core_refuses(world, slot, (enum verdict)verdict, verdict == VERDICT_NEWER_CONNECTION ? 0 : 1);
        bool ends =
            verdict == VERDICT_NEWER_CONNECTION || verdict == VERDICT_TOO_MANY_FRAMES || verdict == VERDICT_BAD_FRAME;
        char word[64];
        snprintf(word, sizeof word, "\"verdict\":\"%s\"", verdict_name((enum verdict)verdict));
        assert_non_null(strstr(world->trace, word));
        assert_int_equal(strstr(world->trace, "close 0") != NULL, ends);
        world_stop(world);
    }
}

static void local_refusals_keep_the_connection(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    say(world, slot, "{\"type\":\"hello\",\"round\":\"12\"}");
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"unknown_code\"}\n");
    say(world, slot, "{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"community\":999}");
    expect_trace(world, "0 < {\"type\":\"refused\",\"verdict\":\"bad_community\"}\n");
    say(world, slot, "{\"type\":\"ping\"}");
    expect_trace(world, "0 < {\"type\":\"pong\"}\n");
    world_stop(world);
}

static void who_says_nothing_is_closed(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    connect(world);
    resident(world, 3);
    pass(world, 29000);
    expect_quiet(world);
    pass(world, 2500);
    expect_trace(world, "close 0 1008\n");
    world_stop(world);
}

static void who_says_anything_but_hello_is_closed_as_well(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = connect(world);
    for (int i = 0; i < 29; i++) {
        pass(world, 1000);
        say(world, slot, "{\"type\":\"ping\"}");
    }
    assert_null(strstr(world->trace, "close"));
    forget(world);
    pass(world, 2500);
    expect_trace(world, "close 0 1008\n");
    world_stop(world);
}

static void beats_come_at_least_each_20_s_and_are_spread(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    for (uint32_t i = 0; i < 400; i++)
        resident(world, i);
    static uint64_t last_ms[400];
    uint64_t longest_ms = 0, worst_burst = 0, beats = 0;
    for (uint32_t i = 0; i < 400; i++)
        last_ms[i] = world->now_ms;
    world->shows_beats = true;
    uint64_t end = world->now_ms + 60000;
    while (world->now_ms < end) {
        forget(world);
        tick_after(world, 50);
        uint64_t burst = 0;
        for (char *line = strtok(world->trace, "\n"); line; line = strtok(NULL, "\n")) {
            uint32_t slot = (uint32_t)atoi(line);
            if (!strstr(line, "{\"type\":\"beat\",\"people\":5}")) continue;
            if (world->now_ms - last_ms[slot] > longest_ms) longest_ms = world->now_ms - last_ms[slot];
            last_ms[slot] = world->now_ms;
            burst++;
        }
        beats += burst;
        if (burst > worst_burst) worst_burst = burst;
    }
    assert_true(beats >= 1490 && beats <= 1510); /* each 16 s, so that a quick round may come between */
    assert_true(longest_ms <= 20100);
    assert_true(worst_burst <= 2); /* 400 in 16 s are little more than one each 50 ms */
    world_stop(world);
}

static void the_beat_carries_the_newest_count(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    struct core_count count = {ROUND, 340000};
    CORE_SAYS(world, core_count, &count);
    world->shows_beats = true;
    pass(world, 20100);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"beat\",\"people\":340000}\n"));
    world_stop(world);
}

static void a_small_lobby_sees_its_count_move_within_two_seconds(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    pass(world, 5000);
    struct core_count count = {ROUND, 321};
    CORE_SAYS(world, core_count, &count);
    world->shows_beats = true;
    pass(world, 2100);
    assert_non_null(strstr(world->trace, "0 < {\"type\":\"beat\",\"people\":321}\n"));
    forget(world);
    pass(world, 8000); /* nothing moves: no more than its slow beat */
    expect_trace(world, "");
    world_stop(world);
}

static void statistics_go_out_once_a_second(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    screen(world);
    world->shows_stats = true;
    pass(world, 1000);
    forget(world);
    pass(world, 2000);
    expect_trace(world, "core < STATS 2 1 0\ncore < STATS 2 1 0\n");
    world_stop(world);
}

static void goodbye_is_said_to_everyone(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    screen(world);
    forget(world);
    sessions_goodbye(world->sessions, 1500);
    expect_trace(world, "0 < {\"type\":\"bye\",\"retry_ms\":1500}\nclose 0 1001\n"
                        "1 < {\"type\":\"bye\",\"retry_ms\":1500}\nclose 1 1001\n");
    world_stop(world);
}

static void pictures_are_handed_on(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    struct core_picture picture = {span_of_text("ab.png"), span_of_text("12345")};
    CORE_SAYS(world, core_picture, &picture);
    expect_trace(world, "picture ab.png 5 bytes\n");
    world_stop(world);
}

static void a_new_name_is_told_to_its_bearer(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    struct core_renamed renamed = {slot, 1, span_of_text("新")};
    CORE_SAYS(world, core_renamed, &renamed);
    expect_trace(world, "0 < {\"type\":\"renamed\",\"name\":\"新\"}\n");
    world_stop(world);
}

static void ended_rounds_make_room_for_new_ones(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    for (uint32_t number = 100; number < 1000; number++) {
        struct core_round round = round_in(PHASE_ENDED, 3);
        round.round = number;
        round.code = number;
        CORE_SAYS(world, core_round, &round);
    }
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    say(world, slot, ANSWER_B);
    assert_non_null(strstr(world->trace, "core < ANSWER"));
    world_stop(world);
}

static void standings_that_pile_up_give_way_to_a_snapshot(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    static struct standings_item items[STANDINGS_BATCH_MAX];
    static uint8_t room[BUS_MESSAGE_MAX];
    struct core_standings head = {.round = ROUND, .asking = 1, .of = 5, .count = STANDINGS_BATCH_MAX};
    for (int i = 0; i < 70; i++) { /* 9 MB, and no tick between */
        struct writer w = writer_over(room, sizeof room);
        core_standings_encode(&w, &head, items);
        assert_true(hear(world, &w));
    }
    settle(world);
    assert_non_null(strstr(world->trace, "core < RESUME 0.1 123456 tok same\n"));
    world_stop(world);
}

static void more_running_rounds_than_there_can_be_close_the_channel(void **state)
{
    (void)state;
    struct world *world = world_start(4);
    core_comes(world, 1);
    static uint8_t room[4096];
    uint32_t taken = 0;
    for (uint32_t number = 1; number < 1000; number++) {
        struct core_round round = round_in(PHASE_OPEN, 1);
        round.round = number;
        struct writer w = writer_over(room, sizeof room);
        core_round_encode(&w, &round);
        if (!hear(world, &w)) break;
        taken++;
    }
    assert_true(taken >= ROUNDS_MAX && taken < 999);
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(past_forty_frames_in_ten_seconds_the_connection_is_closed),
        cmocka_unit_test(hellos_beyond_five_in_ten_seconds_get_one_answer_together),
        cmocka_unit_test(a_hello_that_waits_is_the_newest_one),
        cmocka_unit_test(a_connection_that_joins_with_a_fourth_nonce_is_closed),
        cmocka_unit_test(one_nonce_may_be_said_again_but_not_for_a_state_each_time),
        cmocka_unit_test(four_frames_a_second_are_never_too_many),
        cmocka_unit_test(what_is_not_a_frame_closes_the_connection),
        cmocka_unit_test(each_verdict_closes_or_keeps_as_documented),
        cmocka_unit_test(local_refusals_keep_the_connection),
        cmocka_unit_test(who_says_nothing_is_closed),
        cmocka_unit_test(who_says_anything_but_hello_is_closed_as_well),
        cmocka_unit_test(beats_come_at_least_each_20_s_and_are_spread),
        cmocka_unit_test(the_beat_carries_the_newest_count),
        cmocka_unit_test(a_small_lobby_sees_its_count_move_within_two_seconds),
        cmocka_unit_test(statistics_go_out_once_a_second),
        cmocka_unit_test(goodbye_is_said_to_everyone),
        cmocka_unit_test(pictures_are_handed_on),
        cmocka_unit_test(a_new_name_is_told_to_its_bearer),
        cmocka_unit_test(ended_rounds_make_room_for_new_ones),
        cmocka_unit_test(standings_that_pile_up_give_way_to_a_snapshot),
        cmocka_unit_test(more_running_rounds_than_there_can_be_close_the_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
