/* Role: one resident's connection. Input: a target, readiness, text frames. Output: bytes, text frames, the end.
 * Leaves to others: what is said, and when to come back. The certificate is not verified: a rehearsal is against one's
 * own machine, whose certificate may be self-signed. */
#include "rehearse/wire.h"

#include "base/expect.h"
#include "rehearse/websocket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define STASH_MAX   (WEBSOCKET_HEAR_MAX + RECORD_MAX)
#define ROOM_RECORD (RECORD_MAX + 65536)
#define ROOM_SIZE   (ROOM_RECORD + 2 * STASH_MAX)
#define UPGRADE_MAX 8192

struct handshake {
    SSL *ssl;
    uint8_t client[RECORD_SECRET_SIZE], server[RECORD_SECRET_SIZE];
    bool has_client, has_server;
};

/* ---- the handshake ---- */

static bool read_secret(const char *line, const char *label, uint8_t secret[RECORD_SECRET_SIZE])
{
    size_t size = strlen(label);
    if (strncmp(line, label, size) != 0 || line[size] != ' ') return false;
    const char *hex = strrchr(line, ' ') + 1;
    long written = 0;
    uint8_t *bytes = OPENSSL_hexstr2buf(hex, &written);
    bool is_whole = bytes && written == RECORD_SECRET_SIZE;
    if (is_whole) memcpy(secret, bytes, RECORD_SECRET_SIZE);
    OPENSSL_free(bytes);
    return is_whole;
}

/* OpenSSL's way of telling a connection's secrets: lines of NSS's key log format. */
static void hear_secret(const SSL *ssl, const char *line)
{
    struct handshake *handshake = SSL_get_app_data(ssl);
    if (read_secret(line, "CLIENT_TRAFFIC_SECRET_0", handshake->client)) handshake->has_client = true;
    if (read_secret(line, "SERVER_TRAFFIC_SECRET_0", handshake->server)) handshake->has_server = true;
}

void wires_init(struct wires *wires)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    expect(tls);
    expect(SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1);
    expect(SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256") == 1);
    SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_keylog_callback(tls, hear_secret);
    wires->tls = tls;
    record_layer_init(&wires->layer);
    wires->room = malloc(ROOM_SIZE);
    expect(wires->room);
}

void wires_finish(struct wires *wires)
{
    SSL_CTX_free(wires->tls);
    record_layer_finish(&wires->layer);
    free(wires->room);
}

static void stash_drop(struct stash *stash)
{
    free(stash->bytes);
    *stash = (struct stash){NULL, 0};
}

static bool stash_keep(struct stash *stash, const uint8_t *bytes, size_t size)
{
    if (size == 0) return true;
    if (size > STASH_MAX) return false;
    stash->bytes = malloc(size);
    expect(stash->bytes);
    memcpy(stash->bytes, bytes, size);
    stash->size = size;
    return true;
}

static void handshake_drop(struct wire *wire)
{
    if (!wire->handshake) return;
    SSL_set_quiet_shutdown(wire->handshake->ssl, 1);
    SSL_free(wire->handshake->ssl);
    OPENSSL_cleanse(wire->handshake, sizeof *wire->handshake);
    free(wire->handshake);
    wire->handshake = NULL;
}

void wire_close(struct wire *wire)
{
    if (wire->state == WIRE_CLOSED) return;
    handshake_drop(wire);
    close(wire->descriptor);
    stash_drop(&wire->records);
    stash_drop(&wire->frames);
    wire->state = WIRE_CLOSED;
}

static void lose(struct wire *wire, struct wires *wires, uint32_t index)
{
    bool was_open = wire->state == WIRE_OPEN;
    if (wire->state == WIRE_CLOSED) return;
    wire_close(wire);
    wires->calls->lost(wires->context, index, was_open);
}

static void lose_broken(struct wire *wire, struct wires *wires, uint32_t index)
{
    wires->tally->broken++;
    lose(wire, wires, index);
}

bool wire_start(struct wire *wire, struct wires *wires, uint32_t index, uint32_t source)
{
    expect(wire->state == WIRE_CLOSED);
    const int on = 1;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    struct sockaddr_in from = rehearse_source(source);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u32 = index};
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bool is_started =
        (!wires->target->is_loopback || bind(descriptor, (struct sockaddr *)&from, sizeof from) == 0) &&
        (connect(descriptor, (const struct sockaddr *)&wires->target->address, sizeof wires->target->address) == 0 ||
            errno == EINPROGRESS) &&
        epoll_ctl(wires->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
    if (!is_started) {
        close(descriptor);
        return false;
    }
    *wire = (struct wire){.descriptor = descriptor, .state = WIRE_CONNECTING};
    return true;
}

static void begin_handshake(struct wire *wire, struct wires *wires)
{
    struct handshake *handshake = calloc(1, sizeof *handshake);
    expect(handshake);
    handshake->ssl = SSL_new(wires->tls);
    expect(handshake->ssl);
    expect(SSL_set_fd(handshake->ssl, wire->descriptor) == 1);
    SSL_set_app_data(handshake->ssl, handshake);
    SSL_set_tlsext_host_name(handshake->ssl, wires->host);
    wire->handshake = handshake;
    wire->state = WIRE_HANDSHAKING;
}

static bool send_sealed(struct wire *wire, struct wires *wires, const uint8_t *bytes, size_t size)
{
    uint8_t record[WEBSOCKET_SAY_MAX + WEBSOCKET_MORE + RECORD_MORE];
    expect(size <= WEBSOCKET_SAY_MAX + WEBSOCKET_MORE);
    size_t whole = record_seal(&wires->layer, &wire->out, bytes, size, record);
    /* A frame of ours has some 100 bytes; a socket that cannot take them whole is not one to wait for. */
    return send(wire->descriptor, record, whole, MSG_NOSIGNAL) == (ssize_t)whole;
}

static void continue_handshake(struct wire *wire, struct wires *wires, uint32_t index)
{
    ERR_clear_error();
    int result = SSL_connect(wire->handshake->ssl);
    if (result != 1) {
        int error = SSL_get_error(wire->handshake->ssl, result);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) lose(wire, wires, index);
        return;
    }
    if (!wire->handshake->has_client || !wire->handshake->has_server) {
        lose_broken(wire, wires, index);
        return;
    }
    if (SSL_session_reused(wire->handshake->ssl))
        wires->tally->resumed_handshakes++;
    else
        wires->tally->full_handshakes++;
    record_key_derive(&wire->out, wire->handshake->client);
    record_key_derive(&wire->in, wire->handshake->server);
    handshake_drop(wire);
    wire->state = WIRE_UPGRADING;
    char request[512];
    int size = snprintf(request, sizeof request,
        "GET /play HTTP/1.1\r\nHost: %s:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: amluZ2RhIHJlaGVhcnNlIQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: jingda.v1\r\n\r\n",
        wires->host, ntohs(wires->target->address.sin_port));
    expect(size > 0 && (size_t)size < sizeof request);
    if (!send_sealed(wire, wires, (const uint8_t *)request, (size_t)size)) lose(wire, wires, index);
}

/* ---- what comes ---- */

bool wire_say(struct wire *wire, struct wires *wires, struct span text)
{
    if (wire->state != WIRE_OPEN) return false;
    uint8_t frame[WEBSOCKET_SAY_MAX + WEBSOCKET_MORE];
    size_t size = websocket_write(frame, WEBSOCKET_TEXT, text, (uint32_t)random_next(wires->random));
    return send_sealed(wire, wires, frame, size);
}

/* The answer to our request: true once it is whole, and `*used` bytes long; *is_broken where it is no 101. */
static bool take_upgrade(const uint8_t *text, size_t size, size_t *used, bool *is_broken)
{
    const uint8_t *end = memmem(text, size, "\r\n\r\n", 4);
    *is_broken = !end && size > UPGRADE_MAX;
    if (!end) return false;
    *used = (size_t)(end - text) + 4;
    *is_broken = *used < 12 || memcmp(text, "HTTP/1.1 101", 12) != 0;
    return true;
}

static bool is_answered(struct wire *wire, struct wires *wires, uint8_t opcode, struct span payload)
{
    if (opcode != WEBSOCKET_PING || payload.size > 125) return true;
    uint8_t frame[125 + WEBSOCKET_MORE];
    size_t size = websocket_write(frame, WEBSOCKET_PONG, payload, (uint32_t)random_next(wires->random));
    return send_sealed(wire, wires, frame, size);
}

/* Plain text as it came out of a record, behind what was kept of it. Returns false where the wire is gone. */
static bool take_text(struct wire *wire, struct wires *wires, uint32_t index, const uint8_t *text, size_t size)
{
    uint8_t *room = wires->room + ROOM_RECORD;
    if (wire->frames.size > 0) {
        memcpy(room, wire->frames.bytes, wire->frames.size);
        memcpy(room + wire->frames.size, text, size);
        size += wire->frames.size;
        text = room;
        stash_drop(&wire->frames);
    }
    size_t used = 0;
    if (wire->state == WIRE_UPGRADING) {
        bool is_broken = false;
        if (take_upgrade(text, size, &used, &is_broken) && !is_broken) {
            wire->state = WIRE_OPEN;
            wires->calls->opened(wires->context, index);
        }
        if (is_broken) lose_broken(wire, wires, index);
    }
    while (wire->state == WIRE_OPEN) {
        uint8_t opcode = 0;
        struct span payload;
        size_t taken = 0;
        enum websocket_verdict verdict = websocket_read(text + used, size - used, &opcode, &payload, &taken);
        if (verdict == WEBSOCKET_PARTIAL) break;
        if (verdict == WEBSOCKET_BROKEN) {
            lose_broken(wire, wires, index);
            break;
        }
        used += taken;
        if (opcode == WEBSOCKET_TEXT)
            wires->calls->heard(wires->context, index, payload);
        else if (opcode == WEBSOCKET_CLOSE || !is_answered(wire, wires, opcode, payload))
            lose(wire, wires, index);
    }
    if (wire->state == WIRE_CLOSED) return false;
    if (stash_keep(&wire->frames, text + used, size - used)) return true;
    lose_broken(wire, wires, index);
    return false;
}

/* One whole record. Returns false where the wire is gone. */
static bool take_record(struct wire *wire, struct wires *wires, uint32_t index, uint8_t *record, size_t size)
{
    uint8_t type = 0;
    size_t text_size = 0;
    if (!record_open(&wires->layer, &wire->in, record, size, &type, &text_size)) {
        lose_broken(wire, wires, index);
        return false;
    }
    const uint8_t *text = record + RECORD_HEAD;
    if (type == RECORD_TEXT) return take_text(wire, wires, index, text, text_size);
    bool is_tickets = type == RECORD_HANDSHAKE && text_size > 0 && text[0] == 4; /* NewSessionTicket; not kept */
    if (is_tickets) return true;
    if (type == RECORD_ALERT)
        lose(wire, wires, index);
    else
        lose_broken(wire, wires, index);
    return false;
}

static void read_records(struct wire *wire, struct wires *wires, uint32_t index)
{
    size_t kept = wire->records.size;
    uint8_t *room = wires->room;
    if (kept > 0) memcpy(room, wire->records.bytes, kept);
    ssize_t got = recv(wire->descriptor, room + kept, ROOM_RECORD - kept, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        lose(wire, wires, index);
        return;
    }
    stash_drop(&wire->records);
    size_t size = kept + (size_t)got;
    size_t used = 0;
    for (;;) {
        size_t whole = record_size(room + used, size - used);
        if (whole == SIZE_MAX) {
            lose_broken(wire, wires, index);
            return;
        }
        if (whole == 0 || whole > size - used) break;
        if (!take_record(wire, wires, index, room + used, whole)) return;
        used += whole;
    }
    expect(stash_keep(&wire->records, room + used, size - used));
}

void wire_ready(struct wire *wire, struct wires *wires, uint32_t index, uint32_t events)
{
    if (wire->state == WIRE_CONNECTING) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
        bool is_connected = (events & (EPOLLERR | EPOLLHUP)) == 0 &&
                            epoll_ctl(wires->epoll, EPOLL_CTL_MOD, wire->descriptor, &event) == 0;
        if (!is_connected) {
            lose(wire, wires, index);
            return;
        }
        begin_handshake(wire, wires);
    }
    if (wire->state == WIRE_HANDSHAKING)
        continue_handshake(wire, wires, index);
    else if (wire->state != WIRE_CLOSED)
        read_records(wire, wires, index);
}
