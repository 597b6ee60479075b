/* Role: plain requests: files of the table, and what the caller answers.
 * Input: libwebsockets' HTTP callbacks. Output: responses, written as fast as the reader takes them.
 * Leaves to others: what the caller's pages say.
 *
 * One request at a time on a connection; while it is answered nothing more is read. A request that is refused closes
 * its connection, so that no half-read body can pass for the next request. */
#include "http/connection.h"

#include "base/clock.h"
#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static void enter(struct http_socket *socket, enum stage stage)
{
    deadlines_enter(&socket->server->deadlines, &socket->deadline, stage, clock_monotonic_ms());
}

void request_free(struct http_socket *socket)
{
    struct http_request *request = socket->request;
    if (!request) return;
    socket->request = NULL;
    free(request->body);
    free(request->owned);
    free(request);
}

/* ---- the response ---- */

static const char *reason_of(uint16_t status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    }
    return status < 400 ? "OK" : status < 500 ? "Refused" : "Error";
}

static void head_line(struct http_request *request, const char *name, const char *value)
{
    struct writer *w = &request->head;
    write_raw(w, name, strlen(name));
    write_raw(w, ": ", 2);
    write_raw(w, value, strlen(value));
    write_raw(w, "\r\n", 2);
}

static void head_begin(struct http_request *request, uint16_t status, const char *cache)
{
    request->is_answered = true;
    request->head = writer_over(request->head_bytes + LWS_PRE, sizeof request->head_bytes - LWS_PRE);
    char line[64];
    int length = snprintf(line, sizeof line, "HTTP/1.1 %u %s\r\n", status, reason_of(status));
    write_raw(&request->head, line, (size_t)length);
    head_line(request, "cache-control", cache);
    head_line(request, "content-security-policy", request->socket->server->policy);
    head_line(request, "x-content-type-options", "nosniff");
    head_line(request, "referrer-policy", "no-referrer");
    head_line(request, "cross-origin-opener-policy", "same-origin");
}

static void head_end(struct http_request *request, struct span bytes)
{
    char size[24];
    snprintf(size, sizeof size, "%zu", bytes.size);
    head_line(request, "content-length", size);
    if (request->closes_after) head_line(request, "connection", "close");
    write_raw(&request->head, "\r\n", 2);
    expect(request->head.ok);
    if (request->method != METHOD_HEAD) request->bytes = bytes;
}

/* Until the response is out libwebsockets reads nothing more, but would be woken for what has come, for ever. Its own
 * flow control stops the writing too; so the kernel is told to wake nobody for less than INPUT_HELD bytes, and the
 * sweep ends who sends more than a few requests ahead. */
static void hold_input(struct http_socket *socket, bool is_held)
{
    int least = is_held ? INPUT_HELD : 1;
    setsockopt(socket->descriptor, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

bool request_is_flooded(struct http_socket *socket)
{
    int waiting = 0;
    return ioctl(socket->descriptor, FIONREAD, &waiting) == 0 && waiting > INPUT_HELD / 2;
}

/* The writable callback takes over. */
static int respond(struct http_socket *socket)
{
    enter(socket, STAGE_RESPONSE);
    hold_input(socket, true);
    lws_callback_on_writable(socket->wsi);
    return 0;
}

static int refuse(struct http_request *request, uint16_t status)
{
    request->closes_after = true;
    head_begin(request, status, "no-store");
    if (status == 405) head_line(request, "allow", "GET, HEAD");
    head_end(request, (struct span){NULL, 0});
    return respond(request->socket);
}

static bool accepts_encoding(struct lws *wsi, const char *encoding)
{
    char list[REQUEST_HEADER_MAX];
    if (lws_hdr_copy(wsi, list, sizeof list, WSI_TOKEN_HTTP_ACCEPT_ENCODING) <= 0) return false;
    char *save = NULL;
    for (char *item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
        item += strspn(item, " \t");
        size_t size = strcspn(item, "; \t");
        if (size != strlen(encoding) || strncasecmp(item, encoding, size) != 0) continue;
        const char *weight = strstr(item + size, "q=");
        return !weight || strtod(weight + 2, NULL) > 0;
    }
    return false;
}

/* FNV-1a of the file's bytes: tells versions apart, hides nothing. */
static void tag_of(struct span bytes, char tag[32])
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 0x100000001b3u;
    snprintf(tag, 32, "W/\"%016llx\"", (unsigned long long)hash);
}

static int respond_file(struct http_request *request, const struct http_static *file)
{
    struct lws *wsi = request->socket->wsi;
    const char *encoding = NULL;
    struct span bytes = file->bytes;
    if (file->brotli.data && accepts_encoding(wsi, "br")) {
        encoding = "br";
        bytes = file->brotli;
    } else if (file->gzip.data && accepts_encoding(wsi, "gzip")) {
        encoding = "gzip";
        bytes = file->gzip;
    }
    char tag[32], known[64];
    bool is_known = false;
    if (!file->is_immutable) {
        tag_of(file->bytes, tag);
        is_known = lws_hdr_copy(wsi, known, sizeof known, WSI_TOKEN_HTTP_IF_NONE_MATCH) > 0 && strcmp(known, tag) == 0;
    }
    head_begin(request, is_known ? 304 : 200, file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    head_line(request, "content-type", file->type);
    head_line(request, "vary", "accept-encoding");
    if (!file->is_immutable) head_line(request, "etag", tag);
    if (encoding && !is_known) head_line(request, "content-encoding", encoding);
    head_end(request, is_known ? (struct span){NULL, 0} : bytes);
    return respond(request->socket);
}

void http_respond(struct http_request *request, uint16_t status, const char *type, struct span body, const char *cookie,
    bool is_immutable)
{
    expect(!request->is_answered);
    if (body.size > 0) {
        request->owned = malloc(body.size);
        if (request->owned)
            memcpy(request->owned, body.data, body.size);
        else
            status = 503;
    }
    request->closes_after = status >= 500;
    head_begin(request, status, is_immutable ? "public, max-age=31536000, immutable" : "no-store");
    if (type) head_line(request, "content-type", type);
    if (cookie) head_line(request, "set-cookie", cookie);
    if (request->cookie_too[0]) head_line(request, "set-cookie", request->cookie_too);
    head_end(request, (struct span){request->owned, request->owned ? body.size : 0});
    if (request->deferred) (void)respond(request->socket);
}

void http_request_add_cookie(struct http_request *request, const char *cookie)
{
    expect(!request->is_answered && strlen(cookie) < sizeof request->cookie_too);
    snprintf(request->cookie_too, sizeof request->cookie_too, "%s", cookie);
}

uint64_t http_request_defer(struct http_request *request)
{
    struct http_socket *socket = request->socket;
    expect(!request->is_answered && !request->deferred);
    enter(socket, STAGE_RESPONSE);
    hold_input(socket, true);
    if (++socket->server->deferred_last == 0) socket->server->deferred_last = 1;
    request->deferred = socket->server->deferred_last;
    return (uint64_t)request->deferred << 32 | (uint32_t)socket->descriptor;
}

struct http_request *http_request_find(struct http_server *server, uint64_t ticket)
{
    uint32_t descriptor = (uint32_t)ticket;
    struct http_socket *socket = descriptor < server->descriptors_max ? server->by_descriptor[descriptor] : NULL;
    struct http_request *request = socket ? socket->request : NULL;
    return request && request->deferred == ticket >> 32 && !request->is_answered ? request : NULL;
}

/* ---- the request ---- */

static int ask_caller(struct http_request *request)
{
    struct http_handlers *handlers = &request->socket->server->handlers;
    bool is_known = handlers->request && handlers->request(handlers->context, request);
    expect(is_known == (request->is_answered || request->deferred));
    if (!is_known) return refuse(request, 404);
    return request->is_answered ? respond(request->socket) : 0;
}

static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *to, int size)
{
    if (lws_hdr_copy(wsi, to, size, token) <= 0) to[0] = 0; /* missing, or longer than any of ours */
}

static bool read_length(struct lws *wsi, size_t *length)
{
    char digits[16];
    *length = 0;
    int size = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (size == 0) return false;
    *length = SIZE_MAX; /* unreadable: larger than any limit */
    if (size > 10 || lws_hdr_copy(wsi, digits, sizeof digits, WSI_TOKEN_HTTP_CONTENT_LENGTH) != size) return true;
    if (strspn(digits, "0123456789") != (size_t)size) return true;
    *length = strtoul(digits, NULL, 10);
    return true;
}

static int begin_post(struct http_request *request)
{
    struct http_server *server = request->socket->server;
    struct lws *wsi = request->socket->wsi;
    size_t length;
    if (server->body_max == 0 || !server->handlers.request) return refuse(request, 405);
    if (!read_length(wsi, &length)) return refuse(request, 411);
    if (length > server->body_max) return refuse(request, 413);
    request->body = malloc(length + 1);
    if (!request->body) return refuse(request, 503);
    request->body_size = length;
    enter(request->socket, STAGE_BODY); /* entered once: a drip of chunks does not start it again */
    return 0;
}

/* "Transfer-Encoding : chunked" is no such header to libwebsockets, and is to some proxies: what one reads as a body
 * the other would read as the next request. RFC 9112, 5.1: no space before the colon, or 400. Each name of up to three
 * blanks is looked for, and longer runs of one kind. */
static bool is_framing_disguised(struct lws *wsi)
{
    static const char *const names[] = {"transfer-encoding", "content-length"};
    char name[64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen(names[i]);
        memcpy(name, names[i], size);
        for (uint32_t blanks = 1; blanks <= 16; blanks++) {
            uint32_t kinds = blanks <= 3 ? 1u << blanks : 2;
            for (uint32_t kind = 0; kind < kinds; kind++) {
                for (uint32_t k = 0; k < blanks; k++)
                    name[size + k] = (blanks <= 3 ? kind >> k & 1 : kind) ? '\t' : ' ';
                name[size + blanks] = ':';
                if (lws_hdr_custom_length(wsi, name, (int)(size + blanks + 1)) >= 0) return true;
            }
        }
    }
    return false;
}

int request_begin(struct http_socket *socket, const char *path, size_t path_size)
{
    struct lws *wsi = socket->wsi;
    if (socket->request) return -1; /* another one while one is being answered */
    char *ignored_path = NULL;
    int ignored_size = 0;
    int method = lws_http_get_uri_and_method(wsi, &ignored_path, &ignored_size);

    struct http_request *request = calloc(1, sizeof *request);
    if (!request) return -1;
    request->socket = socket;
    socket->request = request;
    request->method = method == LWSHUMETH_POST ? METHOD_POST : method == LWSHUMETH_HEAD ? METHOD_HEAD : METHOD_GET;
    if (method != LWSHUMETH_GET && method != LWSHUMETH_HEAD && method != LWSHUMETH_POST) return refuse(request, 405);
    if (path_size >= sizeof request->path) return refuse(request, 404);
    memcpy(request->path, path, path_size);

    size_t length;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0) return refuse(request, 411);
    if (is_framing_disguised(wsi)) return refuse(request, 400);
    if (request->method != METHOD_POST && read_length(wsi, &length) && length > 0) return refuse(request, 400);

    struct span name = {(const uint8_t *)request->path, path_size};
    const struct http_static *file = files_find(socket->server, name);
    if (file && request->method != METHOD_POST) return respond_file(request, file);

    copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, request->cookie, sizeof request->cookie);
    copy_header(wsi, WSI_TOKEN_ORIGIN, request->origin, sizeof request->origin);
    copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, request->content_type, sizeof request->content_type);
    if (lws_hdr_custom_copy(wsi, request->fetch_site, sizeof request->fetch_site, "sec-fetch-site:", 15) <= 0)
        request->fetch_site[0] = 0;
    return request->method == METHOD_POST ? begin_post(request) : ask_caller(request);
}

int request_body(struct http_socket *socket, const void *bytes, size_t size)
{
    struct http_request *request = socket->request;
    if (!request) return -1;
    if (request->is_answered || size == 0) return 0; /* refused: what still comes is let go by */
    if (size > request->body_size - request->body_read) return -1;
    memcpy(request->body + request->body_read, bytes, size);
    request->body_read += size;
    return 0;
}

int request_body_ended(struct http_socket *socket)
{
    struct http_request *request = socket->request;
    if (!request) return -1;
    if (request->is_answered) return 0;
    if (request->body_read != request->body_size) return -1;
    return ask_caller(request);
}

int request_writable(struct http_socket *socket)
{
    struct http_request *request = socket->request;
    if (!request || !request->is_answered) return 0;
    struct lws *wsi = socket->wsi;
    if (!request->is_head_written) {
        request->is_head_written = true;
        /* A small body goes in the same record. */
        struct writer *head = &request->head;
        if (request->bytes.size <= head->capacity - head->size) {
            write_raw(head, request->bytes.data, request->bytes.size);
            request->sent = request->bytes.size;
        }
        if (lws_write(wsi, head->data, head->size, LWS_WRITE_HTTP_HEADERS) < 0) return -1;
    }
    uint8_t *piece = socket->server->piece + LWS_PRE;
    while (request->sent < request->bytes.size && !lws_send_pipe_choked(wsi)) {
        size_t size = request->bytes.size - request->sent;
        if (size > WRITE_PIECE) size = WRITE_PIECE;
        memcpy(piece, request->bytes.data + request->sent, size);
        if (lws_write(wsi, piece, size, LWS_WRITE_HTTP) < 0) return -1;
        request->sent += size;
    }
    if (request->sent < request->bytes.size) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    bool closes = request->closes_after;
    request_free(socket);
    if (closes) return -1; /* libwebsockets writes out what waits, then closes */
    enter(socket, STAGE_IDLE);
    hold_input(socket, false);
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* ---- what the caller asks of a request ---- */

struct span http_request_method(const struct http_request *request)
{
    return span_of_text(request->method == METHOD_POST ? "POST" : "GET");
}

struct span http_request_path(const struct http_request *request)
{
    return span_of_text(request->path);
}

struct span http_request_header(const struct http_request *request, const char *name)
{
    if (strcmp(name, "cookie") == 0) return span_of_text(request->cookie);
    if (strcmp(name, "origin") == 0) return span_of_text(request->origin);
    if (strcmp(name, "sec-fetch-site") == 0) return span_of_text(request->fetch_site);
    expect(strcmp(name, "content-type") == 0);
    return span_of_text(request->content_type);
}

struct span http_request_body(const struct http_request *request)
{
    return (struct span){request->body, request->body_read};
}
