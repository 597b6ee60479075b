/* Deadlines of connections, without a sorted list: each stage of a connection's life has one fixed length, so that the
 * connections in a stage stand in the order in which they entered it. Entering and leaving cost nothing, and looking
 * for who is late looks at the heads only. (libwebsockets keeps one sorted list of all timers: 75% more time at 12,000
 * connections.) */
#ifndef JINGDA_HTTP_DEADLINES_H
#define JINGDA_HTTP_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

enum stage {
    STAGE_NONE,      /* an open WebSocket: as long as it likes */
    STAGE_HANDSHAKE, /* accepted, TLS not done */
    STAGE_HEADERS,   /* TLS done, the first request not whole */
    STAGE_IDLE,      /* answered; the next request not whole */
    STAGE_BODY,
    STAGE_RESPONSE,
    STAGE_STALLED, /* a WebSocket whose reader takes nothing */
    STAGE_CLOSING,
    STAGES,
};

struct deadline {
    struct deadline *next, *previous;
    uint64_t at_ms;
    enum stage stage;
};

struct deadlines {
    struct deadline heads[STAGES]; /* rings */
};

void deadlines_init(struct deadlines *deadlines);
/* Leaves the stage it was in. */
void deadlines_enter(struct deadlines *deadlines, struct deadline *deadline, enum stage stage, uint64_t now_ms);
/* The next one that is late, taken out of its stage; NULL when nobody is. */
struct deadline *deadlines_late(struct deadlines *deadlines, uint64_t now_ms);
/* Walks a stage: the first for `after` NULL; NULL at the end. */
struct deadline *deadlines_next(struct deadlines *deadlines, enum stage stage, struct deadline *after);
uint32_t deadlines_length_ms(enum stage stage);

#endif
