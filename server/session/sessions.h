/* Sessions: every browser's side of the truth at one edge, and what the edge knows of each round. Pure: bytes and times
 * come in, bytes go out through three functions; the edge (edge/) owns the sockets and calls in, the simulation does
 * the same over its own.
 *
 * Here live: who is attached where; when an asking was first shown to each; the one unacknowledged request of each
 * slot, sent again to at most two terms of the core and then refused; the fan-out in an order drawn anew for each
 * asking; the drain; frame limits; the newest state for a reader that is blocked. */
#ifndef JINGDA_SESSION_SESSIONS_H
#define JINGDA_SESSION_SESSIONS_H

#include "base/bytes.h"
#include "protocol/edge_core.h"

struct sessions;

enum sent {
    SENT_WHOLE,  /* the kernel has taken it */
    SENT_LATER,  /* kept by the transport; sessions_written(slot) follows when the kernel has taken it */
    SENT_FAILED, /* the connection is gone; sessions_closed(slot) follows */
};

/* What sessions ask of their edge. `frame` bytes are valid during the call; LWS_PRE-style head room: `frame.data` has
 * SESSION_HEAD_ROOM writable bytes before it. */
#define SESSION_HEAD_ROOM 32
struct sessions_port {
    void *context;
    enum sent (*to_browser)(void *context, uint32_t slot, struct span frame);
    void (*to_core)(void *context, struct span message); /* only while a core is welcome */
    /* After what was written has gone out. `code` is WebSocket's. */
    void (*close)(void *context, uint32_t slot, uint16_t code);
    /* Lowest round trip of the connection in ms, 0: not measured. */
    uint32_t (*round_trip_ms)(void *context, uint32_t slot);
    /* A picture of a round that may be served from now on; bytes are copied by the edge. */
    void (*picture)(void *context, struct span name, struct span bytes);
    /* CLOCK_MONOTONIC at this moment, for the start of each clock: time goes on inside a slice of a fan-out. NULL: the
     * `now_ms` that was handed in last stands for the whole call. */
    uint64_t (*now_ms)(void *context);
};

struct sessions_options {
    uint32_t slots_max;
    uint8_t edge;
    uint64_t boot;
    uint64_t seed;                    /* of the fan-out order */
    uint8_t secret[EDGE_SECRET_SIZE]; /* for HELLO */
};

/* NULL where memory is missing. `port` is copied. */
struct sessions *sessions_create(const struct sessions_options *options, const struct sessions_port *port);
void sessions_destroy(struct sessions *sessions);

/* A WebSocket was opened: its slot, or false where all are taken. `now_ms` is CLOCK_MONOTONIC everywhere here. */
bool sessions_opened(struct sessions *sessions, uint64_t now_ms, uint32_t *slot);
/* A whole text frame was read at `now_ms` (the moment that stops the clock). */
void sessions_frame(struct sessions *sessions, uint32_t slot, struct span text, uint64_t now_ms);
/* The frame that SENT_LATER kept is in the kernel now. */
void sessions_written(struct sessions *sessions, uint32_t slot, uint64_t now_ms);
/* The connection is gone; the slot is free. */
void sessions_closed(struct sessions *sessions, uint32_t slot, uint64_t now_ms);

/* The channel to a core is open: says HELLO. After WELCOME everything is sent again as the design says. */
void sessions_core_opened(struct sessions *sessions, uint64_t now_ms);
/* A message from the core. False: it is malformed, the channel must be closed. */
bool sessions_core_message(struct sessions *sessions, struct span message, uint64_t now_ms)
    __attribute__((warn_unused_result));
void sessions_core_lost(struct sessions *sessions, uint64_t now_ms);

/* Often, at least each 50 ms: beats, SHOWN batches, fan-out slices, requests that waited too long, stats, readers that
 * stalled, and DRAINED. Whatever the kernel holds must be read between two ticks: DRAINED promises that it was. */
void sessions_tick(struct sessions *sessions, uint64_t now_ms);
/* True while a fan-out has more to write: call tick again at once. */
bool sessions_is_busy(const struct sessions *sessions);

/* Tells every browser to come back after `retry_ms`, and closes. */
void sessions_goodbye(struct sessions *sessions, uint32_t retry_ms);

uint32_t sessions_connected(const struct sessions *sessions);
uint32_t sessions_screens(const struct sessions *sessions);
/* Readers that take nothing now. */
uint32_t sessions_blocked(const struct sessions *sessions);

#endif
