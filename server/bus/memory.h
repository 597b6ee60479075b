/* The bus inside one process, for the simulation and the scenario tests: nothing moves unless the test says so, and the
 * same calls give the same deliveries. A hub has one core's end and any number of siblings' ends; each open channel is
 * a link, with one queue of undelivered messages toward each end.
 *
 * A test either pumps the ends (whole queues, in the order in which the links were made) or hands over single messages
 * with bus_memory_deliver. There is no descriptor: bus_descriptor is -1. */
#ifndef JINGDA_BUS_MEMORY_H
#define JINGDA_BUS_MEMORY_H

#include "bus/bus.h"

struct bus_memory_hub;
struct bus_memory_link;

struct bus_memory_hub *bus_memory_hub_create(void);
/* After both kinds of ends are destroyed. Takes NULL. */
void bus_memory_hub_destroy(struct bus_memory_hub *hub);

/* The core's end; one at a time. When it is destroyed (the core was killed) its links break. */
struct bus *bus_memory_listen(struct bus_memory_hub *hub, const struct bus_handlers *handlers);
/* A sibling's end: tries to connect at each of its pumps while it has no link. `peer` is what the core sees it as. */
struct bus *bus_memory_connect(struct bus_memory_hub *hub, enum bus_peer peer, const struct bus_handlers *handlers);

enum bus_memory_way { BUS_MEMORY_TO_CORE, BUS_MEMORY_TO_SIBLING };

/* The link of a sibling's end; NULL while it has none. Invalid once it is broken. */
struct bus_memory_link *bus_memory_link(struct bus *sibling);
/* Messages that wait to be handed over. */
uint32_t bus_memory_waiting(const struct bus_memory_link *link, enum bus_memory_way way);
/* Hands over the oldest waiting message, held or not. False: none waits. */
bool bus_memory_deliver(struct bus_memory_link *link, enum bus_memory_way way);
/* While held, pumping hands nothing over this way: a delay for as long as the test wants. */
void bus_memory_hold(struct bus_memory_link *link, enum bus_memory_way way, bool is_held);
/* Breaks the channel: what waits is lost, and both ends are told at their next pump. */
void bus_memory_break(struct bus_memory_link *link);
/* While refused, a sibling's end does not connect again: the network is cut. */
void bus_memory_refuse(struct bus *sibling, bool is_refused);

#endif
