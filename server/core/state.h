/* The core's state between two turns, and the parts of a turn. Shared by core/'s own files only. */
#ifndef JINGDA_CORE_STATE_H
#define JINGDA_CORE_STATE_H

#include "core/book.h"
#include "core/turn.h"
#include "engine/engine.h"
#include "model/name.h"
#include "protocol/desk_core.h"
#include "protocol/edge_core.h"

/* Edges that have said hello, as many that have not yet, and places kept for the desk. */
#define EDGE_PEERS_MAX (2 * EDGES_MAX)
#define DESK_PEERS_MAX 8
#define PEERS_MAX      (EDGE_PEERS_MAX + DESK_PEERS_MAX)
#define CONTROLS_MAX   (2 * ROUNDS_MAX) /* one tick may move every round */

struct peer {
    struct bus_channel *channel; /* NULL: free */
    bool has_said_hello;
    uint8_t edge; /* of an edge that has said hello */
    uint64_t opened_ms, heard_ms;
};

struct edge_seat {
    struct peer *peer; /* NULL: not up */
    uint64_t boot;
    struct edge_stats stats;
};

/* A command of the desk that is being done: at most one, since its control is committed before anything else. */
struct command {
    uint64_t id; /* the engine's; 0: none */
    struct bus_channel *desk;
    uint64_t desk_id;
};

/* An asking whose answers go back to the engine after a void, slice by slice. */
struct unscore {
    uint32_t round; /* 0: free */
    uint16_t asking;
    uint32_t from;
};

struct status_sent {
    uint32_t round;
    uint64_t hash;
    uint64_t at_ms;
    uint32_t people; /* last told to the edges */
    uint64_t count_at_ms;
};

struct turn {
    struct turn_options options;
    const struct records *records; /* &options.records */
    struct engine *engine;
    struct effects effects;
    struct book book;
    struct random random;
    uint64_t now_ms;

    struct peer peers[PEERS_MAX];
    struct edge_seat edges[EDGES_MAX];

    struct control controls[CONTROLS_MAX]; /* appended, not yet stepped */
    uint64_t control_commands[CONTROLS_MAX];
    uint32_t controls_count;
    bool is_flushing;
    uint32_t appended; /* joins and answers in the open batch */
    uint64_t commands_last;
    struct command command;
    uint32_t created_round; /* by the CREATE that is being committed; 0: none */
    struct unscore unscores[ROUNDS_MAX];
    struct span join_name; /* of the join that is being stepped */
    struct span rename_name;

    struct status_sent sent[ROUNDS_MAX];
    uint64_t health_at_ms;
    uint32_t commit_us, turn_us;
    uint64_t answers_total;
    bool is_disk_full, is_broken;
    uint64_t fault_said_ms; /* 0: never */
    uint32_t faults_unsaid;

    struct shown_start *starts;              /* SHOWN_BATCH_MAX */
    struct standings_item *items[EDGES_MAX]; /* STANDINGS_BATCH_MAX each, made when first needed */
    uint8_t *scratch;                        /* BUS_MESSAGE_MAX: one message being made */
};

/* turn.c */
void turn_step(struct turn *turn, struct event *event); /* sets now_ms, steps, performs */
void turn_flush(struct turn *turn);                     /* commits what is open and steps what follows */
/* A sibling's fault in the log, at most one each second: who repeats it a thousand times does not fill the disk. */
void turn_say_fault(struct turn *turn, const char *who, const char *what);
/* from_edge.c, from_desk.c: false: malformed, the channel is closed by the caller */
bool turn_from_edge(struct turn *turn, struct peer *peer, struct span message);
bool turn_from_desk(struct turn *turn, struct peer *peer, struct span message);
void turn_edge_gone(struct turn *turn, uint8_t edge);
void turn_forget(struct turn *turn, uint32_t round); /* an ended one: its code is over */
void turn_answer_desk(struct turn *turn, enum command_error error, uint32_t round, uint32_t code);
/* perform.c */
void turn_perform(struct turn *turn);
void turn_send(struct turn *turn, uint8_t edge, const struct writer *w);
void turn_refuse(struct turn *turn, struct attach attach, enum verdict verdict);
/* publish.c */
void turn_publish(struct turn *turn, uint32_t round, uint64_t edges, enum change change);
void turn_send_pictures(struct turn *turn, uint8_t edge); /* of what is open, to an edge that has just come */
/* leaderboard.c: the frame for screens */
void turn_write_leaderboard(
    struct turn *turn, struct writer *w, const struct book_round *book, const struct round_view *view);
/* standings.c */
void turn_send_standings(struct turn *turn, uint32_t round, uint64_t edges);
struct own_standing turn_own_standing(
    const struct book_round *book, const struct round_view *view, const struct participant_view *own, uint32_t of);
/* unscore.c: a slice of whatever waits */
void turn_unscore_add(struct turn *turn, uint32_t round, uint16_t asking);
void turn_unscore_slice(struct turn *turn, uint32_t answers_max);
/* status.c */
void turn_tell_status(struct turn *turn);

#endif
