/* The bus: bounded messages between the core and its siblings, in order, over channels that can break. One interface,
 * one file for each implementation: unix.c (sockets on one machine), memory.c (the simulation and the scenario tests).
 *
 * A channel that breaks is gone: what was not delivered is lost, and whoever spoke must say again what matters. A
 * channel whose peer does not read is closed when BUS_QUEUE_MAX bytes wait. */
#ifndef JINGDA_BUS_BUS_H
#define JINGDA_BUS_BUS_H

#include "base/bytes.h"
#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct bus;
struct bus_channel;

/* What kind of sibling is at the other end; known from the listener it came in by, never from what it says. */
enum bus_peer { BUS_PEER_CORE, BUS_PEER_EDGE, BUS_PEER_DESK };

/* Called from bus_pump. `context` is what bus_open was given; a handler may send and close. */
struct bus_handlers {
    void *context;
    void (*opened)(void *context, struct bus_channel *channel, enum bus_peer peer);
    void (*message)(void *context, struct bus_channel *channel, struct span message);
    void (*closed)(void *context, struct bus_channel *channel); /* not after our own bus_close */
};

/* The five things an implementation does. */
struct bus_ops {
    bool (*send)(struct bus_channel *channel, struct span message);
    void (*close)(struct bus_channel *channel);
    void (*pump)(struct bus *bus, uint32_t messages_max);
    int (*descriptor)(struct bus *bus); /* readable when pump has work; -1: none */
    void (*destroy)(struct bus *bus);
};

struct bus {
    const struct bus_ops *ops;
    struct bus_handlers handlers;
};

struct bus_channel {
    struct bus *bus;
    enum bus_peer peer;
    void *owner; /* the user's, for anything */
};

/* Queues a message of at most BUS_MESSAGE_MAX bytes. False: too large, or the channel broke (closed follows from pump).
 */
static inline bool bus_send(struct bus_channel *channel, struct span message)
{
    return channel->bus->ops->send(channel, message);
}
static inline void bus_close(struct bus_channel *channel)
{
    channel->bus->ops->close(channel);
}
/* Reads and writes what can be without waiting, handing over at most `messages_max` messages. */
static inline void bus_pump(struct bus *bus, uint32_t messages_max)
{
    bus->ops->pump(bus, messages_max);
}
static inline int bus_descriptor(struct bus *bus)
{
    return bus->ops->descriptor(bus);
}
static inline void bus_destroy(struct bus *bus)
{
    if (bus) bus->ops->destroy(bus);
}

/* unix.c: the core's side takes listening descriptors (inherited from launch), one for each kind of sibling. A peer of
 * another user than `peer_uid` (or our own) is refused. */
struct bus_unix_listener {
    int descriptor;
    enum bus_peer peer;
    uint32_t peer_uid;
};
struct bus *bus_unix_listen(
    const struct bus_unix_listener *listeners, uint32_t count, const struct bus_handlers *handlers);
/* The sibling's side: connects to `address` (an abstract name without the leading zero) and keeps trying, at each pump,
 * at most each 50 ms of `clock_monotonic_ms`. */
struct bus *bus_unix_connect(const char *address, const struct bus_handlers *handlers);
/* For launch: a listening socket under an abstract name. -1 on failure. */
int bus_unix_bind(const char *address);

#endif
