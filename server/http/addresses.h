/* How many connections each address holds, counted before TLS costs anything. An IPv4 address, or an IPv6 network of 64
 * bits (what one subscriber gets). Sized once; a lookup is one probe or two. */
#ifndef JINGDA_HTTP_ADDRESSES_H
#define JINGDA_HTTP_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct addresses;

struct address {
    uint64_t high, low;
};

struct address address_of(const struct sockaddr *peer);

/* Room for `connections_max` different ones. `seed` makes the placing unforeseeable. NULL without memory. */
struct addresses *addresses_create(uint32_t connections_max, uint64_t seed);
void addresses_destroy(struct addresses *addresses);
/* Counts one more. False, and not counted, where it already has `max` (0: no limit). */
bool addresses_enter(struct addresses *addresses, struct address address, uint32_t max);
void addresses_leave(struct addresses *addresses, struct address address);
uint32_t addresses_count(const struct addresses *addresses, struct address address);

#endif
