/* The small parts: percentiles, timers, WebSocket frames, and what a tally proves. */
#include "rehearse/histogram.h"
#include "rehearse/report.h"
#include "rehearse/timers.h"
#include "rehearse/websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void percentiles_are_within_two_per_cent(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    assert_int_equal(histogram_percentile(&histogram, 50), 0);
    for (uint32_t ms = 1; ms <= 1000; ms++)
        histogram_add(&histogram, ms * 1000);
    assert_in_range(histogram_percentile(&histogram, 50), 500000, 510000);
    assert_in_range(histogram_percentile(&histogram, 99), 990000, 1000000);
    assert_int_equal(histogram_percentile(&histogram, 100), 1000000);
    assert_int_equal(histogram.max_us, 1000000);
}

static void a_histogram_takes_any_duration(void **state)
{
    (void)state;
    struct histogram histogram = {0}, sum = {0};
    for (uint32_t bit = 0; bit < 64; bit++)
        histogram_add(&histogram, (uint64_t)1 << bit);
    histogram_add(&histogram, 0);
    histogram_merge(&sum, &histogram);
    histogram_merge(&sum, &histogram);
    assert_int_equal(sum.total, 130);
    assert_int_equal(sum.max_us, UINT32_MAX);
    assert_int_equal(histogram_percentile(&sum, 1), 0);
    assert_true(histogram_percentile(&sum, 100) == UINT32_MAX);
}

static void timers_fire_once_when_due_and_not_before(void **state)
{
    (void)state;
    struct timers *timers = timers_create(5, 1000);
    uint32_t index = 99;
    timers_set(timers, 0, 1010);
    timers_set(timers, 1, 900);          /* has passed */
    timers_set(timers, 2, 1010 + 65536); /* the same slot, another turn */
    timers_set(timers, 3, 1005);
    timers_set(timers, 3, 1020); /* anew */
    timers_set(timers, 4, 1010);
    timers_clear(timers, 4);
    assert_true(timers_next(timers, 1000, &index));
    assert_int_equal(index, 1);
    assert_false(timers_next(timers, 1009, &index));
    assert_true(timers_next(timers, 1010, &index));
    assert_int_equal(index, 0);
    assert_false(timers_next(timers, 1019, &index));
    assert_true(timers_next(timers, 1500, &index));
    assert_int_equal(index, 3);
    assert_false(timers_next(timers, 1500, &index));
    assert_false(timers_next(timers, 1009 + 65536, &index));
    assert_true(timers_next(timers, 1010 + 65536, &index));
    assert_int_equal(index, 2);
    timers_destroy(timers);
}

static void waiting_never_passes_a_timer(void **state)
{
    (void)state;
    struct timers *timers = timers_create(1, 1000);
    assert_int_equal(timers_wait_ms(timers, 100), 100);
    timers_set(timers, 0, 1030);
    assert_int_equal(timers_wait_ms(timers, 100), 30);
    assert_int_equal(timers_wait_ms(timers, 10), 10);
    timers_destroy(timers);
}

static void our_frames_are_masked_and_whole(void **state)
{
    (void)state;
    uint8_t out[WEBSOCKET_SAY_MAX + WEBSOCKET_MORE];
    assert_int_equal(websocket_write(out, WEBSOCKET_TEXT, span_of_text("ab"), 0x01020304), 8);
    assert_memory_equal(out, ((uint8_t[]){0x81, 0x82, 1, 2, 3, 4, 'a' ^ 1, 'b' ^ 2}), 8);
    char text[301] = {0};
    memset(text, 'x', 300);
    assert_int_equal(websocket_write(out, WEBSOCKET_TEXT, span_of_text(text), 0), 308);
    assert_memory_equal(out, ((uint8_t[]){0x81, 0xfe, 1, 44, 0, 0, 0, 0, 'x'}), 9);
}

static enum websocket_verdict read_bytes(const uint8_t *data, size_t size, struct span *payload, size_t *used)
{
    uint8_t opcode = 0;
    return websocket_read(data, size, &opcode, payload, used);
}

static void a_frame_is_read_once_all_of_it_is_there(void **state)
{
    (void)state;
    uint8_t data[4 + 300 + 2] = {0x81, 126, 1, 44};
    struct span payload;
    size_t used = 0;
    for (size_t size = 0; size < 304; size++)
        assert_int_equal(read_bytes(data, size, &payload, &used), WEBSOCKET_PARTIAL);
    assert_int_equal(read_bytes(data, sizeof data, &payload, &used), WEBSOCKET_WHOLE);
    assert_int_equal(payload.size, 300);
    assert_int_equal(used, 304);
}

static void what_no_server_may_send_is_broken(void **state)
{
    (void)state;
    struct span payload;
    size_t used = 0;
    assert_int_equal(read_bytes((const uint8_t *)"\x01\x00", 2, &payload, &used), WEBSOCKET_BROKEN); /* a fragment */
    assert_int_equal(read_bytes((const uint8_t *)"\x81\x80", 2, &payload, &used), WEBSOCKET_BROKEN); /* masked */
    assert_int_equal(read_bytes((const uint8_t *)"\xc1\x00", 2, &payload, &used), WEBSOCKET_BROKEN); /* compressed */
    assert_int_equal(
        read_bytes((const uint8_t *)"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10, &payload, &used), WEBSOCKET_BROKEN);
}

/* A clean rehearsal of one question and ten residents, to be spoilt by each test. */
static struct report clean(struct tally *tally)
{
    struct asking_tally *asking = &tally->askings[1];
    asking->shown = asking->sent = asking->acknowledged = asking->server_answered = 10;
    histogram_add(&asking->reveal, 5);
    tally->proof.receipts = tally->proof.reread = 10;
    return (struct report){.tally = tally, .joined = 10, .people_max = 10, .is_whole = true};
}

static void only_what_is_whole_and_flawless_is_clean(void **state)
{
    (void)state;
    struct tally *tally = calloc(1, sizeof *tally);
    struct report report = clean(tally);
    assert_true(report_is_clean(&report));
    report.is_whole = false;
    assert_false(report_is_clean(&report));
    report.is_whole = true;
    uint32_t *flaws[] = {
        &tally->proof.lost, &tally->proof.changed, &tally->proof.rights_wrong, &tally->proof.reread_failed};
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        *flaws[i] = 1;
        assert_false(report_is_clean(&report));
        *flaws[i] = 0;
    }
    report.joined = 0;
    assert_false(report_is_clean(&report));
    free(tally);
}

static void fewer_counted_than_acknowledged_is_a_loss(void **state)
{
    (void)state;
    struct tally *tally = calloc(1, sizeof *tally);
    struct report report = clean(tally);
    tally->askings[1].server_answered = 8;
    assert_int_equal(report_prove(&report).lost, 2);
    tally->proof.lost = 2; /* the same two, seen by their residents */
    assert_int_equal(report_prove(&report).lost, 2);
    free(tally);
}

static void more_counted_than_sent_is_a_double_unless_others_took_part(void **state)
{
    (void)state;
    struct tally *tally = calloc(1, sizeof *tally);
    struct report report = clean(tally);
    tally->askings[1].server_answered = 11;
    assert_int_equal(report_prove(&report).doubled, 1);
    assert_false(report_is_clean(&report));
    report.people_max = 11;
    assert_false(report_prove(&report).is_alone);
    assert_int_equal(report_prove(&report).doubled, 0);
    free(tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_within_two_per_cent),
        cmocka_unit_test(a_histogram_takes_any_duration),
        cmocka_unit_test(timers_fire_once_when_due_and_not_before),
        cmocka_unit_test(waiting_never_passes_a_timer),
        cmocka_unit_test(our_frames_are_masked_and_whole),
        cmocka_unit_test(a_frame_is_read_once_all_of_it_is_there),
        cmocka_unit_test(what_no_server_may_send_is_broken),
        cmocka_unit_test(only_what_is_whole_and_flawless_is_clean),
        cmocka_unit_test(fewer_counted_than_acknowledged_is_a_loss),
        cmocka_unit_test(more_counted_than_sent_is_a_double_unless_others_took_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
