/* The simulated world: one core, three edges, one or two rounds, residents, screens, a host, a clock, and everything
 * that can go wrong between them, all drawn from one seed. The engine, the core's turn and the edges' sessions are the
 * real ones. */
#ifndef JINGDA_SIMULATION_WORLD_H
#define JINGDA_SIMULATION_WORLD_H

#include "base/random.h"
#include "bus/memory.h"
#include "core/turn.h"
#include "engine/engine.h"
#include "session/sessions.h"
#include "simulation/memory_records.h"

#define EDGES         3
#define GAMES_MAX     2
#define RESIDENTS     16 /* some of them come only in place of one who has removed the browser's storage */
#define SCREENS       2
#define PEOPLE        (RESIDENTS + SCREENS) /* screens stand behind the residents */
#define CONNECTIONS   56
#define SLOTS         64
#define WORLD_ASKINGS 4
#define CLOCK_OFFSET  1700000000000 /* engine time - world time */
#define HELD_MS_MAX   800           /* a busy machine: what an edge says to the core waits */
#define TURNS_MS      500           /* a process gets its turn late, and the news of a death */

enum fault { FAULT_NONE, FAULT_EARLY_ACKNOWLEDGEMENT, FAULT_COUNT_TWICE, FAULT_ACCEPT_LATE, FAULT_SCORE_EARLY };

struct packet {
    char *text;
    uint64_t at_ms; /* when it arrives */
    struct packet *next;
};

/* A WebSocket: FIFO in both directions, until it breaks. */
struct connection {
    bool is_open;
    uint8_t edge;
    uint32_t slot;
    uint32_t serial;      /* no two in one world have the same */
    uint64_t attached_ms; /* the core's word came on it first; 0: not yet */
    int resident;
    struct packet *to_edge, *to_browser;
    bool is_blocked;       /* the reader takes nothing */
    char *held;            /* the frame that waits for it (SENT_LATER) */
    uint64_t closed_at_ms; /* the browser notices then; 0: not closed by the edge */
};

/* An answer as an edge read it. */
struct reading {
    uint64_t at_ms, outage_ms;
    uint64_t broke_ms; /* the channel of its edge, since */
    unsigned choice;
    uint8_t edge;
    uint32_t serial; /* of the connection */
    bool is_lost;    /* with the edge, or with a connection that was gone when the core was */
};
#define READINGS_MAX 12

/* What the world saw of one resident in one asking. */
struct witness {
    uint64_t first_shown_ms; /* 0: never */
    uint32_t shown_serial;   /* the connection on which it was shown last */
    struct reading readings[READINGS_MAX];
    int readings_count;
    uint8_t edges;      /* where a connection was open meanwhile: bit n */
    int connections;    /* how many were */
    bool is_late_comer; /* the clock was running when it was first shown: since the end of the fan-out */
    bool is_hurt;       /* a start may have been lost with an edge, the core or a channel */
    bool is_reopened;
    bool is_retried;      /* was refused for another reason, and may be late when it is tried again */
    bool was_gone;        /* the edge died under them, here or just before, and the core must have known it */
    bool may_be_allowed;  /* or may have known it */
    bool is_owed_a_start; /* it had died before the opening: the clock starts when shown */
    uint64_t outage_ms;   /* how long they were gone since, by a fault of the server */
    bool has_core_died;   /* since the outage: it is known to the edge alone, for this one connection */
};

struct resident {
    uint8_t game;
    bool is_screen;
    char nonce[23];
    uint8_t nonce_bytes[NONCE_SIZE];
    char token[64];
    int participant; /* -1 until told; from 0 */
    int number;      /* the same, as the durable records have it */
    int connection;  /* the newest; -1: none */
    uint64_t connect_at_ms, act_at_ms;
    bool is_removed, has_ended, has_left; /* left: the storage was removed; another resident comes instead */
    uint32_t round_trip_ms;
    uint16_t asking; /* open on the page */
    uint16_t chosen_asking;
    unsigned choice;                      /* tapped for chosen_asking, not yet acknowledged */
    bool is_waiting;                      /* for recorded or refused */
    unsigned recorded[WORLD_ASKINGS + 1]; /* choice told as recorded; 0: none */
    uint32_t attached_serial;             /* the last connection on which the core's word came */
    uint64_t blocked_ms;                  /* the last time that a connection did not read */
    uint64_t gone_ms;                     /* the edge died; 0: it did not, or they are back */
    struct witness witness[WORLD_ASKINGS + 1];
};

struct edge {
    bool is_up, is_welcome;
    bool is_malformed, is_hung_up; /* it has said nonsense; its channel is closed: launch starts it again */
    struct sessions *sessions;
    struct bus *bus;
    struct bus_channel *channel;
    uint64_t boot, up_at_ms;
    uint64_t held_until_ms; /* what it says to the core waits */
    int connection_of_slot[SLOTS];
};

/* One round, as it was asked for, and as far as it is durable. */
struct game {
    struct rules rules;
    struct asking_rules askings[WORLD_ASKINGS];
    bool is_created;
    uint32_t round, code;
    uint64_t host_at_ms, create_id;
    uint16_t asking_now; /* the last opened one */
    bool is_open;        /* it takes answers */
    bool is_ended;
    bool is_closing, is_closed_early[WORLD_ASKINGS + 1], is_revealed[WORLD_ASKINGS + 1], is_voided[WORLD_ASKINGS + 1];
    uint64_t opened_at_ms[WORLD_ASKINGS + 1], closed_at_ms[WORLD_ASKINGS + 1]; /* 0: not yet */
    uint32_t limit_ms[WORLD_ASKINGS + 1];                                      /* extensions included */
    bool is_standing_to_check;
    uint64_t hash_at_reveal[WORLD_ASKINGS + 1];
};

struct world {
    uint64_t seed;
    struct random random;
    uint64_t now_ms, steps;
    enum fault fault;
    unsigned wrong_key_asking; /* this asking's key (of the first game) is another one: for the not-early comparison */
    uint32_t mildness;         /* faults strike this much more rarely; 0: never */
    bool is_extreme;           /* speed scoring, at both ends of the time */
    bool is_calm;              /* faults are over: everything must finish */

    struct memory_records *memory;
    struct bus_memory_hub *hub;
    struct turn *turn;
    struct bus *core_bus;
    bool is_core_up;
    uint64_t core_up_at_ms, term;
    uint32_t rows_seen;

    struct game games[GAMES_MAX];
    unsigned games_count;
    struct edge edges[EDGES];
    struct connection connections[CONNECTIONS];
    uint32_t serials;
    struct resident residents[PEOPLE];
    int spare; /* the next resident who can come in place of another */

    struct bus *host_bus;
    struct bus_channel *host;
    uint64_t host_ids;

    uint64_t edge_bytes_hash; /* of all that the core said to edges */
    uint64_t trace_hash;
    bool is_tracing;
    uint64_t recorded_frames, crashes;
    char failure[256]; /* the first broken invariant */
};

struct world *world_create(uint64_t seed, enum fault fault, unsigned wrong_key_asking);
void world_destroy(struct world *world);
/* One step of the clock and whatever falls due. False: an invariant broke. */
bool world_step(struct world *world);
bool world_is_over(const struct world *world);

void world_fail(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
void world_trace(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool world_chance(struct world *world, uint32_t one_in);
uint64_t world_engine_now(const struct world *world);
struct game *game_of(struct world *world, const struct resident *resident);
struct game *game_of_round(struct world *world, uint32_t round);

/* strike.c */
void strike(struct world *world);
void slow_down(struct world *world);
void repair(struct world *world);
/* core_process.c */
void core_start(struct world *world);
void core_kill(struct world *world);
void core_turn(struct world *world);
/* edges.c */
void edge_start(struct world *world, uint8_t edge);
void edge_kill(struct world *world, uint8_t edge);
void edge_turn(struct world *world, uint8_t edge);
void edge_says(struct world *world, uint8_t edge, const uint8_t *bytes, size_t size);
/* network.c */
int connection_open(struct world *world, int resident, uint8_t edge);
void connection_cut(struct world *world, int connection); /* by the browser's side: the edge notices */
void connection_send(struct world *world, int connection, const char *text);
void connection_deliver(struct world *world, int connection);
enum sent connection_to_browser(struct world *world, int connection, struct span frame);
void connection_unblock(struct world *world, int connection);
void connection_forget(struct world *world, int connection);
/* resident.c */
void resident_create(struct world *world, int index);
void resident_frame(struct world *world, int resident, int connection, const char *text);
void resident_lost(struct world *world, int resident, int connection);
void resident_act(struct world *world, int resident);
/* host.c */
void host_act(struct world *world);
void host_start(struct world *world);
/* frame.c: fields of a frame, for the residents and the checks */
bool frame_is(const char *text, const char *type);
long frame_number(const char *text, const char *field, long otherwise);
bool frame_text(const char *text, const char *field, char *out, size_t size);
void nonce_read(const char *text, uint8_t out[NONCE_SIZE]);
/* recount.c */
bool recount_agrees(const struct world *world, const struct game *game, char *why, size_t size);
/* check.c */
void check_frame(struct world *world, int connection, const char *text); /* as it enters or leaves an edge */
void check_step(struct world *world);
void check_turn(struct world *world); /* right after a turn, before anything it sent is delivered */
void check_end(struct world *world);
int check_number(struct world *world, struct resident *resident); /* the participant's; -1: not durable */
/* In the round, not out, and without a durable answer to the current asking. */
bool check_is_to_answer(struct world *world, struct resident *resident);
/* witness.c: what happened to whom, by the world's own clock */
void witness_connected(struct world *world, struct resident *resident, uint8_t edge);
void witness_cut(struct world *world, const struct connection *connection);
void witness_frame_out(struct world *world, struct resident *resident, int connection, const char *text);
void witness_reading(struct world *world, struct resident *resident, int connection, const char *text);
void witness_settled(struct resident *resident, uint16_t asking, uint32_t serial);
void witness_opened(struct world *world, struct game *game, uint16_t asking, bool is_again);
void witness_edge_killed(struct world *world, uint8_t edge);
void witness_core_killed(struct world *world);
void witness_channel_broke(struct world *world, uint8_t edge);
void witness_batch_failed(struct world *world);
/* equal_time.c: the promise of equal time, against what was witnessed */
void time_of_answer(struct world *world, struct resident *resident, const struct answer *answer);
void time_of_refusal(struct world *world, struct resident *resident, uint16_t asking, const char *verdict);
void time_of_showing(struct world *world, struct resident *resident, uint16_t asking, uint32_t elapsed_ms);
void time_of_close(struct world *world, struct game *game, const struct control *control);
void time_of_scoring(struct world *world, struct game *game, const struct control *control);

/* fault.c: engine_step of this program goes through here and may be spoilt */
void fault_set(enum fault fault);

#endif
