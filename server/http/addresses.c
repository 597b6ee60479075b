/* Role: connections counted for each address. Input: who comes and goes. Output: whether one more is too many.
 * Leaves to others: what to do with it. Open addressing with linear probing, at most half full; leaving closes the gap,
 * so that nothing degrades over a month. */
#include "http/addresses.h"

#include "base/expect.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct place {
    struct address address;
    uint32_t count; /* 0: free */
};

struct addresses {
    uint64_t seed;
    uint32_t mask, used;
    struct place places[];
};

struct address address_of(const struct sockaddr *peer)
{
    struct address address = {0};
    if (peer->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)peer;
        address.low = ntohl(in->sin_addr.s_addr);
        address.high = 4;
    } else if (peer->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)peer;
        const uint8_t *bytes = in6->sin6_addr.s6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            uint32_t four;
            memcpy(&four, bytes + 12, sizeof four);
            address.low = ntohl(four);
            address.high = 4;
        } else {
            memcpy(&address.low, bytes, 8);
            address.high = 6;
        }
    }
    return address;
}

struct addresses *addresses_create(uint32_t connections_max, uint64_t seed)
{
    uint32_t size = 16;
    while (size < 2 * (uint64_t)connections_max)
        size *= 2;
    struct addresses *addresses = calloc(1, sizeof *addresses + size * sizeof addresses->places[0]);
    if (!addresses) return NULL;
    addresses->mask = size - 1;
    addresses->seed = seed;
    return addresses;
}

void addresses_destroy(struct addresses *addresses)
{
    free(addresses);
}

/* Two rounds of multiply and fold under a secret seed: nobody can aim at one place. */
static uint32_t place_of(const struct addresses *addresses, struct address address)
{
    uint64_t x = (address.low ^ addresses->seed) * 0x9e3779b97f4a7c15u;
    x ^= (x >> 32) ^ address.high ^ (addresses->seed << 1);
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 29;
    return (uint32_t)x & addresses->mask;
}

static bool is_same(struct address a, struct address b)
{
    return a.high == b.high && a.low == b.low;
}

static uint32_t find(const struct addresses *addresses, struct address address)
{
    uint32_t at = place_of(addresses, address);
    while (addresses->places[at].count > 0 && !is_same(addresses->places[at].address, address))
        at = (at + 1) & addresses->mask;
    return at;
}

uint32_t addresses_count(const struct addresses *addresses, struct address address)
{
    return addresses->places[find(addresses, address)].count;
}

bool addresses_enter(struct addresses *addresses, struct address address, uint32_t max)
{
    struct place *place = &addresses->places[find(addresses, address)];
    if (max > 0 && place->count >= max) return false;
    if (place->count == 0) {
        if (addresses->used > addresses->mask / 2) return false;
        addresses->used++;
        place->address = address;
    }
    place->count++;
    return true;
}

void addresses_leave(struct addresses *addresses, struct address address)
{
    uint32_t gap = find(addresses, address);
    struct place *places = addresses->places;
    expect(places[gap].count > 0);
    if (--places[gap].count > 0) return;
    addresses->used--;
    for (uint32_t at = (gap + 1) & addresses->mask; places[at].count > 0; at = (at + 1) & addresses->mask) {
        uint32_t home = place_of(addresses, places[at].address);
        bool may_move = ((at - home) & addresses->mask) >= ((at - gap) & addresses->mask);
        if (!may_move) continue;
        places[gap] = places[at];
        places[at].count = 0;
        gap = at;
    }
}
