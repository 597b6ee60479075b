/* Role: banks in desk.db. Input: questions that a reader has already checked, queries. Output: rows. Leaves to others:
 * reading and checking files (bank/), which of them to load (desk/banks.c). */
#include "store/banks.h"

#include "base/expect.h"
#include "store/desk_schema.h"

#include <stdlib.h>
#include <string.h>

#define QUESTION_COLUMNS                                                                                               \
    "id, kind, difficulty, key, seconds, points, text, explanation, source, category, picture, picture_alt, is_sample"

bool bank_is_loaded(struct desk_database *database, const char *file, const uint8_t hash[BANK_HASH_SIZE])
{
    sqlite3_stmt *statement = database_prepare(&database->base, "SELECT 1 FROM bank WHERE file = ? AND sha256 = ?");
    desk_bind_text(database, statement, 1, file);
    desk_bind_blob(database, statement, 2, hash, BANK_HASH_SIZE);
    bool is_there = statement && database_row(&database->base, statement);
    sqlite3_finalize(statement);
    return is_there;
}

bool bank_load_begin(struct bank_loading *loading, struct desk_database *database, const char *file, const char *name,
    const uint8_t hash[BANK_HASH_SIZE], uint64_t now_ms)
{
    *loading = (struct bank_loading){.database = database};
    if (!database_begin(&database->base)) return database_cancel(&database->base), false;

    sqlite3_stmt *drop = database_prepare(&database->base, "DELETE FROM bank WHERE file = ?");
    desk_bind_text(database, drop, 1, file);
    if (drop) (void)database_step(&database->base, drop);
    sqlite3_finalize(drop);

    sqlite3_stmt *add =
        database_prepare(&database->base, "INSERT INTO bank(file, name, sha256, loaded_ms) VALUES(?, ?, ?, ?)");
    desk_bind_text(database, add, 1, file);
    desk_bind_text(database, add, 2, name);
    desk_bind_blob(database, add, 3, hash, BANK_HASH_SIZE);
    desk_bind_number(database, add, 4, (int64_t)now_ms);
    if (add) (void)database_step(&database->base, add);
    sqlite3_finalize(add);
    loading->bank = sqlite3_last_insert_rowid(database->base.handle);

    loading->add_question = database_prepare(&database->base,
        "INSERT INTO question(bank, number, kind, difficulty, key, seconds, points, text, explanation, source, "
        "category,"
        " picture, picture_alt, is_sample) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    loading->add_option =
        database_prepare(&database->base, "INSERT INTO question_option(question, number, text) VALUES(?, ?, ?)");
    loading->add_picture =
        database_prepare(&database->base, "INSERT INTO picture(name, bytes) VALUES(?, ?) ON CONFLICT(name) DO NOTHING");
    return true;
}

void bank_load_question(struct bank_loading *loading, const struct question *question)
{
    struct desk_database *database = loading->database;
    sqlite3_stmt *statement = loading->add_question;
    const int64_t numbers[] = {loading->bank, ++loading->number, question->kind, question->difficulty, question->key,
        question->seconds, question->points};
    for (int i = 0; i < 7; i++)
        desk_bind_number(database, statement, i + 1, numbers[i]);
    const char *texts[] = {question->text, question->explanation, question->source, question->category,
        question->picture, question->picture_alt};
    for (int i = 0; i < 6; i++)
        desk_bind_text(database, statement, i + 8, texts[i]);
    desk_bind_number(database, statement, 14, question->is_sample);
    if (!statement || !loading->add_option || !database_step(&database->base, statement)) return;

    int64_t id = sqlite3_last_insert_rowid(database->base.handle);
    for (int i = 0; i < question->options_count; i++) {
        desk_bind_number(database, loading->add_option, 1, id);
        desk_bind_number(database, loading->add_option, 2, i);
        desk_bind_text(database, loading->add_option, 3, question->options[i]);
        if (!database_step(&database->base, loading->add_option)) return;
    }
}

void bank_load_picture(struct bank_loading *loading, const char *name, struct span bytes)
{
    desk_bind_text(loading->database, loading->add_picture, 1, name);
    desk_bind_blob(loading->database, loading->add_picture, 2, bytes.data, bytes.size);
    if (loading->add_picture) (void)database_step(&loading->database->base, loading->add_picture);
}

bool bank_load_end(struct bank_loading *loading, bool is_kept)
{
    sqlite3_finalize(loading->add_question);
    sqlite3_finalize(loading->add_option);
    sqlite3_finalize(loading->add_picture);
    if (is_kept) return database_commit(&loading->database->base) == STORE_OK;
    database_cancel(&loading->database->base);
    return false;
}

bool banks_each(
    struct desk_database *database, bool (*on_bank)(void *context, const struct bank_row *bank), void *context)
{
    database->base.failure = STORE_OK;
    sqlite3_stmt *statement = database_prepare(&database->base,
        "SELECT bank.id, bank.name, count(question.id), coalesce(max(question.is_sample), 0)"
        " FROM bank LEFT JOIN question ON question.bank = bank.id GROUP BY bank.id ORDER BY bank.name");
    while (statement && database_row(&database->base, statement)) {
        struct bank_row bank = {.id = (uint32_t)sqlite3_column_int64(statement, 0),
            .questions = (uint32_t)sqlite3_column_int64(statement, 2),
            .is_sample = sqlite3_column_int64(statement, 3) != 0};
        desk_column_text(statement, 1, bank.name, sizeof bank.name);
        if (!on_bank(context, &bank)) break;
    }
    sqlite3_finalize(statement);
    return database->base.failure == STORE_OK;
}

bool bank_each_category(struct desk_database *database, uint32_t bank,
    bool (*on_category)(void *context, const char *category), void *context)
{
    database->base.failure = STORE_OK;
    sqlite3_stmt *statement =
        database_prepare(&database->base, "SELECT category FROM question WHERE bank = ? AND category <> '' GROUP BY "
                                          "category ORDER BY min(number) LIMIT ?");
    desk_bind_number(database, statement, 1, bank);
    desk_bind_number(database, statement, 2, CATEGORIES_MAX);
    while (statement && database_row(&database->base, statement)) {
        char category[4 * CATEGORY_CHARS_MAX + 1];
        desk_column_text(statement, 0, category, sizeof category);
        if (!on_category(context, category)) break;
    }
    sqlite3_finalize(statement);
    return database->base.failure == STORE_OK;
}

static void question_read(sqlite3_stmt *statement, struct question *question)
{
    *question = (struct question){.kind = (enum question_kind)sqlite3_column_int64(statement, 1),
        .difficulty = (uint8_t)sqlite3_column_int64(statement, 2),
        .key = (choice_set)sqlite3_column_int64(statement, 3),
        .seconds = (uint16_t)sqlite3_column_int64(statement, 4),
        .points = (uint16_t)sqlite3_column_int64(statement, 5),
        .is_sample = sqlite3_column_int64(statement, 12) != 0};
    desk_column_text(statement, 6, question->text, sizeof question->text);
    desk_column_text(statement, 7, question->explanation, sizeof question->explanation);
    desk_column_text(statement, 8, question->source, sizeof question->source);
    desk_column_text(statement, 9, question->category, sizeof question->category);
    desk_column_text(statement, 10, question->picture, sizeof question->picture);
    desk_column_text(statement, 11, question->picture_alt, sizeof question->picture_alt);
}

static void options_read(struct desk_database *database, sqlite3_stmt *options, uint32_t id, struct question *question)
{
    desk_bind_number(database, options, 1, id);
    while (options && question->options_count < OPTIONS_MAX && database_row(&database->base, options)) {
        uint8_t index = question->options_count++;
        desk_column_text(options, 0, question->options[index], sizeof question->options[index]);
    }
    if (options) sqlite3_reset(options);
}

static const char options_query[] = "SELECT text FROM question_option WHERE question = ? ORDER BY number";

bool bank_each_question(struct desk_database *database, uint32_t bank, uint32_t from, uint32_t count,
    bool (*on_question)(void *context, uint32_t id, const struct question *question), void *context)
{
    database->base.failure = STORE_OK;
    sqlite3_stmt *options = database_prepare(&database->base, options_query);
    sqlite3_stmt *statement = database_prepare(
        &database->base, "SELECT " QUESTION_COLUMNS " FROM question WHERE bank = ? ORDER BY number LIMIT ? OFFSET ?");
    desk_bind_number(database, statement, 1, bank);
    desk_bind_number(database, statement, 2, count);
    desk_bind_number(database, statement, 3, from);
    while (statement && options && database_row(&database->base, statement)) {
        struct question question;
        uint32_t id = (uint32_t)sqlite3_column_int64(statement, 0);
        question_read(statement, &question);
        options_read(database, options, id, &question);
        if (!on_question(context, id, &question)) break;
    }
    sqlite3_finalize(statement);
    sqlite3_finalize(options);
    return database->base.failure == STORE_OK;
}

bool bank_question(struct desk_database *database, uint32_t id, struct question *question)
{
    database->base.failure = STORE_OK;
    sqlite3_stmt *options = database_prepare(&database->base, options_query);
    sqlite3_stmt *statement =
        database_prepare(&database->base, "SELECT " QUESTION_COLUMNS " FROM question WHERE id = ?");
    desk_bind_number(database, statement, 1, id);
    bool is_there = statement && options && database_row(&database->base, statement);
    if (is_there) {
        question_read(statement, question);
        options_read(database, options, id, question);
    }
    sqlite3_finalize(statement);
    sqlite3_finalize(options);
    return is_there && database->base.failure == STORE_OK;
}

bool bank_picture(struct desk_database *database, const char *name, uint8_t **bytes, size_t *size)
{
    sqlite3_stmt *statement = database_prepare(&database->base, "SELECT bytes FROM picture WHERE name = ?");
    desk_bind_text(database, statement, 1, name);
    bool is_there = statement && database_row(&database->base, statement);
    if (is_there) {
        *size = (size_t)sqlite3_column_bytes(statement, 0);
        *bytes = malloc(*size + 1);
        expect(*bytes);
        if (*size) memcpy(*bytes, sqlite3_column_blob(statement, 0), *size);
    }
    sqlite3_finalize(statement);
    return is_there;
}
