/* The bus over Unix sockets: whole messages in order whatever way the bytes arrive, bounds, and what a break means. */
#include "base/expect.h"
#include "bus/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEARD_MAX 64

/* One end: what it has heard. */
struct end {
    struct bus *bus;
    struct bus_channel *channel; /* the newest */
    uint32_t opened, closed, messages;
    uint64_t bytes;
    enum bus_peer peer;
    char heard[HEARD_MAX][32];
    bool closes_on_message;
};

static void on_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct end *end = context;
    end->opened++;
    end->channel = channel;
    end->peer = peer;
}

static void on_message(void *context, struct bus_channel *channel, struct span message)
{
    struct end *end = context;
    if (end->messages < HEARD_MAX)
        snprintf(end->heard[end->messages], 32, "%.*s", (int)(message.size < 31 ? message.size : 31), message.data);
    end->messages++;
    end->bytes += message.size;
    if (end->closes_on_message) bus_close(channel);
}

static void on_closed(void *context, struct bus_channel *channel)
{
    struct end *end = context;
    end->closed++;
    if (end->channel == channel) end->channel = NULL;
}

static struct bus_handlers handlers_of(struct end *end)
{
    return (struct bus_handlers){end, on_opened, on_message, on_closed};
}

struct pair {
    struct end core, edge;
    int listener;
    char address[64];
};

/* Pumps both ends until neither has work; waits for the descriptors, never for the clock. */
static void settle(struct pair *pair)
{
    for (int quiet = 0; quiet < 3;) {
        struct pollfd watched[2] = {{.fd = pair->core.bus ? bus_descriptor(pair->core.bus) : -1, .events = POLLIN},
            {.fd = pair->edge.bus ? bus_descriptor(pair->edge.bus) : -1, .events = POLLIN}};
        quiet = poll(watched, 2, 0) > 0 ? 0 : quiet + 1;
        if (pair->core.bus) bus_pump(pair->core.bus, 1000);
        if (pair->edge.bus) bus_pump(pair->edge.bus, 1000);
    }
}

/* Waits for a descriptor to become readable: a timer of the bus's own, say. */
static void wait_for(struct bus *bus)
{
    struct pollfd watched = {.fd = bus_descriptor(bus), .events = POLLIN};
    assert_int_equal(poll(&watched, 1, 5000), 1);
}

static void listen_core(struct pair *pair)
{
    struct bus_handlers handlers = handlers_of(&pair->core);
    struct bus_unix_listener listener = {pair->listener, BUS_PEER_EDGE, geteuid()};
    pair->core.bus = bus_unix_listen(&listener, 1, &handlers);
    assert_non_null(pair->core.bus);
}

static int set_up(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);
    snprintf(pair->address, sizeof pair->address, "jingda-test-%d-%p", getpid(), (void *)pair);
    pair->listener = bus_unix_bind(pair->address);
    assert_true(pair->listener >= 0);
    listen_core(pair);
    struct bus_handlers handlers = handlers_of(&pair->edge);
    pair->edge.bus = bus_unix_connect(pair->address, &handlers);
    assert_non_null(pair->edge.bus);
    wait_for(pair->edge.bus);
    settle(pair);
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;
    bus_destroy(pair->core.bus);
    bus_destroy(pair->edge.bus);
    close(pair->listener);
    free(pair);
    return 0;
}

static bool say(struct end *end, const char *text)
{
    return bus_send(end->channel, span_of_text(text));
}

/* A stranger's socket at the core, for bytes that no bus would write. */
static int raw_connection(const struct pair *pair)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t size = strlen(pair->address);
    memcpy(to.sun_path + 1, pair->address, size);
    int raw = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        connect(raw, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size)), 0);
    return raw;
}

static void both_ends_are_told_of_the_channel(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(pair->core.opened, 1);
    assert_int_equal(pair->edge.opened, 1);
    assert_int_equal(pair->core.peer, BUS_PEER_EDGE);
    assert_int_equal(pair->edge.peer, BUS_PEER_CORE);
}

static void messages_arrive_whole_and_in_order(void **state)
{
    struct pair *pair = *state;
    assert_true(say(&pair->edge, "one"));
    assert_true(say(&pair->edge, "two"));
    assert_true(say(&pair->core, "back"));
    settle(pair);
    assert_int_equal(pair->core.messages, 2);
    assert_string_equal(pair->core.heard[0], "one");
    assert_string_equal(pair->core.heard[1], "two");
    assert_string_equal(pair->edge.heard[0], "back");
}

static void a_pump_hands_over_no_more_than_it_may_and_the_rest_still_shows(void **state)
{
    struct pair *pair = *state;
    for (int i = 0; i < 10; i++)
        assert_true(say(&pair->edge, "m"));
    bus_pump(pair->edge.bus, 100);
    bus_pump(pair->core.bus, 4);
    assert_int_equal(pair->core.messages, 4);
    struct pollfd watched = {.fd = bus_descriptor(pair->core.bus), .events = POLLIN};
    assert_int_equal(poll(&watched, 1, 0), 1);
    settle(pair);
    assert_int_equal(pair->core.messages, 10);
}

static void the_largest_message_passes(void **state)
{
    struct pair *pair = *state;
    uint8_t *large = calloc(1, BUS_MESSAGE_MAX);
    assert_true(bus_send(pair->edge.channel, (struct span){large, BUS_MESSAGE_MAX}));
    settle(pair);
    assert_int_equal(pair->core.messages, 1);
    assert_int_equal(pair->core.bytes, BUS_MESSAGE_MAX);
    free(large);
}

static void a_larger_message_is_refused_by_the_sender(void **state)
{
    struct pair *pair = *state;
    uint8_t *large = calloc(1, BUS_MESSAGE_MAX + 1);
    assert_false(bus_send(pair->edge.channel, (struct span){large, BUS_MESSAGE_MAX + 1}));
    assert_true(say(&pair->edge, "still here"));
    settle(pair);
    assert_int_equal(pair->core.messages, 1);
    free(large);
}

static void an_announced_size_past_the_bound_closes_the_channel(void **state)
{
    struct pair *pair = *state;
    int raw = raw_connection(pair);
    settle(pair);
    assert_int_equal(pair->core.opened, 2);
    uint8_t bytes[8];
    struct writer w = writer_over(bytes, sizeof bytes);
    write_u32(&w, BUS_MESSAGE_MAX + 1);
    assert_int_equal(write(raw, bytes, 8), 8);
    settle(pair);
    assert_int_equal(pair->core.closed, 1);
    assert_int_equal(pair->core.messages, 0);
    close(raw);
}

static void an_empty_message_closes_the_channel(void **state)
{
    struct pair *pair = *state;
    int raw = raw_connection(pair);
    uint8_t nothing[4] = {0};
    assert_int_equal(write(raw, nothing, 4), 4);
    settle(pair);
    assert_int_equal(pair->core.closed, 1);
    close(raw);
}

static void a_torn_message_waits_for_its_rest(void **state)
{
    struct pair *pair = *state;
    int raw = raw_connection(pair);
    uint8_t bytes[16];
    struct writer w = writer_over(bytes, sizeof bytes);
    write_span(&w, span_of_text("torn"));
    for (size_t i = 0; i < w.size; i++) {
        assert_int_equal(pair->core.messages, 0);
        assert_int_equal(write(raw, bytes + i, 1), 1);
        settle(pair);
    }
    assert_int_equal(pair->core.messages, 1);
    assert_string_equal(pair->core.heard[0], "torn");
    close(raw);
}

static void what_arrived_before_the_break_is_handed_over_and_a_half_is_not(void **state)
{
    struct pair *pair = *state;
    int raw = raw_connection(pair);
    uint8_t bytes[32];
    struct writer w = writer_over(bytes, sizeof bytes);
    write_span(&w, span_of_text("whole"));
    write_span(&w, span_of_text("half"));
    assert_int_equal(write(raw, bytes, w.size - 2), (ssize_t)w.size - 2);
    close(raw);
    settle(pair);
    assert_int_equal(pair->core.messages, 1);
    assert_string_equal(pair->core.heard[0], "whole");
    assert_int_equal(pair->core.closed, 1);
}

static void a_peer_of_another_user_is_refused(void **state)
{
    struct pair *pair = *state;
    if (geteuid() != 0) skip(); /* only root can become another user and come back */
    assert_int_equal(seteuid(65533), 0);
    int raw = raw_connection(pair);
    assert_int_equal(seteuid(0), 0);
    settle(pair);
    assert_int_equal(pair->core.opened, 1);
    char byte;
    assert_int_equal(read(raw, &byte, 1), 0);
    close(raw);
}

static void a_reader_that_reads_nothing_loses_its_channel_at_the_bound(void **state)
{
    struct pair *pair = *state;
    uint8_t *large = calloc(1, BUS_MESSAGE_MAX);
    uint32_t sent = 0;
    while (sent < 1000 && bus_send(pair->core.channel, (struct span){large, BUS_MESSAGE_MAX}))
        sent++;
    assert_in_range(sent, BUS_QUEUE_MAX / BUS_MESSAGE_MAX - 2, BUS_QUEUE_MAX / BUS_MESSAGE_MAX + 8);
    assert_int_equal(pair->core.closed, 0);
    bus_pump(pair->core.bus, 10);
    assert_int_equal(pair->core.closed, 1);
    free(large);
}

static void much_more_than_a_socket_holds_arrives_once_it_is_read(void **state)
{
    struct pair *pair = *state;
    uint8_t *large = calloc(1, BUS_MESSAGE_MAX);
    for (int i = 0; i < 40; i++)
        assert_true(bus_send(pair->core.channel, (struct span){large, BUS_MESSAGE_MAX}));
    settle(pair);
    assert_int_equal(pair->edge.messages, 40);
    assert_int_equal(pair->edge.closed, 0);
    free(large);
}

static void closing_tells_the_other_end_and_not_ourselves(void **state)
{
    struct pair *pair = *state;
    assert_true(say(&pair->core, "last words"));
    bus_close(pair->core.channel);
    settle(pair);
    assert_int_equal(pair->core.closed, 0);
    assert_int_equal(pair->edge.messages, 1);
    assert_int_equal(pair->edge.closed, 1);
}

static void a_handler_may_close_the_channel_it_was_called_for(void **state)
{
    struct pair *pair = *state;
    pair->core.closes_on_message = true;
    for (int i = 0; i < 5; i++)
        assert_true(say(&pair->edge, "m"));
    settle(pair);
    assert_int_equal(pair->core.messages, 1);
    assert_int_equal(pair->edge.closed, 1);
}

static void a_sibling_connects_again_by_itself_to_a_new_core(void **state)
{
    struct pair *pair = *state;
    bus_destroy(pair->core.bus);
    pair->core.bus = NULL;
    settle(pair);
    assert_int_equal(pair->edge.closed, 1);
    listen_core(pair);
    wait_for(pair->edge.bus); /* its own timer */
    settle(pair);
    assert_int_equal(pair->edge.opened, 2);
    assert_true(say(&pair->edge, "again"));
    settle(pair);
    assert_string_equal(pair->core.heard[0], "again");
}

static void a_name_that_is_taken_or_too_long_cannot_be_bound(void **state)
{
    struct pair *pair = *state;
    char long_name[256];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    assert_int_equal(bus_unix_bind(pair->address), -1);
    assert_int_equal(bus_unix_bind(long_name), -1);
    assert_int_equal(bus_unix_bind(""), -1);
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(both_ends_are_told_of_the_channel),
        FACT(messages_arrive_whole_and_in_order),
        FACT(a_pump_hands_over_no_more_than_it_may_and_the_rest_still_shows),
        FACT(the_largest_message_passes),
        FACT(a_larger_message_is_refused_by_the_sender),
        FACT(an_announced_size_past_the_bound_closes_the_channel),
        FACT(an_empty_message_closes_the_channel),
        FACT(a_torn_message_waits_for_its_rest),
        FACT(what_arrived_before_the_break_is_handed_over_and_a_half_is_not),
        FACT(a_peer_of_another_user_is_refused),
        FACT(a_reader_that_reads_nothing_loses_its_channel_at_the_bound),
        FACT(much_more_than_a_socket_holds_arrives_once_it_is_read),
        FACT(closing_tells_the_other_end_and_not_ourselves),
        FACT(a_handler_may_close_the_channel_it_was_called_for),
        FACT(a_sibling_connects_again_by_itself_to_a_new_core),
        FACT(a_name_that_is_taken_or_too_long_cannot_be_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
