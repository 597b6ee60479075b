/* A set of sessions in the middle of things, for the fuzz targets: a core is welcome, a round is open, one slot is a
 * resident, one a screen, one a looker, one has said nothing. The port checks what goes out. */
#ifndef TESTS_FUZZ_ROUND_FOR_FUZZ_H
#define TESTS_FUZZ_ROUND_FOR_FUZZ_H

#include "base/expect.h"
#include "session/sessions.h"

#include <stdlib.h>
#include <string.h>

#define FUZZ_SLOTS  4
#define FUZZ_NOW_MS 1000000

struct fuzz_world {
    struct sessions *sessions;
    bool is_open[FUZZ_SLOTS], must_close[FUZZ_SLOTS], must_report[FUZZ_SLOTS];
    uint32_t sent;
};

/* Every third frame waits in the transport, every eleventh finds the connection gone. */
static enum sent fuzz_to_browser(void *context, uint32_t slot, struct span frame)
{
    struct fuzz_world *world = context;
    expect(slot < FUZZ_SLOTS && world->is_open[slot] && !world->must_report[slot]);
    expect(frame.size > 0 && frame.data[0] == '{' && frame.data[frame.size - 1] == '}');
    uint8_t *room = (uint8_t *)(uintptr_t)frame.data - SESSION_HEAD_ROOM;
    memset(room, 0x55, SESSION_HEAD_ROOM);
    world->sent++;
    if (world->sent % 11 == 0) {
        world->must_close[slot] = true;
        return SENT_FAILED;
    }
    if (world->sent % 3 != 0) return SENT_WHOLE;
    world->must_report[slot] = true;
    return SENT_LATER;
}

static void fuzz_to_core(void *context, struct span message)
{
    (void)context;
    expect(message.size >= 2 && message.size <= BUS_MESSAGE_MAX);
}

static void fuzz_close(void *context, uint32_t slot, uint16_t code)
{
    struct fuzz_world *world = context;
    expect(slot < FUZZ_SLOTS && code >= 1000);
    world->must_close[slot] = true;
}

static uint32_t fuzz_round_trip_ms(void *context, uint32_t slot)
{
    (void)context;
    return slot * 150;
}

static void fuzz_picture(void *context, struct span name, struct span bytes)
{
    (void)context;
    expect(name.size <= PICTURE_NAME_MAX && bytes.size <= PICTURE_SIZE_MAX);
}

/* What the edge does between two turns of its loop. */
static inline void fuzz_world_sweep(struct fuzz_world *world, uint64_t now_ms)
{
    for (uint32_t slot = 0; slot < FUZZ_SLOTS; slot++) {
        if (world->is_open[slot] && world->must_report[slot] && !world->must_close[slot]) {
            world->must_report[slot] = false;
            sessions_written(world->sessions, slot, now_ms);
        }
        if (!world->must_close[slot]) continue;
        world->must_close[slot] = world->must_report[slot] = false;
        world->is_open[slot] = false;
        sessions_closed(world->sessions, slot, now_ms);
    }
}

static inline void fuzz_say(struct fuzz_world *world, const struct writer *w)
{
    expect(w->ok);
    bool is_sound = sessions_core_message(world->sessions, (struct span){w->data, w->size}, FUZZ_NOW_MS);
    expect(is_sound);
}

static inline void fuzz_world_round(struct fuzz_world *world)
{
    static uint8_t room[4096];
    struct core_round round = {.round = 7,
        .code = 123456,
        .change = CHANGE_OPENED,
        .phase = PHASE_OPEN,
        .asking = 1,
        .askings_count = 2,
        .opened_at_ms = FUZZ_NOW_MS,
        .reading_ms = 1000,
        .limit_ms = 10000,
        .title = span_of_text("t"),
        .communities = span_of_text("[]"),
        .question = span_of_text("{\"type\":\"question\"}")};
    struct core_attached attached = {.slot = 0,
        .generation = 1,
        .round = 7,
        .participant = 3,
        .community = 0,
        .token = span_of_text("token"),
        .name = span_of_text("n")};
    struct writer w = writer_over(room, sizeof room);
    core_round_encode(&w, &round);
    fuzz_say(world, &w);
    w = writer_over(room, sizeof room);
    core_attached_encode(&w, &attached);
    fuzz_say(world, &w);
    for (uint32_t slot = 1; slot < 3; slot++) {
        w = writer_over(room, sizeof room);
        core_looked_encode(&w, &(struct core_looked){slot, 1, 7});
        fuzz_say(world, &w);
    }
}

static inline void fuzz_world_start(struct fuzz_world *world)
{
    memset(world, 0, sizeof *world);
    struct sessions_options options = {.slots_max = FUZZ_SLOTS, .edge = 1, .boot = 2, .seed = 3};
    struct sessions_port port = {.context = world,
        .to_browser = fuzz_to_browser,
        .to_core = fuzz_to_core,
        .close = fuzz_close,
        .round_trip_ms = fuzz_round_trip_ms,
        .picture = fuzz_picture};
    world->sessions = sessions_create(&options, &port);
    expect(world->sessions);
    sessions_core_opened(world->sessions, FUZZ_NOW_MS);
    uint8_t room[64];
    struct writer w = writer_over(room, sizeof room);
    core_welcome_encode(&w, &(struct core_welcome){.version = BUS_VERSION, .term = 1, .clock_offset_ms = 5});
    fuzz_say(world, &w);
    static const char *const hellos[] = {"{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"token\"}",
        "{\"type\":\"hello\",\"round\":\"123456\",\"screen\":true}", "{\"type\":\"hello\",\"round\":\"123456\"}"};
    for (uint32_t i = 0; i < FUZZ_SLOTS; i++) {
        uint32_t slot;
        bool is_open = sessions_opened(world->sessions, FUZZ_NOW_MS, &slot);
        expect(is_open && slot == i);
        world->is_open[slot] = true;
        if (i < 3) sessions_frame(world->sessions, slot, span_of_text(hellos[i]), FUZZ_NOW_MS);
    }
    fuzz_world_round(world);
}

static inline void fuzz_world_stop(struct fuzz_world *world)
{
    sessions_destroy(world->sessions);
}

#endif
