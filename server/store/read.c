/* Role: read the log and what stands beside it back, for recovery and for the desk.
 * Input: keys. Output: records in key order to a callback, or single values.
 * Leaves to others: rounds with their questions (rounds.c), answers (answers.c), what the records mean (the engine).
 *
 * Answers of an open batch are still held back and are not seen. No read lasts beyond its call, so that no read
 * transaction keeps the WAL from being checkpointed: a caller with much to read stops the callback and goes on later.
 */
#include "base/expect.h"
#include "base/log.h"
#include "store/store_private.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL_BODY_SIZE 10

/* After the last row: false where an error ended the rows. */
static bool finish(sqlite3_stmt *statement)
{
    bool is_read = sqlite3_reset(statement) == SQLITE_OK;
    sqlite3_clear_bindings(statement);
    return is_read;
}

static bool row(struct store *store, sqlite3_stmt *statement)
{
    return database_row(&store->database, statement);
}

static uint32_t number_at(sqlite3_stmt *statement, int column)
{
    return (uint32_t)sqlite3_column_int64(statement, column);
}

static void *copy_of(struct span bytes)
{
    void *copy = malloc(bytes.size + 1);
    expect(copy);
    if (bytes.size > 0) memcpy(copy, bytes.data, bytes.size);
    return copy;
}

/* ---- values, ends ---- */

bool store_get_value(struct store *store, const char *name, void *out, size_t size)
{
    sqlite3_stmt *statement = statement_of(store, GET_VALUE);
    bind_text(statement, 1, span_of_text(name));
    bool is_found = false;
    if (row(store, statement)) {
        struct span value = column_bytes(statement, 0);
        is_found = value.size == size;
        if (is_found && size > 0) memcpy(out, value.data, size);
    }
    return finish(statement) && is_found;
}

bool batch_read_last(struct store *store, uint64_t *seq, uint64_t *at_ms)
{
    sqlite3_stmt *statement = statement_of(store, GET_LAST_BATCH);
    *seq = *at_ms = 0;
    if (row(store, statement)) {
        *seq = (uint64_t)sqlite3_column_int64(statement, 0);
        *at_ms = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    return finish(statement);
}

uint64_t store_last_at_ms(struct store *store)
{
    uint64_t seq, at_ms;
    if (!store->database.is_read_only) return store->committed_at_ms;
    return batch_read_last(store, &seq, &at_ms) ? at_ms : 0;
}

uint32_t store_last_round(struct store *store)
{
    sqlite3_stmt *statement = statement_of(store, GET_LAST_ROUND);
    uint32_t round = row(store, statement) ? number_at(statement, 0) : 0;
    return finish(statement) ? round : 0;
}

/* ---- the log ---- */

static bool read_control(sqlite3_stmt *statement, uint32_t round, struct control *control)
{
    struct span bytes = column_bytes(statement, 4);
    struct reader body = reader_over(bytes.data, bytes.size);
    *control = (struct control){.kind = (enum control_kind)number_at(statement, 2),
        .round = round,
        .at_ms = (uint64_t)sqlite3_column_int64(statement, 1),
        .actor = number_at(statement, 3)};
    control->asking = read_u16(&body);
    control->participant = read_u32(&body);
    control->value = read_u32(&body);
    bool is_known = control->kind >= CONTROL_ROUND_OPENED && control->kind <= CONTROL_ROUND_ENDED;
    return is_known && bytes.size == CONTROL_BODY_SIZE && read_finished(&body);
}

bool store_each_control(struct store *store, uint32_t round,
    bool (*on_control)(void *context, uint64_t seq, const struct control *control), void *context)
{
    sqlite3_stmt *statement = statement_of(store, EACH_CONTROL);
    bind_numbers(statement, (const int64_t[]){round}, 1);
    bool is_whole = true, goes_on = true;
    while (goes_on && is_whole && row(store, statement)) {
        struct control control;
        is_whole = read_control(statement, round, &control);
        if (is_whole) goes_on = on_control(context, (uint64_t)sqlite3_column_int64(statement, 0), &control);
    }
    return finish(statement) && is_whole;
}

bool store_each_participant(struct store *store, uint32_t round,
    bool (*on_participant)(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
        const uint8_t nonce[NONCE_SIZE]),
    void *context)
{
    sqlite3_stmt *statement = statement_of(store, EACH_PARTICIPANT);
    bind_numbers(statement, (const int64_t[]){round}, 1);
    bool is_whole = true, goes_on = true;
    while (goes_on && is_whole && row(store, statement)) {
        struct span nonce = column_bytes(statement, 4);
        is_whole = nonce.size == NONCE_SIZE;
        if (is_whole)
            goes_on = on_participant(context, (uint64_t)sqlite3_column_int64(statement, 0), number_at(statement, 1),
                number_at(statement, 2), (uint16_t)number_at(statement, 3), nonce.data);
    }
    return finish(statement) && is_whole;
}

/* ---- what stands beside the log ---- */

static bool standing_is_whole(struct span state, struct span sha256)
{
    uint8_t digest[32];
    const void *data = state.size > 0 ? (const void *)state.data : "";
    expect(EVP_Digest(data, state.size, digest, NULL, EVP_sha256(), NULL) == 1);
    return state.size % STANDING_ENTRY_SIZE == 0 && span_equal(sha256, (struct span){digest, sizeof digest});
}

bool store_last_standing(
    struct store *store, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count)
{
    sqlite3_stmt *statement = statement_of(store, GET_STANDING);
    bind_numbers(statement, (const int64_t[]){round, asking}, 2);
    bool is_found = row(store, statement);
    if (is_found) {
        struct span state = column_bytes(statement, 1);
        is_found = standing_is_whole(state, column_bytes(statement, 2));
        *asking_out = (uint16_t)number_at(statement, 0);
        if (!is_found)
            log_warning("core.db: the standing of round %u after asking %u does not match its sha256: not used", round,
                *asking_out);
        else {
            *count = (uint32_t)(state.size / STANDING_ENTRY_SIZE);
            *packed = copy_of(state);
        }
    }
    return finish(statement) && is_found;
}

bool store_get_name(struct store *store, uint32_t round, uint32_t number, char *out)
{
    sqlite3_stmt *statement = statement_of(store, GET_NAME);
    bind_numbers(statement, (const int64_t[]){round, number}, 2);
    out[0] = '\0';
    bool is_whole = true;
    if (row(store, statement)) {
        struct span name = column_bytes(statement, 0);
        is_whole = name.size <= (size_t)4 * NAME_CHARS_MAX;
        if (is_whole && name.size > 0) {
            memcpy(out, name.data, name.size);
            out[name.size] = '\0';
        }
    }
    return finish(statement) && is_whole;
}

bool store_get_picture(struct store *store, const char sha256[65], char type[8], uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *statement = statement_of(store, GET_PICTURE);
    bind_text(statement, 1, span_of_text(sha256));
    bool is_found = row(store, statement);
    if (is_found) {
        struct span name = column_bytes(statement, 0);
        is_found = name.size < 8;
        if (is_found) {
            memcpy(type, name.data, name.size);
            type[name.size] = '\0';
            struct span data = column_bytes(statement, 1);
            *bytes = copy_of(data);
            *size = data.size;
        }
    }
    return finish(statement) && is_found;
}
