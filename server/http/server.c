/* Role: libwebsockets set up as measured, and its callbacks sent to where they belong.
 * Input: options, handlers. Output: a server on a loop of its own.
 * Leaves to others: accept.c connections, tls.c TLS, request.c plain requests, websocket.c WebSockets.
 *
 * The settings and what each is for: rx_buffer_size 256, tx_packet_size 4096 and pt_serv_buf_size 2048 keep a resident
 * at 15 to 16 KB; fd_limit_per_thread stays 0, since a limit below the process's makes every lookup linear; a zero
 * retry_and_idle_policy sets no timer for each connection; no extensions, so no compression bombs; no native listener;
 * lws_context_destroy is never called, since it uses what it has freed. */
#include "http/connection.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"
#include "base/random.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Ours are in deadlines.c; libwebsockets' own stay behind them. */
#define LIBRARY_TIMEOUT_S 120

static const lws_retry_bo_t no_idle_policy;

/* What is called without a connection: the vhost is made, and wants its TLS set up. */
static int on_server_event(struct lws *wsi, enum lws_callback_reasons reason, void *user)
{
    if (reason != LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) return 0;
    struct http_server *server = lws_context_user(lws_get_context(wsi));
    return tls_set_up(server, user) ? 0 : -1;
}

static bool is_of_server(enum lws_callback_reasons reason)
{
    return reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS || reason == LWS_CALLBACK_PROTOCOL_INIT ||
           reason == LWS_CALLBACK_PROTOCOL_DESTROY || reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS;
}

/* Every callback of libwebsockets. What is not a case here is of no matter to us. */
static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    if (!wsi) return 0;
    if (is_of_server(reason)) return on_server_event(wsi, reason, user);
    struct http_socket *socket = lws_get_opaque_user_data(wsi);
    if (!socket) return 0;
    if (!socket->wsi) socket->wsi = wsi;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP: return request_begin(socket, in, size);
    case LWS_CALLBACK_HTTP_BODY: return request_body(socket, in, size);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: return request_body_ended(socket);
    case LWS_CALLBACK_HTTP_WRITEABLE: return request_writable(socket);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return websocket_guard(socket);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return socket->is_guarded && lws_get_protocol(wsi) != &socket->server->protocols[0] ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED: return websocket_opened(socket);
    case LWS_CALLBACK_RECEIVE: return websocket_received(socket, in, size);
    case LWS_CALLBACK_RECEIVE_PONG: return websocket_control(socket);
    case LWS_CALLBACK_SERVER_WRITEABLE: return websocket_writable(socket);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return websocket_peer_closes(socket);
    case LWS_CALLBACK_CLOSED: websocket_closed(socket); return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        websocket_closed(socket);
        lws_set_opaque_user_data(wsi, NULL);
        accept_ended(socket);
        return 0;
    case LWS_CALLBACK_RAW_ADOPT: /* CONNECT, and what else is not HTTP */
    case LWS_CALLBACK_RAW_RX:
    case LWS_CALLBACK_RAW_WRITEABLE: return -1;
    default: return 0;
    }
}

/* ---- making a server ---- */

static void on_sweep(uv_timer_t *timer)
{
    struct http_server *server = timer->data;
    accept_sweep(server);
}

static void on_library_line(int level, const char *line)
{
    log_debug("libwebsockets %d: %.200s", level, line);
}

/* 'self' does not cover wss: in browsers older than 2018: each allowed origin is named for it. */
static void write_policy(struct http_server *server, const char *policy)
{
    struct writer w = writer_over(server->policy, sizeof server->policy - 1);
    static const char start[] = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                                "form-action 'self'; frame-ancestors 'none'; connect-src 'self'";
    if (policy) {
        write_raw(&w, policy, strlen(policy));
        expect(w.ok);
        return;
    }
    write_raw(&w, start, sizeof start - 1);
    for (const char *const *origin = server->origins; origin && *origin; origin++) {
        struct writer before = w;
        if (strncmp(*origin, "https://", 8) != 0) continue;
        write_raw(&w, " wss://", 7);
        write_raw(&w, *origin + 8, strlen(*origin + 8));
        if (!w.ok) w = before;
    }
    server->policy[w.size] = 0;
}

static bool create_library(struct http_server *server)
{
    void *loops[] = {&server->loop};
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME,
        .foreign_loops = loops,
        .user = server,
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = server->protocols,
        .pt_serv_buf_size = SERVICE_BUFFER,
        .max_http_header_data = HEADERS_MAX,
        .max_http_header_pool = HEADER_TABLES_MAX,
        .timeout_secs = LIBRARY_TIMEOUT_S,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
    };
    server->lws = lws_create_context(&info);
    if (!server->lws) return false;

    info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
    info.vhost_name = "jingda";
    info.extensions = NULL;
    info.alpn = "http/1.1";
    info.retry_and_idle_policy = &no_idle_policy;
    info.timeout_secs_ah_idle = LIBRARY_TIMEOUT_S;
    info.keepalive_timeout = LIBRARY_TIMEOUT_S;
    server->host = lws_create_vhost(server->lws, &info);
    return server->host != NULL;
}

static void take_options(
    struct http_server *server, const struct http_options *options, const struct http_handlers *handlers)
{
    struct rlimit limit;
    expect(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    server->handlers = *handlers;
    server->listener = options->listener;
    server->path = options->path;
    server->subprotocol = options->subprotocol;
    server->origins = options->origins;
    server->is_origin_needed = options->is_origin_needed;
    server->frame_max = options->frame_max;
    server->body_max = options->body_max;
    server->per_address_max = options->connections_per_address_max;
    server->descriptors_max = (uint32_t)limit.rlim_cur;
    uint32_t room = server->descriptors_max > 2 * DESCRIPTORS_SPARE ? server->descriptors_max - DESCRIPTORS_SPARE
                                                                    : server->descriptors_max / 2;
    bool is_given = options->connections_max > 0 && options->connections_max < room;
    server->connections_max = is_given ? options->connections_max : room;
    server->protocols[0] = (struct lws_protocols){
        .name = "-", .callback = on_event, .rx_buffer_size = READ_PIECE, .tx_packet_size = WRITE_PIECE};
    server->protocols[1] = server->protocols[0];
    server->protocols[1].name = options->subprotocol;
    write_policy(server, options->content_security_policy);
}

struct http_server *http_create(
    const struct http_options *options, const struct http_handlers *handlers, char message[256])
{
    signal(SIGPIPE, SIG_IGN);
    lws_set_log_level(LLL_ERR, on_library_line);
    message[0] = 0;
    struct http_server *server = calloc(1, sizeof *server);
    if (!server) return NULL;
    take_options(server, options, handlers);
    deadlines_init(&server->deadlines);
    uint64_t seed;
    random_secure(&seed, sizeof seed);
    server->addresses = addresses_create(server->connections_max, seed);
    server->by_descriptor = calloc(server->descriptors_max, sizeof(struct http_socket *));
    bool ok = server->addresses && server->by_descriptor && uv_loop_init(&server->loop) == 0;
    if (ok) {
        server->setup = (struct tls_setup){options->certificate, options->key, options->ticket_key, message};
        ok = create_library(server);
        server->setup = (struct tls_setup){0};
    }
    ok = ok && accept_start(server) && uv_timer_init(&server->loop, &server->sweep) == 0;
    if (!ok) {
        if (!message[0]) snprintf(message, 256, "the server could not be set up: out of memory or descriptors?");
        return NULL; /* what libwebsockets holds is left to the process's end, which follows */
    }
    server->sweep.data = server;
    uv_timer_start(&server->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    return server;
}

uv_loop_t *http_loop(struct http_server *server)
{
    return &server->loop;
}

void http_run(struct http_server *server)
{
    uv_run(&server->loop, UV_RUN_DEFAULT);
}

void http_stop(struct http_server *server)
{
    uv_stop(&server->loop);
}

uint32_t http_connections(const struct http_server *server)
{
    return server->connections;
}
