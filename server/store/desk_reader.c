/* Role: the desk's own questions to core.db. Input: keys and bounds. Output: rows, to a callback. Leaves to others: the
 * records themselves (store.h), what the rows mean (desk/). */
#include "store/desk_reader.h"

#include "store/desk_schema.h"
#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>

enum reader_statement { READ_ROUNDS, READ_PERSONS, READ_COMMUNITIES, READ_JOINED, READ_CHOICES };
#define READER_STATEMENTS 5

struct desk_reader {
    struct database base;
    sqlite3_stmt *statements[READER_STATEMENTS];
};

/* Numbers of participants are dense, so the highest tells how many joined without counting 340,000 rows. */
static const char *const queries[READER_STATEMENTS] = {
    [READ_ROUNDS] = "SELECT round, code, created_ms, title,"
                    " (SELECT count(*) FROM question WHERE question.round = round.round),"
                    " coalesce((SELECT max(number) + 1 FROM participant WHERE participant.round = round.round), 0)"
                    " FROM round ORDER BY round DESC LIMIT ?",
    [READ_PERSONS] = "SELECT number, community,"
                     " coalesce((SELECT name FROM person WHERE person.round = participant.round"
                     "  AND person.number = participant.number), '')"
                     " FROM participant WHERE round = ? AND number >= ? ORDER BY number LIMIT ?",
    [READ_COMMUNITIES] = "SELECT number, community FROM participant WHERE round = ? AND number >= ? ORDER BY number"
                         " LIMIT ?",
    [READ_JOINED] = "SELECT coalesce(max(number) + 1, 0) FROM participant WHERE round = ?",
    [READ_CHOICES] = "SELECT choice, count(*) FROM answer WHERE round = ? AND asking = ? GROUP BY choice",
};

enum store_open_result desk_reader_open(const char *folder, struct desk_reader **out, char message[256])
{
    *out = NULL;
    char path[4096];
    struct desk_reader *reader = calloc(1, sizeof *reader);
    bool is_short = snprintf(path, sizeof path, "%s/core.db", folder) < (int)sizeof path;
    if (!reader || !is_short) {
        snprintf(message, 256, reader ? "the data folder's path is too long" : "no memory to read core.db");
        free(reader);
        return STORE_IO;
    }
    struct database_options options = {.path = path, .is_read_only = true};
    enum store_open_result result = database_open(&reader->base, &options, &core_schema);
    for (int i = 0; i < READER_STATEMENTS && result == STORE_OPENED; i++) {
        reader->statements[i] = database_prepare(&reader->base, queries[i]);
        if (!reader->statements[i]) result = STORE_DAMAGED;
    }
    if (result == STORE_OPENED) {
        *out = reader;
        return result;
    }
    snprintf(message, 256, "%s", reader->base.message);
    desk_reader_close(reader);
    return result;
}

void desk_reader_close(struct desk_reader *reader)
{
    if (!reader) return;
    for (int i = 0; i < READER_STATEMENTS; i++)
        sqlite3_finalize(reader->statements[i]);
    database_close(&reader->base);
    free(reader);
}

static sqlite3_stmt *bound(struct desk_reader *reader, enum reader_statement which, const int64_t *numbers, int count)
{
    sqlite3_stmt *statement = reader->statements[which];
    reader->base.failure = STORE_OK;
    for (int i = 0; i < count; i++)
        (void)database_note(&reader->base, sqlite3_bind_int64(statement, i + 1, numbers[i]));
    return statement;
}

/* Ends the read transaction. */
static bool finished(struct desk_reader *reader, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    return reader->base.failure == STORE_OK;
}

bool reader_each_round(struct desk_reader *reader, uint32_t rounds_max,
    bool (*on_round)(void *context, const struct reader_round *round), void *context)
{
    sqlite3_stmt *statement = bound(reader, READ_ROUNDS, (const int64_t[]){rounds_max}, 1);
    while (database_row(&reader->base, statement)) {
        struct reader_round round = {.round = (uint32_t)sqlite3_column_int64(statement, 0),
            .code = (uint32_t)sqlite3_column_int64(statement, 1),
            .created_ms = (uint64_t)sqlite3_column_int64(statement, 2),
            .askings_count = (uint16_t)sqlite3_column_int64(statement, 4),
            .joined = (uint32_t)sqlite3_column_int64(statement, 5)};
        desk_column_text(statement, 3, round.title, sizeof round.title);
        if (!on_round(context, &round)) break;
    }
    return finished(reader, statement);
}

bool reader_each_person(struct desk_reader *reader, uint32_t round, uint32_t from, uint32_t count,
    bool (*on_person)(void *context, uint32_t number, uint16_t community, const char *name), void *context)
{
    sqlite3_stmt *statement = bound(reader, READ_PERSONS, (const int64_t[]){round, from, count}, 3);
    while (database_row(&reader->base, statement)) {
        char name[4 * NAME_CHARS_MAX + 1];
        desk_column_text(statement, 2, name, sizeof name);
        uint32_t number = (uint32_t)sqlite3_column_int64(statement, 0);
        if (!on_person(context, number, (uint16_t)sqlite3_column_int64(statement, 1), name)) break;
    }
    return finished(reader, statement);
}

bool reader_each_community(struct desk_reader *reader, uint32_t round, uint32_t from, uint32_t count,
    bool (*on_person)(void *context, uint32_t number, uint16_t community), void *context)
{
    sqlite3_stmt *statement = bound(reader, READ_COMMUNITIES, (const int64_t[]){round, from, count}, 3);
    while (database_row(&reader->base, statement)) {
        uint32_t number = (uint32_t)sqlite3_column_int64(statement, 0);
        if (!on_person(context, number, (uint16_t)sqlite3_column_int64(statement, 1))) break;
    }
    return finished(reader, statement);
}

bool reader_joined(struct desk_reader *reader, uint32_t round, uint32_t *joined)
{
    sqlite3_stmt *statement = bound(reader, READ_JOINED, (const int64_t[]){round}, 1);
    *joined = database_row(&reader->base, statement) ? (uint32_t)sqlite3_column_int64(statement, 0) : 0;
    return finished(reader, statement);
}

bool reader_each_choice(struct desk_reader *reader, uint32_t round, uint16_t asking,
    bool (*on_choice)(void *context, choice_set choice, uint32_t answers), void *context)
{
    sqlite3_stmt *statement = bound(reader, READ_CHOICES, (const int64_t[]){round, asking}, 2);
    while (database_row(&reader->base, statement)) {
        choice_set choice = (choice_set)sqlite3_column_int64(statement, 0);
        if (!on_choice(context, choice, (uint32_t)sqlite3_column_int64(statement, 1))) break;
    }
    return finished(reader, statement);
}
