/* Role: desk.db's tables, its opening, and the small steps that every query on it takes. Input: the data folder.
 * Output: an open database. Leaves to others: how a file is opened safely (database.c), the queries (accounts.c,
 * banks.c, desk_sessions.c). */
#include "store/desk_database.h"

#include "store/desk_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_PAGES_MAX 1024 /* of 4 KiB */

/* AUTOINCREMENT: the number of a question that was replaced is never given to another one, so that a draft made before
 * the bank changed cannot ask something else. */
static const char *const migrations[] = {
    /* 0 -> 1 */
    "CREATE TABLE account("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
    "  salt BLOB NOT NULL, password BLOB NOT NULL, created_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE first_token(one INTEGER PRIMARY KEY CHECK(one = 1), hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE session("
    "  hash BLOB PRIMARY KEY NOT NULL, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    "  created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE bank("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL UNIQUE, name TEXT NOT NULL, sha256 BLOB NOT NULL,"
    "  loaded_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE question("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, bank INTEGER NOT NULL REFERENCES bank ON DELETE CASCADE,"
    "  number INTEGER NOT NULL, kind INTEGER NOT NULL, difficulty INTEGER NOT NULL, key INTEGER NOT NULL,"
    "  seconds INTEGER NOT NULL, points INTEGER NOT NULL, text TEXT NOT NULL, explanation TEXT NOT NULL,"
    "  source TEXT NOT NULL, category TEXT NOT NULL, picture TEXT NOT NULL, picture_alt TEXT NOT NULL,"
    "  is_sample INTEGER NOT NULL, UNIQUE(bank, number)) STRICT;"
    "CREATE TABLE question_option("
    "  question INTEGER NOT NULL REFERENCES question ON DELETE CASCADE, number INTEGER NOT NULL, text TEXT NOT NULL,"
    "  PRIMARY KEY(question, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE picture(name TEXT PRIMARY KEY NOT NULL, bytes BLOB NOT NULL) STRICT;",
};

const struct database_schema desk_schema = {
    .words = "desk",
    .application_id = 0x4a644431, /* "JdD1" */
    .migrations = migrations,
    .migrations_count = sizeof migrations / sizeof migrations[0],
};

enum store_open_result desk_database_open(const char *folder, struct desk_database **out, char message[256])
{
    *out = NULL;
    char path[4096];
    struct desk_database *database = calloc(1, sizeof *database);
    bool is_short = snprintf(path, sizeof path, "%s/desk.db", folder) < (int)sizeof path;
    if (!database || !is_short) {
        snprintf(message, 256, database ? "the data folder's path is too long" : "no memory for desk.db");
        free(database);
        return STORE_IO;
    }
    struct database_options options = {.path = path};
    enum store_open_result result = database_open(&database->base, &options, &desk_schema);
    if (result == STORE_OPENED) {
        *out = database;
        return result;
    }
    snprintf(message, 256, "%s", database->base.message);
    free(database);
    return result;
}

void desk_database_close(struct desk_database *database)
{
    if (!database) return;
    database_close(&database->base);
    free(database);
}

bool desk_database_tidy(struct desk_database *database)
{
    if (database->base.wal_pages < LOG_PAGES_MAX) return true;
    return database_checkpoint(&database->base, true) >= 0;
}

const char *desk_database_message(const struct desk_database *database)
{
    return database->base.message;
}

void desk_bind_text(struct desk_database *database, sqlite3_stmt *statement, int index, const char *text)
{
    if (statement)
        (void)database_note(&database->base, sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT));
}

void desk_bind_blob(struct desk_database *database, sqlite3_stmt *statement, int index, const void *data, size_t size)
{
    if (!statement) return;
    (void)database_note(
        &database->base, sqlite3_bind_blob64(statement, index, size ? data : "", size, SQLITE_TRANSIENT));
}

void desk_bind_number(struct desk_database *database, sqlite3_stmt *statement, int index, int64_t value)
{
    if (statement) (void)database_note(&database->base, sqlite3_bind_int64(statement, index, value));
}

void desk_column_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    size_t length = text ? (size_t)sqlite3_column_bytes(statement, column) : 0;
    if (length >= size) length = 0;
    if (length) memcpy(out, text, length);
    out[length] = '\0';
}

void desk_column_blob(sqlite3_stmt *statement, int column, void *out, size_t size)
{
    const void *data = sqlite3_column_blob(statement, column);
    if (data && (size_t)sqlite3_column_bytes(statement, column) == size)
        memcpy(out, data, size);
    else
        memset(out, 0, size);
}
