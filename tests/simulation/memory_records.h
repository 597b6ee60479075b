/* Records in memory for the simulation: an open batch and what is durable, with the failures of a disk. */
#ifndef JINGDA_SIMULATION_MEMORY_RECORDS_H
#define JINGDA_SIMULATION_MEMORY_RECORDS_H

#include "core/records.h"

#define MEMORY_ROUNDS_MAX    4
#define MEMORY_ROWS_MAX      8192
#define MEMORY_STANDINGS_MAX 128

struct memory_row {
    enum { ROW_CONTROL, ROW_JOIN, ROW_ANSWER } kind;
    uint64_t seq;
    union {
        struct control control;
        struct {
            uint32_t round, number, generation;
            uint16_t community;
            uint8_t nonce[NONCE_SIZE];
            char name[4 * NAME_CHARS_MAX + 1];
        } join;
        struct answer answer;
    };
};

struct memory_round {
    struct round_record record;
    struct asking_rules askings[8];
    struct question questions[8];
};

struct memory_standing {
    uint32_t round;
    uint16_t asking;
    uint32_t size;
    uint8_t *packed;
};

struct memory_records {
    struct memory_row rows[MEMORY_ROWS_MAX]; /* durable up to rows_durable, the open batch behind */
    uint32_t rows_durable, rows_count;
    struct memory_round *rounds[MEMORY_ROUNDS_MAX];
    uint32_t rounds_durable, rounds_count;
    struct memory_standing standings[MEMORY_STANDINGS_MAX]; /* a later one replaces an earlier one of the same asking */
    uint32_t standings_durable, standings_count;
    uint64_t at_ms;
    enum store_result next_commit; /* STORE_OK unless a failure is due */
    uint32_t refused_count;        /* commits that found no room */
    bool is_kept_when_broken;      /* a failed fsync may leave the data or not */
    bool has_doubled;              /* a key was there twice: the real table would have refused the batch */
};

struct memory_records *memory_records_create(void);
void memory_records_destroy(struct memory_records *memory);
/* What a killed process leaves: the durable part. */
void memory_records_crash(struct memory_records *memory);
struct records memory_records_of(struct memory_records *memory);
/* The same, but without any standing: recovery must replay in full. */
struct records memory_records_in_full(struct memory_records *memory);
const struct answer *memory_find_answer(
    const struct memory_records *memory, uint32_t round, uint16_t asking, uint32_t participant);

#endif
