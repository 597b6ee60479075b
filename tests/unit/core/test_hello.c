/* HELLO: the core tells its own edges from other processes of their user, which may connect and say what they like. */
#include "core/turn.h"

#include "base/log.h"
#include "bus/memory.h"
#include "protocol/desk_core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#define CROWD     (3 * EDGES_MAX)
#define DEADLINE  2000 /* ms for the first word */
#define AT_A_TIME 1000

static const uint8_t our_secret[EDGE_SECRET_SIZE] = "fifteen letters";

struct end {
    struct bus *bus;
    struct bus_channel *channel; /* NULL: not open */
    uint32_t opened, closed;
    uint16_t heard; /* kind of the last message */
};

struct world {
    struct bus_memory_hub *hub;
    struct bus *core_bus;
    struct turn *turn;
    uint64_t now_ms;
    struct end ends[CROWD + 4];
    uint32_t ends_count;
};

/* Nothing is ever recorded here. */
static bool has_no_batch(void *context)
{
    (void)context;
    return false;
}

static void on_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct end *end = context;
    (void)peer;
    end->opened++;
    end->channel = channel;
}

static void on_message(void *context, struct bus_channel *channel, struct span message)
{
    (void)channel;
    ((struct end *)context)->heard = message_kind(message);
}

static void on_closed(void *context, struct bus_channel *channel)
{
    struct end *end = context;
    (void)channel;
    end->closed++;
    end->channel = NULL;
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct turn_options options = {.records = {.has_batch = has_no_batch},
        .participants_max = 8,
        .rounds_max = 2,
        .edges_expected = 1,
        .term = 1,
        .random = random_from_seed(1)};
    memcpy(options.edge_secret, our_secret, sizeof our_secret);
    log_start("test", LOG_LEVEL_NONE);
    world->hub = bus_memory_hub_create();
    world->turn = turn_create(&options);
    struct bus_handlers handlers = turn_handlers(world->turn);
    world->core_bus = bus_memory_listen(world->hub, &handlers);
    world->now_ms = 1000000;
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    bus_destroy(world->core_bus);
    for (uint32_t i = 0; i < world->ends_count; i++)
        bus_destroy(world->ends[i].bus);
    turn_destroy(world->turn);
    bus_memory_hub_destroy(world->hub);
    free(world);
    return 0;
}

/* A turn of the core, then the others hear of it. */
static void pass(struct world *world, uint64_t ms)
{
    world->now_ms += ms;
    turn_begin(world->turn, world->now_ms);
    bus_pump(world->core_bus, AT_A_TIME);
    assert_int_equal(turn_end(world->turn), STORE_OK);
    for (uint32_t i = 0; i < world->ends_count; i++)
        bus_pump(world->ends[i].bus, AT_A_TIME);
}

static struct end *come(struct world *world, enum bus_peer peer)
{
    struct end *end = &world->ends[world->ends_count++];
    struct bus_handlers handlers = {end, on_opened, on_message, on_closed};
    end->bus = bus_memory_connect(world->hub, peer, &handlers);
    bus_pump(end->bus, AT_A_TIME);
    assert_non_null(end->channel);
    bus_memory_refuse(end->bus, true); /* who is sent away stays away */
    return end;
}

static void say_hello(struct end *end, uint8_t edge, const uint8_t secret[EDGE_SECRET_SIZE])
{
    struct edge_hello hello = {.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION, .edge = edge, .boot = 7};
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof bytes);
    memcpy(hello.secret, secret, EDGE_SECRET_SIZE);
    edge_hello_encode(&w, &hello);
    assert_true(w.ok && bus_send(end->channel, (struct span){bytes, w.size}));
}

static struct end *come_as_edge(struct world *world, uint8_t edge)
{
    struct end *end = come(world, BUS_PEER_EDGE);
    say_hello(end, edge, our_secret);
    return end;
}

static struct end *come_as_desk(struct world *world)
{
    struct end *end = come(world, BUS_PEER_DESK);
    struct desk_hello hello = {.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION};
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof bytes);
    desk_hello_encode(&w, &hello);
    assert_true(w.ok && bus_send(end->channel, (struct span){bytes, w.size}));
    return end;
}

static void an_edge_of_ours_is_welcome(void **state)
{
    struct world *world = *state;
    struct end *edge = come_as_edge(world, 0);
    pass(world, 1);
    assert_int_equal(edge->heard, CORE_WELCOME);
    pass(world, DEADLINE + 1); /* the deadline is for the first word only */
    assert_non_null(edge->channel);
}

static void an_edge_that_was_started_again_takes_its_own_place(void **state)
{
    struct world *world = *state;
    struct end *before = come_as_edge(world, 0);
    pass(world, 1);
    struct end *after = come_as_edge(world, 0);
    pass(world, 1);
    assert_null(before->channel);
    assert_int_equal(after->heard, CORE_WELCOME);
}

static void a_stranger_under_the_name_of_an_edge_is_closed_and_the_edge_stays(void **state)
{
    struct world *world = *state;
    struct end *edge = come_as_edge(world, 0);
    pass(world, 1);
    for (int byte = 0; byte < EDGE_SECRET_SIZE; byte++) { /* each byte counts */
        uint8_t guess[EDGE_SECRET_SIZE];
        memcpy(guess, our_secret, sizeof guess);
        guess[byte] ^= 1;
        struct end *stranger = come(world, BUS_PEER_EDGE);
        say_hello(stranger, 0, guess);
        pass(world, 1);
        assert_null(stranger->channel);
        assert_int_equal(stranger->heard, 0);
        assert_non_null(edge->channel);
    }
}

static void who_says_nothing_for_two_seconds_is_closed(void **state)
{
    struct world *world = *state;
    struct end *idle = come(world, BUS_PEER_EDGE);
    pass(world, 1);
    pass(world, DEADLINE - 1);
    assert_non_null(idle->channel);
    pass(world, 1);
    assert_null(idle->channel);
}

static void a_crowd_that_says_nothing_takes_no_place_of_an_edge_or_the_desk(void **state)
{
    struct world *world = *state;
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < CROWD; i++)
        come(world, BUS_PEER_EDGE);
    pass(world, 1);
    for (uint32_t i = 0; i < CROWD; i++)
        waiting += world->ends[i].channel != NULL;
    assert_int_equal(waiting, EDGES_MAX);
    struct end *edge = come_as_edge(world, EDGES_MAX - 1), *desk = come_as_desk(world);
    pass(world, 1);
    assert_int_equal(edge->heard, CORE_WELCOME);
    assert_non_null(edge->channel);
    assert_true(desk->heard != 0);
    assert_non_null(desk->channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_edge_of_ours_is_welcome, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edge_that_was_started_again_takes_its_own_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_stranger_under_the_name_of_an_edge_is_closed_and_the_edge_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_says_nothing_for_two_seconds_is_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_crowd_that_says_nothing_takes_no_place_of_an_edge_or_the_desk, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
