/* Whom a rehearsal may be aimed at: this machine, or the one host that its operator named twice. */
#ifndef JINGDA_REHEARSE_TARGET_H
#define JINGDA_REHEARSE_TARGET_H

#include <netinet/in.h>
#include <stdbool.h>

struct rehearse_target {
    struct sockaddr_in address;
    bool is_loopback;
};

/* Looks `host` up. Refused unless every address it has is a loopback address, or `allowed` (may be NULL) is that very
 * host; and where it has no IPv4 address. `why`: a fixed sentence where refused, else NULL. */
bool rehearse_target_find(struct rehearse_target *target, const char *host, uint16_t port, const char *allowed,
    const char **why) __attribute__((warn_unused_result));

/* Where resident `index` comes from on loopback: 127.1.0.1 and on, 250 residents on each, so that neither the ports of
 * one address nor a server's limit for one address is reached. */
struct sockaddr_in rehearse_source(uint32_t index);

#endif
