/* The rounds that this desk knows now: what the core tells of each, what was frozen, who drives it. */
#ifndef JINGDA_DESK_ROUNDS_H
#define JINGDA_DESK_ROUNDS_H

#include "desk/facts.h"
#include "desk/lease.h"
#include "protocol/desk_core.h"

#define DESK_ROUNDS_MAX (ROUNDS_MAX + 64) /* running ones, and played ones that somebody looks at */

struct desk;
struct watcher;

struct desk_round {
    uint32_t round;  /* 0: free */
    bool has_status; /* the core has told of it since it was there */
    struct core_status status;
    uint64_t status_ms;        /* when */
    struct round_facts *facts; /* NULL: not read yet */
    bool is_reading;
    uint16_t shares_known; /* askings whose right_share is in the facts */
    uint16_t shares_asked;
    struct lease lease;
    uint64_t used;
};

struct desk_rounds {
    struct desk_round items[DESK_ROUNDS_MAX];
    uint64_t uses;
};

struct desk_round *desk_round_find(struct desk *desk, uint32_t round);
/* Finds or makes; NULL where every place is taken. */
struct desk_round *desk_round_get(struct desk *desk, uint32_t round);
/* The newest there is to say: of the core, or else of the log. */
const struct core_status *desk_round_status(const struct desk_round *round);

void desk_round_told(struct desk *desk, const struct core_status *status);
/* Something that watchers see has changed; `is_whole`: in the questions too. */
void desk_round_changed(struct desk *desk, uint32_t round, bool is_whole);
/* Of every round: health, the link. */
void desk_rounds_changed(struct desk *desk);
/* The core is gone: what it told is kept, and shown as it was. */
void desk_rounds_core_lost(struct desk *desk);

/* Answers the watch request with the whole state, now or when the round has been read. */
void desk_round_watch(struct desk *desk, struct watcher *watcher, uint32_t round, json_int_t request);
/* The two ways to its answer: the facts are here, or have to be read. */
void desk_round_answer(struct desk *desk, struct watcher *watcher);
void desk_round_read(struct desk *desk, struct desk_round *round);
void desk_round_unwatch(struct desk *desk, struct watcher *watcher, bool is_lost);
/* A holder who did not come back in time has it no more. */
void desk_rounds_expire_leases(struct desk *desk);
/* Its pages are told and closed, and what it drove is free. */
void desk_session_ended(struct desk *desk, uint64_t session);
/* Sends to each watcher the state that is due. */
void desk_rounds_flush(struct desk *desk);
void desk_rounds_finish(struct desk *desk);

#endif
