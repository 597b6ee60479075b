/* A world for sessions: a port that writes down what goes out, one readable line for each thing, and short words for
 * what comes in. Time stands still until a test moves it. Engine time is 5,000,000 ms ahead. */
#ifndef TESTS_UNIT_SESSION_WORLD_H
#define TESTS_UNIT_SESSION_WORLD_H

#include "model/event.h"
#include "session/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORLD_SLOTS 2000
#define OFFSET_MS   5000000
#define ROUND       7
#define CODE        123456

struct world {
    struct sessions *sessions;
    uint64_t now_ms;
    uint32_t send_ms; /* what one frame takes */
    bool takes_later[WORLD_SLOTS], is_gone[WORLD_SLOTS], is_waiting[WORLD_SLOTS];
    uint32_t generation[WORLD_SLOTS];
    uint32_t round_trip_ms;
    bool shows_beats, shows_stats;
    uint32_t order[WORLD_SLOTS * 2], order_count; /* slots in the order in which `open` went out */
    uint32_t frames_count;
    size_t trace_size;
    char trace[256 * 1024];
};

static void note(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(struct world *world, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    size_t room = sizeof world->trace - world->trace_size;
    int size = vsnprintf(world->trace + world->trace_size, room, format, values);
    va_end(values);
    assert_true(size >= 0 && (size_t)size < room);
    world->trace_size += (size_t)size;
}

/* ---- the port ---- */

static bool starts_with(struct span frame, const char *text)
{
    return frame.size >= strlen(text) && memcmp(frame.data, text, strlen(text)) == 0;
}

static enum sent world_to_browser(void *context, uint32_t slot, struct span frame)
{
    struct world *world = context;
    if (world->is_waiting[slot]) fail_msg("slot %u is blocked, and was sent %.*s", slot, (int)frame.size, frame.data);
    memset((uint8_t *)(uintptr_t)frame.data - SESSION_HEAD_ROOM, 0xaa, SESSION_HEAD_ROOM); /* as a transport may */
    world->frames_count++;
    world->now_ms += world->send_ms;
    if (starts_with(frame, "{\"type\":\"beat\"") && !world->shows_beats) return SENT_WHOLE;
    if (starts_with(frame, "{\"type\":\"open\"")) world->order[world->order_count++] = slot;
    const char *how = world->is_gone[slot] ? " gone" : world->takes_later[slot] ? " later" : "";
    note(world, "%u%s < %.*s\n", slot, how, (int)frame.size, frame.data);
    if (world->is_gone[slot]) return SENT_FAILED;
    if (!world->takes_later[slot]) return SENT_WHOLE;
    world->is_waiting[slot] = true;
    return SENT_LATER;
}

static void note_shown(struct world *world, struct span message)
{
    static struct shown_start starts[SHOWN_BATCH_MAX];
    struct edge_shown shown;
    assert_true(edge_shown_decode(message, &shown, starts));
    note(world, "core < SHOWN %u/%u", shown.round, shown.asking);
    for (uint32_t i = 0; i < shown.count && i < 8; i++)
        note(world, " p%u@%llu", starts[i].participant, (unsigned long long)starts[i].start_ms);
    if (shown.count > 8) note(world, " and %u more", shown.count - 8);
    note(world, "%s\n", shown.is_end ? " end" : "");
}

static void note_call(struct world *world, struct span message)
{
    struct edge_look look;
    struct edge_join join;
    struct edge_resume resume;
    struct edge_answer answer;
    struct edge_detach detach;
    if (edge_look_decode(message, &look))
        note(world, "core < LOOK %u.%u %06u\n", look.slot, look.generation, look.code);
    if (edge_join_decode(message, &join))
        note(world, "core < JOIN %u.%u %06u %02x '%.*s' %d\n", join.slot, join.generation, join.code, join.nonce[0],
            (int)join.name.size, (const char *)join.name.data, join.community == COMMUNITY_NONE ? -1 : join.community);
    if (edge_resume_decode(message, &resume)) {
        note(world, "core < RESUME %u.%u %06u %.*s%s", resume.slot, resume.generation, resume.code,
            (int)resume.token.size, (const char *)resume.token.data, resume.is_same_connection ? " same" : "");
        if (resume.start_asking)
            note(world, " start %u@%llu", resume.start_asking, (unsigned long long)resume.start_ms);
        if (resume.allowance_ms) note(world, " allowed %u", resume.allowance_ms);
        note(world, "\n");
    }
    if (edge_answer_decode(message, &answer))
        note(world, "core < ANSWER %u.%u %u/%u p%u choice %u start %llu elapsed %u credit %u\n", answer.slot,
            answer.generation, answer.round, answer.asking, answer.participant, answer.choice,
            (unsigned long long)answer.start_ms, answer.elapsed_ms, answer.credit_ms);
    if (edge_detach_decode(message, &detach))
        note(world, "core < DETACH %u.%u %u p%u\n", detach.slot, detach.generation, detach.round, detach.participant);
}

static void world_to_core(void *context, struct span message)
{
    struct world *world = context;
    struct edge_drained drained;
    struct edge_stats stats;
    struct edge_hello hello;
    uint16_t kind = message_kind(message);
    size_t before = world->trace_size;
    if (kind == EDGE_SHOWN)
        note_shown(world, message);
    else if (edge_drained_decode(message, &drained))
        note(world, "core < DRAINED %u/%u\n", drained.round, drained.asking);
    else if (edge_hello_decode(message, &hello))
        note(world, "core < HELLO edge %u boot %llu\n", hello.edge, (unsigned long long)hello.boot);
    else if (!edge_stats_decode(message, &stats))
        note_call(world, message);
    else if (world->shows_stats)
        note(world, "core < STATS %u %u %u\n", stats.connections, stats.screens, stats.blocked);
    if (world->trace_size == before && kind != EDGE_STATS) fail_msg("kind %u does not decode", kind);
}

static void world_close(void *context, uint32_t slot, uint16_t code)
{
    note(context, "close %u %u\n", slot, code);
}

static uint32_t world_round_trip_ms(void *context, uint32_t slot)
{
    (void)slot;
    return ((struct world *)context)->round_trip_ms;
}

static void world_picture(void *context, struct span name, struct span bytes)
{
    note(context, "picture %.*s %zu bytes\n", (int)name.size, (const char *)name.data, bytes.size);
}

static uint64_t world_now_ms(void *context)
{
    return ((struct world *)context)->now_ms;
}

/* ---- the test's words ---- */

static inline struct world *world_start(uint32_t slots_max)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->now_ms = 1000000;
    struct sessions_options options = {.slots_max = slots_max, .edge = 3, .boot = 99, .seed = 11};
    struct sessions_port port = {.context = world,
        .to_browser = world_to_browser,
        .to_core = world_to_core,
        .close = world_close,
        .round_trip_ms = world_round_trip_ms,
        .picture = world_picture,
        .now_ms = world_now_ms};
    world->sessions = sessions_create(&options, &port);
    assert_non_null(world->sessions);
    return world;
}

static inline void world_stop(struct world *world)
{
    sessions_destroy(world->sessions);
    free(world);
}

static inline void forget(struct world *world)
{
    world->trace_size = 0;
    world->trace[0] = '\0';
}

/* Everything that went out since the last look. */
#define expect_trace(world, text)                                                                                      \
    do {                                                                                                               \
        assert_string_equal((world)->trace, text);                                                                     \
        forget(world);                                                                                                 \
    } while (0)

static inline void expect_quiet(struct world *world)
{
    expect_trace(world, "");
}

static inline uint32_t connect(struct world *world)
{
    uint32_t slot;
    assert_true(sessions_opened(world->sessions, world->now_ms, &slot));
    world->generation[slot]++;
    return slot;
}

static inline void say(struct world *world, uint32_t slot, const char *text)
{
    sessions_frame(world->sessions, slot, span_of_text(text), world->now_ms);
}

static inline void disconnect(struct world *world, uint32_t slot)
{
    world->is_waiting[slot] = world->takes_later[slot] = world->is_gone[slot] = false;
    sessions_closed(world->sessions, slot, world->now_ms);
}

static inline void written(struct world *world, uint32_t slot)
{
    world->is_waiting[slot] = false;
    sessions_written(world->sessions, slot, world->now_ms);
}

static inline void tick_after(struct world *world, uint64_t ms)
{
    world->now_ms += ms;
    sessions_tick(world->sessions, world->now_ms);
}

/* Ticks as often as an edge does, for `ms`. */
static inline void pass(struct world *world, uint64_t ms)
{
    for (uint64_t end = world->now_ms + ms; world->now_ms < end;)
        tick_after(world, 50);
}

static inline void settle(struct world *world)
{
    do
        tick_after(world, 1);
    while (sessions_is_busy(world->sessions));
    tick_after(world, 20); /* reports come in the tick after the last slice */
}

/* ---- the core's words ---- */

static inline bool hear(struct world *world, const struct writer *w)
{
    assert_true(w->ok);
    return sessions_core_message(world->sessions, (struct span){w->data, w->size}, world->now_ms);
}

#define CORE_SAYS(world, name, message)                                                                                \
    do {                                                                                                               \
        static uint8_t says_room[BUS_MESSAGE_MAX];                                                                     \
        struct writer says = writer_over(says_room, sizeof says_room);                                                 \
        name##_encode(&says, message);                                                                                 \
        assert_true(hear(world, &says));                                                                               \
    } while (0)

static inline void core_comes(struct world *world, uint64_t term)
{
    sessions_core_opened(world->sessions, world->now_ms);
    struct core_welcome welcome = {.version = 1, .term = term, .clock_offset_ms = OFFSET_MS};
    CORE_SAYS(world, core_welcome, &welcome);
}

static inline void core_goes(struct world *world)
{
    sessions_core_lost(world->sessions, world->now_ms);
}

static inline struct core_round round_in(enum phase phase, uint16_t asking)
{
    return (struct core_round){.round = ROUND,
        .code = CODE,
        .phase = phase,
        .asking = asking,
        .askings_count = 3,
        .people = 5,
        .opened_at_ms = asking ? 6000000 + asking : 0,
        .reading_ms = 5000,
        .limit_ms = 30000,
        .shuffle_seed = asking,
        .title = span_of_text("T"),
        .unit = span_of_text("U"),
        .communities = span_of_text("[\"C\"]"),
        .question = asking ? span_of_text("{\"question\":1}") : (struct span){NULL, 0}};
}

static inline void core_publishes(struct world *world, enum change change, enum phase phase, uint16_t asking)
{
    struct core_round round = round_in(phase, asking);
    round.change = change;
    if (phase >= PHASE_REVEALED) {
        round.revealed = span_of_text("{\"revealed\":1}");
        round.leaderboard = span_of_text("{\"leaderboard\":1}");
    }
    CORE_SAYS(world, core_round, &round);
}

static inline struct core_attached attached_as(struct world *world, uint32_t slot, uint32_t participant)
{
    return (struct core_attached){.slot = slot,
        .generation = world->generation[slot],
        .round = ROUND,
        .participant = participant,
        .community = COMMUNITY_NONE,
        .token = span_of_text("tok"),
        .name = span_of_text("N")};
}

static inline void core_attaches(struct world *world, uint32_t slot, uint32_t participant)
{
    struct core_attached attached = attached_as(world, slot, participant);
    CORE_SAYS(world, core_attached, &attached);
}

static inline void core_shows(struct world *world, uint32_t slot)
{
    struct core_looked looked = {slot, world->generation[slot], ROUND};
    CORE_SAYS(world, core_looked, &looked);
}

static inline void core_refuses(struct world *world, uint32_t slot, enum verdict verdict, uint16_t asking)
{
    struct core_refused refused = {
        .slot = slot, .generation = world->generation[slot], .verdict = verdict, .asking = asking};
    CORE_SAYS(world, core_refused, &refused);
}

static inline void core_records(struct world *world, uint32_t slot, uint16_t asking, choice_set choice)
{
    struct core_recorded recorded = {.slot = slot,
        .generation = world->generation[slot],
        .asking = asking,
        .choice = choice,
        .elapsed_ms = 1,
        .credit_ms = 2,
        .receipt = span_of_text("R")};
    CORE_SAYS(world, core_recorded, &recorded);
}

static inline void core_ranks(struct world *world, uint32_t slot, uint32_t participant, uint16_t asking)
{
    struct standings_item item = {slot, world->generation[slot],
        {.participant = participant, .asking = asking, .points = 10, .gained = 10, .rights = 1, .rank = 1, .of = 5}};
    struct core_standings head = {.round = ROUND, .asking = asking, .of = 5, .count = 1};
    uint8_t room[256];
    struct writer w = writer_over(room, sizeof room);
    core_standings_encode(&w, &head, &item);
    assert_true(hear(world, &w));
}

/* ---- whole openings ---- */

#define HELLO       "{\"type\":\"hello\",\"round\":\"123456\"}"
#define HELLO_TOKEN "{\"type\":\"hello\",\"round\":\"123456\",\"token\":\"tok\"}"
#define HELLO_WALL  "{\"type\":\"hello\",\"round\":\"123456\",\"screen\":true}"
#define JOIN        "{\"type\":\"join\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"N\"}"
#define ANSWER_B    "{\"type\":\"answer\",\"asking\":1,\"choice\":2}"
#define ANSWER_C    "{\"type\":\"answer\",\"asking\":1,\"choice\":4}"

/* A core is welcome and a lobby known; nothing is left in the trace. */
static inline struct world *world_with_lobby(void)
{
    struct world *world = world_start(WORLD_SLOTS);
    core_comes(world, 1);
    core_publishes(world, CHANGE_NONE, PHASE_LOBBY, 0);
    forget(world);
    return world;
}

static inline uint32_t resident(struct world *world, uint32_t participant)
{
    uint32_t slot = connect(world);
    say(world, slot, HELLO_TOKEN);
    core_attaches(world, slot, participant);
    forget(world);
    return slot;
}

static inline uint32_t screen(struct world *world)
{
    uint32_t slot = connect(world);
    say(world, slot, HELLO_WALL);
    core_shows(world, slot);
    forget(world);
    return slot;
}

/* Opens an asking and lets everyone see it. */
static inline void open_asking(struct world *world, uint16_t asking)
{
    core_publishes(world, CHANGE_OPENED, PHASE_OPEN, asking);
    settle(world);
    forget(world);
}

#endif
