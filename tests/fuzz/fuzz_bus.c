/* Any bytes as messages of the bus: every reader takes or refuses them, what is taken is written again as the same
 * bytes, and live sessions take what the core may say. Input: messages, each behind a u16 size. Corpus:
 * tests/fuzz/corpus/bus. */
#include "base/expect.h"
#include "fuzz/round_for_fuzz.h"
#include "protocol/desk_core.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[BUS_MESSAGE_MAX];

static void expect_same(const struct writer *w, struct span message)
{
    expect(w->ok);
    expect(span_equal((struct span){w->data, w->size}, message));
}

#define CHECK(name)                                                                                                    \
    {                                                                                                                  \
        struct name read;                                                                                              \
        if (name##_decode(message, &read)) {                                                                           \
            struct writer w = writer_over(room, sizeof room);                                                          \
            name##_encode(&w, &read);                                                                                  \
            expect_same(&w, message);                                                                                  \
        }                                                                                                              \
    }

static void check_lists(struct span message)
{
    static struct shown_start starts[SHOWN_BATCH_MAX];
    struct edge_shown shown;
    if (edge_shown_decode(message, &shown, starts)) {
        struct writer w = writer_over(room, sizeof room);
        edge_shown_encode(&w, &shown);
        expect_same(&w, message);
    }
    struct core_standings head;
    struct reader r;
    if (!core_standings_begin(message, &r, &head)) return;
    for (uint32_t i = 0; i < head.count; i++) {
        struct standings_item item;
        core_standings_next(&r, &item);
    }
    expect(!r.ok || read_finished(&r));
}

static void check_create(struct span message)
{
    struct desk_create head;
    struct reader r;
    if (!desk_create_begin(message, &r, &head)) return;
    for (uint32_t i = 0; i < head.askings_count && r.ok; i++) {
        struct asking_rules rules;
        static struct question question;
        if (!desk_question_decode(&r, &rules, &question)) return;
        expect(strlen(question.text) < sizeof question.text);
    }
}

static void check_message(struct span message)
{
    EDGE_CORE_MESSAGES(CHECK)
    DESK_CORE_MESSAGES(CHECK)
    check_lists(message);
    check_create(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_world world;
    fuzz_world_start(&world);
    struct reader r = reader_over(data, size);
    uint64_t now_ms = FUZZ_NOW_MS;
    while (read_left(&r) >= 2) {
        size_t wanted = read_u16(&r);
        size_t taken = wanted < read_left(&r) ? wanted : read_left(&r);
        uint8_t *exact = malloc(taken ? taken : 1); /* so that a step over the end is seen */
        expect(exact);
        read_raw(&r, exact, taken);
        struct span message = {exact, taken};
        check_message(message);
        now_ms += 50;
        if (!sessions_core_message(world.sessions, message, now_ms)) {
            sessions_core_lost(world.sessions, now_ms);
            sessions_core_opened(world.sessions, now_ms);
        }
        sessions_tick(world.sessions, now_ms);
        fuzz_world_sweep(&world, now_ms);
        free(exact);
    }
    fuzz_world_stop(&world);
    return 0;
}
