/* One resident's connection: TCP, TLS 1.3, WebSocket. OpenSSL shakes hands; then its object is freed and two record
 * keys are all that stays, so that an idle connection costs this struct and what the kernel keeps. */
#ifndef JINGDA_REHEARSE_WIRE_H
#define JINGDA_REHEARSE_WIRE_H

#include "base/bytes.h"
#include "base/random.h"
#include "rehearse/record.h"
#include "rehearse/tally.h"
#include "rehearse/target.h"

enum wire_state { WIRE_CLOSED, WIRE_CONNECTING, WIRE_HANDSHAKING, WIRE_UPGRADING, WIRE_OPEN };

/* Bytes that wait for their rest. */
struct stash {
    uint8_t *bytes; /* NULL: none */
    size_t size;
};

struct handshake;

/* Zeroed: closed. */
struct wire {
    int descriptor;
    enum wire_state state;
    struct handshake *handshake; /* until it is done */
    struct record_key out, in;
    struct stash records, frames;
};

struct wire_calls {
    void (*opened)(void *context, uint32_t index);
    void (*heard)(void *context, uint32_t index, struct span text); /* a text frame's payload, borrowed */
    /* It ended by itself; not called for wire_close. `was_open` false: it never came to WebSocket. */
    void (*lost)(void *context, uint32_t index, bool was_open);
};

/* What the wires of one process share. */
struct wires {
    void *tls; /* SSL_CTX */
    struct record_layer layer;
    int epoll;
    const struct rehearse_target *target;
    const char *host;
    struct random *random;
    struct tally *tally;
    const struct wire_calls *calls;
    void *context;
    uint8_t *room; /* where records are read and opened */
};

void wires_init(struct wires *wires);
void wires_finish(struct wires *wires);

/* Begins to connect from rehearse_source(source) (loopback only). False: the kernel refused at once. */
bool wire_start(struct wire *wire, struct wires *wires, uint32_t index, uint32_t source)
    __attribute__((warn_unused_result));
/* epoll says that something can be done. */
void wire_ready(struct wire *wire, struct wires *wires, uint32_t index, uint32_t events);
/* One text frame. False: the connection took it not, and is as good as lost (the caller closes it). */
bool wire_say(struct wire *wire, struct wires *wires, struct span text) __attribute__((warn_unused_result));
void wire_close(struct wire *wire);

#endif
