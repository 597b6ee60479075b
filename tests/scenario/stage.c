/* The stage itself: processes, wires, time. What the words of a script do is in words.c. */
#include "scenario/stage.h"

#include "base/expect.h"
#include "protocol/desk_core.h"
#include "scenario/words.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_OFFSET 1700000000000

void stage_tell(struct stage *stage, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = STAGE_TRACE_MAX - stage->trace_size;
    int head = snprintf(stage->trace + stage->trace_size, room, "%7.3f ", (double)stage->now_ms / 1000);
    int size = vsnprintf(stage->trace + stage->trace_size + head, room - (size_t)head - 1, format, arguments);
    va_end(arguments);
    expect(size >= 0 && (size_t)(head + size) + 1 < room);
    stage->trace_size += (size_t)(head + size);
    stage->trace[stage->trace_size++] = '\n';
    stage->trace[stage->trace_size] = '\0';
}

/* ---- what residents hear, in a line a person can read ---- */

static void add(char *line, size_t size, json_t *frame, const char *key)
{
    json_t *value = json_object_get(frame, key);
    size_t used = strlen(line);
    if (json_is_integer(value))
        snprintf(line + used, size - used, " %s=%lld", key, (long long)json_integer_value(value));
    if (json_is_string(value)) snprintf(line + used, size - used, " %s=%s", key, json_string_value(value));
    if (json_is_true(value)) snprintf(line + used, size - used, " %s", key);
}

static void hears(struct stage *stage, int resident, const char *text, size_t size)
{
    static const char *const keys[] = {"verdict", "phase", "asking", "choice", "limit_ms", "elapsed_ms", "key",
        "answered", "right", "points", "gained", "rights", "rank", "of", "out", "reopened", "voided"};
    char line[256];
    json_t *frame = json_loadb(text, size, 0, NULL);
    expect(frame);
    const char *type = json_string_value(json_object_get(frame, "type"));
    snprintf(line, sizeof line, "%s", type);
    if (strcmp(type, "joined") == 0)
        snprintf(stage->residents[resident].token, 64, "%s", json_string_value(json_object_get(frame, "token")));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        add(line, sizeof line, frame, keys[i]);
    add(line, sizeof line, json_object_get(frame, "receipt"), "elapsed_ms");
    json_t *answer = json_object_get(frame, "answer"), *standing = json_object_get(frame, "standing");
    if (answer) add(line, sizeof line, answer, "choice");
    if (standing) add(line, sizeof line, standing, "points");
    bool is_news = strcmp(type, "beat") != 0 && strcmp(type, "round") != 0;
    json_decref(frame);
    if (is_news) stage_tell(stage, "resident %d hears %s", resident, line);
}

/* ---- the edges ---- */

struct seat {
    struct stage *stage;
    uint8_t edge;
};
static struct seat seats[STAGE_EDGES]; /* one stage at a time */

static struct stage_edge *edge_of(const struct seat *seat)
{
    return &seat->stage->edges[seat->edge];
}

static enum sent to_browser(void *context, uint32_t slot, struct span frame)
{
    struct seat *seat = context;
    hears(seat->stage, edge_of(seat)->resident_of_slot[slot], (const char *)frame.data, frame.size);
    return SENT_WHOLE;
}

static void to_core(void *context, struct span message)
{
    (void)bus_send(edge_of(context)->channel, message);
}

static void close_slot(void *context, uint32_t slot, uint16_t code)
{
    struct seat *seat = context;
    int resident = edge_of(seat)->resident_of_slot[slot];
    stage_tell(seat->stage, "resident %d is closed at edge %u, %u", resident, seat->edge, code);
}

static uint32_t round_trip_ms(void *context, uint32_t slot)
{
    return (void)context, (void)slot, 20;
}
static void picture(void *context, struct span name, struct span bytes)
{
    (void)context, (void)name, (void)bytes;
}
static uint64_t port_now_ms(void *context)
{
    return ((struct seat *)context)->stage->now_ms;
}

static void edge_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct seat *seat = context;
    (void)peer;
    edge_of(seat)->channel = channel;
    sessions_core_opened(edge_of(seat)->sessions, seat->stage->now_ms);
}

static void edge_message(void *context, struct bus_channel *channel, struct span message)
{
    struct seat *seat = context;
    (void)channel;
    expect(sessions_core_message(edge_of(seat)->sessions, message, seat->stage->now_ms));
}

static void edge_closed(void *context, struct bus_channel *channel)
{
    struct seat *seat = context;
    (void)channel;
    edge_of(seat)->channel = NULL;
    sessions_core_lost(edge_of(seat)->sessions, seat->stage->now_ms);
}

void stage_edge_start(struct stage *stage, uint8_t index)
{
    struct stage_edge *edge = &stage->edges[index];
    seats[index] = (struct seat){stage, index};
    struct sessions_options options = {.slots_max = STAGE_SLOTS, .edge = index, .boot = ++edge->boot, .seed = 1};
    struct sessions_port port = {.context = &seats[index],
        .to_browser = to_browser,
        .to_core = to_core,
        .close = close_slot,
        .round_trip_ms = round_trip_ms,
        .picture = picture,
        .now_ms = port_now_ms};
    struct bus_handlers handlers = {&seats[index], edge_opened, edge_message, edge_closed};
    edge->sessions = sessions_create(&options, &port);
    for (int i = 0; i < STAGE_SLOTS; i++)
        edge->resident_of_slot[i] = -1;
    edge->bus = bus_memory_connect(stage->hub, BUS_PEER_EDGE, &handlers);
    edge->is_up = true;
}

void stage_edge_kill(struct stage *stage, uint8_t index)
{
    struct stage_edge *edge = &stage->edges[index];
    if (!edge->is_up) return;
    edge->is_up = false;
    edge->channel = NULL;
    bus_destroy(edge->bus);
    sessions_destroy(edge->sessions);
    for (int i = 0; i < STAGE_RESIDENTS; i++)
        if (stage->residents[i].edge == index) stage->residents[i].edge = -1;
}

/* ---- the core and the host ---- */

void stage_core_start(struct stage *stage)
{
    char message[256];
    struct turn_options options = {.records = memory_records_of(stage->memory),
        .participants_max = 64,
        .rounds_max = 2,
        .edges_expected = STAGE_EDGES,
        .term = ++stage->term,
        .clock_offset_ms = CLOCK_OFFSET,
        .token_key = {7},
        .random = random_from_seed(5)};
    stage->turn = turn_create(&options);
    expect(stage->turn && turn_recover(stage->turn, stage->now_ms + CLOCK_OFFSET, message));
    struct bus_handlers handlers = turn_handlers(stage->turn);
    stage->core_bus = bus_memory_listen(stage->hub, &handlers);
}

void stage_core_kill(struct stage *stage)
{
    if (!stage->turn) return;
    bus_destroy(stage->core_bus);
    turn_destroy(stage->turn);
    memory_records_crash(stage->memory);
    stage->turn = NULL;
}

static void host_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    static uint8_t room[256];
    struct stage *stage = context;
    struct desk_hello hello = {.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION};
    struct writer w = writer_over(room, sizeof room);
    (void)peer;
    stage->host = channel;
    desk_hello_encode(&w, &hello);
    (void)bus_send(channel, (struct span){w.data, w.size});
}

static void host_message(void *context, struct bus_channel *channel, struct span bytes)
{
    struct stage *stage = context;
    struct core_done done;
    (void)channel;
    if (message_kind(bytes) != CORE_DONE) return;
    expect(core_done_decode(bytes, &done));
    stage_tell(stage, "host hears %s", command_error_name(done.error));
    if (stage->round || done.error != COMMAND_DONE) return;
    stage->round = done.round;
    stage->code = done.code;
}

static void host_closed(void *context, struct bus_channel *channel)
{
    (void)channel;
    ((struct stage *)context)->host = NULL;
}

/* ---- time ---- */

static void tell_rows(struct stage *stage)
{
    static const char *const names[] = {"", "round_opened", "asking_opened", "asking_extended", "asking_closed",
        "asking_scored", "asking_revealed", "asking_voided", "asking_reopened", "paused", "resumed", "locked",
        "names_hidden", "pace", "removed", "renamed", "scene", "round_ended"};
    for (; stage->rows_told < stage->memory->rows_durable; stage->rows_told++) {
        const struct memory_row *row = &stage->memory->rows[stage->rows_told];
        if (row->kind == ROW_JOIN) stage_tell(stage, "log: participant %u joins", row->join.number + 1);
        if (row->kind == ROW_ANSWER)
            stage_tell(stage, "log: participant %u answers asking %u with %u after %u ms", row->answer.participant + 1,
                row->answer.asking, row->answer.choice, row->answer.elapsed_ms);
        if (row->kind == ROW_CONTROL)
            stage_tell(stage, "log: %s %u value %u", names[row->control.kind], row->control.asking, row->control.value);
    }
}

void stage_pass(struct stage *stage, uint32_t ms)
{
    for (uint64_t until = stage->now_ms + ms; stage->now_ms < until;) {
        stage->now_ms += 10;
        for (uint8_t i = 0; i < STAGE_EDGES; i++) {
            if (!stage->edges[i].is_up) continue;
            bus_pump(stage->edges[i].bus, 1000);
            sessions_tick(stage->edges[i].sessions, stage->now_ms);
        }
        bus_pump(stage->host_bus, 1000);
        if (!stage->turn) continue;
        turn_begin(stage->turn, stage->now_ms + CLOCK_OFFSET);
        bus_pump(stage->core_bus, 1000);
        enum store_result result = turn_end(stage->turn);
        tell_rows(stage);
        if (result == STORE_BROKEN) stage_core_kill(stage);
    }
}

struct stage *stage_create(void)
{
    struct stage *stage = calloc(1, sizeof *stage);
    expect(stage);
    stage->memory = memory_records_create();
    stage->hub = bus_memory_hub_create();
    for (int i = 0; i < STAGE_RESIDENTS; i++)
        stage->residents[i].edge = -1;
    stage_core_start(stage);
    for (uint8_t i = 0; i < STAGE_EDGES; i++)
        stage_edge_start(stage, i);
    struct bus_handlers handlers = {stage, host_opened, host_message, host_closed};
    stage->host_bus = bus_memory_connect(stage->hub, BUS_PEER_DESK, &handlers);
    stage_pass(stage, 100);
    return stage;
}

void stage_destroy(struct stage *stage)
{
    for (uint8_t i = 0; i < STAGE_EDGES; i++)
        stage_edge_kill(stage, i);
    bus_destroy(stage->host_bus);
    stage_core_kill(stage);
    bus_memory_hub_destroy(stage->hub);
    memory_records_destroy(stage->memory);
    free(stage);
}
