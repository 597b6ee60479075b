/* libwebsockets behind a few functions, with every remedy of its known holes: TLS context, upgrade guard, origins,
 * subprotocol, header and body bounds, static table, WebSocket frames. Edge and desk share it; the only place that
 * includes libwebsockets.h. One server for each process, on a libuv loop of its own that the caller may join. */
#ifndef JINGDA_HTTP_HTTP_H
#define JINGDA_HTTP_HTTP_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct http_server;
struct http_socket;  /* one WebSocket */
struct http_request; /* one request that is not a file */

/* A file of the table: exact path, bytes in memory, with .br and .gz where they were there. */
struct http_static {
    const char *path;
    const char *type;
    bool is_immutable;
    struct span bytes, brotli, gzip;
};

enum http_sent { HTTP_SENT_WHOLE, HTTP_SENT_LATER, HTTP_SENT_FAILED };

struct http_handlers {
    void *context;
    /* WebSocket. `opened` false refuses. The socket's `owner` is the caller's. */
    bool (*opened)(void *context, struct http_socket *socket);
    void (*text)(void *context, struct http_socket *socket, struct span text);
    void (*written)(void *context, struct http_socket *socket); /* after HTTP_SENT_LATER */
    void (*closed)(void *context, struct http_socket *socket);
    /* A request that no file answers. GET, or POST with its whole body. Must call http_respond before it returns;
     * false: 404. NULL: every such request is 404. Where the answer takes a worker, http_request_defer puts it off. */
    bool (*request)(void *context, struct http_request *request);
};

struct http_options {
    int listener; /* TCP, listening, non-blocking */
    const char *certificate, *key;
    const char *const *origins;           /* allow-list of WebSocket Origin; NULL-ended */
    bool is_origin_needed;                /* refuse a WebSocket without any Origin (the desk) */
    const char *path;                     /* of the WebSocket: "/play" */
    const char *subprotocol;              /* "jingda.v1" */
    uint32_t frame_max;                   /* larger messages close with 1009 */
    uint32_t body_max;                    /* of a POST; 0: POST is refused */
    uint32_t connections_max;             /* 0: the process's descriptors less 500 */
    uint32_t connections_per_address_max; /* counted before TLS; 0: no limit */
    const uint8_t *ticket_key;            /* 80 bytes, or NULL: no tickets */
    const char *content_security_policy;
};

/* NULL: `message` says why in one line (a certificate that does not load, say). */
struct http_server *http_create(
    const struct http_options *options, const struct http_handlers *handlers, char message[256]);
/* Says which files it serves; borrowed for good. */
void http_serve_files(struct http_server *server, const struct http_static *files, uint32_t count);
/* Reads a TABLE file (lines: PATH FILE TYPE CACHE) and its files into memory. False: message says why. */
bool http_load_table(
    const char *folder, const char *table, struct http_static **files, uint32_t *count, char message[256]);
/* The loop to join with descriptors and timers of one's own. */
uv_loop_t *http_loop(struct http_server *server);
/* Runs until http_stop. */
void http_run(struct http_server *server);
void http_stop(struct http_server *server);
/* Of every kind, also those that are not yet or no longer WebSockets. */
uint32_t http_connections(const struct http_server *server);
/* Takes a new certificate for new connections. False: the old one stays, message says why. */
bool http_reload(struct http_server *server, const char *certificate, const char *key, char message[256]);
/* Tickets of new connections, and those taken, are under this key of 80 bytes from now on. */
void http_set_ticket_key(struct http_server *server, const uint8_t *ticket_key);
/* Stops accepting; what is open goes on. */
void http_stop_accepting(struct http_server *server);

void http_socket_set_owner(struct http_socket *socket, void *owner);
void *http_socket_owner(const struct http_socket *socket);
/* `frame.data` has 32 writable bytes before it. Written at once; while an earlier one waits (SENT_LATER), the caller
 * must not send. */
enum http_sent http_socket_send(struct http_socket *socket, struct span frame);
/* Closes after what was written. */
void http_socket_close(struct http_socket *socket, uint16_t code);
/* tcpi_min_rtt, rounded up; 0 where not measured. */
uint32_t http_socket_round_trip_ms(const struct http_socket *socket);

/* ---- requests ---- */
struct span http_request_method(const struct http_request *request); /* "GET", "POST" */
struct span http_request_path(const struct http_request *request);
/* Empty where the header is not there: only "cookie", "origin", "sec-fetch-site", "content-type". */
struct span http_request_header(const struct http_request *request, const char *name);
struct span http_request_body(const struct http_request *request);
/* `cookie`: a whole Set-Cookie value, or NULL. */
void http_respond(struct http_request *request, uint16_t status, const char *type, struct span body, const char *cookie,
    bool is_immutable);
/* One more Set-Cookie value, below 256 bytes, to go after the one of http_respond. */
void http_request_add_cookie(struct http_request *request, const char *cookie);
/* The answer comes later: the handler returns true without http_respond, and the request stays as it is. The ticket
 * finds it again. */
uint64_t http_request_defer(struct http_request *request);
/* NULL where its connection has gone meanwhile. */
struct http_request *http_request_find(struct http_server *server, uint64_t ticket);
/* The cookie header of the upgrade request; valid in `opened`. */
struct span http_socket_cookie(const struct http_socket *socket);

#endif
