/* What may happen to the engine: the only way in. Three families:
 *
 *   requests   from residents, edges and the desk. They change nothing that is durable by themselves: what must be kept
 *              comes out as an APPEND effect, is pending, and takes hold with BATCH_COMMITTED.
 *   facts      CONTROL: what stands in the log. The core appends and commits it first and steps it then; a replay
 *              steps the same facts.
 *   loading    what recovery reads back.
 *
 * Times: `now_ms` is engine time, milliseconds that never go back, near the wall clock. Durations are relative. */
#ifndef JINGDA_MODEL_EVENT_H
#define JINGDA_MODEL_EVENT_H

#include "base/bytes.h"
#include "model/answer.h"
#include "model/round.h"
#include "model/rules.h"

/* A browser's connection, as its edge names it. Replies go to the attach that asked. */
struct attach {
    uint8_t edge;
    uint32_t slot;
    uint32_t generation; /* of the slot at that edge */
};

enum event_kind {
    /* requests */
    EVENT_JOIN,
    EVENT_RESUME,
    EVENT_DETACH,
    EVENT_ANSWER,
    EVENT_SHOWN,
    EVENT_SHOWN_END,
    EVENT_DRAINED,
    EVENT_WATCH,
    EVENT_EDGE_UP,
    EVENT_EDGE_LOST,
    EVENT_COMMAND,
    EVENT_TICK,
    EVENT_BATCH_COMMITTED,
    EVENT_BATCH_FAILED,
    /* facts */
    EVENT_CONTROL,
    /* loading */
    EVENT_LOAD_PARTICIPANT,
    EVENT_LOAD_ANSWER,
    EVENT_LOAD_STANDING,
    EVENT_UNSCORE_ANSWER,
    EVENT_UNSCORE_END,
    EVENT_RECOVERED,
};

struct event {
    enum event_kind kind;
    uint64_t now_ms;
    union {
        /* A newcomer. The same nonce in the same round is the same participant, pending or not. Name and community have
         * been checked by the core (the name's text stays with it). */
        struct {
            struct attach attach;
            uint32_t round;
            uint8_t nonce[NONCE_SIZE];
            uint16_t community; /* COMMUNITY_NONE: none */
        } join;
        /* Somebody whose token the core has verified. `is_same_connection`: the edge kept this connection over a
         * restart of the core, and tells the start it knows. */
        struct {
            struct attach attach;
            uint32_t round;
            uint32_t participant;
            uint32_t generation;
            bool is_same_connection;
            uint16_t start_asking; /* 0: no start known */
            uint64_t start_ms;     /* engine time */
            uint32_t allowance_ms; /* in that asking, as the core before had told the edge */
        } resume;
        struct {
            struct attach attach;
            uint32_t round;
            uint32_t participant;
        } detach;
        struct {
            struct attach attach;
            uint32_t round;
            uint32_t participant;
            uint16_t asking;
            choice_set choice;
            uint64_t start_ms;   /* engine time of the start that the edge counted from */
            uint32_t elapsed_ms; /* raw: stop - start at the edge, reading time included */
            uint16_t credit_ms;  /* lowest round trip at the edge, at most CREDIT_MS_MAX; 0: not measured */
        } answer;
        struct {
            uint8_t edge;
            uint32_t round;
            uint16_t asking;
            uint32_t participant;
            uint64_t start_ms; /* engine time */
        } shown;
        /* Edge `edge` has handed the opening frame to all it has; also DRAINED: has sent its last answer that was in
         * time. */
        struct {
            uint8_t edge;
            uint32_t round;
            uint16_t asking;
        } edge_asking;
        /* A screen, or a browser that has not joined, wants this round's state at that edge. */
        struct {
            uint8_t edge;
            uint32_t round;
        } watch;
        struct {
            uint8_t edge;
        } edge;
        struct {
            uint64_t id;            /* the core's, comes back in COMMAND_REFUSED */
            struct control control; /* at_ms is ignored */
        } command;
        struct control control;
        struct {
            uint32_t round;
            uint32_t number;
            uint32_t generation;
            uint16_t community;
            uint8_t nonce[NONCE_SIZE];
        } load_participant;
        /* LOAD_ANSWER and UNSCORE_ANSWER */
        struct answer load_answer;
        /* The standing after `asking`, in place of scoring the askings up to it again. */
        struct {
            uint32_t round;
            uint16_t asking;
            uint32_t count;
            const uint8_t *packed;
        } load_standing;
        struct {
            uint32_t round;
            uint16_t asking;
        } unscore_end;
        struct {
            uint64_t gap_ms; /* how long nobody was there, as far as the log tells */
            uint32_t edges_expected;
        } recovered;
    };
};

#define COMMUNITY_NONE UINT16_MAX

#endif
