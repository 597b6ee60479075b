/* Role: holds a crowd to the machine it is meant for. Input: a host's name. Output: an address, or a refusal.
 * Leaves to others: connecting. */
#include "rehearse/target.h"

#include <netdb.h>
#include <string.h>

#define RESIDENTS_FOR_EACH_SOURCE 250

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

bool rehearse_target_find(
    struct rehearse_target *target, const char *host, uint16_t port, const char *allowed, const char **why)
{
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    *why = NULL;
    if (getaddrinfo(host, NULL, &wanted, &found) != 0) {
        *why = "no such host";
        return false;
    }
    bool is_every_loopback = true, has_address = false;
    for (const struct addrinfo *each = found; each; each = each->ai_next) {
        if (!is_loopback(each->ai_addr)) is_every_loopback = false;
        if (each->ai_family != AF_INET || has_address) continue;
        memcpy(&target->address, each->ai_addr, sizeof target->address);
        has_address = true;
    }
    freeaddrinfo(found);
    bool is_named = allowed && strcmp(allowed, host) == 0;
    if (!has_address)
        *why = "it has no IPv4 address";
    else if (!is_every_loopback && !is_named)
        *why = "not this machine: a rehearsal goes to loopback, or to the host that --host-allowed names too";
    target->address.sin_port = htons(port);
    target->is_loopback = is_every_loopback;
    return *why == NULL;
}

struct sockaddr_in rehearse_source(uint32_t index)
{
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl((127u << 24 | 1u << 16) + 1 + index / RESIDENTS_FOR_EACH_SOURCE);
    return source;
}
