/* A round's phases, and the facts that move it: the durable events of the log. */
#ifndef JINGDA_MODEL_ROUND_H
#define JINGDA_MODEL_ROUND_H

#include <stdbool.h>
#include <stdint.h>

enum phase {
    PHASE_LOBBY,
    PHASE_OPEN,    /* residents answer */
    PHASE_CLOSING, /* CLOSE has gone out, edges drain */
    PHASE_CLOSED,  /* scored */
    PHASE_REVEALED,
    PHASE_ENDED,
};
/* Being paused is a flag beside the phase: a pause is possible in lobby, closed and revealed. */

/* "lobby", "open", "closing", "closed", "revealed", "ended" */
const char *phase_name(enum phase phase);

/* What may stand in the log. The numbers are in databases: append, never reorder. */
enum control_kind {
    CONTROL_ROUND_OPENED = 1,
    CONTROL_ASKING_OPENED = 2,
    CONTROL_ASKING_EXTENDED = 3, /* value: the new limit_ms */
    CONTROL_ASKING_CLOSED = 4,   /* value: 1 early */
    /* Every edge has drained: the set of answers is final. value: 1 a fault of the server kept somebody from answering,
     * and a missing answer knocks nobody out. */
    CONTROL_ASKING_SCORED = 5,
    CONTROL_ASKING_REVEALED = 6,
    CONTROL_ASKING_VOIDED = 7,
    CONTROL_ASKING_REOPENED = 8, /* all edges had died: those without an answer get the whole time again */
    CONTROL_PAUSED = 9,
    CONTROL_RESUMED = 10,
    CONTROL_LOCKED = 11,       /* value: 1 locked, 0 open */
    CONTROL_NAMES_HIDDEN = 12, /* value: 1 hidden, 0 shown */
    CONTROL_PACE = 13,         /* value: 1 automatic, 0 by hand */
    CONTROL_REMOVED = 14,      /* participant */
    CONTROL_RENAMED = 15,      /* participant; the name itself is in person */
    CONTROL_SCENE = 16,        /* value: enum scene */
    CONTROL_ROUND_ENDED = 17,
};

enum scene { SCENE_QUESTION, SCENE_LEADERBOARD };

/* One control fact. Numbers only: a name never stands in the log. */
struct control {
    enum control_kind kind;
    uint32_t round;
    uint16_t asking;      /* from 1; 0: none */
    uint32_t participant; /* PARTICIPANT_NONE: none */
    uint32_t value;
    uint64_t at_ms; /* engine time when it was accepted */
    uint32_t actor; /* the desk account that asked for it; 0 the server itself */
};

#define PARTICIPANT_NONE UINT32_MAX

/* Why a command was not done. The names are the error codes of docs/desk-protocol.md. */
enum command_error {
    COMMAND_DONE,
    COMMAND_UNKNOWN_ROUND,
    COMMAND_WRONG_PHASE,
    COMMAND_TOO_LATE,
    COMMAND_ROUND_OVER,
    COMMAND_UNKNOWN_PARTICIPANT,
    COMMAND_BAD_REQUEST,
    COMMAND_TOO_MANY_ROUNDS,
    COMMAND_CORE_AWAY, /* the commit failed, or the core was not there: nothing was done */
};
#define COMMAND_ERRORS 9

/* "done", "unknown_round", ... */
const char *command_error_name(enum command_error error);

#endif
