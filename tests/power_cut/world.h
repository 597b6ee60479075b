/* What was appended to the store under test, in order, and whether a store holds just that. Knows nothing of SQLite. */
#ifndef JINGDA_TESTS_WORLD_H
#define JINGDA_TESTS_WORLD_H

#include "base/random.h"
#include "store/store.h"

#define WORLD_RECORDS_MAX 8000
#define WORLD_BATCHES_MAX 300
#define WORLD_PEOPLE_MAX  600
#define WORLD_ASKINGS     12
#define WORLD_ROUND       7

enum record_kind {
    RECORD_ROUND,
    RECORD_CONTROL,
    RECORD_JOIN,
    RECORD_ANSWER,
    RECORD_STANDING,
    RECORD_NAME,
    RECORD_TERM
};

struct record {
    enum record_kind kind;
    uint64_t at_ms;
    struct control control;
    struct answer answer;
    uint32_t number; /* of a participant; the term; the standing's asking */
    uint32_t chance; /* what else is in the record comes from this: name, nonce, community, standing */
};

struct state;

struct world {
    struct state *state; /* room for what one call works out */
    uint32_t records_count;
    uint32_t batches_count;
    uint32_t ends[WORLD_BATCHES_MAX]; /* records after each batch that store_commit acknowledged */
    struct record records[WORLD_RECORDS_MAX];
};

struct world *world_create(void);
void world_destroy(struct world *world);
/* Records that are there after `batches` acknowledged batches. */
uint32_t world_end(const struct world *world, uint32_t batches);
/* Appends a batch of chance's making to both. It ends neither. */
void world_append(struct world *world, struct store *store, struct random *random, uint64_t at_ms);
/* True where the store holds the first `count` records, all of them and nothing else; otherwise `reason` (128 bytes)
 * says what differs. */
bool world_equals(const struct world *world, uint32_t count, struct store *store, char reason[128]);

#endif
