/* Role: open a SQLite file so that a commit means durable, and run transactions that are kept whole or not at all.
 * Input: a path, a schema, statements. Output: a handle that is known to be ours; what became of each transaction.
 * Leaves to others: the tables (schema.c), the lock that keeps other writers out (lock.c), when to checkpoint (the
 * core).
 *
 * The order of an opening: connection-only safety first (it touches no file), then is it ours and of a version we know,
 * and only then what writes: the journal mode, the migrations. A file of somebody else's is left as it was. */
#include "store/database.h"

#include "base/expect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define READER_BUSY_MS 2000
/* A reader that catches the index of the WAL half-written takes the writer's lock for a moment. */
#define WRITER_BUSY_MS 5000

static bool is_out_of_room(int error)
{
    return error == ENOSPC || error == EDQUOT;
}

/* What the system said with an error that has just come back. sqlite3_system_errno forgets it where a COMMIT failed;
 * the VFS still has it (errno: nothing else has failed since). */
static int system_error_of(sqlite3 *handle, int code)
{
    sqlite3_vfs *vfs = NULL;
    if ((code & 0xff) == SQLITE_CANTOPEN) return sqlite3_system_errno(handle);
    (void)sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    return vfs && vfs->xGetLastError ? vfs->xGetLastError(vfs, 0, NULL) : 0;
}

static enum store_result result_of(sqlite3 *handle, int code)
{
    if ((code & 0xff) == SQLITE_FULL) return STORE_FULL;
    /* Writing failed for want of room, under another name. An fsync that says ENOSPC is not among these: after a failed
     * fsync nobody knows what is on the disk. */
    bool is_write = code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE;
    return is_write && is_out_of_room(system_error_of(handle, code)) ? STORE_FULL : STORE_BROKEN;
}

enum store_open_result database_open_result(const struct database *database, int code)
{
    int system_error = system_error_of(database->handle, code);
    bool is_denied = system_error == EACCES || system_error == EPERM || system_error == EROFS;
    switch (code & 0xff) {
    case SQLITE_NOTADB: return STORE_FOREIGN;
    case SQLITE_CORRUPT: return STORE_DAMAGED;
    case SQLITE_FULL: return STORE_NO_SPACE;
    case SQLITE_READONLY:
    case SQLITE_PERM: return STORE_READ_ONLY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return STORE_LOCKED;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: return is_out_of_room(system_error) ? STORE_NO_SPACE : is_denied ? STORE_READ_ONLY : STORE_IO;
    default: return STORE_IO;
    }
}

/* ---- notes, statements ---- */

bool database_note(struct database *database, int code)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return true;
    /* In a transaction the first one tells why, those after it follow from it. */
    if (database->has_transaction && database->failure != STORE_OK) return false;
    database->failure = result_of(database->handle, code);
    const char *path = sqlite3_db_filename(database->handle, "main");
    snprintf(database->message, sizeof database->message, "%.150s: %.90s (%d)", path ? path : "?",
        sqlite3_errmsg(database->handle), code);
    return false;
}

void database_refuse(struct database *database, const char *why)
{
    if (database->failure != STORE_OK) return;
    database->failure = STORE_BROKEN;
    snprintf(database->message, sizeof database->message, "%.150s: %.90s",
        sqlite3_db_filename(database->handle, "main"), why);
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    return database_note(database, code) ? statement : NULL;
}

bool database_run(struct database *database, const char *sql)
{
    return database_note(database, sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

bool database_step(struct database *database, sqlite3_stmt *statement)
{
    bool is_done = database_note(database, sqlite3_step(statement));
    sqlite3_reset(statement);
    return is_done;
}

bool database_row(struct database *database, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    return database_note(database, code) && code == SQLITE_ROW;
}

/* ---- transactions ---- */

bool database_begin(struct database *database)
{
    expect(!database->is_read_only && !database->has_transaction && database->opener == getpid());
    database->has_transaction = true;
    database->failure = STORE_OK;
    return database_run(database, "BEGIN IMMEDIATE");
}

/* SQLite has rolled back by itself after some errors. Where it has not and cannot, nothing can be trusted any more. */
static void roll_back(struct database *database)
{
    if (sqlite3_get_autocommit(database->handle)) return;
    if (sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK) database->failure = STORE_BROKEN;
}

enum store_result database_commit(struct database *database)
{
    expect(database->has_transaction && database->opener == getpid());
    database->has_transaction = false;
    if (database->failure == STORE_OK) (void)database_run(database, "COMMIT");
    if (database->failure != STORE_OK) roll_back(database);
    return database->failure;
}

void database_cancel(struct database *database)
{
    if (!database->has_transaction) return;
    database->has_transaction = false;
    roll_back(database);
}

int database_checkpoint(struct database *database, bool truncate)
{
    expect(!database->has_transaction && database->opener == getpid());
    int pages = -1, moved = -1;
    int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(database->handle, 0); /* TRUNCATE would stand and wait for the readers */
    int code = sqlite3_wal_checkpoint_v2(database->handle, "main", mode, &pages, &moved);
    sqlite3_busy_timeout(database->handle, WRITER_BUSY_MS);
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) {
        if (pages >= 0) database->wal_pages = pages;
        return database->wal_pages;
    }
    database->failure = STORE_OK;
    (void)database_note(database, code);
    return database->failure == STORE_FULL ? database->wal_pages : -1;
}

static int on_wal(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle, (void)name;
    ((struct database *)context)->wal_pages = pages;
    return SQLITE_OK;
}

/* ---- opening ---- */

static bool set_switch(sqlite3 *handle, int which, int wanted)
{
    int taken = -1;
    return sqlite3_db_config(handle, which, wanted, &taken) == SQLITE_OK && taken == wanted;
}

static enum store_open_result set_switches(struct database *database)
{
    static const int switches[][2] = {{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}, {SQLITE_DBCONFIG_DQS_DML, 0}, {SQLITE_DBCONFIG_DQS_DDL, 0}};
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (set_switch(database->handle, switches[i][0], switches[i][1])) continue;
        snprintf(database->message, sizeof database->message, "SQLite %s refuses its setting %d = %d",
            sqlite3_libversion(), switches[i][0], switches[i][1]);
        return STORE_PRAGMA;
    }
    if (!database->is_read_only) return STORE_OPENED;
    return set_switch(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) ? STORE_OPENED : STORE_PRAGMA;
}

/* The value of a query of one column and one row. */
static int query_text(struct database *database, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    const unsigned char *text = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    snprintf(out, size, "%s", text ? (const char *)text : "");
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int query_number(struct database *database, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code;
}

/* What SQLite's result means for the opening, told in the message. */
static enum store_open_result tell(struct database *database, const char *path, int code)
{
    enum store_open_result result = database_open_result(database, code);
    if (result == STORE_FOREIGN)
        snprintf(database->message, sizeof database->message, "%.200s is not a database of Jingda's", path);
    else
        snprintf(database->message, sizeof database->message, "%.150s: %.90s (%d)", path,
            sqlite3_errmsg(database->handle), code);
    return result;
}

/* Ours and of a version that we know, or quite empty: then *version is 0. */
static enum store_open_result identify(
    struct database *database, const char *path, const struct database_schema *schema, uint32_t *version)
{
    int64_t application_id = 0, user_version = 0, tables = 0;
    int code = query_number(database, "PRAGMA application_id", &application_id);
    if (code == SQLITE_ROW) code = query_number(database, "PRAGMA user_version", &user_version);
    if (code == SQLITE_ROW) code = query_number(database, "SELECT count(*) FROM sqlite_schema", &tables);
    if (code != SQLITE_ROW) return tell(database, path, code);

    bool is_empty = application_id == 0 && user_version == 0 && tables == 0;
    bool is_ours = application_id == schema->application_id && user_version > 0;
    if (!is_empty && !is_ours) {
        snprintf(database->message, sizeof database->message, "%.150s is not a %s database of Jingda's", path,
            schema->words);
        return STORE_FOREIGN;
    }
    if (user_version > schema->migrations_count) {
        snprintf(database->message, sizeof database->message,
            "%.150s was written by a newer version of Jingda (%lld, this one knows %u)", path, (long long)user_version,
            schema->migrations_count);
        return STORE_NEWER;
    }
    if (database->is_read_only && user_version < schema->migrations_count) {
        snprintf(database->message, sizeof database->message,
            "%.150s is of an older version (%lld): its writer must have been started once", path,
            (long long)user_version);
        return STORE_IO;
    }
    *version = (uint32_t)user_version;
    return STORE_OPENED;
}

static enum store_open_result set_pragma(
    struct database *database, const char *path, const char *name, const char *value, const char *read_back)
{
    char sql[96], got[64], again[64];
    snprintf(sql, sizeof sql, "PRAGMA %s = %s", name, value);
    int code = query_text(database, sql, got, sizeof got);
    if (code != SQLITE_OK && code != SQLITE_ROW) return tell(database, path, code);
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    code = query_text(database, sql, again, sizeof again);
    if (code != SQLITE_OK && code != SQLITE_ROW) return tell(database, path, code);
    if (strcasecmp(again, read_back) == 0) return STORE_OPENED;
    snprintf(database->message, sizeof database->message, "%.150s: %s = %s did not take, it is \"%s\"", path, name,
        value, again);
    return STORE_PRAGMA;
}

struct pragma {
    const char *name, *value, *read_back;
};

static enum store_open_result set_pragmas(
    struct database *database, const char *path, const struct pragma *pragmas, size_t count)
{
    enum store_open_result result = STORE_OPENED;
    for (size_t i = 0; i < count && result == STORE_OPENED; i++)
        result = set_pragma(database, path, pragmas[i].name, pragmas[i].value, pragmas[i].read_back);
    return result;
}

static enum store_open_result set_writer(struct database *database, const char *path, const char *synchronous)
{
    bool is_normal = synchronous && strcmp(synchronous, "NORMAL") == 0;
    const struct pragma pragmas[] = {
        {"locking_mode", "NORMAL", "normal"},
        {"journal_mode", "WAL", "wal"},
        {"synchronous", synchronous ? synchronous : "FULL", is_normal ? "1" : "2"},
        {"foreign_keys", "ON", "1"},
        {"trusted_schema", "OFF", "0"},
        {"cell_size_check", "ON", "1"},
        {"secure_delete", "ON", "1"}, /* a deleted name leaves no bytes behind in the file */
        {"temp_store", "MEMORY", "2"},
        {"mmap_size", "0", "0"}, /* a read error is then a result, not a SIGBUS */
        {"cache_size", "-32768", "-32768"},
        {"wal_autocheckpoint", "0", "0"},
    };
    enum store_open_result result = set_pragmas(database, path, pragmas, sizeof pragmas / sizeof pragmas[0]);
    if (result == STORE_OPENED) sqlite3_wal_hook(database->handle, on_wal, database);
    return result;
}

static enum store_open_result set_reader(struct database *database, const char *path)
{
    static const struct pragma pragmas[] = {{"query_only", "ON", "1"}, {"trusted_schema", "OFF", "0"},
        {"cell_size_check", "ON", "1"}, {"temp_store", "MEMORY", "2"}, {"cache_size", "-16384", "-16384"}};
    return set_pragmas(database, path, pragmas, sizeof pragmas / sizeof pragmas[0]);
}

static enum store_open_result migrate(
    struct database *database, const char *path, const struct database_schema *schema, uint32_t version)
{
    if (version == schema->migrations_count) return STORE_OPENED;
    char marks[96];
    snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %u", schema->application_id,
        schema->migrations_count);
    int code = sqlite3_exec(database->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (uint32_t i = version; i < schema->migrations_count && code == SQLITE_OK; i++)
        code = sqlite3_exec(database->handle, schema->migrations[i], NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(database->handle, marks, NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(database->handle, "COMMIT", NULL, NULL, NULL);
    if (code == SQLITE_OK) return STORE_OPENED;
    enum store_open_result result = tell(database, path, code);
    roll_back(database);
    return result;
}

static enum store_open_result open_steps(
    struct database *database, const struct database_options *options, const struct database_schema *schema)
{
    const char *path = options->path;
    int flags = options->is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &database->handle, flags, options->vfs);
    if (code != SQLITE_OK) return tell(database, path, code);
    sqlite3_busy_timeout(database->handle, options->is_read_only ? READER_BUSY_MS : WRITER_BUSY_MS);

    uint32_t version = 0;
    enum store_open_result result = set_switches(database);
    if (result == STORE_OPENED) result = identify(database, path, schema, &version);
    if (result != STORE_OPENED) return result;
    if (options->is_read_only) return set_reader(database, path);
    if (sqlite3_db_readonly(database->handle, "main")) {
        snprintf(database->message, sizeof database->message, "%.150s cannot be written", path);
        return STORE_READ_ONLY;
    }
    result = set_writer(database, path, options->synchronous);
    return result == STORE_OPENED ? migrate(database, path, schema, version) : result;
}

enum store_open_result database_open(
    struct database *database, const struct database_options *options, const struct database_schema *schema)
{
    *database = (struct database){.opener = getpid(), .is_read_only = options->is_read_only};
    enum store_open_result result = open_steps(database, options, schema);
    if (result != STORE_OPENED) {
        sqlite3_close(database->handle);
        database->handle = NULL;
    }
    return result;
}

void database_close(struct database *database)
{
    if (!database->handle) return;
    expect(database->opener == getpid());
    database_cancel(database);
    expect(sqlite3_close(database->handle) == SQLITE_OK);
    database->handle = NULL;
}
