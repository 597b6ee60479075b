/* Role: WebSockets: who may open one, whole messages in, frames out, the close.
 * Input: libwebsockets' callbacks, the caller's sends. Output: whole text messages to the caller.
 * Leaves to others: what the messages say.
 *
 * Frames are written at once from the caller's buffer (10 to 12 us; through the writable callback for each it was 20 us
 * and four epoll_ctl calls); only where the kernel does not take all does the writable callback finish the job. */
#include "http/connection.h"

#include "base/clock.h"
#include "base/expect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONTROLS_WINDOW_MS 10000

static void enter(struct http_socket *socket, enum stage stage)
{
    deadlines_enter(&socket->server->deadlines, &socket->deadline, stage, clock_monotonic_ms());
}

/* ---- the upgrade request ---- */

static int refuse_upgrade(struct http_socket *socket, const char *status)
{
    char answer[LWS_PRE + 160];
    int size = snprintf(answer + LWS_PRE, sizeof answer - LWS_PRE,
        "HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", status);
    if (size > 0) lws_write(socket->wsi, (uint8_t *)answer + LWS_PRE, (size_t)size, LWS_WRITE_HTTP_HEADERS);
    return -1;
}

static bool is_origin_allowed(struct http_socket *socket)
{
    const struct http_server *server = socket->server;
    if (lws_hdr_total_length(socket->wsi, WSI_TOKEN_ORIGIN) == 0) return !server->is_origin_needed;
    char origin[REQUEST_HEADER_MAX];
    if (lws_hdr_copy(socket->wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0) return false;
    for (const char *const *allowed = server->origins; allowed && *allowed; allowed++)
        if (strcasecmp(origin, *allowed) == 0) return true;
    return false;
}

static bool is_subprotocol_offered(struct http_socket *socket)
{
    char list[REQUEST_HEADER_MAX];
    if (lws_hdr_copy(socket->wsi, list, sizeof list, WSI_TOKEN_PROTOCOL) <= 0) return false;
    char *save = NULL;
    for (char *item = strtok_r(list, ", \t", &save); item; item = strtok_r(NULL, ", \t", &save))
        if (strcmp(item, socket->server->subprotocol) == 0) return true;
    return false;
}

/* Before libwebsockets looks further: 4.1.6 goes on with freed memory after an unknown Upgrade (CVE-2025-11677), and
 * would take h2c. The header is copied by its own function; the pointer that the callback brings may be a dead one. */
int websocket_guard(struct http_socket *socket)
{
    struct http_server *server = socket->server;
    char value[REQUEST_HEADER_MAX];
    if (socket->request) return -1;
    if (lws_hdr_copy(socket->wsi, value, sizeof value, WSI_TOKEN_UPGRADE) <= 0) return -1;
    if (strcasecmp(value, "websocket") != 0) return -1;

    char *path = NULL;
    int size = 0;
    if (lws_http_get_uri_and_method(socket->wsi, &path, &size) != LWSHUMETH_GET)
        return refuse_upgrade(socket, "405 Method Not Allowed");
    if (!server->path || (size_t)size != strlen(server->path) || memcmp(path, server->path, (size_t)size) != 0)
        return refuse_upgrade(socket, "404 Not Found");
    if (lws_hdr_copy(socket->wsi, value, sizeof value, WSI_TOKEN_VERSION) <= 0 || strcmp(value, "13") != 0)
        return refuse_upgrade(socket, "426 Upgrade Required");
    if (!is_origin_allowed(socket)) return refuse_upgrade(socket, "403 Forbidden");
    if (!is_subprotocol_offered(socket)) return refuse_upgrade(socket, "400 Bad Request");
    socket->is_guarded = true;
    return 0;
}

int websocket_opened(struct http_socket *socket)
{
    const struct http_handlers *handlers = &socket->server->handlers;
    enter(socket, STAGE_NONE);
    socket->is_open = true;
    if (handlers->opened && handlers->opened(handlers->context, socket)) return 0;
    socket->is_open = false;
    http_socket_close(socket, STATUS_TRY_LATER);
    return 0;
}

struct span http_socket_cookie(const struct http_socket *socket)
{
    char *scratch = socket->server->scratch;
    int size = lws_hdr_copy(socket->wsi, scratch, (int)sizeof socket->server->scratch, WSI_TOKEN_HTTP_COOKIE);
    return size > 0 ? (struct span){(uint8_t *)scratch, (size_t)size} : (struct span){NULL, 0};
}

/* ---- messages in ---- */

static void forget_message(struct http_socket *socket)
{
    free(socket->message);
    socket->message = NULL;
    socket->message_size = 0;
    socket->pieces = 0;
}

/* Not by the callback's result: libwebsockets would forget where in the input it stood, take what follows for garbage,
 * and hang up before the close frame is out. */
static int close_with(struct http_socket *socket, uint16_t code)
{
    forget_message(socket);
    http_socket_close(socket, code);
    return 0;
}

static bool keep_piece(struct http_socket *socket, const void *bytes, size_t size)
{
    if (!socket->message) socket->message = malloc(socket->server->frame_max);
    if (!socket->message) return false;
    memcpy(socket->message + socket->message_size, bytes, size);
    socket->message_size += (uint32_t)size;
    return true;
}

/* Honest senders cut a long message into reads of READ_PIECE; a quarter of that is patience enough. */
static uint32_t pieces_max(uint32_t frame_max)
{
    uint32_t pieces = frame_max / (READ_PIECE / 4);
    return pieces > PIECES_MAX ? pieces : PIECES_MAX;
}

int websocket_received(struct http_socket *socket, const void *bytes, size_t size)
{
    struct lws *wsi = socket->wsi;
    if (!socket->is_open || socket->is_closing) return 0;
    if (lws_frame_is_binary(wsi)) return close_with(socket, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
    size_t to_come = lws_remaining_packet_payload(wsi);
    uint32_t max = socket->server->frame_max;
    if (size > max || to_come > max || socket->message_size + size + to_come > max)
        return close_with(socket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);

    bool is_last = to_come == 0 && lws_is_final_fragment(wsi);
    bool is_whole = is_last && !socket->message;
    if (!is_whole) {
        if (++socket->pieces > pieces_max(max)) return close_with(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION);
        if (!keep_piece(socket, bytes, size)) return close_with(socket, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION);
    }
    if (!is_last) return 0;

    struct span text = is_whole ? (struct span){bytes, size} : (struct span){socket->message, socket->message_size};
    const struct http_handlers *handlers = &socket->server->handlers;
    handlers->text(handlers->context, socket, text);
    forget_message(socket);
    return 0;
}

/* A ping was answered, or a pong came. libwebsockets keeps pings to itself, but after each pong it calls back as
 * writable without having been asked: that is how they are counted. What it swallows without a word (empty pongs, pings
 * while one is being answered) is seen by websocket_count_input. */
int websocket_control(struct http_socket *socket)
{
    uint64_t now_ms = clock_monotonic_ms();
    if (now_ms - socket->controls_from_ms > CONTROLS_WINDOW_MS) {
        socket->controls_from_ms = now_ms;
        socket->controls = 0;
    }
    if (socket->is_closing || ++socket->controls <= CONTROLS_PER_10S) return 0;
    return close_with(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION);
}

bool websocket_count_input(struct http_socket *socket, uint32_t size)
{
    if (!socket->is_guarded) return true; /* requests are bounded elsewhere */
    uint64_t now_ms = clock_monotonic_ms();
    if (now_ms - socket->input_from_ms > INPUT_WINDOW_MS) {
        socket->input_from_ms = now_ms;
        socket->input = 0;
    }
    socket->input += size;
    return socket->input <= INPUT_FRAMES * socket->server->frame_max;
}

/* ---- frames out ---- */

/* libwebsockets closes by itself too (text that is not UTF-8, frames that break the protocol) and tells nobody; only
 * the code it is about to send shows it. Nothing may follow a close frame (RFC 6455, 5.5.1). */
static bool is_library_closing(struct http_socket *socket)
{
    return lws_get_close_length(socket->wsi) > 0;
}

enum http_sent http_socket_send(struct http_socket *socket, struct span frame)
{
    if (!socket->is_open || socket->is_closing || is_library_closing(socket)) return HTTP_SENT_FAILED;
    int sent = lws_write(socket->wsi, (uint8_t *)(uintptr_t)frame.data, frame.size, LWS_WRITE_TEXT);
    if (sent < 0) {
        socket_cut(socket); /* not closed from in here: the caller may stand inside a callback of the same connection */
        return HTTP_SENT_FAILED;
    }
    if (!lws_partial_buffered(socket->wsi)) return HTTP_SENT_WHOLE;
    socket->is_sending = true;
    enter(socket, STAGE_STALLED);
    return HTTP_SENT_LATER;
}

/* The close frame is written here, and libwebsockets is left out of it: asked to close from a writable callback under
 * libuv it closes twice, and the frame never leaves. The other end answers, or the deadline ends it. */
static int say_close(struct http_socket *socket)
{
    if (socket->close_code == 0) return 0; /* said */
    uint8_t frame[LWS_PRE + 4] = {0};
    struct writer w = writer_over(frame + LWS_PRE, 4);
    write_u8(&w, 0x88); /* RFC 6455, 5.2: last fragment, close */
    write_u8(&w, 2);
    write_u8(&w, (uint8_t)(socket->close_code >> 8));
    write_u8(&w, (uint8_t)socket->close_code);
    socket->close_code = 0;
    return lws_write(socket->wsi, w.data, w.size, LWS_WRITE_HTTP) < 0 ? -1 : 0; /* HTTP: the bytes as they are */
}

int websocket_writable(struct http_socket *socket)
{
    if (socket->is_closing) return say_close(socket);
    if (!socket->is_sending) return websocket_control(socket);
    if (lws_partial_buffered(socket->wsi)) return 0;
    socket->is_sending = false;
    enter(socket, STAGE_NONE);
    const struct http_handlers *handlers = &socket->server->handlers;
    if (socket->is_open && handlers->written) handlers->written(handlers->context, socket);
    return 0;
}

void http_socket_close(struct http_socket *socket, uint16_t code)
{
    if (socket->is_closing) return;
    socket->is_closing = true;
    socket->close_code = code;
    enter(socket, STAGE_CLOSING);
    lws_callback_on_writable(socket->wsi); /* comes after what waits has been written */
}

/* The answer to our close ends the connection; to theirs, libwebsockets answers. */
int websocket_peer_closes(struct http_socket *socket)
{
    if (socket->is_closing) return -1;
    socket->is_closing = true;
    enter(socket, STAGE_CLOSING);
    return 0;
}

void websocket_closed(struct http_socket *socket)
{
    forget_message(socket);
    if (!socket->is_open) return;
    socket->is_open = false;
    const struct http_handlers *handlers = &socket->server->handlers;
    if (handlers->closed) handlers->closed(handlers->context, socket);
}

/* ---- what the caller asks of a socket ---- */

void http_socket_set_owner(struct http_socket *socket, void *owner)
{
    socket->owner = owner;
}
void *http_socket_owner(const struct http_socket *socket)
{
    return socket->owner;
}

uint32_t http_socket_round_trip_ms(const struct http_socket *socket)
{
    return kernel_round_trip_ms(socket->descriptor);
}
