/* What a browser keeps through the core's faults: its first choice, what an outage gave back; and what it is spared. */
#include "unit/session/world.h"

static void the_first_choice_stays_while_no_core_is_there(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    core_goes(world);
    world->now_ms = 1000001 + 7000;
    say(world, slot, ANSWER_B);
    world->now_ms = 1000001 + 9000;
    say(world, slot, ANSWER_C); /* while nobody has acknowledged the first */
    expect_quiet(world);
    core_comes(world, 2);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@6000001\n"
                        "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 7000 credit 0\n");
    world_stop(world);
}

static void a_second_choice_does_not_replace_the_first_before_a_core_that_dies(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    open_asking(world, 1);
    world->now_ms = 1000001 + 7000;
    say(world, slot, ANSWER_B);
    world->now_ms = 1000001 + 9000;
    say(world, slot, ANSWER_C);
    expect_trace(world, "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 7000 credit 0\n"
                        "core < ANSWER 0.1 7/1 p3 choice 4 start 6000001 elapsed 9000 credit 0\n");
    core_goes(world); /* it had read neither */
    core_comes(world, 2);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@6000001\n"
                        "core < ANSWER 0.1 7/1 p3 choice 2 start 6000001 elapsed 7000 credit 0\n");
    world_stop(world);
}

static void an_allowance_is_told_to_the_next_core(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    uint32_t slot = resident(world, 3);
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, 1);
    struct core_attached attached = attached_as(world, slot, 3);
    attached.start_asking = 1;
    attached.start_ms = 5999000;
    attached.allowance_ms = 3000;
    CORE_SAYS(world, core_attached, &attached);
    settle(world);
    core_goes(world);
    forget(world);
    core_comes(world, 2);
    expect_trace(world, "core < HELLO edge 3 boot 99\n"
                        "core < RESUME 0.1 123456 tok same start 1@5999000 allowed 3000\n");
    world_stop(world);
}

static void the_scoring_is_told_to_nobody(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    screen(world);
    open_asking(world, 1);
    core_publishes(world, CHANGE_CLOSE, PHASE_CLOSING, 1);
    settle(world);
    forget(world);
    core_publishes(world, CHANGE_NONE, PHASE_CLOSED, 1);
    settle(world);
    expect_quiet(world);
    world_stop(world);
}

static void a_close_that_a_dead_core_told_nobody_is_made_up_for(void **state)
{
    (void)state;
    struct world *world = world_with_lobby();
    resident(world, 3);
    open_asking(world, 1);
    core_goes(world);
    core_comes(world, 2);
    forget(world);
    core_publishes(world, CHANGE_NONE, PHASE_CLOSED, 1); /* closed and scored meanwhile */
    core_attaches(world, 0, 3);
    settle(world);
    expect_trace(world,
        "0 < {\"type\":\"snapshot\",\"code\":\"123456\",\"title\":\"T\",\"unit\":\"U\",\"phase\":\"closed\","
        "\"askings\":3,\"asking\":1,\"people\":5,\"rank_shown\":\"never\",\"scoring\":\"accuracy\","
        "\"participant\":4,\"name\":\"N\",\"community\":-1,\"question\":{\"question\":1}}\n");
    world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_choice_stays_while_no_core_is_there),
        cmocka_unit_test(a_second_choice_does_not_replace_the_first_before_a_core_that_dies),
        cmocka_unit_test(an_allowance_is_told_to_the_next_core),
        cmocka_unit_test(the_scoring_is_told_to_nobody),
        cmocka_unit_test(a_close_that_a_dead_core_told_nobody_is_made_up_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
