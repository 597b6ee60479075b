/* The host's side: creates the round of the script and says its commands to the core, as the desk does. */
#include "scenario/stage.h"

#include "base/expect.h"
#include "protocol/desk_core.h"

#include <stdio.h>
#include <string.h>

static uint8_t room[BUS_MESSAGE_MAX];

static void send(struct stage *stage, const struct writer *w)
{
    expect(w->ok);
    if (stage->host) (void)bus_send(stage->host, (struct span){w->data, w->size});
}

static void opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct stage *stage = context;
    struct desk_hello hello = {.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION};
    struct writer w = writer_over(room, sizeof room);
    (void)peer;
    stage->host = channel;
    desk_hello_encode(&w, &hello);
    send(stage, &w);
}

static void closed(void *context, struct bus_channel *channel)
{
    (void)channel;
    ((struct stage *)context)->host = NULL;
}

static void message(void *context, struct bus_channel *channel, struct span bytes)
{
    struct stage *stage = context;
    struct core_done done;
    (void)channel;
    if (message_kind(bytes) != CORE_DONE) return;
    expect(core_done_decode(bytes, &done));
    if (done.error == COMMAND_DONE && !stage->round) {
        stage->round = done.round;
        stage->code = done.code;
    }
    if (done.error != COMMAND_DONE) stage_note(stage, "host < %s", command_error_name(done.error));
}

void host_start(struct stage *stage)
{
    struct bus_handlers handlers = {.context = stage, .opened = opened, .message = message, .closed = closed};
    stage->host_bus = bus_memory_connect(stage->hub, BUS_PEER_DESK, &handlers);
}

void host_creates(struct stage *stage)
{
    static const char communities[] = "武昌府社区\0东湖社区";
    struct desk_create head = {.id = ++stage->host_ids,
        .actor = 1,
        .title = span_of_text("科学素养竞答"),
        .unit = span_of_text("区科协"),
        .rules = stage->rules,
        .askings_count = (uint16_t)stage->askings_count,
        .communities = {(const uint8_t *)communities, sizeof communities}};
    struct writer w = writer_over(room, sizeof room);
    desk_create_encode(&w, &head);
    for (unsigned i = 0; i < stage->askings_count; i++) {
        const struct asking_rules *asking = &stage->askings[i];
        struct question question = {.kind = asking->kind, .options_count = asking->options_count, .key = asking->key};
        snprintf(question.text, sizeof question.text, "题目 %u", i + 1);
        for (unsigned k = 0; k < question.options_count; k++)
            snprintf(question.options[k], sizeof question.options[k], "选项 %c", 'A' + (int)k);
        desk_question_encode(&w, asking, &question);
    }
    send(stage, &w);
}

void host_says(struct stage *stage, enum control_kind kind, uint16_t asking, uint32_t participant, uint32_t value)
{
    struct desk_command command = {.id = ++stage->host_ids,
        .control = {.kind = kind,
            .round = stage->round,
            .asking = asking,
            .participant = participant,
            .value = value,
            .actor = 1}};
    struct writer w = writer_over(room, sizeof room);
    desk_command_encode(&w, &command);
    send(stage, &w);
}
