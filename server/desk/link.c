/* Role: the desk's end of the bus. Input: the core's messages. Output: rounds told, commands done; what the desk sends.
 * Leaves to others: the messages' bytes (protocol/desk_core.c), reconnecting (bus/). */
#include "base/log.h"
#include "desk/inside.h"
#include "protocol/edge_core.h"

#define PUMP_MESSAGES_MAX 256

bool link_send(struct desk *desk, const struct writer *w)
{
    return w->ok && desk->link.channel && bus_send(desk->link.channel, (struct span){w->data, w->size});
}

static void opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct desk *desk = context;
    (void)peer;
    desk->link.channel = channel;
    struct writer w = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    desk_hello_encode(&w, &(struct desk_hello){.version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION});
    (void)link_send(desk, &w);
}

static void closed(void *context, struct bus_channel *channel)
{
    struct desk *desk = context;
    if (desk->link.channel != channel) return;
    if (desk->link.is_up) log_warning("the core is away");
    desk->link.channel = NULL;
    desk->link.is_up = desk->link.has_health = false;
    commands_expire(desk, true);
    desk_rounds_core_lost(desk);
}

static bool take_welcome(struct desk *desk, struct span message)
{
    struct core_desk_welcome welcome;
    if (!core_desk_welcome_decode(message, &welcome)) return false;
    if (welcome.version < BUS_VERSION_MIN || welcome.version > BUS_VERSION) return false;
    if (welcome.term < desk->link.term) return false; /* a core that was replaced */
    desk->link.term = welcome.term;
    desk->link.is_up = true;
    log_info("the core is there, term %llu", (unsigned long long)welcome.term);
    desk_rounds_changed(desk);
    return true;
}

/* What a page shows of it, so that a commit of 2.1 instead of 2.2 ms wakes nobody. */
static bool shows_same(const struct core_health *a, const struct core_health *b)
{
    return a->edges_up == b->edges_up && a->edges_expected == b->edges_expected && a->screens == b->screens &&
           a->is_disk_full == b->is_disk_full && (a->commit_us + 500) / 1000 == (b->commit_us + 500) / 1000;
}

static bool take_health(struct desk *desk, struct span message)
{
    struct core_health health;
    if (!core_health_decode(message, &health)) return false;
    bool is_same = desk->link.has_health && shows_same(&health, &desk->link.health);
    desk->link.health = health;
    desk->link.has_health = true;
    if (!is_same) desk_rounds_changed(desk);
    return true;
}

static bool take_status(struct desk *desk, struct span message)
{
    struct core_status status;
    if (!core_status_decode(message, &status)) return false;
    desk_round_told(desk, &status);
    return true;
}

static bool take_done(struct desk *desk, struct span message)
{
    struct core_done done;
    if (!core_done_decode(message, &done)) return false;
    command_done(desk, &done);
    return true;
}

void link_message(struct desk *desk, struct span message)
{
    uint16_t kind = message_kind(message);
    bool is_whole = true;
    if (kind != CORE_DESK_WELCOME && !desk->link.is_up) return;
    switch (kind) {
    case CORE_DESK_WELCOME: is_whole = take_welcome(desk, message); break;
    case CORE_DONE: is_whole = take_done(desk, message); break;
    case CORE_STATUS: is_whole = take_status(desk, message); break;
    case CORE_HEALTH: is_whole = take_health(desk, message); break;
    default: break; /* newer than we are: skipped */
    }
    if (is_whole || !desk->link.channel) return;
    struct bus_channel *channel = desk->link.channel;
    log_error("the core said something that cannot be read (kind %u): the channel is closed", kind);
    closed(desk, channel);
    bus_close(channel);
}

static void on_message(void *context, struct bus_channel *channel, struct span message)
{
    (void)channel;
    link_message(context, message);
}

bool link_start(struct desk *desk)
{
    struct bus_handlers handlers = {.context = desk, .opened = opened, .message = on_message, .closed = closed};
    desk->link.bus = bus_unix_connect(desk->options->bus_address, &handlers);
    return desk->link.bus != NULL;
}

void link_pump(struct desk *desk)
{
    bus_pump(desk->link.bus, PUMP_MESSAGES_MAX);
}
