/* Role: core.db's life: lock, open, batch, commit, checkpoint, close.
 * Input: what append.c put into the open batch. Output: whether it is durable.
 * Leaves to others: how a database is opened and a transaction kept whole (database.c), tables (schema.c). */
#include "store/store.h"

#include "base/expect.h"
#include "store/lock.h"
#include "store/schema.h"
#include "store/statements.h"
#include "store/store_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static enum store_open_result open_database(struct store *store, const struct store_options *options)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/core.db", options->folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        snprintf(
            store->database.message, sizeof store->database.message, "%.200s: the path is too long", options->folder);
        return STORE_IO;
    }
    struct database_options database_options = {
        .path = path, .is_read_only = options->is_read_only, .vfs = options->vfs, .synchronous = options->synchronous};
    enum store_open_result result = database_open(&store->database, &database_options, &core_schema);
    if (result != STORE_OPENED) return result;
    if (statements_prepare(store) && batch_read_last(store, &store->seq, &store->at_ms)) {
        store->committed_seq = store->seq;
        store->committed_at_ms = store->at_ms;
        return STORE_OPENED;
    }
    return database_open_result(&store->database, sqlite3_extended_errcode(store->database.handle));
}

int store_open_status(enum store_open_result result)
{
    switch (result) {
    case STORE_OPENED: return EX_OK;
    case STORE_LOCKED: return EX_TEMPFAIL;
    case STORE_NEWER:
    case STORE_FOREIGN:
    case STORE_DAMAGED: return EX_DATAERR;
    case STORE_READ_ONLY:
    case STORE_NO_SPACE: return EX_CANTCREAT;
    case STORE_PRAGMA: return EX_UNAVAILABLE;
    case STORE_IO: return EX_IOERR;
    }
    return EX_SOFTWARE;
}

enum store_open_result store_open(const struct store_options *options, struct store **out, char message[256])
{
    *out = NULL;
    struct store *store = calloc(1, sizeof *store);
    expect(store);
    store->lock = -1;

    enum store_open_result result = STORE_OPENED;
    if (!options->is_read_only) {
        store->held = calloc(TURN_EVENTS_MAX, sizeof *store->held);
        expect(store->held);
        result = lock_take(options->folder, "core.lock", &store->lock, message);
    }
    if (result == STORE_OPENED) {
        result = open_database(store, options);
        memcpy(message, store->database.message, sizeof store->database.message);
    }
    if (result == STORE_OPENED)
        *out = store;
    else
        store_close(store);
    return result;
}

void store_close(struct store *store)
{
    if (!store) return;
    statements_finalize(store);
    database_close(&store->database);
    lock_release(&store->lock); /* last: nobody else may write before the file is closed */
    once_finish(&store->once);
    answer_order_finish(&store->order);
    free(store->held);
    free(store);
}

uint64_t store_last_seq(const struct store *store)
{
    return store->seq;
}

bool store_has_batch(const struct store *store)
{
    return store->database.has_transaction;
}

const char *store_message(const struct store *store)
{
    return store->database.message;
}

int store_wal_pages(const struct store *store)
{
    return store->database.wal_pages;
}

static void forget_batch(struct store *store, bool is_committed)
{
    held_forget(store, is_committed);
    store->seq = store->committed_seq;
    store->at_ms = store->committed_at_ms;
}

enum store_result store_commit(struct store *store)
{
    if (!store_has_batch(store)) return STORE_OK;
    held_write(store);
    if (store->seq > store->committed_seq && store->database.failure == STORE_OK) {
        sqlite3_stmt *statement = statement_of(store, ADD_BATCH);
        bind_numbers(statement, (const int64_t[]){(int64_t)store->seq, (int64_t)store->at_ms}, 2);
        (void)database_step(&store->database, statement);
    }
    enum store_result result = database_commit(&store->database);
    if (result == STORE_OK) {
        store->committed_seq = store->seq;
        store->committed_at_ms = store->at_ms;
    }
    forget_batch(store, result == STORE_OK);
    return result;
}

void store_cancel(struct store *store)
{
    database_cancel(&store->database);
    forget_batch(store, false);
}

int store_checkpoint(struct store *store, bool truncate)
{
    return database_checkpoint(&store->database, truncate);
}
