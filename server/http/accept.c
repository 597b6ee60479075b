/* Role: connections, from the listening socket to libwebsockets, and their end.
 * Input: the shared listener, deadlines. Output: adopted connections; cut ones.
 * Leaves to others: TLS and all that is spoken.
 *
 * libwebsockets' own listener spins when descriptors run out and counts nobody; so we accept, in short bursts (the
 * listener is shared by all edges, and those that are full stop watching it), and hand over what may stay. */
#include "http/connection.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#define KEEPALIVE_IDLE_S  60
#define KEEPALIVE_EVERY_S 15
#define KEEPALIVE_TRIES   4
#define UNANSWERED_MAX_MS 45000 /* written, and not acknowledged by the peer's kernel */

static void on_listener(uv_poll_t *watch, int status, int events);

static void watch_listener(struct http_server *server, bool accepts)
{
    if (server->accepts == accepts) return;
    server->accepts = accepts;
    if (accepts)
        uv_poll_start(&server->listener_watch, UV_READABLE, on_listener);
    else
        uv_poll_stop(&server->listener_watch);
}

/* The kernel watches the living: it needs no timer and no record of ours. */
static void set_up_socket(int descriptor)
{
    const struct {
        int level, name, value;
    } settings[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1},
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S},
        {IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S},
        {IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_TRIES},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MAX_MS},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (setsockopt(descriptor, settings[i].level, settings[i].name, &settings[i].value, sizeof(int)) < 0)
            log_debug("socket option %d: errno %d", settings[i].name, errno);
}

static void adopt(struct http_server *server, int descriptor, struct address address)
{
    struct http_socket *socket = calloc(1, sizeof *socket);
    if (!socket || (uint32_t)descriptor >= server->descriptors_max) {
        free(socket);
        addresses_leave(server->addresses, address);
        close(descriptor);
        return;
    }
    set_up_socket(descriptor);
    socket->server = server;
    socket->descriptor = descriptor;
    socket->address = address;
    server->by_descriptor[descriptor] = socket;
    server->connections++;
    deadlines_enter(&server->deadlines, &socket->deadline, STAGE_HANDSHAKE, clock_monotonic_ms());
    /* From here on its end is told by WSI_DESTROY, also where the adoption fails: then `wsi` is NULL until it comes. */
    lws_adopt_desc_t what = {
        .vh = server->host,
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
        .fd.sockfd = descriptor,
        .opaque = socket,
    };
    socket->wsi = lws_adopt_descriptor_vhost_via_info(&what);
}

static void on_listener(uv_poll_t *watch, int status, int events)
{
    (void)events;
    struct http_server *server = watch->data;
    if (status < 0) return;
    for (int i = 0; i < ACCEPT_BURST; i++) {
        if (server->connections >= server->connections_max) {
            watch_listener(server, false);
            return;
        }
        struct sockaddr_storage peer;
        socklen_t size = sizeof peer;
        int descriptor = accept4(server->listener, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            bool is_out_of_room = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            if (is_out_of_room) watch_listener(server, false); /* until the sweep tries again */
            if (errno == ECONNABORTED || errno == EINTR) continue;
            return;
        }
        struct address address = address_of((struct sockaddr *)&peer);
        if (addresses_enter(server->addresses, address, server->per_address_max))
            adopt(server, descriptor, address);
        else
            close(descriptor);
    }
}

bool accept_start(struct http_server *server)
{
    if (uv_poll_init(&server->loop, &server->listener_watch, server->listener) != 0) return false;
    server->listener_watch.data = server;
    watch_listener(server, true);
    return true;
}

void http_stop_accepting(struct http_server *server)
{
    server->is_stopped = true;
    watch_listener(server, false);
}

void socket_cut(struct http_socket *socket)
{
    shutdown(socket->descriptor, SHUT_RDWR);
}

static struct http_socket *socket_of(struct deadline *deadline)
{
    return (struct http_socket *)((char *)deadline - offsetof(struct http_socket, deadline));
}

static uint32_t room_wanted(const struct http_server *server)
{
    uint32_t share = server->connections_max / 8 + 1;
    return share < ROOM_AGAIN ? share : ROOM_AGAIN;
}

/* A full server would keep everybody out until those who say nothing have run out of their 20 s: so the longest silent
 * give way, some at each sweep. What is cut ends at the loop's next turn. */
static void make_room(struct http_server *server, uint64_t now_ms)
{
    static const enum stage stages[] = {STAGE_HANDSHAKE, STAGE_HEADERS};
    uint32_t cuts = 2 * room_wanted(server);
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        uint32_t spare_ms = deadlines_length_ms(stages[i]) - HANDSHAKE_SPARED_MS;
        struct deadline *oldest;
        while (cuts > 0 && (oldest = deadlines_next(&server->deadlines, stages[i], NULL)) != NULL) {
            if (oldest->at_ms > now_ms + spare_ms) break;
            deadlines_enter(&server->deadlines, oldest, STAGE_NONE, now_ms);
            socket_cut(socket_of(oldest));
            cuts--;
        }
    }
}

void accept_sweep(struct http_server *server)
{
    uint64_t now_ms = clock_monotonic_ms();
    struct deadline *late, *busy = NULL;
    while ((late = deadlines_late(&server->deadlines, now_ms)) != NULL)
        socket_cut(socket_of(late));
    while ((busy = deadlines_next(&server->deadlines, STAGE_RESPONSE, busy)) != NULL)
        if (request_is_flooded(socket_of(busy))) socket_cut(socket_of(busy));
    bool has_room = server->connections + room_wanted(server) <= server->connections_max;
    if (server->accepts || server->is_stopped) return;
    if (has_room)
        watch_listener(server, true);
    else
        make_room(server, now_ms);
}

void accept_ended(struct http_socket *socket)
{
    struct http_server *server = socket->server;
    deadlines_enter(&server->deadlines, &socket->deadline, STAGE_NONE, 0);
    addresses_leave(server->addresses, socket->address);
    if (server->by_descriptor[socket->descriptor] == socket) server->by_descriptor[socket->descriptor] = NULL;
    expect(server->connections > 0);
    server->connections--;
    request_free(socket);
    free(socket->message);
    free(socket);
}
