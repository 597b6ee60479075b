/* What the engine asks the core to do. Effects of one step stand in the order in which they must be done. Nothing that
 * promises durability comes before the BATCH_COMMITTED that made it durable. */
#ifndef JINGDA_MODEL_EFFECT_H
#define JINGDA_MODEL_EFFECT_H

#include "model/event.h"

enum effect_kind {
    /* into the open batch */
    EFFECT_APPEND_CONTROL, /* commit, then step it as EVENT_CONTROL before anything else */
    EFFECT_APPEND_JOIN,
    EFFECT_APPEND_ANSWER,
    EFFECT_APPEND_STANDING, /* pull it with engine_standing; goes with the control that follows in the same step */
    /* to one browser, through its edge */
    EFFECT_ATTACHED, /* joined or came back: token and own snapshot */
    EFFECT_RECORDED,
    EFFECT_REFUSED,
    EFFECT_RENAMED,
    /* to edges */
    EFFECT_SUBSCRIBE, /* this edge knows nothing of the round yet: its whole public state */
    EFFECT_PUBLISH,   /* the round changed: its public state and what changed, to every edge of the mask */
    EFFECT_STANDINGS, /* each edge's own residents' standing */
    /* to the desk */
    EFFECT_COMMAND_REFUSED,
    /* from the store */
    EFFECT_UNSCORE, /* stream the asking's answers back as UNSCORE_ANSWER, then UNSCORE_END */
};

/* What changed in a PUBLISH; on the bus and in the session: append, never reorder. */
enum change {
    CHANGE_NONE, /* just the state */
    CHANGE_OPENED,
    CHANGE_REOPENED,
    CHANGE_EXTENDED,
    CHANGE_CLOSE, /* drain, then say closed */
    CHANGE_REVEALED,
    CHANGE_VOIDED,
    CHANGE_PAUSED,
    CHANGE_RESUMED,
    CHANGE_LOCKED, /* or unlocked */
    CHANGE_NAMES,  /* hidden, shown, renamed or removed: leaderboards are to be drawn again */
    CHANGE_SCENE,
    CHANGE_STANDING, /* recomputed after a void */
    CHANGE_ENDED,
};

struct effect {
    enum effect_kind kind;
    union {
        struct {
            struct control control;
            uint64_t command_id; /* 0: the server's own */
        } control;
        struct {
            uint32_t round;
            uint32_t number;
            uint32_t generation;
            uint16_t community;
            uint8_t nonce[NONCE_SIZE];
        } join;
        struct answer answer;
        struct {
            uint32_t round;
            uint16_t asking;
        } standing;
        struct {
            struct attach attach;
            uint32_t round;
            uint32_t participant;
        } attached; /* also RENAMED */
        struct {
            struct attach attach;
            struct answer answer;
        } recorded;
        struct {
            struct attach attach;
            uint32_t round;
            enum verdict verdict;
            uint16_t asking; /* 0: does not concern an answer */
            bool has_first;  /* already_answered: the first one stands in `first` */
            struct answer first;
        } refused;
        struct {
            uint32_t round;
            uint64_t edges; /* bit n: edge n */
            enum change change;
        } publish; /* also SUBSCRIBE and STANDINGS */
        struct {
            uint64_t id;
            enum command_error error;
        } command_refused;
        struct {
            uint32_t round;
            uint16_t asking;
        } unscore;
    };
};

/* The caller's room for the effects of one step. */
struct effects {
    struct effect *items;
    uint32_t count;
    uint32_t capacity;
};

/* Enough for any single step. */
#define EFFECTS_MAX (2 * TURN_EVENTS_MAX + 4 * ROUNDS_MAX + 64)

#endif
