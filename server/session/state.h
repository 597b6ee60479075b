/* What sessions keep, and which file does what to it; for session/'s own files alone. */
#ifndef JINGDA_SESSION_STATE_H
#define JINGDA_SESSION_STATE_H

#include "protocol/frames.h"
#include "session/sessions.h"

#define ROUNDS_KNOWN_MAX 128               /* twice ROUNDS_MAX: ended ones stay while somebody looks at them */
#define SENDS_MAX        3                 /* a call goes to one core, and again to at most two */
#define REPEAT_MS        10000             /* a call without reply from a core that is there goes out once more */
#define SLICE_SENDS      500               /* frames written in one tick: some 5 ms */
#define PIECES_SIZE_MAX  ((size_t)8 << 20) /* standings that wait to be told */
#define DRAIN_MS         10                /* between CLOSE and DRAINED, at least: the edge reads its sockets */
#define HELLO_MS_MAX     30000             /* a connection without a hello is closed */
#define WINDOW_MS        10000             /* in which frames are counted */
#define STATES_MAX       5                 /* whole states told on demand in a window, of 10 kB each perhaps */
#define NONCES_MAX       3                 /* that one connection joins with, one after another */

#define FRAME_ROOM_SIZE 65536 /* the largest frame: a snapshot with three frames of the core in it */

#define CLOSE_GOING_AWAY  1001
#define CLOSE_NOT_A_FRAME 1003
#define CLOSE_POLICY      1008
#define CLOSE_TRY_LATER   1013

/* What a browser is to its round. */
enum role { ROLE_NONE, ROLE_LOOKER, ROLE_RESIDENT, ROLE_SCREEN };

/* What a browser has yet to be told, in the order in which it is told. It is made of the round's newest state when it
 * can be sent, so that a blocked reader costs these bits and nothing else. A reader that missed more than a step gets
 * DUE_SNAPSHOT in place of them all. */
enum due {
    DUE_SNAPSHOT = 1 << 0,
    DUE_QUESTION = 1 << 1,
    DUE_OPEN = 1 << 2,
    DUE_EXTENDED = 1 << 3,
    DUE_CLOSED = 1 << 4,
    DUE_VOIDED = 1 << 5,
    DUE_REVEALED = 1 << 6,
    DUE_LEADERBOARD = 1 << 7,
    DUE_SCENE = 1 << 8,
    DUE_PAUSE = 1 << 9, /* paused or resumed */
    DUE_ROUND = 1 << 10,
    DUE_ENDED = 1 << 11,
};

/* Something asked of the core and not yet answered. */
struct call {
    bool is_due;
    bool is_repeated;
    uint8_t sends; /* to how many cores */
    uint64_t sent_ms;
};

/* The one request of a slot, a join or an answer. (LOOK and RESUME are made again from the slot itself.) */
struct request {
    struct call call;
    bool is_join;
    union {
        struct {
            uint8_t nonce[NONCE_SIZE];
            uint16_t community;
            uint8_t name_size;
            char name[4 * NAME_CHARS_MAX];
        } join;
        struct {
            uint16_t asking;
            choice_set choice;
            uint16_t credit_ms;
            uint32_t elapsed_ms; /* fixed when the frame was read */
            int64_t start_ms;    /* of this machine; 0 with elapsed UINT32_MAX: none known */
        } answer;
    };
};

struct slot {
    bool is_open, is_closing, is_blocked;
    bool wants_joined; /* it asked to come in or back: `joined` goes before the snapshot */
    bool wants_state;  /* it said hello: `round` or `snapshot` is an answer */
    bool has_hello;    /* it has ever said one */
    bool is_waiting;   /* its newest hello is answered in the next window */
    uint8_t role;      /* enum role: what it wants to be; a member is it */
    uint8_t token_size;
    uint8_t frames_count, states_count; /* in the window */
    uint8_t nonces_count;
    uint16_t due;
    uint16_t place;           /* of the round it is a member of, PLACE_NONE */
    uint16_t start_asking;    /* of start_ms; 0: none */
    uint16_t opening_asking;  /* its opening frame waits in the transport, with a time that grows old */
    uint16_t answered_asking; /* the last that is recorded */
    uint16_t standing_asking; /* the last standing told */
    uint32_t generation;
    uint32_t member; /* index in the round's list */
    uint32_t code;
    uint32_t participant;
    uint32_t allowance_ms; /* for the asking that is open */
    int64_t start_ms;      /* this machine's monotonic clock; what the core told may be before its zero */
    uint64_t opened_ms;
    uint64_t window_ms; /* when the window began */
    uint64_t blocked_ms;
    struct call attach;        /* LOOK or RESUME */
    uint8_t nonce[NONCE_SIZE]; /* of the last join */
    char token[TOKEN_TEXT_MAX];
    struct request request;
};

#define PLACE_NONE UINT16_MAX

/* A STANDINGS message that waits for its turn. */
struct piece {
    struct piece *next;
    size_t size;
    struct reader reader; /* over `bytes` */
    uint32_t left;
    uint8_t bytes[];
};

struct round_known {
    struct core_round state; /* its spans point into `block`; frames have head room there */
    uint8_t *block;          /* NULL: the place is free */
    uint32_t *members;       /* slots */
    uint32_t members_count, members_capacity;
    uint32_t walk_left; /* members[0 .. walk_left) have not been visited yet */
    bool is_walk_after_pieces;
    bool is_opening; /* SHOWN's end is due when the walk is done */
    bool is_drain_due;
    uint16_t drain_asking;
    uint64_t drain_ms;
    struct piece *first_piece, *last_piece;
};

struct sessions {
    struct sessions_options options;
    struct sessions_port port;
    uint64_t now_ms;

    bool is_welcome;
    uint64_t term;
    int64_t offset_ms; /* engine time - ours */

    struct slot *slots;
    uint32_t *free_slots;
    uint32_t free_count, slots_used; /* slots_used: the highest ever used, and one */
    uint32_t open_count, screens_count, blocked_count;

    struct round_known rounds[ROUNDS_KNOWN_MAX];
    uint32_t round_next; /* whose slice is next */
    size_t pieces_size;

    uint32_t shown_round;
    uint16_t shown_asking;
    uint32_t shown_count;
    struct shown_start shown[SHOWN_BATCH_MAX];

    uint64_t beat_cycle_ms, second_ms;
    uint32_t beat_next;
    bool is_beating_quick;
    bool has_count_changed; /* since the beats of now began: a small lobby is told soon */

    uint8_t *frame_room; /* SESSION_HEAD_ROOM + FRAME_ROOM_SIZE: a frame being made */
    uint8_t message_room[SHOWN_BATCH_MAX * 12 + 512];
};

_Static_assert(ROUNDS_KNOWN_MAX >= 2 * ROUNDS_MAX, "every running round has a place beside those that have ended");

static inline uint32_t slot_number(const struct sessions *s, const struct slot *slot)
{
    return (uint32_t)(slot - s->slots);
}
static inline bool slot_is_member(const struct slot *slot)
{
    return slot->place != PLACE_NONE;
}
static inline bool slot_is_resident(const struct slot *slot)
{
    return slot_is_member(slot) && slot->role == ROLE_RESIDENT;
}
static inline struct round_known *slot_round(struct sessions *s, const struct slot *slot)
{
    return &s->rounds[slot->place];
}
static inline uint64_t engine_ms(const struct sessions *s, int64_t local_ms)
{
    return (uint64_t)(local_ms + s->offset_ms);
}
static inline uint64_t moment(const struct sessions *s)
{
    return s->port.now_ms ? s->port.now_ms(s->port.context) : s->now_ms;
}

/* sessions.c */
/* The slot that a reply is for; NULL where it has been reused or is being closed. */
struct slot *slot_of_reply(struct sessions *s, uint32_t number, uint32_t generation);
void slot_close(struct sessions *s, struct slot *slot, uint16_t code);

/* rounds.c */
struct round_known *round_find(struct sessions *s, uint32_t round);
/* Takes a copy of the message's state; NULL where no place is left. `before` gets the numbers of what was known, and
 * `was_known` whether anything was. */
struct round_known *round_learn(
    struct sessions *s, const struct core_round *state, struct core_round *before, bool *was_known);
void round_forget(struct sessions *s, struct round_known *round);
void round_join(struct sessions *s, struct round_known *round, struct slot *slot);
/* Out of its round, if it is in one; `tells_core`: a resident is detached there too. */
void round_leave(struct sessions *s, struct slot *slot, bool tells_core);
void round_shuffle(struct sessions *s, struct round_known *round);

/* browser.c */
/* A hello that came too soon after the others is answered when its time has come. */
void browser_hello_again(struct sessions *s, struct slot *slot);

/* change.c: what a new state makes due to everyone; `before` NULL: the round is new here */
void round_change(struct sessions *s, struct round_known *round, const struct core_round *before);

/* calls.c: to the core, now or when there is one */
void call_attach(struct sessions *s, struct slot *slot);
void call_request(struct sessions *s, struct slot *slot);
/* An answer that is said once, to the core that is there, while the slot's own request waits. */
void call_beside(struct sessions *s, struct slot *slot, const struct request *request);
void call_done(struct call *call);
void calls_again(struct sessions *s);
void call_repeat(struct sessions *s, struct slot *slot);
/* The browser asks for the same again: what the core left unanswered for REPEAT_MS goes out once more. */
void call_nudge(struct sessions *s, struct slot *slot);
void call_detach(struct sessions *s, const struct edge_detach *detach);
void call_send(struct sessions *s, const struct writer *w);

/* tell.c: to one browser */
struct writer frame_writer(struct sessions *s);
/* Sends a frame that was made in frame_writer's room. A blocked reader gets a snapshot later in its place. */
void tell(struct sessions *s, struct slot *slot, const struct writer *frame);
void tell_refused(struct sessions *s, struct slot *slot, const struct core_refused *refused);
void tell_snapshot(struct sessions *s, struct slot *slot, const struct core_attached *own);
/* The transport is free again. */
void tell_time_again(struct sessions *s, struct slot *slot);
/* Sends what is due, until nothing is or the reader is blocked; gives the number of frames. */
uint32_t tell_due(struct sessions *s, struct slot *slot);
/* The asking would have been shown to it now, if it read: that is when its clock starts. */
void slot_start_unread(struct sessions *s, struct slot *slot);

/* walk.c: everybody in slices, and what is reported of it */
void walk_begin(struct round_known *round);
void walk_slice(struct sessions *s);
void walk_reports(struct sessions *s);
/* Standings that will be told after what the walk still has. False: malformed. */
bool walk_keep_piece(struct sessions *s, struct span message);
void walk_drop_pieces(struct sessions *s, struct round_known *round);
void shown_add(struct sessions *s, uint32_t round, uint16_t asking, uint32_t participant, uint64_t at_ms);
void shown_flush(struct sessions *s);

#endif
