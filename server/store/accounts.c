/* Role: accounts and the first token, in desk.db. Input: names, hashes. Output: rows. Leaves to others: scrypt and the
 * comparison in constant time (desk/passwords.c), who may try again when (desk/lockout.c). */
#include "store/accounts.h"

#include "store/desk_schema.h"

bool accounts_count(struct desk_database *database, uint32_t *count)
{
    sqlite3_stmt *statement = database_prepare(&database->base, "SELECT count(*) FROM account");
    bool is_read = statement && database_row(&database->base, statement);
    *count = is_read ? (uint32_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return is_read;
}

static enum account_found account_read(struct desk_database *database, sqlite3_stmt *statement, struct account *account)
{
    database->base.failure = STORE_OK;
    bool is_there = statement && database_row(&database->base, statement);
    if (is_there) {
        account->id = (uint32_t)sqlite3_column_int64(statement, 0);
        desk_column_text(statement, 1, account->name, sizeof account->name);
        desk_column_text(statement, 2, account->role, sizeof account->role);
        desk_column_blob(statement, 3, account->salt, sizeof account->salt);
        desk_column_blob(statement, 4, account->password, sizeof account->password);
    }
    bool is_read = statement && database->base.failure == STORE_OK;
    sqlite3_finalize(statement);
    return is_there ? ACCOUNT_FOUND : is_read ? ACCOUNT_MISSING : ACCOUNT_UNREADABLE;
}

enum account_found account_by_name(struct desk_database *database, const char *name_key, struct account *account)
{
    sqlite3_stmt *statement =
        database_prepare(&database->base, "SELECT id, name, role, salt, password FROM account WHERE name_key = ?");
    desk_bind_text(database, statement, 1, name_key);
    return account_read(database, statement, account);
}

enum account_found account_by_id(struct desk_database *database, uint32_t id, struct account *account)
{
    sqlite3_stmt *statement =
        database_prepare(&database->base, "SELECT id, name, role, salt, password FROM account WHERE id = ?");
    desk_bind_number(database, statement, 1, id);
    return account_read(database, statement, account);
}

bool account_token_set(struct desk_database *database, const uint8_t hash[ACCOUNT_TOKEN_SIZE])
{
    if (!database_begin(&database->base)) return database_cancel(&database->base), false;
    sqlite3_stmt *statement = database_prepare(&database->base,
        "INSERT INTO first_token(one, hash) VALUES(1, ?) ON CONFLICT(one) DO UPDATE SET hash = excluded.hash");
    desk_bind_blob(database, statement, 1, hash, ACCOUNT_TOKEN_SIZE);
    if (statement) (void)database_step(&database->base, statement);
    sqlite3_finalize(statement);
    return database_commit(&database->base) == STORE_OK;
}

bool account_token_get(struct desk_database *database, uint8_t hash[ACCOUNT_TOKEN_SIZE])
{
    sqlite3_stmt *statement = database_prepare(&database->base, "SELECT hash FROM first_token");
    bool is_there = statement && database_row(&database->base, statement);
    if (is_there) desk_column_blob(statement, 0, hash, ACCOUNT_TOKEN_SIZE);
    sqlite3_finalize(statement);
    return is_there;
}

static void account_insert(
    struct desk_database *database, const struct account *account, const char *name_key, uint64_t now_ms)
{
    sqlite3_stmt *statement = database_prepare(&database->base,
        "INSERT INTO account(name, name_key, role, salt, password, created_ms) VALUES(?, ?, ?, ?, ?, ?)");
    desk_bind_text(database, statement, 1, account->name);
    desk_bind_text(database, statement, 2, name_key);
    desk_bind_text(database, statement, 3, account->role);
    desk_bind_blob(database, statement, 4, account->salt, sizeof account->salt);
    desk_bind_blob(database, statement, 5, account->password, sizeof account->password);
    desk_bind_number(database, statement, 6, (int64_t)now_ms);
    if (statement) (void)database_step(&database->base, statement);
    sqlite3_finalize(statement);
}

enum account_made account_make_first(
    struct desk_database *database, struct account *account, const char *name_key, uint64_t now_ms)
{
    uint32_t count = 0;
    if (!database_begin(&database->base) || !accounts_count(database, &count)) {
        database_cancel(&database->base);
        return ACCOUNT_NOT_KEPT;
    }
    if (count > 0) {
        database_cancel(&database->base);
        return ACCOUNT_NOT_FIRST;
    }
    account_insert(database, account, name_key, now_ms);
    account->id = (uint32_t)sqlite3_last_insert_rowid(database->base.handle);
    (void)database_run(&database->base, "DELETE FROM first_token");
    return database_commit(&database->base) == STORE_OK ? ACCOUNT_MADE : ACCOUNT_NOT_KEPT;
}
