/* What the engine is made of: rounds, and participants in pages that all rounds share. Private to server/engine.
 *
 * Memory, for each participant of the limit: a record of 84 bytes, 16 bytes of scratch for ranking and 6 to 12 of the
 * nonce index. Everything is allocated by engine_create.
 *
 * A round's counts (people, connected, answered ...) are kept by tally.h: whoever changes a participant takes it out of
 * the counts first and puts it back afterwards. */
#ifndef JINGDA_ENGINE_STATE_H
#define JINGDA_ENGINE_STATE_H

#include "base/expect.h"
#include "engine/engine.h"
#include "model/limits.h"

#define PAGE_PARTICIPANTS 1024
#define PAGE_NONE         UINT32_MAX
#define START_UNKNOWN     UINT32_MAX
#define EDGE_NONE         UINT8_MAX

enum participant_flag {
    PARTICIPANT_PENDING = 1 << 0, /* the join is in the open batch */
    PARTICIPANT_JOINED = 1 << 1,  /* durable */
    PARTICIPANT_REMOVED = 1 << 2,
    PARTICIPANT_ATTACHED = 1 << 3,
    PARTICIPANT_JOINED_LATE = 1 << 4, /* came after the current asking had opened: cannot be out by missing it */
    PARTICIPANT_ANSWERED = 1 << 5,    /* recorded, to the current asking */
    PARTICIPANT_ANSWER_PENDING = 1 << 6,
    PARTICIPANT_AWAITED = 1 << 7, /* the edge died in this asking, and they have not come back */
    PARTICIPANT_FAULTED = 1 << 8, /* had an outage in this asking, and is back */
    PARTICIPANT_SHOW_NOW =
        1 << 9, /* a fault of the server kept it from being shown the asking: the clock starts then */
    PARTICIPANT_UNSCORE_RIGHT = 1 << 10,
    PARTICIPANT_AWAY = 1 << 11, /* the edge or the core died, and they have not come back since; in any phase */
};
/* What belongs to one asking and goes with it. */
#define PARTICIPANT_OF_ASKING                                                                                          \
    (PARTICIPANT_JOINED_LATE | PARTICIPANT_ANSWERED | PARTICIPANT_ANSWER_PENDING | PARTICIPANT_AWAITED |               \
        PARTICIPANT_FAULTED | PARTICIPANT_SHOW_NOW)

struct participant {
    uint8_t nonce[NONCE_SIZE];
    uint32_t attach_slot, attach_generation;
    uint32_t edges_of_asking[2]; /* bit n of word n/32: they have been at edge n in this asking */
    uint32_t points, ticks;      /* of the last standing */
    uint32_t rank;               /* 0: not in it */
    uint32_t ordered;    /* the participant at this index of the standing's order; nothing to do with this one */
    uint32_t start_ms;   /* since the asking opened; START_UNKNOWN */
    uint32_t lost_ms;    /* AWAITED: since the asking opened */
    uint32_t elapsed_ms; /* of the answer, recorded or pending */
    choice_set choice;
    uint16_t generation, community, gained, allowance_ms, flags;
    uint16_t unscore_points, unscore_ticks; /* what a void under way takes back */
    uint8_t edge;                           /* where they are or were last */
    uint8_t rights, out_at;
    uint8_t credit_ms;        /* of the answer */
    uint8_t credit_lowest_ms; /* this round; 0: none was measured */
};

/* The counts of one round, each a sum over its participants. */
struct tally {
    uint32_t people, connected, awaited;
    uint32_t unanswered; /* in the round, not out, without a recorded answer */
    uint32_t expected;   /* of these, connected */
    uint32_t unstarted;  /* of these, without a known start */
    uint32_t answered, right;
    uint32_t counts[OPTIONS_MAX];
};

enum unscore_state { UNSCORE_NONE, UNSCORE_STREAMING, UNSCORE_READY };

struct round {
    uint32_t number, place;
    bool is_used, is_announced; /* announced: ROUND_OPENED has been stepped */
    bool is_paused, is_auto, is_locked, are_names_hidden;
    enum phase phase;
    enum scene scene;
    struct rules rules;
    uint16_t askings_count;
    uint16_t asking;   /* the current one; 0 before the first */
    uint16_t scored;   /* the last scored one */
    uint16_t revealed; /* the last revealed one */
    uint16_t loaded;   /* a standing was loaded that holds the askings up to this one */
    uint64_t scored_bits[4], voided[4], reopened[4];

    /* the current asking */
    uint64_t opened_at_ms;
    uint32_t limit_ms;         /* extensions included */
    uint64_t fanout_end_ms;    /* 0: not yet */
    uint64_t earliest_ms;      /* earliest known start; 0: none */
    uint64_t latest_ms;        /* latest known start, allowances included */
    uint64_t last_shown_ms;    /* latest start without allowances */
    uint64_t awaited_until_ms; /* nobody is waited for after this */
    uint64_t quiet_since_ms;   /* everybody connected has answered since; 0: not so */
    uint64_t edges;            /* subscribed */
    uint64_t edges_showing;    /* have not said SHOWN_END */
    uint64_t edges_draining;   /* closing: have not said DRAINED */

    /* automatic pace */
    uint64_t due_ms;  /* the next step by itself */
    uint64_t left_ms; /* until then, when it was paused */

    /* after a recovery */
    bool is_reopen_asked;     /* the asking was open: shall it be opened again? */
    bool has_same_connection; /* somebody has come back over a connection that an edge kept */
    uint64_t recovered_ms;    /* the core was away until then; 0: it never was */

    /* a void under way */
    enum unscore_state unscore;
    uint16_t unscore_asking;
    struct control unscore_control;
    uint64_t unscore_command;

    uint64_t asked_in; /* engine->asking_serial when a control of this round was last asked for; 0: it is a fact now */

    struct tally tally;
    uint32_t participants_count; /* pending ones included */
    uint32_t pages_count;
    uint32_t pending_count; /* joins and answers in the open batch */
    uint32_t standing_count;
    uint64_t ended_at_ms;
};

/* One join or answer in the open batch. */
struct pending {
    uint32_t place, participant;
    bool is_join;
    bool has_other;       /* somebody tried another choice meanwhile */
    struct attach sender; /* of the choice that counts; the newest one */
    struct attach other;  /* of the other choice */
};

/* What a standing will be once the control that goes with it is a fact; read by engine_standing until then. */
enum outlook { OUTLOOK_NONE, OUTLOOK_SCORE, OUTLOOK_UNSCORE };

struct engine {
    struct engine_limits limits;
    uint64_t now_ms;
    bool is_loading;
    uint64_t asking_serial;  /* counts what may ask for controls; facts and commits come in between */
    struct effects *effects; /* of the step under way */
    struct effect discarded; /* where effects go while loading */

    struct round *rounds;
    struct asking_rules *askings; /* rounds_max * ASKINGS_MAX */

    struct participant *participants; /* pages_count * PAGE_PARTICIPANTS */
    uint32_t pages_count, pages_free_count, participants_used;
    uint32_t *pages_free;
    uint32_t *pages;        /* rounds_max tables of pages_count entries */
    uint32_t *page_place;   /* whose page it is */
    uint32_t *page_ordinal; /* which page of that round */

    uint32_t *index; /* record id + 1; 0: empty */
    uint32_t index_mask;

    struct pending *pending;
    uint32_t pending_count;

    enum outlook outlook;
    uint32_t outlook_place, outlook_count;
    bool outlook_fault;
    uint32_t *points, *ticks, *order, *scratch; /* indexed by participant or by rank order */

    uint64_t edges_up;
    uint64_t edge_lost_ms[EDGES_MAX]; /* when it died last */
    bool is_recovering;
    uint32_t edges_expected;
    uint64_t grace_until_ms;
};

static inline bool bit_is_set(const uint64_t bits[4], uint16_t n)
{
    return bits[n / 64] >> (n % 64) & 1;
}
static inline void bit_set(uint64_t bits[4], uint16_t n)
{
    bits[n / 64] |= UINT64_C(1) << (n % 64);
}
static inline uint64_t edge_bit(uint8_t edge)
{
    expect(edge < EDGES_MAX);
    return UINT64_C(1) << edge;
}
static inline bool has_flag(const struct participant *p, enum participant_flag flag)
{
    return (p->flags & flag) != 0;
}
/* In the round: durable and not removed. */
static inline bool is_in(const struct participant *p)
{
    return (p->flags & (PARTICIPANT_JOINED | PARTICIPANT_REMOVED)) == PARTICIPANT_JOINED;
}
static inline bool phase_has_asking(enum phase phase)
{
    return phase == PHASE_OPEN || phase == PHASE_CLOSING;
}

static inline struct asking_rules *asking_of(const struct engine *engine, const struct round *round, uint16_t asking)
{
    expect(asking >= 1 && asking <= round->askings_count);
    return &engine->askings[(size_t)round->place * ASKINGS_MAX + asking - 1];
}

#endif
