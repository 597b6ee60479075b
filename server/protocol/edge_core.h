/* The messages between an edge and the core: each encoder beside its decoder, one struct for each message.
 *
 * On the wire: u16 kind, then the fields in the struct's order, little-endian (base/bytes.h). The bus frames and bounds
 * them. An unknown kind is skipped by the receiver, so that a newer peer may say more; a known kind that does not
 * decode is a sibling's fault and closes the channel. Spans point into the received bytes. */
#ifndef JINGDA_PROTOCOL_EDGE_CORE_H
#define JINGDA_PROTOCOL_EDGE_CORE_H

#include "base/bytes.h"
#include "model/answer.h"
#include "model/effect.h"
#include "model/round.h"
#include "model/rules.h"

#define BUS_VERSION     1 /* spoken here */
#define BUS_VERSION_MIN 1 /* the oldest still understood: one back once there is one */

#define EDGE_SECRET_SIZE 16

enum edge_core_kind {
    /* edge to core */
    EDGE_HELLO = 1,
    EDGE_LOOK = 2,
    EDGE_JOIN = 3,
    EDGE_RESUME = 4,
    EDGE_DETACH = 5,
    EDGE_ANSWER = 6,
    EDGE_SHOWN = 7,
    EDGE_DRAINED = 8,
    EDGE_STATS = 9,
    /* core to edge */
    CORE_WELCOME = 64,
    CORE_ROUND = 65,
    CORE_PICTURE = 66,
    CORE_LOOKED = 67,
    CORE_ATTACHED = 68,
    CORE_RECORDED = 69,
    CORE_REFUSED = 70,
    CORE_STANDINGS = 71,
    CORE_RENAMED = 72,
    CORE_COUNT = 73,
};

/* The kind of a message; 0 where there is none. */
uint16_t message_kind(struct span message);

/* ---- edge to core ---- */

struct edge_hello {
    uint16_t version_min, version_max;
    uint8_t edge;
    uint64_t boot; /* drawn at the edge's start: another boot, another edge */
    /* Launch gives it to core and edges: what stands above, any process of the edges' user could say. */
    uint8_t secret[EDGE_SECRET_SIZE];
};

/* A browser or a screen wants a round's public state at this edge. Answered by ROUND (the first time) and LOOKED. */
struct edge_look {
    uint32_t slot, generation;
    uint32_t code;
};

struct edge_join {
    uint32_t slot, generation;
    uint32_t code;
    uint8_t nonce[NONCE_SIZE];
    uint16_t community;
    struct span name; /* as typed, at most 4 * NAME_CHARS_MAX bytes; the core checks it */
};

struct edge_resume {
    uint32_t slot, generation;
    uint32_t code;
    struct span token; /* as the browser sent it; forwarded, never looked into */
    bool is_same_connection;
    uint16_t start_asking; /* 0: no start known */
    uint64_t start_ms;     /* engine time */
    uint32_t allowance_ms; /* in that asking, as the core before told it */
};

struct edge_detach {
    uint32_t slot, generation;
    uint32_t round, participant;
};

struct edge_answer {
    uint32_t slot, generation;
    uint32_t round, participant;
    uint16_t asking;
    choice_set choice;
    uint64_t start_ms;   /* engine time */
    uint32_t elapsed_ms; /* raw */
    uint16_t credit_ms;
};

struct shown_start {
    uint32_t participant;
    uint64_t start_ms; /* engine time */
};

/* At most SHOWN_BATCH_MAX starts; is_end: this edge's fan-out is done (possibly with no starts). */
struct edge_shown {
    uint32_t round;
    uint16_t asking;
    bool is_end;
    uint32_t count;
    const struct shown_start *starts; /* decoding: the caller's array of SHOWN_BATCH_MAX */
};

struct edge_drained {
    uint32_t round;
    uint16_t asking;
};

/* Once a second. */
struct edge_stats {
    uint32_t connections; /* of every kind */
    uint32_t screens;
    uint32_t blocked; /* readers that take nothing now */
};

/* ---- core to edge ---- */

struct core_welcome {
    uint16_t version;
    uint64_t term;
    int64_t clock_offset_ms; /* engine time = this machine's CLOCK_MONOTONIC in ms + offset */
};

/* A round's whole public state, and what changed. Frames are the bytes for the browsers, ready made ("" where there is
 * none); before the reveal nothing in here depends on the key. Residents get `question`, `revealed`; screens get
 * `leaderboard` too. */
struct core_round {
    uint32_t round, code;
    enum change change;
    enum phase phase;
    bool is_paused, is_locked, is_reopened, is_voided;
    enum scene scene;
    enum names_rule names;
    enum rank_shown rank_shown;
    enum scoring scoring;
    uint16_t asking, askings_count;
    uint32_t people;
    uint64_t opened_at_ms; /* engine time */
    uint32_t reading_ms, limit_ms;
    uint64_t shuffle_seed;   /* of this asking's fan-out order */
    struct span title, unit; /* text */
    struct span communities; /* a JSON array, ready made */
    struct span question;    /* frame */
    struct span revealed;    /* frame */
    struct span leaderboard; /* frame */
};

/* A picture of the asking that is about to open, before its ROUND message. */
struct core_picture {
    struct span name; /* sha256 in hex, dot, type */
    struct span bytes;
};

struct core_looked {
    uint32_t slot, generation;
    uint32_t round;
};

/* What a participant alone is told. Times are engine time or durations. */
struct own_standing {
    uint32_t participant;
    uint16_t asking; /* 0: no standing yet */
    uint32_t points, gained;
    uint16_t rights;
    uint32_t rank; /* 0: not shown now */
    uint32_t of;
    bool is_out;
};

struct core_attached {
    uint32_t slot, generation;
    uint32_t round, participant;
    uint16_t community;
    struct span token;     /* text */
    struct span name;      /* text, as others see it */
    uint16_t start_asking; /* 0: this edge shows it now, and reports the start */
    uint64_t start_ms;
    uint32_t allowance_ms;
    bool has_answer;
    uint16_t answer_asking;
    choice_set choice;
    uint32_t elapsed_ms;
    uint16_t credit_ms;
    struct span receipt; /* its code, text */
    struct own_standing standing;
};

struct core_recorded {
    uint32_t slot, generation;
    uint16_t asking;
    choice_set choice;
    uint32_t elapsed_ms;
    uint16_t credit_ms;
    struct span receipt;
};

struct core_refused {
    uint32_t slot, generation;
    enum verdict verdict;
    uint16_t asking; /* 0: does not concern an answer */
    bool has_first;
    choice_set choice; /* of the first */
    uint32_t elapsed_ms;
    uint16_t credit_ms;
    struct span receipt;
};

/* This edge's own residents, in pieces of at most STANDINGS_BATCH_MAX. A piece is read entry by entry, so that nobody
 * needs an array: standings_begin, then standings_next until false. */
#define STANDINGS_BATCH_MAX 4000
struct core_standings {
    uint32_t round;
    uint16_t asking;
    uint32_t of;
    uint32_t count;
};

struct standings_item {
    uint32_t slot, generation;
    struct own_standing standing;
};

struct core_renamed {
    uint32_t slot, generation;
    struct span name;
};

struct core_count {
    uint32_t round;
    uint32_t people;
};

/* Each encodes the kind and the fields; w->ok tells whether they fitted. Each decodes a whole message of its kind:
 * false where a field is missing, left over or out of bounds. */
#define EDGE_CORE_MESSAGES(X)                                                                                          \
    X(edge_hello)                                                                                                      \
    X(edge_look)                                                                                                       \
    X(edge_join)                                                                                                       \
    X(edge_resume)                                                                                                     \
    X(edge_detach)                                                                                                     \
    X(edge_answer)                                                                                                     \
    X(edge_drained)                                                                                                    \
    X(edge_stats)                                                                                                      \
    X(core_welcome)                                                                                                    \
    X(core_round)                                                                                                      \
    X(core_picture) X(core_looked) X(core_attached) X(core_recorded) X(core_refused) X(core_renamed) X(core_count)
#define X(name)                                                                                                        \
    void name##_encode(struct writer *w, const struct name *message);                                                  \
    bool name##_decode(struct span bytes, struct name *message) __attribute__((warn_unused_result));
EDGE_CORE_MESSAGES(X)
#undef X

void edge_shown_encode(struct writer *w, const struct edge_shown *message);
bool edge_shown_decode(struct span bytes, struct edge_shown *message, struct shown_start starts[SHOWN_BATCH_MAX])
    __attribute__((warn_unused_result));

void core_standings_encode(struct writer *w, const struct core_standings *head, const struct standings_item *items);
bool core_standings_begin(struct span bytes, struct reader *r, struct core_standings *head)
    __attribute__((warn_unused_result));
/* Exactly head.count times; r->ok tells whether it was there. */
void core_standings_next(struct reader *r, struct standings_item *item);

#endif
