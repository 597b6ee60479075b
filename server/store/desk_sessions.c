/* Role: keep sessions over a restart of the desk. Input and output: rows. Leaves to others: how long a session lives
 * and how many there may be (desk/sessions.c). */
#include "store/desk_sessions.h"

#include "store/desk_schema.h"

bool desk_sessions_each(struct desk_database *database,
    bool (*on_session)(void *context, const struct desk_session *session), void *context)
{
    database->base.failure = STORE_OK;
    sqlite3_stmt *statement = database_prepare(
        &database->base, "SELECT hash, account, created_ms, seen_ms FROM session ORDER BY seen_ms DESC");
    while (statement && database_row(&database->base, statement)) {
        struct desk_session session = {.account = (uint32_t)sqlite3_column_int64(statement, 1),
            .created_ms = (uint64_t)sqlite3_column_int64(statement, 2),
            .seen_ms = (uint64_t)sqlite3_column_int64(statement, 3)};
        desk_column_blob(statement, 0, session.hash, sizeof session.hash);
        if (!on_session(context, &session)) break;
    }
    sqlite3_finalize(statement);
    return database->base.failure == STORE_OK;
}

bool desk_session_put(struct desk_database *database, const struct desk_session *session)
{
    if (!database_begin(&database->base)) return database_cancel(&database->base), false;
    sqlite3_stmt *statement =
        database_prepare(&database->base, "INSERT INTO session(hash, account, created_ms, seen_ms) VALUES(?, ?, ?, ?)"
                                          " ON CONFLICT(hash) DO UPDATE SET seen_ms = excluded.seen_ms");
    desk_bind_blob(database, statement, 1, session->hash, sizeof session->hash);
    desk_bind_number(database, statement, 2, session->account);
    desk_bind_number(database, statement, 3, (int64_t)session->created_ms);
    desk_bind_number(database, statement, 4, (int64_t)session->seen_ms);
    if (statement) (void)database_step(&database->base, statement);
    sqlite3_finalize(statement);
    return database_commit(&database->base) == STORE_OK;
}

bool desk_session_delete(struct desk_database *database, const uint8_t hash[DESK_SESSION_HASH_SIZE])
{
    if (!database_begin(&database->base)) return database_cancel(&database->base), false;
    sqlite3_stmt *statement = database_prepare(&database->base, "DELETE FROM session WHERE hash = ?");
    desk_bind_blob(database, statement, 1, hash, DESK_SESSION_HASH_SIZE);
    if (statement) (void)database_step(&database->base, statement);
    sqlite3_finalize(statement);
    return database_commit(&database->base) == STORE_OK;
}

bool desk_sessions_delete_unseen(struct desk_database *database, uint64_t since_ms)
{
    if (!database_begin(&database->base)) return database_cancel(&database->base), false;
    sqlite3_stmt *statement = database_prepare(&database->base, "DELETE FROM session WHERE seen_ms < ?");
    desk_bind_number(database, statement, 1, (int64_t)since_ms);
    if (statement) (void)database_step(&database->base, statement);
    sqlite3_finalize(statement);
    return database_commit(&database->base) == STORE_OK;
}
