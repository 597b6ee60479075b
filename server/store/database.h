/* One SQLite file, opened the one way that our promises need: known to be ours, migrated, every setting read back.
 * core.db and desk.db are both opened here; what stands in them is their own schema's matter.
 *
 * Writer: WAL, synchronous=FULL, locking_mode NORMAL, foreign keys, no automatic checkpoint. Reader: mode ro,
 * query_only, a busy timeout, and no checkpoint at its close. Both: defensive, trusted_schema off, no extension, no
 * trigger or view. The handle stays in the process that opened it: a commit or close after fork is a broken
 * expectation. */
#ifndef JINGDA_STORE_DATABASE_H
#define JINGDA_STORE_DATABASE_H

#include "store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

/* What makes a file one of ours. `migrations[n]` takes version n to n + 1, each one or more statements; they are
 * appended to, never edited. */
struct database_schema {
    const char *words; /* for messages: "core" */
    int32_t application_id;
    const char *const *migrations;
    uint32_t migrations_count;
};

struct database_options {
    const char *path;
    bool is_read_only;
    const char *vfs;         /* NULL: the default */
    const char *synchronous; /* NULL: FULL */
};

struct database {
    sqlite3 *handle; /* NULL: closed */
    pid_t opener;
    bool is_read_only;
    bool has_transaction;      /* begun by database_begin, and not yet ended */
    enum store_result failure; /* the first one since database_begin, or of the last statement outside */
    int wal_pages;             /* after the last commit or checkpoint */
    char message[256];         /* of the last failure */
};

/* On failure the database is closed and its message says in one line what is wrong and where. */
enum store_open_result database_open(
    struct database *database, const struct database_options *options, const struct database_schema *schema);
/* Takes a closed or zeroed one too. All statements must be finalized. */
void database_close(struct database *database);

/* NULL where it could not be prepared, which is noted as a failure. The caller finalizes it. */
sqlite3_stmt *database_prepare(struct database *database, const char *sql);
/* Runs statements that return nothing. */
bool database_run(struct database *database, const char *sql);
/* Steps a bound statement that returns no rows, and resets it. */
bool database_step(struct database *database, sqlite3_stmt *statement);
/* Steps to the next row. False at the end and on an error; an error is noted as a failure. */
bool database_row(struct database *database, sqlite3_stmt *statement);
/* Fails the open transaction for a reason of the caller's. */
void database_refuse(struct database *database, const char *why);
/* Notes a result code of SQLite's. True where it is none of the errors. */
bool database_note(struct database *database, int code);

/* One transaction: begin, write, end with commit or cancel. A failure of any statement between makes the commit fail
 * whole: then nothing of it is kept, and the next begin starts afresh. */
bool database_begin(struct database *database);
enum store_result database_commit(struct database *database) __attribute__((warn_unused_result));
void database_cancel(struct database *database);

/* PASSIVE, or TRUNCATE. Returns the WAL's pages; -1 where it failed for another reason than a reader in its way or a
 * full disk: the process must end, since a failed fsync cannot be made good. Not inside a transaction. */
int database_checkpoint(struct database *database, bool truncate);

/* What a result code of SQLite's means for an opening. */
enum store_open_result database_open_result(const struct database *database, int code);

#endif
