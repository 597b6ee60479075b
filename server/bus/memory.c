/* Role: the bus inside one process; nothing moves unless the test says so.
 * Input: messages, and what the test does to the links. Output: the same handler calls as over unix.c.
 * Leaves to others: choosing the order (the simulation's seeds do that). */
#include "bus/memory.h"

#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

struct letter {
    struct letter *next;
    size_t size;
    uint8_t bytes[];
};

struct letters {
    struct letter *first, **last;
    uint32_t count;
    size_t bytes;
    bool is_held;
};

/* One end's view of a link; what its user sees as the channel. */
struct end {
    struct bus_channel base;
    struct bus_memory_link *link;
    bool is_told;   /* `opened` has been called */
    bool is_closed; /* by its user, who hears nothing more */
};

struct bus_memory_link {
    struct bus_memory_link *next;
    struct memory_bus *core, *sibling; /* NULL: that end is destroyed */
    struct end core_end, sibling_end;
    struct letters to_core, to_sibling;
    bool is_broken;
    bool core_knows, sibling_knows; /* of the break */
};

struct memory_bus {
    struct bus base;
    struct bus_memory_hub *hub;
    bool is_core;
    bool is_refused;
    enum bus_peer peer;
};

struct bus_memory_hub {
    struct memory_bus *core;
    struct bus_memory_link *links; /* in the order in which they were made */
};

static struct memory_bus *bus_of(struct bus *bus)
{
    return (struct memory_bus *)bus;
}
static struct end *end_of(struct bus_channel *channel)
{
    return (struct end *)channel;
}

static void letters_clear(struct letters *letters)
{
    while (letters->first) {
        struct letter *letter = letters->first;
        letters->first = letter->next;
        free(letter);
    }
    letters->last = &letters->first;
    letters->count = 0;
    letters->bytes = 0;
}

static struct letters *letters_of(struct bus_memory_link *link, enum bus_memory_way way)
{
    return way == BUS_MEMORY_TO_CORE ? &link->to_core : &link->to_sibling;
}

static void break_link(struct bus_memory_link *link)
{
    link->is_broken = true;
    letters_clear(&link->to_core);
    letters_clear(&link->to_sibling);
}

/* ---- what a user of the bus calls ---- */

static bool memory_send(struct bus_channel *channel, struct span message)
{
    struct end *end = end_of(channel);
    struct bus_memory_link *link = end->link;
    if (link->is_broken || end->is_closed) return false;
    if (message.size == 0 || message.size > BUS_MESSAGE_MAX) return false;
    struct letters *letters = end == &link->core_end ? &link->to_sibling : &link->to_core;
    if (letters->bytes + message.size > BUS_QUEUE_MAX) {
        break_link(link);
        return false;
    }
    struct letter *letter = malloc(sizeof *letter + message.size);
    expect(letter != NULL);
    letter->next = NULL;
    letter->size = message.size;
    memcpy(letter->bytes, message.data, message.size);
    *letters->last = letter;
    letters->last = &letter->next;
    letters->count++;
    letters->bytes += message.size;
    return true;
}

static void memory_close(struct bus_channel *channel)
{
    struct end *end = end_of(channel);
    end->is_closed = true;
    break_link(end->link);
}

static void tell_opened(struct memory_bus *bus, struct end *end)
{
    if (end->is_told || end->is_closed) return;
    end->is_told = true;
    const struct bus_handlers *handlers = &bus->base.handlers;
    if (handlers->opened) handlers->opened(handlers->context, &end->base, end->base.peer);
}

static void tell_closed(struct memory_bus *bus, struct end *end)
{
    const struct bus_handlers *handlers = &bus->base.handlers;
    if (end->is_told && !end->is_closed && handlers->closed) handlers->closed(handlers->context, &end->base);
    end->is_closed = true;
}

bool bus_memory_deliver(struct bus_memory_link *link, enum bus_memory_way way)
{
    struct letters *letters = letters_of(link, way);
    struct memory_bus *bus = way == BUS_MEMORY_TO_CORE ? link->core : link->sibling;
    struct end *end = way == BUS_MEMORY_TO_CORE ? &link->core_end : &link->sibling_end;
    if (!letters->first || !bus) return false;

    struct letter *letter = letters->first;
    letters->first = letter->next;
    if (!letters->first) letters->last = &letters->first;
    letters->count--;
    letters->bytes -= letter->size;

    tell_opened(bus, end);
    if (!end->is_closed) {
        struct span message = {letter->bytes, letter->size};
        bus->base.handlers.message(bus->base.handlers.context, &end->base, message);
    }
    free(letter);
    return true;
}

static struct bus_memory_link *link_of(const struct memory_bus *sibling)
{
    for (struct bus_memory_link *link = sibling->hub->links; link; link = link->next)
        if (link->sibling == sibling && !link->is_broken) return link;
    return NULL;
}

static void try_connect(struct memory_bus *sibling)
{
    struct bus_memory_hub *hub = sibling->hub;
    if (!hub->core || sibling->is_refused || link_of(sibling)) return;
    struct bus_memory_link *link = calloc(1, sizeof *link);
    expect(link != NULL);
    link->core = hub->core;
    link->sibling = sibling;
    link->core_end = (struct end){.base = {.bus = &hub->core->base, .peer = sibling->peer}, .link = link};
    link->sibling_end = (struct end){.base = {.bus = &sibling->base, .peer = BUS_PEER_CORE}, .link = link};
    letters_clear(&link->to_core);
    letters_clear(&link->to_sibling);
    struct bus_memory_link **at = &hub->links;
    while (*at)
        at = &(*at)->next;
    *at = link;
}

/* Frees links that both ends know to be broken. */
static void sweep(struct bus_memory_hub *hub)
{
    for (struct bus_memory_link **at = &hub->links; *at;) {
        struct bus_memory_link *link = *at;
        bool core_is_done = link->core_knows || !link->core;
        bool sibling_is_done = link->sibling_knows || !link->sibling;
        if (link->is_broken && core_is_done && sibling_is_done) {
            *at = link->next;
            letters_clear(&link->to_core);
            letters_clear(&link->to_sibling);
            free(link);
        } else {
            at = &link->next;
        }
    }
}

static void memory_pump(struct bus *base, uint32_t messages_max)
{
    struct memory_bus *bus = bus_of(base);
    enum bus_memory_way way = bus->is_core ? BUS_MEMORY_TO_CORE : BUS_MEMORY_TO_SIBLING;
    if (!bus->is_core) try_connect(bus);

    for (struct bus_memory_link *link = bus->hub->links; link; link = link->next) {
        if ((bus->is_core ? link->core : link->sibling) != bus) continue;
        struct end *end = bus->is_core ? &link->core_end : &link->sibling_end;
        bool *knows = bus->is_core ? &link->core_knows : &link->sibling_knows;
        if (!link->is_broken) tell_opened(bus, end);
        /* Only what waited when it began: two ends in conversation would never let the pump end. */
        struct letters *letters = letters_of(link, way);
        for (uint32_t left = letters->count; left > 0 && messages_max > 0 && !letters->is_held; left--) {
            if (!bus_memory_deliver(link, way)) break;
            messages_max--;
        }
        if (link->is_broken && !*knows) {
            *knows = true;
            tell_closed(bus, end);
        }
    }
    sweep(bus->hub);
}

static int memory_descriptor(struct bus *bus)
{
    (void)bus;
    return -1;
}

static void memory_destroy(struct bus *base)
{
    struct memory_bus *bus = bus_of(base);
    struct bus_memory_hub *hub = bus->hub;
    for (struct bus_memory_link *link = hub->links; link; link = link->next) {
        if (link->core != bus && link->sibling != bus) continue;
        break_link(link);
        if (link->core == bus) link->core = NULL;
        if (link->sibling == bus) link->sibling = NULL;
    }
    if (hub->core == bus) hub->core = NULL;
    sweep(hub);
    free(bus);
}

static const struct bus_ops memory_ops = {memory_send, memory_close, memory_pump, memory_descriptor, memory_destroy};

/* ---- what the test calls ---- */

struct bus_memory_hub *bus_memory_hub_create(void)
{
    return calloc(1, sizeof(struct bus_memory_hub));
}

void bus_memory_hub_destroy(struct bus_memory_hub *hub)
{
    if (!hub) return;
    expect(!hub->core && !hub->links);
    free(hub);
}

static struct memory_bus *create(struct bus_memory_hub *hub, const struct bus_handlers *handlers)
{
    struct memory_bus *bus = calloc(1, sizeof *bus);
    expect(bus != NULL);
    bus->base.ops = &memory_ops;
    bus->base.handlers = *handlers;
    bus->hub = hub;
    return bus;
}

struct bus *bus_memory_listen(struct bus_memory_hub *hub, const struct bus_handlers *handlers)
{
    expect(!hub->core);
    struct memory_bus *bus = create(hub, handlers);
    bus->is_core = true;
    hub->core = bus;
    return &bus->base;
}

struct bus *bus_memory_connect(struct bus_memory_hub *hub, enum bus_peer peer, const struct bus_handlers *handlers)
{
    struct memory_bus *bus = create(hub, handlers);
    bus->peer = peer;
    return &bus->base;
}

struct bus_memory_link *bus_memory_link(struct bus *sibling)
{
    return link_of(bus_of(sibling));
}

uint32_t bus_memory_waiting(const struct bus_memory_link *link, enum bus_memory_way way)
{
    return way == BUS_MEMORY_TO_CORE ? link->to_core.count : link->to_sibling.count;
}

void bus_memory_hold(struct bus_memory_link *link, enum bus_memory_way way, bool is_held)
{
    letters_of(link, way)->is_held = is_held;
}

void bus_memory_break(struct bus_memory_link *link)
{
    break_link(link);
}

void bus_memory_refuse(struct bus *sibling, bool is_refused)
{
    bus_of(sibling)->is_refused = is_refused;
}
