/* Who is hashed when: strangers one at a time, known devices beside and before them. The jobs stand still until the
 * test lets them go. */
#include "desk/hashing.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define JOBS_MAX 24

struct waiting_job {
    struct hashing_job hashing;
    sem_t go;
    bool is_done;
};

struct world {
    uv_loop_t loop;
    struct hashing hashing;
    struct waiting_job jobs[JOBS_MAX];
    uint32_t count;
};

static void wait_for_go(struct hashing_job *job)
{
    sem_wait(&((struct waiting_job *)job)->go);
}

static void note(struct hashing_job *job)
{
    ((struct waiting_job *)job)->is_done = true;
}

static struct waiting_job *add(struct world *world, bool is_known)
{
    struct waiting_job *job = &world->jobs[world->count++];
    sem_init(&job->go, 0, 0);
    job->hashing = (struct hashing_job){.is_known = is_known, .work = wait_for_go, .done = note};
    assert_true(hashing_has_room(&world->hashing, is_known));
    hashing_add(&world->hashing, &job->hashing);
    return job;
}

static void finish(struct world *world, struct waiting_job *job)
{
    sem_post(&job->go);
    while (!job->is_done)
        uv_run(&world->loop, UV_RUN_ONCE);
}

static void expect_state(const struct world *world, uint32_t running, uint32_t known, uint32_t strangers)
{
    assert_int_equal(world->hashing.running, running);
    assert_int_equal(world->hashing.known.count, known);
    assert_int_equal(world->hashing.strangers.count, strangers);
}

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->hashing.loop = &world->loop;
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    for (uint32_t i = 0; i < world->count; i++)
        sem_post(&world->jobs[i].go);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_true(hashing_is_idle(&world->hashing));
    for (uint32_t i = 0; i < world->count; i++) {
        assert_true(world->jobs[i].is_done);
        sem_destroy(&world->jobs[i].go);
    }
    assert_int_equal(uv_loop_close(&world->loop), 0);
    test_free(world);
    return 0;
}

static void strangers_are_hashed_one_at_a_time_in_order(void **state)
{
    struct world *world = *state;
    struct waiting_job *first = add(world, false), *second = add(world, false);
    add(world, false);
    expect_state(world, 1, 0, 2);
    finish(world, first);
    expect_state(world, 1, 0, 1);
    finish(world, second);
    expect_state(world, 1, 0, 0);
}

static void past_the_line_strangers_have_no_room_and_the_known_have(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 1 + HASHING_WAITING_MAX; i++)
        add(world, false);
    assert_false(hashing_has_room(&world->hashing, false));
    struct waiting_job *known = add(world, true);
    expect_state(world, 2, 0, HASHING_WAITING_MAX);
    finish(world, known); /* while no stranger is done */
    expect_state(world, 1, 0, HASHING_WAITING_MAX);
}

static void the_known_go_before_strangers_who_came_earlier(void **state)
{
    struct world *world = *state;
    struct waiting_job *first = add(world, true);
    add(world, true);
    add(world, false);
    add(world, true);
    expect_state(world, 2, 1, 1);
    finish(world, first);
    expect_state(world, 2, 0, 1);
}

static void two_at_once_are_all(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < HASHING_AT_ONCE_MAX + HASHING_WAITING_MAX; i++)
        add(world, true);
    expect_state(world, HASHING_AT_ONCE_MAX, HASHING_WAITING_MAX, 0);
    assert_false(hashing_has_room(&world->hashing, true));
    assert_true(hashing_has_room(&world->hashing, false));
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(strangers_are_hashed_one_at_a_time_in_order),
        FACT(past_the_line_strangers_have_no_room_and_the_known_have),
        FACT(the_known_go_before_strangers_who_came_earlier),
        FACT(two_at_once_are_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
