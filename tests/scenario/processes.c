/* Core and edges, started and killed, over the memory bus. */
#include "scenario/stage.h"

#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

/* ---- the core ---- */

void core_start(struct stage *stage)
{
    char message[256];
    stage->term++;
    struct turn_options options = {.records = memory_records_of(stage->memory),
        .participants_max = 64,
        .rounds_max = 2,
        .edges_expected = stage->edges_count,
        .term = stage->term,
        .clock_offset_ms = CLOCK_OFFSET,
        .token_key = {42},
        .random = random_from_seed(stage->term)};
    stage->turn = turn_create(&options);
    expect(stage->turn && turn_recover(stage->turn, stage->now_ms + CLOCK_OFFSET, message));
    struct bus_handlers handlers = turn_handlers(stage->turn);
    stage->core_bus = bus_memory_listen(stage->hub, &handlers);
    stage_note(stage, "the core is up, term %llu", (unsigned long long)stage->term);
}

void core_kill(struct stage *stage)
{
    if (!stage->turn) return;
    bus_destroy(stage->core_bus);
    turn_destroy(stage->turn);
    memory_records_crash(stage->memory);
    stage->turn = NULL;
    stage_note(stage, "the core is killed");
}

static void core_turn(struct stage *stage)
{
    turn_begin(stage->turn, stage->now_ms + CLOCK_OFFSET);
    bus_pump(stage->core_bus, TURN_EVENTS_MAX);
    if (turn_end(stage->turn) == STORE_BROKEN) core_kill(stage);
}

/* ---- what sessions ask of their edge ---- */

static enum sent to_browser(void *context, uint32_t slot, struct span frame)
{
    struct stage_edge *edge = context;
    struct person *person = person_at(edge->stage, edge->index, slot);
    expect(person);
    char *text = strndup((const char *)frame.data, frame.size);
    if (person->is_blocked) {
        expect(!person->waiting);
        person->waiting = text;
        return SENT_LATER;
    }
    person_hears(edge->stage, person, text);
    free(text);
    return SENT_WHOLE;
}

static void to_core(void *context, struct span message)
{
    (void)bus_send(((struct stage_edge *)context)->channel, message);
}

static void close_browser(void *context, uint32_t slot, uint16_t code)
{
    struct stage_edge *edge = context;
    struct person *person = person_at(edge->stage, edge->index, slot);
    if (person) stage_note(edge->stage, "%s is closed by edge %u, %u", person->name, edge->index, code);
}

static uint32_t round_trip_ms(void *context, uint32_t slot)
{
    struct stage_edge *edge = context;
    const struct person *person = person_at(edge->stage, edge->index, slot);
    return person ? person->round_trip_ms : 0;
}

static void picture(void *context, struct span name, struct span bytes)
{
    (void)context, (void)name, (void)bytes;
}

static uint64_t port_now_ms(void *context)
{
    return ((struct stage_edge *)context)->stage->now_ms;
}

/* ---- the bus ---- */

static void opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct stage_edge *edge = context;
    (void)peer;
    edge->channel = channel;
    sessions_core_opened(edge->sessions, edge->stage->now_ms);
}

static void message(void *context, struct bus_channel *channel, struct span bytes)
{
    struct stage_edge *edge = context;
    (void)channel;
    expect(sessions_core_message(edge->sessions, bytes, edge->stage->now_ms));
}

static void closed(void *context, struct bus_channel *channel)
{
    struct stage_edge *edge = context;
    (void)channel;
    edge->channel = NULL;
    sessions_core_lost(edge->sessions, edge->stage->now_ms);
}

/* ---- edges ---- */

void edge_start(struct stage *stage, unsigned index)
{
    struct stage_edge *edge = &stage->edges[index];
    uint64_t boot = edge->boot + 1;
    *edge = (struct stage_edge){.stage = stage, .index = (uint8_t)index, .is_up = true, .boot = boot};
    struct sessions_port port = {.context = edge,
        .to_browser = to_browser,
        .to_core = to_core,
        .close = close_browser,
        .round_trip_ms = round_trip_ms,
        .picture = picture,
        .now_ms = port_now_ms};
    struct sessions_options options = {
        .slots_max = STAGE_SLOTS, .edge = (uint8_t)index, .boot = boot, .seed = index + boot};
    edge->sessions = sessions_create(&options, &port);
    struct bus_handlers handlers = {.context = edge, .opened = opened, .message = message, .closed = closed};
    edge->bus = bus_memory_connect(stage->hub, BUS_PEER_EDGE, &handlers);
    stage_note(stage, "edge %u is up", index);
}

void edge_kill(struct stage *stage, unsigned index)
{
    struct stage_edge *edge = &stage->edges[index];
    if (!edge->is_up) return;
    stage_note(stage, "edge %u is killed", index);
    bus_destroy(edge->bus);
    sessions_destroy(edge->sessions);
    edge->is_up = false;
    for (unsigned i = 0; i < stage->people_count; i++) {
        struct person *person = &stage->people[i];
        if (person->is_open && person->edge == index) person_leaves(stage, person);
    }
}

static void edges_turn(struct stage *stage)
{
    for (unsigned i = 0; i < stage->edges_count; i++) {
        struct stage_edge *edge = &stage->edges[i];
        if (!edge->is_up) continue;
        bus_pump(edge->bus, TURN_EVENTS_MAX);
        struct bus_memory_link *link = bus_memory_link(edge->bus);
        if (link) bus_memory_hold(link, BUS_MEMORY_TO_CORE, edge->is_held);
        sessions_tick(edge->sessions, stage->now_ms);
    }
}

void processes_turn(struct stage *stage)
{
    edges_turn(stage);
    if (stage->turn) core_turn(stage);
    bus_pump(stage->host_bus, 100);
}
