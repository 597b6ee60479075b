/* The simulated host: creates the round and drives it, with every command that the desk has, some at the wrong moment.
 */
#include "simulation/world.h"

#include "base/expect.h"
#include "protocol/desk_core.h"

#include <stdio.h>
#include <string.h>

static uint8_t room[BUS_MESSAGE_MAX];

static const char *const control_words[] = {"?", "round opened", "open", "extend", "close", "score", "reveal", "void",
    "reopen", "pause", "resume", "lock", "names", "pace", "remove", "rename", "scene", "end"};

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
    for (unsigned i = 0; i < world->games_count; i++) {
        struct game *game = &world->games[i];
        if (game->is_created || game->create_id != done.id || done.error != COMMAND_DONE) continue;
        game->is_created = true;
        game->round = done.round;
        game->code = done.code;
    }
}

void host_start(struct world *world)
{
    struct bus_handlers handlers = {.context = world, .opened = opened, .message = message, .closed = closed};
    world->host_bus = bus_memory_connect(world->hub, BUS_PEER_DESK, &handlers);
}

static void create(struct world *world, struct game *game)
{
    static const char communities[] = "武昌府社区\0东湖社区";
    struct desk_create head = {.id = ++world->host_ids,
        .actor = 1,
        .title = span_of_text("模拟"),
        .unit = span_of_text("协会"),
        .rules = game->rules,
        .askings_count = WORLD_ASKINGS,
        .communities = {(const uint8_t *)communities, sizeof communities}};
    struct writer w = writer_over(room, sizeof room);
    desk_create_encode(&w, &head);
    for (unsigned i = 0; i < WORLD_ASKINGS; i++) {
        struct question question = {.kind = game->askings[i].kind,
            .options_count = game->askings[i].options_count,
            .key = game->askings[i].key};
        snprintf(question.text, sizeof question.text, "题目 %u", i + 1);
        for (unsigned k = 0; k < question.options_count; k++)
            snprintf(question.options[k], sizeof question.options[k], "选项 %u", k + 1);
        desk_question_encode(&w, &game->askings[i], &question);
    }
    send(world, &w);
    game->create_id = head.id;
    game->host_at_ms = world->now_ms + 3000;
}

/* One round after the other: the records have them in this order. A core that died before it answered may have made the
 * round all the same: then it is found there. */
static void create_next(struct world *world, struct game *game)
{
    unsigned index = (unsigned)(game - world->games);
    if (index > 0 && !world->games[index - 1].is_created) return;
    if (world->memory->rounds_durable <= index) {
        create(world, game);
        return;
    }
    game->is_created = true;
    game->round = world->memory->rounds[index]->record.round;
    game->code = world->memory->rounds[index]->record.code;
}

static void command(struct world *world, const struct game *game, enum control_kind kind, uint16_t asking,
    uint32_t participant, uint32_t value)
{
    struct desk_command message = {.id = ++world->host_ids,
        .control = {.kind = kind,
            .round = game->round,
            .asking = asking,
            .participant = participant,
            .value = value,
            .actor = 1}};
    struct writer w = writer_over(room, sizeof room);
    world_trace(world, "host says %s of round %u, asking %u participant %d value %u", control_words[kind], game->round,
        asking, participant == PARTICIPANT_NONE ? -1 : (int)participant, value);
    desk_command_encode(&w, &message);
    send(world, &w);
}

/* Something that is not needed to go on. */
static void whim(struct world *world, const struct game *game, const struct round_view *view)
{
    struct random *random = &world->random;
    switch (random_below(random, 11)) {
    case 0: command(world, game, CONTROL_PAUSED, 0, PARTICIPANT_NONE, 0); break;
    case 1: command(world, game, CONTROL_NAMES_HIDDEN, 0, PARTICIPANT_NONE, random_below(random, 2)); break;
    case 2: command(world, game, CONTROL_SCENE, 0, PARTICIPANT_NONE, random_below(random, 2)); break;
    case 3: command(world, game, CONTROL_ASKING_EXTENDED, view->asking, PARTICIPANT_NONE, view->limit_ms + 2000); break;
    case 4: command(world, game, CONTROL_ASKING_CLOSED, view->asking, PARTICIPANT_NONE, 1); break;
    case 5:
        if (world_chance(world, 6))
            command(world, game, CONTROL_ASKING_VOIDED, (uint16_t)(1 + random_below(random, WORLD_ASKINGS)),
                PARTICIPANT_NONE, 0);
        break;
    case 6:
        if (world_chance(world, 6)) command(world, game, CONTROL_REMOVED, 0, random_below(random, RESIDENTS), 0);
        break;
    case 7: command(world, game, CONTROL_ASKING_REVEALED, view->asking, PARTICIPANT_NONE, 0); break;
    case 8: command(world, game, CONTROL_ASKING_OPENED, (uint16_t)(view->asking + 1), PARTICIPANT_NONE, 0); break;
    case 9: command(world, game, CONTROL_PACE, 0, PARTICIPANT_NONE, random_below(random, 2)); break;
    case 10: command(world, game, CONTROL_LOCKED, 0, PARTICIPANT_NONE, world_chance(world, 8)); break;
    }
}

static void drive(struct world *world, const struct game *game, const struct round_view *view)
{
    if (view->is_paused) {
        command(world, game, CONTROL_RESUMED, 0, PARTICIPANT_NONE, 0);
        return;
    }
    switch (view->phase) {
    case PHASE_LOBBY: command(world, game, CONTROL_ASKING_OPENED, 1, PARTICIPANT_NONE, 0); break;
    case PHASE_OPEN:
    case PHASE_CLOSING: break; /* time closes it */
    case PHASE_CLOSED: command(world, game, CONTROL_ASKING_REVEALED, view->asking, PARTICIPANT_NONE, 0); break;
    case PHASE_REVEALED:
        if (view->asking < WORLD_ASKINGS)
            command(world, game, CONTROL_ASKING_OPENED, (uint16_t)(view->asking + 1), PARTICIPANT_NONE, 0);
        else
            command(world, game, CONTROL_ROUND_ENDED, 0, PARTICIPANT_NONE, 0);
        break;
    case PHASE_ENDED: break;
    }
}

static void act(struct world *world, struct game *game)
{
    struct round_view view;
    if (world->now_ms < game->host_at_ms) return;
    game->host_at_ms = world->now_ms + 300 + random_below(&world->random, 1500);
    if (!game->is_created) {
        create_next(world, game);
        return;
    }
    if (!world->is_core_up || !engine_round_view(turn_engine(world->turn), game->round, &view)) return;
    if (!world->is_calm && world_chance(world, 3))
        whim(world, game, &view);
    else
        drive(world, game, &view);
}

void host_act(struct world *world)
{
    bus_pump(world->host_bus, 100);
    for (unsigned i = 0; world->host && i < world->games_count; i++)
        act(world, &world->games[i]);
}
