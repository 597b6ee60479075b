/* The engine: the whole truth of every running round, as a pure state machine.
 *
 * engine_step takes one event and gives effects. No clock, no I/O, no allocation after engine_create, no globals: the
 * same events give the same effects. The core (core/turn.h) appends, commits and sends as the effects say. */
#ifndef JINGDA_ENGINE_ENGINE_H
#define JINGDA_ENGINE_ENGINE_H

#include "model/effect.h"
#include "model/event.h"
#include "model/standing.h"

struct engine;

struct engine_limits {
    uint32_t participants_max; /* of all rounds together */
    uint32_t rounds_max;       /* at most ROUNDS_MAX */
    uint64_t hash_seed;        /* of the nonce index: any secret number; it changes no effect */
};

/* NULL where memory is missing. */
struct engine *engine_create(const struct engine_limits *limits);
void engine_destroy(struct engine *engine);

/* Makes a round known, before its CONTROL_ROUND_OPENED is stepped. False: too many rounds, or rules out of bounds. An
 * ended round's place is used again when another one needs it. `askings` is copied. */
bool engine_round_add(struct engine *engine, uint32_t round, const struct rules *rules,
    const struct asking_rules *askings, uint16_t askings_count);
/* Takes back an add whose commit failed. */
void engine_round_drop(struct engine *engine, uint32_t round);

/* How many participants more it can take, ended rounds' places counted in: for recovery to check before it loads. */
uint32_t engine_room(const struct engine *engine);

/* `effects->count` is set by the step; capacity is at least EFFECTS_MAX.
 *
 * An engine is loading until RECOVERED, or until the first request: facts and LOAD events give no effects before that.
 * Between an APPEND_CONTROL and its EVENT_CONTROL nothing is stepped but BATCH_COMMITTED and other EVENT_CONTROLs.
 *
 * Loading a round: engine_round_add; LOAD_STANDING, if one is stored; then, in the order of the log, controls and
 * LOAD_PARTICIPANTs. LOAD_ANSWERs of an asking follow its ASKING_OPENED, before its ASKING_SCORED; with a standing
 * loaded, answers of askings before the standing's own need not be loaded, those of the last opened asking always must.
 * An answer may come before its participant. Loading more participants than engine_room says is the caller's bug.
 *
 * A void of a scored asking. Live: COMMAND gives EFFECT_UNSCORE; the core streams UNSCORE_ANSWER and UNSCORE_END, over
 * several turns if it likes; UNSCORE_END gives APPEND_STANDING and APPEND_CONTROL(ASKING_VOIDED) for one batch, so that
 * a stored standing always holds every void before it in the log. Loading: after each ASKING_VOIDED ask
 * engine_needs_unscore, and stream before the next event. */
void engine_step(struct engine *engine, const struct event *event, struct effects *effects);

/* While loading, after a fact: the scored asking whose answers are to be streamed back; 0: none. */
uint16_t engine_needs_unscore(const struct engine *engine, uint32_t round);

/* ---- looking, never changing ---- */

struct round_view {
    uint32_t round;
    enum phase phase;
    bool is_paused, is_auto, is_locked, are_names_hidden, is_reopened,
        is_voided; /* the last two: of the current asking */
    enum scene scene;
    uint16_t asking, askings_count;
    uint64_t opened_at_ms;         /* of the current asking */
    uint32_t reading_ms, limit_ms; /* of the current asking, extensions included */
    bool can_extend;
    uint32_t people; /* joined and not removed */
    uint32_t connected;
    uint32_t awaiting;        /* their edge died and they have not come back */
    uint32_t answered, right; /* recorded answers of the current asking */
    uint32_t counts[OPTIONS_MAX];
    uint64_t edges;     /* subscribed */
    uint64_t voided[4]; /* bit n of word n/64: asking n is void */
    uint64_t reopened[4];
    uint32_t fanout_ms;      /* published for each asking: from opened to the last start */
    uint16_t scored;         /* the last scored asking, 0: none */
    bool is_standing_public; /* the last scored asking has been revealed: points and ranks may go out */
};

bool engine_round_view(const struct engine *engine, uint32_t round, struct round_view *view);
/* Rounds that run or have ended and still have a place: `index` from 0 to the first false. */
bool engine_round_at(const struct engine *engine, uint32_t index, uint32_t *round);
const struct rules *engine_rules(const struct engine *engine, uint32_t round);
const struct asking_rules *engine_asking_rules(const struct engine *engine, uint32_t round, uint16_t asking);

struct participant_view {
    uint32_t number, generation;
    uint16_t community;
    bool is_removed, is_out, is_attached, is_pending;
    struct attach attach;
    uint32_t points, ticks, rank; /* of the last standing; rank 0: none yet */
    uint16_t rights;
    uint16_t out_at; /* knockout: the asking that knocked out; 0 still in */
    uint32_t gained; /* by the last scored asking */
    bool has_answer; /* recorded, to the current asking */
    struct answer answer;
    bool has_start; /* to the current asking, now or at the end of the fan-out */
    uint64_t start_ms;
    uint32_t allowance_ms; /* added to the limit, for an outage */
};

bool engine_participant_view(
    const struct engine *engine, uint32_t round, uint32_t participant, struct participant_view *view);
uint32_t engine_participants_count(const struct engine *engine, uint32_t round);

/* The last standing in rank order: entry `index` of engine_standing_count. From an APPEND_STANDING until its control
 * has been stepped, count and bytes are those of the standing to come. */
uint32_t engine_standing_count(const struct engine *engine, uint32_t round);
bool engine_standing_at(const struct engine *engine, uint32_t round, uint32_t index, struct standing_entry *entry);
/* Packs it whole: STANDING_ENTRY_SIZE * count bytes into `out`. */
void engine_standing(const struct engine *engine, uint32_t round, uint8_t *out);

/* A hash over everything durable of a round: the same log gives the same, live, replayed, or from a standing and the
 * tail. 0 where the round is not known. */
uint64_t engine_digest(const struct engine *engine, uint32_t round);

#endif
