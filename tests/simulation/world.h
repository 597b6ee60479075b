/* The simulated world: one core, three edges, residents, a host, a clock, and everything that can go wrong between
 * them, all drawn from one seed. The engine, the core's turn and the edges' sessions are the real ones. */
#ifndef JINGDA_SIMULATION_WORLD_H
#define JINGDA_SIMULATION_WORLD_H

#include "base/random.h"
#include "bus/memory.h"
#include "core/turn.h"
#include "engine/engine.h"
#include "session/sessions.h"
#include "simulation/memory_records.h"

#define EDGES         3
#define RESIDENTS     10
#define CONNECTIONS   40
#define SLOTS         64
#define WORLD_ASKINGS 4
#define CLOCK_OFFSET  1700000000000 /* engine time - world time */

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
    int resident;
    struct packet *to_edge, *to_browser;
    bool is_blocked;       /* the reader takes nothing */
    char *held;            /* the frame that waits for it (SENT_LATER) */
    uint64_t closed_at_ms; /* the browser notices then; 0: not closed by the edge */
};

enum believed { BELIEVE_NOTHING, BELIEVE_CODE, BELIEVE_JOINED };

/* An answer as an edge read it. */
struct reading {
    uint64_t at_ms;
    unsigned choice;
};
#define READINGS_MAX 12

struct resident {
    char nonce[23];
    uint8_t nonce_bytes[NONCE_SIZE];
    char token[64];
    int participant; /* -1 until told; from 0 */
    int connection;  /* the newest; -1: none */
    uint64_t connect_at_ms, act_at_ms;
    bool has_hello, is_removed, has_ended;
    uint32_t round_trip_ms;
    uint16_t asking; /* open on the page */
    uint16_t chosen_asking;
    unsigned choice;                      /* tapped for chosen_asking, not yet acknowledged */
    bool is_waiting;                      /* for recorded or refused */
    unsigned recorded[WORLD_ASKINGS + 1]; /* choice told as recorded; 0: none */
    /* the truth, as the world saw it */
    uint64_t first_shown[WORLD_ASKINGS + 1];
    struct reading readings[WORLD_ASKINGS + 1][READINGS_MAX];
    int readings_count[WORLD_ASKINGS + 1];
    bool is_start_unsure[WORLD_ASKINGS + 1]; /* an edge or the core died meanwhile: allowances apply */
};

struct edge {
    bool is_up;
    struct sessions *sessions;
    struct bus *bus;
    struct bus_channel *channel;
    uint64_t boot, up_at_ms;
    uint64_t held_until_ms; /* what it says to the core waits: a busy machine */
    int connection_of_slot[SLOTS];
};

struct world {
    uint64_t seed;
    struct random random;
    uint64_t now_ms, steps;
    enum fault fault;
    unsigned wrong_key_asking; /* this asking's key is another one: for the not-early comparison */
    uint32_t mildness;         /* faults strike this much more rarely; 0: never */
    bool is_calm;              /* faults are over: everything must finish */

    struct memory_records *memory;
    struct bus_memory_hub *hub;
    struct turn *turn;
    struct bus *core_bus;
    bool is_core_up;
    uint64_t core_up_at_ms, term;
    uint64_t closed_at_ms[WORLD_ASKINGS + 1]; /* CLOSED is durable since then */
    uint32_t rows_seen, reveals_seen;
    uint16_t asking_now;                  /* the last opened one */
    uint32_t limit_ms[WORLD_ASKINGS + 1]; /* extensions included */
    bool is_standing_to_check;

    struct edge edges[EDGES];
    struct connection connections[CONNECTIONS];
    struct resident residents[RESIDENTS];

    struct bus *host_bus;
    struct bus_channel *host;
    uint32_t round, code;
    uint64_t host_at_ms, host_ids;
    bool is_created;

    struct asking_rules askings[WORLD_ASKINGS];
    struct rules rules;
    uint64_t edge_bytes_hash; /* of all that the core said to edges */
    uint64_t hash_at_reveal[WORLD_ASKINGS + 1];
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

/* core_process.c */
void core_start(struct world *world);
void core_kill(struct world *world);
void core_turn(struct world *world);
/* edges.c */
void edge_start(struct world *world, uint8_t edge);
void edge_kill(struct world *world, uint8_t edge);
void edge_turn(struct world *world, uint8_t edge);
/* network.c */
int connection_open(struct world *world, int resident, uint8_t edge);
void connection_cut(struct world *world, int connection); /* by the browser's side: the edge notices */
void connection_send(struct world *world, int connection, const char *text);
void connection_deliver(struct world *world, int connection);
enum sent connection_to_browser(struct world *world, int connection, struct span frame);
void connection_unblock(struct world *world, int connection);
void connection_forget(struct world *world, int connection);
/* resident.c */
void resident_frame(struct world *world, int resident, int connection, const char *text);
void resident_lost(struct world *world, int resident, int connection);
void resident_act(struct world *world, int resident);
/* host.c */
void host_act(struct world *world);
void host_start(struct world *world);
/* frame.c: fields of a server's frame, for the residents and the checks */
bool frame_is(const char *text, const char *type);
long frame_number(const char *text, const char *field, long otherwise);
bool frame_text(const char *text, const char *field, char *out, size_t size);
void nonce_read(const char *text, uint8_t out[NONCE_SIZE]);
/* check.c, recount.c */
bool recount_agrees(const struct world *world, char *why, size_t size);
void check_frame(struct world *world, int resident, const char *text);
/* The edge has made it, and the reader takes nothing now. */
void check_handed_over(struct world *world, int resident, const char *text);
void check_step(struct world *world);
void check_hurt(struct world *world);    /* something died: clocks that run now may get an allowance */
void check_reveals(struct world *world); /* right after a turn, before anything it sent is delivered */
void check_end(struct world *world);

/* fault.c: engine_step of this program goes through here and may be spoilt */
void fault_set(enum fault fault);

#endif
