/* Role: put records into the open batch; the first one begins it.
 * Input: records. Output: rows in a transaction that is not yet committed, each record with its seq.
 * Leaves to others: the commit, which also tells whether any of this failed (store.c); how answers are written
 * (answers.c). */
#include "base/expect.h"
#include "store/question_body.h"
#include "store/store_private.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL_VERSION 1

/* Begins the batch where none is open. False: it has failed already, and there is nothing more to write. */
static bool begin(struct store *store)
{
    if (!store->database.has_transaction) (void)database_begin(&store->database);
    return store->database.failure == STORE_OK;
}

static void step(struct store *store, sqlite3_stmt *statement)
{
    (void)database_step(&store->database, statement);
}

/* The next place in the log. */
static int64_t take_seq(struct store *store, uint64_t at_ms)
{
    if (at_ms > store->at_ms) store->at_ms = at_ms;
    return (int64_t)++store->seq;
}

/* ---- rounds ---- */

static void add_communities(struct store *store, const struct round_record *record)
{
    sqlite3_stmt *statement = statement_of(store, ADD_COMMUNITY);
    for (uint16_t i = 0; i < record->rules.communities_count; i++) {
        bind_numbers(statement, (const int64_t[]){record->round, i}, 2);
        bind_text(statement, 3, span_of_text(record->communities[i]));
        step(store, statement);
    }
}

static void add_questions(struct store *store, const struct round_record *record)
{
    sqlite3_stmt *statement = statement_of(store, ADD_QUESTION);
    uint8_t rules_memory[128], body_memory[QUESTION_BODY_MAX];
    for (uint16_t i = 0; i < record->askings_count; i++) {
        struct writer rules = writer_over(rules_memory, sizeof rules_memory);
        struct writer body = writer_over(body_memory, sizeof body_memory);
        asking_rules_encode(&rules, &record->askings[i]);
        question_body_encode(&body, &record->questions[i]);
        expect(rules.ok && body.ok);
        bind_numbers(statement, (const int64_t[]){record->round, i + 1}, 2);
        bind_bytes(statement, 3, (struct span){rules.data, rules.size});
        bind_bytes(statement, 4, (struct span){body.data, body.size});
        step(store, statement);
    }
}

void store_append_round(struct store *store, const struct round_record *record)
{
    expect(record->askings_count <= ASKINGS_MAX && record->rules.communities_count <= COMMUNITIES_MAX);
    if (!begin(store)) return;
    uint8_t memory[256];
    struct writer rules = writer_over(memory, sizeof memory);
    rules_encode(&rules, &record->rules);
    expect(rules.ok);
    sqlite3_stmt *statement = statement_of(store, ADD_ROUND);
    bind_numbers(statement,
        (const int64_t[]){record->round, record->code, (int64_t)record->seed, (int64_t)record->created_ms}, 4);
    bind_bytes(statement, 5, (struct span){rules.data, rules.size});
    bind_text(statement, 6, span_of_text(record->title));
    bind_text(statement, 7, span_of_text(record->unit));
    step(store, statement);
    add_communities(store, record);
    add_questions(store, record);
}

/* ---- the log ---- */

void store_append_control(struct store *store, const struct control *control)
{
    bool is_open = begin(store);
    int64_t seq = take_seq(store, control->at_ms);
    if (!is_open) return;
    uint8_t memory[10];
    struct writer body = writer_over(memory, sizeof memory);
    write_u16(&body, control->asking);
    write_u32(&body, control->participant);
    write_u32(&body, control->value);
    sqlite3_stmt *statement = statement_of(store, ADD_CONTROL);
    bind_numbers(statement,
        (const int64_t[]){seq, (int64_t)control->at_ms, control->round, control->kind, CONTROL_VERSION, control->actor},
        6);
    bind_bytes(statement, 7, (struct span){memory, sizeof memory});
    step(store, statement);
}

void store_append_join(struct store *store, uint32_t round, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE], uint64_t at_ms, struct span name)
{
    bool is_open = begin(store);
    int64_t seq = take_seq(store, at_ms);
    if (!is_open) return;
    sqlite3_stmt *statement = statement_of(store, ADD_PARTICIPANT);
    bind_numbers(statement, (const int64_t[]){round, number, seq, (int64_t)at_ms, generation, community}, 6);
    bind_bytes(statement, 7, (struct span){nonce, NONCE_SIZE});
    step(store, statement);
    if (name.size > 0) store_set_name(store, round, number, name);
}

void store_append_answer(struct store *store, const struct answer *answer, uint64_t at_ms)
{
    bool is_open = begin(store);
    uint64_t seq = (uint64_t)take_seq(store, at_ms);
    if (!is_open) return;
    held_add(store, answer, seq);
}

/* ---- what stands beside the log ---- */

void store_append_standing(
    struct store *store, uint32_t round, uint16_t asking, uint16_t rules_version, const uint8_t *packed, size_t size)
{
    expect(size % STANDING_ENTRY_SIZE == 0);
    if (!begin(store)) return;
    uint8_t digest[32];
    expect(EVP_Digest(size > 0 ? (const void *)packed : "", size, digest, NULL, EVP_sha256(), NULL) == 1);
    sqlite3_stmt *statement = statement_of(store, ADD_STANDING);
    bind_numbers(statement, (const int64_t[]){round, asking, rules_version}, 3);
    bind_bytes(statement, 4, (struct span){packed, size});
    bind_bytes(statement, 5, (struct span){digest, sizeof digest});
    step(store, statement);
}

void store_set_name(struct store *store, uint32_t round, uint32_t number, struct span name)
{
    expect(name.size <= (size_t)4 * NAME_CHARS_MAX);
    if (!begin(store)) return;
    sqlite3_stmt *statement = statement_of(store, SET_NAME);
    bind_numbers(statement, (const int64_t[]){round, number}, 2);
    bind_text(statement, 3, name);
    step(store, statement);
    if (name.size > 0) return;
    statement = statement_of(store, DROP_EMPTY_PERSON);
    bind_numbers(statement, (const int64_t[]){round, number}, 2);
    step(store, statement);
}

void store_append_picture(struct store *store, const char sha256[65], const char *type, struct span bytes)
{
    expect(strlen(sha256) == 64 && strlen(type) < 8);
    if (!begin(store)) return;
    sqlite3_stmt *statement = statement_of(store, ADD_PICTURE);
    bind_text(statement, 1, span_of_text(sha256));
    bind_text(statement, 2, span_of_text(type));
    bind_bytes(statement, 3, bytes);
    step(store, statement);
}

void store_set_value(struct store *store, const char *name, struct span value)
{
    if (!begin(store)) return;
    sqlite3_stmt *statement = statement_of(store, SET_VALUE);
    bind_text(statement, 1, span_of_text(name));
    bind_bytes(statement, 2, value);
    step(store, statement);
}
