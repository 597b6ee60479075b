/* Deadlines and addresses: who is too late, and who has too many. */
#include "http/addresses.h"
#include "http/deadlines.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void nobody_is_late_before_the_time_and_everybody_after_it(void **state)
{
    (void)state;
    struct deadlines deadlines;
    struct deadline first = {0}, second = {0};
    deadlines_init(&deadlines);
    deadlines_enter(&deadlines, &first, STAGE_HEADERS, 1000);
    deadlines_enter(&deadlines, &second, STAGE_HEADERS, 1001);
    uint32_t length = deadlines_length_ms(STAGE_HEADERS);
    assert_null(deadlines_late(&deadlines, 1000 + length - 1));
    assert_ptr_equal(deadlines_late(&deadlines, 1000 + length), &first);
    assert_null(deadlines_late(&deadlines, 1000 + length));
    assert_ptr_equal(deadlines_late(&deadlines, 1001 + length), &second);
    assert_null(deadlines_late(&deadlines, UINT64_MAX / 2));
}

static void entering_another_stage_leaves_the_last_one(void **state)
{
    (void)state;
    struct deadlines deadlines;
    struct deadline one = {0};
    deadlines_init(&deadlines);
    deadlines_enter(&deadlines, &one, STAGE_IDLE, 0);
    deadlines_enter(&deadlines, &one, STAGE_HANDSHAKE, 0);
    assert_null(deadlines_late(&deadlines, deadlines_length_ms(STAGE_IDLE)));
    deadlines_enter(&deadlines, &one, STAGE_NONE, 0);
    assert_null(deadlines_late(&deadlines, UINT64_MAX / 2));
}

static void a_stage_can_be_walked_and_left_from_the_middle(void **state)
{
    (void)state;
    struct deadlines deadlines;
    struct deadline items[3] = {0};
    deadlines_init(&deadlines);
    for (int i = 0; i < 3; i++)
        deadlines_enter(&deadlines, &items[i], STAGE_RESPONSE, 0);
    deadlines_enter(&deadlines, &items[1], STAGE_NONE, 0);
    struct deadline *at = deadlines_next(&deadlines, STAGE_RESPONSE, NULL);
    assert_ptr_equal(at, &items[0]);
    at = deadlines_next(&deadlines, STAGE_RESPONSE, at);
    assert_ptr_equal(at, &items[2]);
    assert_null(deadlines_next(&deadlines, STAGE_RESPONSE, at));
}

static void headers_have_ten_seconds_handshakes_twenty_idleness_five(void **state)
{
    (void)state;
    assert_int_equal(deadlines_length_ms(STAGE_HEADERS), 10000);
    assert_int_equal(deadlines_length_ms(STAGE_HANDSHAKE), 20000);
    assert_int_equal(deadlines_length_ms(STAGE_IDLE), 5000);
    assert_int_equal(deadlines_length_ms(STAGE_BODY), 10000);
    assert_int_equal(deadlines_length_ms(STAGE_STALLED), 10000);
}

static struct address four(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, text, &in.sin_addr), 1);
    return address_of((struct sockaddr *)&in);
}

static struct address six(const char *text)
{
    struct sockaddr_in6 in = {.sin6_family = AF_INET6};
    assert_int_equal(inet_pton(AF_INET6, text, &in.sin6_addr), 1);
    return address_of((struct sockaddr *)&in);
}

static void one_more_than_the_limit_is_refused_until_one_leaves(void **state)
{
    (void)state;
    struct addresses *addresses = addresses_create(100, 1);
    struct address a = four("192.0.2.1"), b = four("192.0.2.2");
    for (int i = 0; i < 3; i++)
        assert_true(addresses_enter(addresses, a, 3));
    assert_false(addresses_enter(addresses, a, 3));
    assert_true(addresses_enter(addresses, b, 3));
    addresses_leave(addresses, a);
    assert_true(addresses_enter(addresses, a, 3));
    assert_int_equal(addresses_count(addresses, a), 3);
    assert_true(addresses_enter(addresses, a, 0));
    addresses_destroy(addresses);
}

static void one_subscriber_of_ipv6_counts_once(void **state)
{
    (void)state;
    struct addresses *addresses = addresses_create(100, 1);
    assert_true(addresses_enter(addresses, six("2001:db8::1"), 1));
    assert_false(addresses_enter(addresses, six("2001:db8::ffff:2"), 1));
    assert_true(addresses_enter(addresses, six("2001:db8:0:1::1"), 1));
    assert_true(addresses_enter(addresses, six("::ffff:192.0.2.1"), 1));
    assert_false(addresses_enter(addresses, four("192.0.2.1"), 1));
    addresses_destroy(addresses);
}

/* Against plain counting, with many collisions and leavings in any order. */
static void counts_stay_right_over_many_comings_and_goings(void **state)
{
    (void)state;
    enum { KINDS = 200, STEPS = 200000 };
    struct addresses *addresses = addresses_create(KINDS, 42);
    uint32_t counts[KINDS] = {0}, total = 0;
    uint32_t chance = 7;
    for (int step = 0; step < STEPS; step++) {
        chance = chance * 1664525u + 1013904223u;
        uint32_t kind = (chance >> 8) % KINDS;
        struct address address = {.high = 4, .low = kind * 65536u};
        bool enters = (chance >> 24) % 2 == 0;
        if (enters && total < KINDS) {
            assert_true(addresses_enter(addresses, address, 0));
            counts[kind]++;
            total++;
        } else if (!enters && counts[kind] > 0) {
            addresses_leave(addresses, address);
            counts[kind]--;
            total--;
        }
        assert_int_equal(addresses_count(addresses, address), counts[kind]);
    }
    for (uint32_t kind = 0; kind < KINDS; kind++)
        assert_int_equal(addresses_count(addresses, (struct address){.high = 4, .low = kind * 65536u}), counts[kind]);
    addresses_destroy(addresses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_late_before_the_time_and_everybody_after_it),
        cmocka_unit_test(entering_another_stage_leaves_the_last_one),
        cmocka_unit_test(a_stage_can_be_walked_and_left_from_the_middle),
        cmocka_unit_test(headers_have_ten_seconds_handshakes_twenty_idleness_five),
        cmocka_unit_test(one_more_than_the_limit_is_refused_until_one_leaves),
        cmocka_unit_test(one_subscriber_of_ipv6_counts_once),
        cmocka_unit_test(counts_stay_right_over_many_comings_and_goings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
