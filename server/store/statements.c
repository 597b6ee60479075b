/* Role: core.db's prepared statements and how they are bound.
 * Leaves to others: when they run (append.c, read.c, rounds.c). */
#include "store/statements.h"
#include "base/expect.h"
#include "store/store_private.h"

static const char *const texts[STATEMENTS] = {
    [ADD_ROUND] = "INSERT INTO round(round, code, seed, created_ms, rules, title, unit) VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [ADD_COMMUNITY] = "INSERT INTO community(round, number, name) VALUES(?1,?2,?3)",
    [ADD_QUESTION] = "INSERT INTO question(round, asking, rules, body) VALUES(?1,?2,?3,?4)",
    [ADD_CONTROL] = "INSERT INTO event(seq, at_ms, round, kind, version, actor, body) VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [ADD_PARTICIPANT] = "INSERT INTO participant(round, number, seq, at_ms, generation, community, join_nonce)"
                        " VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [ADD_ANSWER] = "INSERT INTO answer(round, asking, seq, participant, attempt, elapsed_ms, credit_ms, choice)"
                   " VALUES(?1,?2,?3,?4,0,?5,?6,?7)",
    [ADD_STANDING] =
        "INSERT OR REPLACE INTO standing(round, asking, rules_version, state, sha256) VALUES(?1,?2,?3,?4,?5)",
    [ADD_PICTURE] = "INSERT INTO picture(sha256, type, bytes) VALUES(?1,?2,?3) ON CONFLICT DO NOTHING",
    [ADD_BATCH] = "INSERT INTO batch(seq, at_ms) VALUES(?1,?2)",
    [SET_NAME] = "INSERT INTO person(round, number, name) VALUES(?1,?2,?3)"
                 " ON CONFLICT(round, number) DO UPDATE SET name = excluded.name",
    [DROP_EMPTY_PERSON] = "DELETE FROM person WHERE round = ?1 AND number = ?2 AND name = '' AND phone_sealed IS NULL",
    [SET_VALUE] = "INSERT OR REPLACE INTO value(name, value) VALUES(?1,?2)",
    [GET_VALUE] = "SELECT value FROM value WHERE name = ?1",
    [GET_LAST_BATCH] = "SELECT seq, at_ms FROM batch ORDER BY seq DESC LIMIT 1",
    [GET_LAST_ROUND] = "SELECT max(round) FROM round",
    [GET_ROUND] = "SELECT round, code, seed, created_ms, rules, title, unit FROM round WHERE round = ?1",
    [EACH_ROUND] = "SELECT round, code, seed, created_ms, rules, title, unit FROM round WHERE NOT ?1"
                   " OR NOT EXISTS(SELECT 1 FROM event WHERE event.round = round.round AND kind = 17) ORDER BY round",
    [EACH_COMMUNITY] = "SELECT name FROM community WHERE round = ?1 ORDER BY number",
    [EACH_QUESTION] = "SELECT rules, body FROM question WHERE round = ?1 ORDER BY asking",
    [EACH_CONTROL] = "SELECT seq, at_ms, kind, actor, body FROM event WHERE round = ?1 ORDER BY seq",
    [EACH_PARTICIPANT] = "SELECT seq, number, generation, community, join_nonce FROM participant WHERE round = ?1"
                         " ORDER BY number",
    [EACH_ANSWER] = "SELECT seq, participant, elapsed_ms, credit_ms, choice FROM answer"
                    " WHERE round = ?1 AND asking = ?2 AND attempt = 0 ORDER BY seq",
    [EACH_ANSWERER] = "SELECT participant FROM answer WHERE round = ?1 AND asking = ?2 AND attempt = 0",
    [GET_LAST_ANSWER] = "SELECT max(seq) FROM answer WHERE round = ?1 AND asking = ?2",
    [GET_BATCH_OF] = "SELECT at_ms FROM batch WHERE seq >= ?1 ORDER BY seq LIMIT 1",
    [GET_STANDING] =
        "SELECT asking, state, sha256 FROM standing WHERE round = ?1 AND asking <= ?2 ORDER BY asking DESC LIMIT 1",
    [GET_NAME] = "SELECT name FROM person WHERE round = ?1 AND number = ?2",
    [GET_PICTURE] = "SELECT type, bytes FROM picture WHERE sha256 = ?1",
};

bool statements_prepare(struct store *store)
{
    for (int i = 0; i < STATEMENTS; i++) {
        store->statements[i] = database_prepare(&store->database, texts[i]);
        if (!store->statements[i]) return false;
    }
    return true;
}

void statements_finalize(struct store *store)
{
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

sqlite3_stmt *statement_of(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    expect(!sqlite3_stmt_busy(statement));
    return statement;
}

void bind_numbers(sqlite3_stmt *statement, const int64_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(statement, i + 1, numbers[i]);
}

void bind_bytes(sqlite3_stmt *statement, int place, struct span bytes)
{
    /* A pointer that is NULL would bind NULL, and an empty blob is not that. */
    const void *data = bytes.size > 0 ? (const void *)bytes.data : "";
    sqlite3_bind_blob64(statement, place, data, bytes.size, SQLITE_STATIC);
}

void bind_text(sqlite3_stmt *statement, int place, struct span text)
{
    const char *data = text.size > 0 ? (const char *)text.data : "";
    sqlite3_bind_text64(statement, place, data, text.size, SQLITE_STATIC, SQLITE_UTF8);
}

struct span column_bytes(sqlite3_stmt *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return (struct span){data, (size_t)sqlite3_column_bytes(statement, column)};
}
