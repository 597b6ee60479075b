/* The memory bus: nothing moves by itself, and a test can hold, lose and step what the simulation wants. */
#include "bus/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

struct end {
    struct bus_channel *channel;
    uint32_t opened, closed, messages;
    char last[32];
};

static void on_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct end *end = context;
    (void)peer;
    end->opened++;
    end->channel = channel;
}

static void on_message(void *context, struct bus_channel *channel, struct span message)
{
    struct end *end = context;
    (void)channel;
    end->messages++;
    snprintf(end->last, sizeof end->last, "%.*s", (int)message.size, message.data);
}

static void on_closed(void *context, struct bus_channel *channel)
{
    struct end *end = context;
    (void)channel;
    end->closed++;
    end->channel = NULL;
}

struct world {
    struct bus_memory_hub *hub;
    struct end core, edge;
    struct bus *core_bus, *edge_bus;
};

static struct bus *listen_core(struct world *world)
{
    struct bus_handlers handlers = {&world->core, on_opened, on_message, on_closed};
    return bus_memory_listen(world->hub, &handlers);
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    world->hub = bus_memory_hub_create();
    world->core_bus = listen_core(world);
    struct bus_handlers handlers = {&world->edge, on_opened, on_message, on_closed};
    world->edge_bus = bus_memory_connect(world->hub, BUS_PEER_EDGE, &handlers);
    bus_pump(world->edge_bus, 100);
    bus_pump(world->core_bus, 100);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    bus_destroy(world->core_bus);
    bus_destroy(world->edge_bus);
    bus_memory_hub_destroy(world->hub);
    free(world);
    return 0;
}

static void say(struct end *end, const char *text)
{
    assert_true(bus_send(end->channel, span_of_text(text)));
}

static void nothing_moves_before_the_pump(void **state)
{
    struct world *world = *state;
    assert_int_equal(world->edge.opened, 1);
    say(&world->edge, "one");
    assert_int_equal(world->core.messages, 0);
    assert_int_equal(bus_memory_waiting(bus_memory_link(world->edge_bus), BUS_MEMORY_TO_CORE), 1);
    bus_pump(world->core_bus, 100);
    assert_string_equal(world->core.last, "one");
}

static void one_message_is_delivered_at_a_time(void **state)
{
    struct world *world = *state;
    struct bus_memory_link *link = bus_memory_link(world->edge_bus);
    say(&world->core, "one");
    say(&world->core, "two");
    assert_true(bus_memory_deliver(link, BUS_MEMORY_TO_SIBLING));
    assert_string_equal(world->edge.last, "one");
    assert_true(bus_memory_deliver(link, BUS_MEMORY_TO_SIBLING));
    assert_string_equal(world->edge.last, "two");
    assert_false(bus_memory_deliver(link, BUS_MEMORY_TO_SIBLING));
}

static void a_held_way_delays_and_loses_nothing(void **state)
{
    struct world *world = *state;
    struct bus_memory_link *link = bus_memory_link(world->edge_bus);
    bus_memory_hold(link, BUS_MEMORY_TO_CORE, true);
    say(&world->edge, "late");
    bus_pump(world->core_bus, 100);
    assert_int_equal(world->core.messages, 0);
    bus_memory_hold(link, BUS_MEMORY_TO_CORE, false);
    bus_pump(world->core_bus, 100);
    assert_string_equal(world->core.last, "late");
}

static void a_break_loses_what_waits_and_tells_both_ends(void **state)
{
    struct world *world = *state;
    say(&world->edge, "lost");
    bus_memory_break(bus_memory_link(world->edge_bus));
    assert_null(bus_memory_link(world->edge_bus));
    assert_false(bus_send(world->edge.channel, span_of_text("more")));
    bus_pump(world->core_bus, 100);
    assert_int_equal(world->core.messages, 0);
    assert_int_equal(world->core.closed, 1);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.closed, 1);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.opened, 2);
}

static void a_killed_core_breaks_its_links_and_a_new_one_is_found(void **state)
{
    struct world *world = *state;
    say(&world->edge, "lost");
    bus_destroy(world->core_bus);
    world->core_bus = NULL;
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.closed, 1);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.opened, 1);
    world->core_bus = listen_core(world);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.opened, 2);
    say(&world->edge, "again");
    bus_pump(world->core_bus, 100);
    assert_string_equal(world->core.last, "again");
}

static void a_refused_sibling_stays_away(void **state)
{
    struct world *world = *state;
    bus_memory_refuse(world->edge_bus, true);
    bus_memory_break(bus_memory_link(world->edge_bus));
    bus_pump(world->edge_bus, 100);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.opened, 1);
    bus_memory_refuse(world->edge_bus, false);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.opened, 2);
}

static void closing_is_told_to_the_other_end_only(void **state)
{
    struct world *world = *state;
    bus_close(world->core.channel);
    bus_pump(world->core_bus, 100);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->core.closed, 0);
    assert_int_equal(world->edge.closed, 1);
}

static void sizes_are_bounded_as_over_sockets(void **state)
{
    struct world *world = *state;
    uint8_t *large = calloc(1, BUS_MESSAGE_MAX + 1);
    assert_false(bus_send(world->edge.channel, (struct span){large, BUS_MESSAGE_MAX + 1}));
    assert_false(bus_send(world->edge.channel, (struct span){large, 0}));
    uint32_t sent = 0;
    while (sent < 1000 && bus_send(world->edge.channel, (struct span){large, BUS_MESSAGE_MAX}))
        sent++;
    assert_int_equal(sent, BUS_QUEUE_MAX / BUS_MESSAGE_MAX);
    bus_pump(world->edge_bus, 100);
    assert_int_equal(world->edge.closed, 1);
    free(large);
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(nothing_moves_before_the_pump),
        FACT(one_message_is_delivered_at_a_time),
        FACT(a_held_way_delays_and_loses_nothing),
        FACT(a_break_loses_what_waits_and_tells_both_ends),
        FACT(a_killed_core_breaks_its_links_and_a_new_one_is_found),
        FACT(a_refused_sibling_stays_away),
        FACT(closing_is_told_to_the_other_end_only),
        FACT(sizes_are_bounded_as_over_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
