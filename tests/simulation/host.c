/* The simulated host: creates the round and drives it, with every command that the desk has, some at the wrong moment.
 */
#include "simulation/world.h"

#include "base/expect.h"
#include "protocol/desk_core.h"

#include <stdio.h>
#include <string.h>

static uint8_t room[BUS_MESSAGE_MAX];

static void send(struct world *world, const struct writer *w)
{
    expect(w->ok);
    if (world->host) (void)bus_send(world->host, (struct span){w->data, w->size});
}

static void opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct world *world = context;
    struct desk_hello hello = {.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION};
    struct writer w = writer_over(room, sizeof room);
    (void)peer;
    world->host = channel;
    desk_hello_encode(&w, &hello);
    send(world, &w);
}

static void closed(void *context, struct bus_channel *channel)
{
    (void)channel;
    ((struct world *)context)->host = NULL;
}

static void message(void *context, struct bus_channel *channel, struct span bytes)
{
    struct world *world = context;
    struct core_done done;
    (void)channel;
    if (message_kind(bytes) != CORE_DONE) return;
    if (!core_done_decode(bytes, &done)) {
        world_fail(world, "the desk could not read what the core said");
        return;
    }
    world_trace(world, "host hears %llu %s", (unsigned long long)done.id, command_error_name(done.error));
    if (world->is_created || done.error != COMMAND_DONE) return;
    world->is_created = true;
    world->round = done.round;
    world->code = done.code;
}

void host_start(struct world *world)
{
    struct bus_handlers handlers = {.context = world, .opened = opened, .message = message, .closed = closed};
    world->host_bus = bus_memory_connect(world->hub, BUS_PEER_DESK, &handlers);
}

static void create(struct world *world)
{
    static const char communities[] = "武昌府社区\0东湖社区";
    struct desk_create head = {.id = ++world->host_ids,
        .title = span_of_text("模拟"),
        .unit = span_of_text("协会"),
        .rules = world->rules,
        .askings_count = WORLD_ASKINGS,
        .communities = {(const uint8_t *)communities, sizeof communities}};
    struct writer w = writer_over(room, sizeof room);
    desk_create_encode(&w, &head);
    for (unsigned i = 0; i < WORLD_ASKINGS; i++) {
        struct question question = {.kind = world->askings[i].kind,
            .options_count = world->askings[i].options_count,
            .key = world->askings[i].key};
        snprintf(question.text, sizeof question.text, "题目 %u", i + 1);
        for (unsigned k = 0; k < question.options_count; k++)
            snprintf(question.options[k], sizeof question.options[k], "选项 %u", k + 1);
        desk_question_encode(&w, &world->askings[i], &question);
    }
    send(world, &w);
    /* A core that dies before it answers may have made the round: then it is found in the records. */
    world->host_at_ms = world->now_ms + 3000;
}

static void command(struct world *world, enum control_kind kind, uint16_t asking, uint32_t participant, uint32_t value)
{
    struct desk_command message = {.id = ++world->host_ids,
        .control = {.kind = kind, .round = world->round, .asking = asking, .participant = participant, .value = value}};
    struct writer w = writer_over(room, sizeof room);
    world_trace(world, "host says %d asking %u participant %u value %u", kind, asking, participant, value);
    desk_command_encode(&w, &message);
    send(world, &w);
}

/* Something that is not needed to go on. */
static void whim(struct world *world, const struct round_view *view)
{
    struct random *random = &world->random;
    switch (random_below(random, 9)) {
    case 0: command(world, CONTROL_PAUSED, 0, PARTICIPANT_NONE, 0); break;
    case 1: command(world, CONTROL_NAMES_HIDDEN, 0, PARTICIPANT_NONE, random_below(random, 2)); break;
    case 2: command(world, CONTROL_SCENE, 0, PARTICIPANT_NONE, random_below(random, 2)); break;
    case 3: command(world, CONTROL_ASKING_EXTENDED, view->asking, PARTICIPANT_NONE, view->limit_ms + 2000); break;
    case 4: command(world, CONTROL_ASKING_CLOSED, view->asking, PARTICIPANT_NONE, 1); break;
    case 5:
        if (world_chance(world, 6))
            command(
                world, CONTROL_ASKING_VOIDED, (uint16_t)(1 + random_below(random, WORLD_ASKINGS)), PARTICIPANT_NONE, 0);
        break;
    case 6:
        if (world_chance(world, 6)) command(world, CONTROL_REMOVED, 0, random_below(random, RESIDENTS), 0);
        break;
    case 7: command(world, CONTROL_ASKING_REVEALED, view->asking, PARTICIPANT_NONE, 0); break;
    case 8: command(world, CONTROL_ASKING_OPENED, (uint16_t)(view->asking + 1), PARTICIPANT_NONE, 0); break;
    }
}

static void drive(struct world *world, const struct round_view *view)
{
    if (view->is_paused) {
        command(world, CONTROL_RESUMED, 0, PARTICIPANT_NONE, 0);
        return;
    }
    switch (view->phase) {
    case PHASE_LOBBY: command(world, CONTROL_ASKING_OPENED, 1, PARTICIPANT_NONE, 0); break;
    case PHASE_OPEN:
    case PHASE_CLOSING: break; /* time closes it */
    case PHASE_CLOSED: command(world, CONTROL_ASKING_REVEALED, view->asking, PARTICIPANT_NONE, 0); break;
    case PHASE_REVEALED:
        if (view->asking < WORLD_ASKINGS)
            command(world, CONTROL_ASKING_OPENED, (uint16_t)(view->asking + 1), PARTICIPANT_NONE, 0);
        else
            command(world, CONTROL_ROUND_ENDED, 0, PARTICIPANT_NONE, 0);
        break;
    case PHASE_ENDED: break;
    }
}

void host_act(struct world *world)
{
    struct round_view view;
    bus_pump(world->host_bus, 100);
    if (!world->host || world->now_ms < world->host_at_ms) return;
    world->host_at_ms = world->now_ms + 300 + random_below(&world->random, 1500);
    if (!world->is_created) {
        if (world->memory->rounds_durable > 0) {
            world->is_created = true;
            world->round = world->memory->rounds[0]->record.round;
            world->code = world->memory->rounds[0]->record.code;
            return;
        }
        create(world);
        return;
    }
    if (!world->is_core_up || !engine_round_view(turn_engine(world->turn), world->round, &view)) return;
    if (!world->is_calm && world_chance(world, 3))
        whim(world, &view);
    else
        drive(world, &view);
}
