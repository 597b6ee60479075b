/* What the files of core.db's store share; nobody else includes this. */
#ifndef JINGDA_STORE_STORE_PRIVATE_H
#define JINGDA_STORE_STORE_PRIVATE_H

#include "store/database.h"
#include "store/once.h"
#include "store/store.h"

enum statement {
    ADD_ROUND,
    ADD_COMMUNITY,
    ADD_QUESTION,
    ADD_CONTROL,
    ADD_PARTICIPANT,
    ADD_ANSWER,
    ADD_STANDING,
    ADD_PICTURE,
    ADD_BATCH,
    SET_NAME,
    DROP_EMPTY_PERSON,
    SET_VALUE,
    GET_VALUE,
    GET_LAST_BATCH,
    GET_LAST_ROUND,
    GET_ROUND,
    EACH_ROUND,
    EACH_COMMUNITY,
    EACH_QUESTION,
    EACH_CONTROL,
    EACH_PARTICIPANT,
    EACH_ANSWER,
    EACH_ANSWERER,
    GET_LAST_ANSWER,
    GET_BATCH_OF,
    GET_STANDING,
    GET_NAME,
    GET_PICTURE,
};
#define STATEMENTS (GET_PICTURE + 1)

/* An answer that waits for the commit, with the place in the log that it has by its arrival. */
struct held_answer {
    struct answer answer;
    uint64_t seq;
};

/* The answers to one asking in order of participant. */
struct answer_order {
    uint32_t round;
    uint16_t asking;
    uint64_t last_seq; /* of its last row when it was loaded */
    uint32_t count;
    struct held_answer *rows; /* NULL: nothing is loaded */
};

struct store {
    struct database database;
    int lock; /* -1: a reader */
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t seq;           /* of the last record appended, in the open batch or before it */
    uint64_t committed_seq; /* of the last record that is durable */
    uint64_t at_ms;         /* the latest of any record appended */
    uint64_t committed_at_ms;
    uint32_t held_count, held_written;
    bool has_held_before;     /* of this batch others were written and are no longer held */
    struct held_answer *held; /* TURN_EVENTS_MAX; NULL for a reader */
    struct once once;
    struct answer_order order; /* for the next slice of reading */
};

/* Holds an answer back for the commit. */
void held_add(struct store *store, const struct answer *answer, uint64_t seq);
/* Writes the held answers into the open transaction, in key order; a second answer fails it. */
void held_write(struct store *store);
/* After the transaction. */
void held_forget(struct store *store, bool is_committed);
void answer_order_finish(struct answer_order *order);

/* The last row of `batch`: zeros in an empty log. False: it could not be read. */
bool batch_read_last(struct store *store, uint64_t *seq, uint64_t *at_ms);

/* A statement about to be bound anew. It must not be running: no reading function is called from its own callback. */
sqlite3_stmt *statement_of(struct store *store, enum statement which);
/* Binds numbers to ?1, ?2, ... A bind that fails (no memory) leaves NULL, which every column refuses. */
void bind_numbers(sqlite3_stmt *statement, const int64_t *numbers, int count);
void bind_bytes(sqlite3_stmt *statement, int place, struct span bytes);
void bind_text(sqlite3_stmt *statement, int place, struct span text);
/* Borrowed until the statement's next step. */
struct span column_bytes(sqlite3_stmt *statement, int column);

#endif
