/* The turn: what the core does each time round, without any I/O of its own. Drain what has arrived up to a bound, step
 * the engine for each, commit once, step BATCH_COMMITTED, perform the effects. The process (core.c) gives it core.db
 * and Unix sockets, the simulation gives it memory; the code between is this.
 *
 * The order that keeps the promises: an effect that tells somebody "recorded" or "joined" comes only out of a step that
 * follows a successful commit; a control is committed, then stepped, then published. */
#ifndef JINGDA_CORE_TURN_H
#define JINGDA_CORE_TURN_H

#include "base/random.h"
#include "bus/bus.h"
#include "core/records.h"
#include "core/token.h"
#include "protocol/edge_core.h"

struct turn;

struct turn_options {
    struct records records;
    uint32_t participants_max, rounds_max;
    uint32_t edges_expected;
    uint64_t term;
    int64_t clock_offset_ms; /* engine time = monotonic clock + offset */
    uint8_t token_key[TOKEN_KEY_SIZE];
    uint8_t edge_secret[EDGE_SECRET_SIZE]; /* who says another in HELLO is none of our edges */
    struct random random;                  /* of codes and fan-out orders */
};

/* NULL where memory is missing. */
struct turn *turn_create(const struct turn_options *options);
void turn_destroy(struct turn *turn);

/* Reads back every round that has not ended, or ended within a day. Before the first turn_begin. False: the records
 * could not be read, or need more room than this engine has; `message` says which in one line. */
bool turn_recover(struct turn *turn, uint64_t now_ms, char message[256]) __attribute__((warn_unused_result));

/* For the bus that will carry edges and desk: call turn_begin before pumping it. */
struct bus_handlers turn_handlers(struct turn *turn);

/* `now_ms` is engine time and never goes back. */
void turn_begin(struct turn *turn, uint64_t now_ms);
/* Steps the tick, commits, performs. STORE_BROKEN: the process must end at once, nothing more may be sent. */
enum store_result turn_end(struct turn *turn) __attribute__((warn_unused_result));
/* True where more work waits than the bus can tell (slices): begin the next turn at once. */
bool turn_is_busy(const struct turn *turn);

/* For the health report: the slowest commit and turn since the last call to it, in microseconds. */
void turn_measured(struct turn *turn, uint32_t commit_us, uint32_t turn_us);

struct engine;
/* For tests: to look, never to step. */
const struct engine *turn_engine(const struct turn *turn);

#endif
