/* One round, many residents: the order in which they are shown an asking, the drain, the reveal. */
#include "unit/session/world.h"

static void crowd(struct world *world, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        resident(world, 100 + i);
}

static uint32_t count_in(const char *trace, const char *word)
{
    uint32_t count = 0;
    for (const char *at = strstr(trace, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

/* The order in which 100 residents are shown askings 1 and 2, by an edge of its own. */
static void orders(uint32_t first[100], uint32_t second[100])
{
    struct world *world = world_with_lobby();
    crowd(world, 100);
    open_asking(world, 1);
    assert_int_equal(world->order_count, 100);
    memcpy(first, world->order, 100 * sizeof *first);
    world->order_count = 0;
    open_asking(world, 2);
    memcpy(second, world->order, 100 * sizeof *second);
    world_stop(world);
}

static void the_order_is_drawn_anew_for_each_asking_and_replays(void **state)
{
    (void)state;
    uint32_t first[100], second[100], first_again[100], second_again[100];
    orders(first, second);
    orders(first_again, second_again);
    assert_memory_equal(first, first_again, sizeof first);
    assert_memory_equal(second, second_again, sizeof second);
    uint32_t same_place = 0, seen = 0, in_order = 0;
    for (uint32_t i = 0; i < 100; i++) {
        same_place += first[i] == second[i];
        in_order += first[i] == i;
        for (uint32_t k = 0; k < 100; k++)
            seen += first[k] == i;
    }
    assert_int_equal(seen, 100);
    assert_true(same_place < 10);
    assert_true(in_order < 10);
}

static void a_fan_out_goes_in_slices_and_every_start_is_reported(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    crowd(world, 1200);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    world->frames_count = 0;
    assert_true(sessions_is_busy(world->sessions));
    uint32_t slices = 0, reported = 0;
    while (sessions_is_busy(world->sessions)) {
        uint32_t before = world->frames_count;
        forget(world);
        tick_after(world, 1);
        assert_true(world->frames_count - before <= 1000);
        const char *more = strstr(world->trace, " and ");
        if (more) reported += 8 + (uint32_t)atoi(more + 5);
        assert_null(strstr(world->trace, " end"));
        slices++;
    }
    assert_true(slices > 3);
    assert_int_equal(world->frames_count, 2400);
    assert_int_equal(reported, 1200);
    forget(world);
    tick_after(world, 1);
    expect_trace(world, "core < SHOWN 7/1 end\n");
    world_stop(world);
}

static void who_leaves_or_comes_during_a_fan_out_is_told_once_or_not_at_all(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    crowd(world, 1000);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    tick_after(world, 1);
    for (uint32_t slot = 0; slot < 1000; slot += 2)
        disconnect(world, slot);
    uint32_t newcomer = connect(world);
    say(world, newcomer, HELLO_TOKEN);
    core_attaches(world, newcomer, 5000);
    settle(world);
    uint32_t times[WORLD_SLOTS] = {0};
    for (uint32_t i = 0; i < world->order_count; i++)
        times[world->order[i]]++;
    for (uint32_t slot = 1; slot < 1000; slot += 2)
        assert_int_equal(times[slot], 1);
    assert_int_equal(times[newcomer] <= 1, 1); /* its place was shown before it came, perhaps */
    assert_int_equal(count_in(world->trace, "p5000@"), 1);
    assert_int_equal(count_in(world->trace, " end"), 1);
    world_stop(world);
}

static void a_clock_starts_when_the_opening_is_handed_over_though_nobody_reads(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    world->takes_later[slot] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    expect_trace(world, "0 later < {\"question\":1}\ncore < SHOWN 7/1 p3@6000001\ncore < SHOWN 7/1 end\n");
    world->now_ms = 1002001;
    written(world, slot);
    expect_trace(world,
        "0 later < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":2000}\n");
    world->now_ms = 1003001;
    world->takes_later[slot] = false;
    written(world, slot); /* by now that is too little: the page is told what is left */
    expect_trace(
        world, "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":3000}\n");
    tick_after(world, 50);
    expect_quiet(world);
    world_stop(world);
}

static void a_fan_out_does_not_wait_for_who_is_blocked(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slow = resident(world, 3);
    resident(world, 4);
    world->takes_later[slow] = true;
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    assert_int_equal(count_in(world->trace, "p3@6000001"), 1);
    assert_int_equal(count_in(world->trace, "p4@6000001"), 1);
    assert_int_equal(count_in(world->trace, "core < SHOWN 7/1 end\n"), 1);
    forget(world);
    pass(world, 5200);
    expect_quiet(world);
    world_stop(world);
}

static void screens_are_shown_and_have_no_start(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    screen(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    expect_trace(world, "0 < {\"question\":1}\n"
                        "0 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":0}\n"
                        "core < SHOWN 7/1 end\n");
    world_stop(world);
}

static void a_reopened_asking_starts_anew_for_those_without_an_answer(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t answered = resident(world, 3), other = resident(world, 4);
    open_asking(world, 1);
    core_records(world, answered, 1, 2);
    forget(world);
    world->now_ms = 1050000;
    struct core_round round = round_in(PHASE_OPEN, 1);
    round.change = CHANGE_REOPENED;
    round.is_reopened = true;
    round.opened_at_ms = OFFSET_MS + 1050000;
    CORE_SAYS(world, core_round, &round);
    settle(world);
    expect_trace(world, "1 < {\"question\":1}\n"
                        "1 < {\"type\":\"open\",\"asking\":1,\"reading_ms\":5000,\"limit_ms\":30000,\"elapsed_ms\":0}\n"
                        "core < SHOWN 7/1 p4@6050001\n"
                        "core < SHOWN 7/1 end\n");
    say(world, other, ANSWER_B);
    assert_non_null(strstr(world->trace, "start 6050001"));
    world_stop(world);
}

static void the_drain_comes_after_every_answer_that_was_read(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1036000;
    core_publishes(world, CHANGE_CLOSE, PHASE_CLOSING, 1);
    tick_after(world, 1);
    expect_trace(world, "0 < {\"type\":\"closed\",\"asking\":1}\n");
    say(world, slot, ANSWER_B); /* the kernel held it when CLOSE came */
    tick_after(world, 20);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 36000 credit 0\n"
                        "core < DRAINED 7/1\n");
    pass(world, 1000);
    expect_quiet(world);
    world_stop(world);
}

static void a_drain_without_a_core_is_made_good_when_one_comes(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    core_publishes(world, CHANGE_CLOSE, PHASE_CLOSING, 1);
    core_goes(world);
    world->now_ms = 1010000;
    say(world, slot, ANSWER_B);
    settle(world);
    forget(world);
    core_comes(world, 2);
    core_publishes(world, CHANGE_NONE, PHASE_CLOSING, 1);
    settle(world);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@6000001\n"
                        "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 9999 credit 0\n"
                        "core < DRAINED 7/1\n");
    world_stop(world);
}

static void the_reveal_is_the_same_for_all_and_standings_follow(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    screen(world);
    open_asking(world, 1);
    core_publishes(world, CHANGE_REVEALED, PHASE_REVEALED, 1);
    core_ranks(world, 0, 3, 1);
    settle(world);
    assert_int_equal(count_in(world->trace, "0 < {\"revealed\":1}\n"), 1);
    assert_int_equal(count_in(world->trace, "1 < {\"revealed\":1}\n1 < {\"leaderboard\":1}\n"), 1);
    assert_int_equal(count_in(world->trace, "leaderboard"), 1);
    const char *standing = strstr(world->trace, "0 < {\"type\":\"standing\",\"asking\":1,\"points\":10,\"gained\":10,"
                                                "\"rights\":1,\"rank\":1,\"of\":5,\"out\":false}\n");
    assert_non_null(standing);
    assert_true(strstr(world->trace, "0 < {\"revealed\":1}") < standing);
    world_stop(world);
}

static void the_last_standing_comes_before_the_end(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_ranks(world, slot, 3, 3);
    core_publishes(world, CHANGE_ENDED, PHASE_ENDED, 3);
    settle(world);
    const char *standing = strstr(world->trace, "standing"), *ended = strstr(world->trace, "ended");
    assert_non_null(standing);
    assert_non_null(ended);
    assert_true(standing < ended);
    world_stop(world);
}

static void each_change_has_its_frames(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    screen(world);
    uint32_t looker = connect(world);
    say(world, looker, HELLO);
    core_shows(world, looker);
    open_asking(world, 1);
    static const struct {
        enum change change;
        enum phase phase;
        const char *resident, *screen, *looker;
    } rows[] = {
        {CHANGE_EXTENDED, PHASE_OPEN, "{\"type\":\"extended\",\"asking\":1,\"limit_ms\":30000}",
            "{\"type\":\"extended\",\"asking\":1,\"limit_ms\":30000}", NULL},
        {CHANGE_PAUSED, PHASE_CLOSED, "{\"type\":\"paused\"}", "{\"type\":\"paused\"}", NULL},
        {CHANGE_RESUMED, PHASE_CLOSED, "{\"type\":\"resumed\"}", "{\"type\":\"resumed\"}", NULL},
        {CHANGE_VOIDED, PHASE_REVEALED, "{\"type\":\"voided\",\"asking\":1}", "{\"type\":\"voided\",\"asking\":1}",
            NULL},
        {CHANGE_STANDING, PHASE_REVEALED, NULL, "{\"leaderboard\":1}", NULL},
        {CHANGE_NAMES, PHASE_REVEALED, NULL, "{\"leaderboard\":1}", NULL},
        {CHANGE_SCENE, PHASE_REVEALED, NULL, "{\"leaderboard\":1}\n1 < {\"type\":\"scene\",\"show\":\"leaderboard\"}",
            NULL},
        {CHANGE_LOCKED, PHASE_REVEALED, NULL, "{\"type\":\"snapshot\"", "{\"type\":\"round\""},
        {CHANGE_ENDED, PHASE_ENDED, "{\"type\":\"ended\"}", "{\"leaderboard\":1}\n1 < {\"type\":\"ended\"}",
            "{\"type\":\"ended\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct core_round round = round_in(rows[i].phase, 1);
        round.change = rows[i].change;
        round.is_paused = rows[i].change == CHANGE_PAUSED;
        round.is_voided = rows[i].change == CHANGE_VOIDED;
        round.scene = SCENE_LEADERBOARD;
        if (rows[i].phase >= PHASE_REVEALED) round.leaderboard = span_of_text("{\"leaderboard\":1}");
        forget(world);
        CORE_SAYS(world, core_round, &round);
        settle(world);
        const char *const expected[] = {rows[i].resident, rows[i].screen, rows[i].looker};
        for (uint32_t slot = 0; slot < 3; slot++) {
            char line[256];
            snprintf(line, sizeof line, "%u < %s", slot, expected[slot] ? expected[slot] : "");
            assert_int_equal(count_in(world->trace, line), expected[slot] ? 1 : 0);
        }
    }
    world_stop(world);
}

static void an_earlier_asking_made_void_says_nothing_of_the_present_one(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    open_asking(world, 2);
    core_publishes(world, CHANGE_VOIDED, PHASE_OPEN, 2); /* is_voided is false: it was asking 1 */
    settle(world);
    assert_null(strstr(world->trace, "voided"));
    world_stop(world);
}

static void rounds_on_one_edge_do_not_mix(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    struct core_round round = round_in(PHASE_LOBBY, 0);
    round.round = 8;
    round.code = 222222;
    CORE_SAYS(world, core_round, &round);
    uint32_t other = connect(world);
    say(world, other, "{\"type\":\"hello\",\"round\":\"222222\",\"token\":\"tok\"}");
    struct core_attached attached = attached_as(world, other, 0);
    attached.round = 8;
    CORE_SAYS(world, core_attached, &attached);
    forget(world);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    settle(world);
    assert_int_equal(count_in(world->trace, "0 < "), 2);
    assert_int_equal(count_in(world->trace, "1 < "), 0);
    assert_int_equal(count_in(world->trace, "SHOWN 8"), 0);
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_drawn_anew_for_each_asking_and_replays),
        cmocka_unit_test(a_fan_out_goes_in_slices_and_every_start_is_reported),
        cmocka_unit_test(who_leaves_or_comes_during_a_fan_out_is_told_once_or_not_at_all),
        cmocka_unit_test(a_clock_starts_when_the_opening_is_handed_over_though_nobody_reads),
        cmocka_unit_test(a_fan_out_does_not_wait_for_who_is_blocked),
        cmocka_unit_test(screens_are_shown_and_have_no_start),
        cmocka_unit_test(a_reopened_asking_starts_anew_for_those_without_an_answer),
        cmocka_unit_test(the_drain_comes_after_every_answer_that_was_read),
        cmocka_unit_test(a_drain_without_a_core_is_made_good_when_one_comes),
        cmocka_unit_test(the_reveal_is_the_same_for_all_and_standings_follow),
        cmocka_unit_test(the_last_standing_comes_before_the_end),
        cmocka_unit_test(each_change_has_its_frames),
        cmocka_unit_test(an_earlier_asking_made_void_says_nothing_of_the_present_one),
        cmocka_unit_test(rounds_on_one_edge_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
