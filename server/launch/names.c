/* Role: under which names we are reached. Input: options, this machine's addresses. Output: URLs and origins.
 * Leaves to others: whether a name leads here. Behind a name of one's own (--host) the bare addresses still work: an
 * office tries things out by address. */
#include "launch/names.h"

#include "base/expect.h"
#include "launch/place.h"

#include <stdio.h>
#include <string.h>

#define HTTPS_PORT 443

static void write_url(char url[NAMES_URL_SIZE], const char *host, uint32_t port)
{
    bool is_six = strchr(host, ':') != NULL;
    const char *open = is_six ? "[" : "", *close = is_six ? "]" : "";
    int size = port == HTTPS_PORT ? snprintf(url, NAMES_URL_SIZE, "https://%s%s%s", open, host, close)
                                  : snprintf(url, NAMES_URL_SIZE, "https://%s%s%s:%u", open, host, close, port);
    expect(size > 0 && size < NAMES_URL_SIZE);
}

static void allow(char origins[ROLE_ORIGINS_MAX][NAMES_URL_SIZE], const char *host, uint32_t port)
{
    char url[NAMES_URL_SIZE];
    write_url(url, host, port);
    for (int i = 0; i < ROLE_ORIGINS_MAX; i++) {
        if (strcmp(origins[i], url) == 0) return;
        if (origins[i][0]) continue;
        memcpy(origins[i], url, sizeof url);
        return;
    }
}

static bool is_any(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

void names_choose(struct names *names, const struct launch_options *options)
{
    *names = (struct names){0};
    char addresses[PLACE_ADDRESSES_MAX][PLACE_ADDRESS_SIZE];
    uint32_t count = place_addresses(addresses);

    const char *host = options->host;
    if (!host[0] && is_loopback(options->address)) host = "localhost";
    if (!host[0] && !is_any(options->address)) host = options->address;
    if (!host[0]) host = count > 0 ? addresses[0] : "localhost";
    const char *desk = is_loopback(options->desk_address) ? "localhost"
                       : is_any(options->desk_address)    ? host
                                                          : options->desk_address;
    write_url(names->residents, host, options->port);
    write_url(names->desk, desk, options->desk_port);

    const char *always[] = {host, desk, "localhost", "127.0.0.1"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        allow(names->residents_origins, always[i], options->port);
        allow(names->desk_origins, always[i], options->desk_port);
    }
    for (uint32_t i = 0; i < count; i++) {
        allow(names->residents_origins, addresses[i], options->port);
        allow(names->desk_origins, addresses[i], options->desk_port);
    }
}

void names_give(struct role *role, const char origins[ROLE_ORIGINS_MAX][NAMES_URL_SIZE])
{
    for (int i = 0; i < ROLE_ORIGINS_MAX; i++)
        role->origins[i] = origins[i][0] ? origins[i] : NULL;
}
