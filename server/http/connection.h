/* Inside http/: what its files share. One struct http_socket for each TCP connection, from accept to the end: first it
 * shakes hands, then asks for files or becomes a WebSocket. */
#ifndef JINGDA_HTTP_CONNECTION_H
#define JINGDA_HTTP_CONNECTION_H

#include "http/addresses.h"
#include "http/deadlines.h"
#include "http/http.h"
#include "http/kernel.h"

#include <libwebsockets.h>
#include <openssl/ssl.h>

#define ACCEPT_BURST        16   /* connections in one turn of the loop */
#define DESCRIPTORS_SPARE   500  /* kept free below the soft RLIMIT_NOFILE */
#define ROOM_AGAIN          32   /* connections to end before a full server accepts again */
#define SWEEP_MS            100  /* how often deadlines are looked at */
#define WRITE_PIECE         4096 /* tx_packet_size: one TLS record, one write */
#define READ_PIECE          256  /* rx_buffer_size, for each WebSocket */
#define SERVICE_BUFFER      2048 /* pt_serv_buf_size */
#define HEADERS_MAX         4096
#define HEADER_TABLES_MAX   16384 /* libwebsockets takes one at accept; a drip must not use them up */
#define INPUT_HELD          32768 /* bytes that may wait while a response is written, twice over */
#define PIECES_MAX          64    /* fragments and reads that one message may come in */
#define INPUT_WINDOW_MS     4000  /* in which a WebSocket may send INPUT_FRAMES */
#define INPUT_FRAMES        64    /* of the largest size: more bytes than that are a flood */
#define HANDSHAKE_SPARED_MS 2000  /* where there is no more room: who is shaking hands for longer makes it */
#define CONTROLS_PER_10S    60    /* pings and pongs of one connection */
#define PATH_MAX_BYTES      256
#define REQUEST_COOKIE_MAX  1024
#define REQUEST_HEADER_MAX  256
#define POLICY_MAX          1024
#define STATUS_TRY_LATER    1013 /* RFC 6455's registry */

struct http_request {
    struct http_socket *socket;
    enum { METHOD_GET, METHOD_HEAD, METHOD_POST } method;
    char path[PATH_MAX_BYTES];
    char cookie[REQUEST_COOKIE_MAX];
    char origin[REQUEST_HEADER_MAX];
    char fetch_site[32];
    char content_type[REQUEST_HEADER_MAX];
    uint8_t *body; /* of a POST */
    size_t body_size, body_read;
    /* the response */
    bool is_answered;
    char cookie_too[REQUEST_HEADER_MAX]; /* a Set-Cookie value beside the response's own */
    uint32_t deferred;                   /* the number of its ticket; 0: answered at once */
    bool is_head_written;
    bool closes_after;
    struct writer head;
    uint8_t head_bytes[LWS_PRE + 2048];
    struct span bytes;
    size_t sent;
    uint8_t *owned; /* bytes that are ours to free */
};

struct http_socket {
    struct http_server *server;
    struct lws *wsi;
    int descriptor;
    struct deadline deadline;
    struct address address;
    struct http_request *request; /* being answered */
    void *owner;
    uint8_t *message; /* the beginning of a WebSocket message; NULL while none is in pieces */
    uint32_t message_size;
    uint16_t pieces;
    uint16_t controls; /* since controls_from_ms */
    uint64_t controls_from_ms;
    uint64_t input_from_ms;
    uint32_t input; /* bytes of TLS records since then */
    uint16_t close_code;
    bool is_open;    /* `opened` accepted it */
    bool is_guarded; /* its upgrade request passed */
    bool is_sending; /* SENT_LATER */
    bool is_closing;
};

struct tls_setup {
    const char *certificate, *key;
    const uint8_t *ticket_key;
    char *message;
};

struct http_server {
    struct http_handlers handlers;
    int listener;
    const char *path, *subprotocol;
    const char *const *origins;
    bool is_origin_needed;
    uint32_t frame_max, body_max, per_address_max;
    uint32_t connections, connections_max;
    bool accepts;    /* the listener is watched */
    bool is_stopped; /* for good */
    char policy[POLICY_MAX];

    uv_loop_t loop;
    uv_poll_t listener_watch;
    uv_timer_t sweep;
    struct lws_context *lws;
    struct lws_vhost *host;
    struct lws_protocols protocols[3];
    SSL_CTX *tls;           /* the vhost's */
    struct tls_setup setup; /* while the vhost is made */

    uint32_t deferred_last;             /* the last ticket's number */
    struct http_socket **by_descriptor; /* for the handshake's end, which knows only that */
    uint32_t descriptors_max;
    struct deadlines deadlines;
    struct addresses *addresses;
    const struct http_static *files;
    uint32_t files_count;
    uint8_t piece[LWS_PRE + WRITE_PIECE];
    char scratch[REQUEST_COOKIE_MAX];
};

/* accept.c */
bool accept_start(struct http_server *server);
void accept_sweep(struct http_server *server);
/* The connection is gone for good; frees it. */
void accept_ended(struct http_socket *socket);
/* Makes libwebsockets see the end of a connection at its next turn: the one way that is safe from everywhere. */
void socket_cut(struct http_socket *socket);

/* tls.c */
bool tls_apply(SSL_CTX *context, const char *certificate, const char *key, char message[256]);
bool tls_set_up(struct http_server *server, SSL_CTX *context); /* as server->setup says */

/* request.c: each returns what the callback must. */
int request_begin(struct http_socket *socket, const char *path, size_t path_size);
int request_body(struct http_socket *socket, const void *bytes, size_t size);
int request_body_ended(struct http_socket *socket);
int request_writable(struct http_socket *socket);
void request_free(struct http_socket *socket);
/* Sends far ahead of the answers it has not read. */
bool request_is_flooded(struct http_socket *socket);
const struct http_static *files_find(const struct http_server *server, struct span path);

/* websocket.c */
int websocket_guard(struct http_socket *socket);
int websocket_opened(struct http_socket *socket);
int websocket_received(struct http_socket *socket, const void *bytes, size_t size);
int websocket_writable(struct http_socket *socket);
int websocket_control(struct http_socket *socket);
int websocket_peer_closes(struct http_socket *socket);
/* Counts what comes. False: too much, to be cut without a word. */
bool websocket_count_input(struct http_socket *socket, uint32_t size);
void websocket_closed(struct http_socket *socket);

#endif
