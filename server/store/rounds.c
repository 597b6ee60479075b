/* Role: read a round back as it was frozen: its record, communities and questions.
 * Leaves to others: what happened in it (read.c). */
#include "base/expect.h"
#include "base/log.h"
#include "store/question_body.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

/* A record whose texts and arrays are its own. */
struct loaded_round {
    struct round_record record;
    char title[4 * TITLE_CHARS_MAX + 1];
    char unit[4 * UNIT_CHARS_MAX + 1];
    char communities[COMMUNITIES_MAX][4 * COMMUNITY_CHARS_MAX + 1];
    const char *community_names[COMMUNITIES_MAX];
    struct asking_rules askings[ASKINGS_MAX];
    struct question questions[ASKINGS_MAX];
};

static bool column_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    struct span text = column_bytes(statement, column);
    if (text.size >= size) return false;
    if (text.size > 0) memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}

static bool read_round(sqlite3_stmt *statement, struct loaded_round *loaded)
{
    struct span rules = column_bytes(statement, 4);
    struct reader reader = reader_over(rules.data, rules.size);
    loaded->record = (struct round_record){.round = (uint32_t)sqlite3_column_int64(statement, 0),
        .code = (uint32_t)sqlite3_column_int64(statement, 1),
        .seed = (uint64_t)sqlite3_column_int64(statement, 2),
        .created_ms = (uint64_t)sqlite3_column_int64(statement, 3),
        .title = loaded->title,
        .unit = loaded->unit,
        .communities = loaded->community_names,
        .askings = loaded->askings,
        .questions = loaded->questions};
    return rules_decode(&reader, &loaded->record.rules) && read_finished(&reader) &&
           column_text(statement, 5, loaded->title, sizeof loaded->title) &&
           column_text(statement, 6, loaded->unit, sizeof loaded->unit);
}

static bool read_communities(struct store *store, struct loaded_round *loaded)
{
    sqlite3_stmt *statement = statement_of(store, EACH_COMMUNITY);
    bind_numbers(statement, (const int64_t[]){loaded->record.round}, 1);
    bool is_whole = true;
    uint32_t count = 0;
    for (; is_whole && database_row(&store->database, statement); count++) {
        is_whole = count < COMMUNITIES_MAX &&
                   column_text(statement, 0, loaded->communities[count], sizeof loaded->communities[count]);
        if (is_whole) loaded->community_names[count] = loaded->communities[count];
    }
    return sqlite3_reset(statement) == SQLITE_OK && is_whole && count == loaded->record.rules.communities_count;
}

static bool read_questions(struct store *store, struct loaded_round *loaded)
{
    sqlite3_stmt *statement = statement_of(store, EACH_QUESTION);
    bind_numbers(statement, (const int64_t[]){loaded->record.round}, 1);
    bool is_whole = true;
    uint16_t count = 0;
    for (; is_whole && database_row(&store->database, statement); count++) {
        struct span rules = column_bytes(statement, 0), body = column_bytes(statement, 1);
        struct reader rules_reader = reader_over(rules.data, rules.size);
        struct reader body_reader = reader_over(body.data, body.size);
        is_whole = count < ASKINGS_MAX && asking_rules_decode(&rules_reader, &loaded->askings[count]) &&
                   read_finished(&rules_reader) && question_body_decode(&body_reader, &loaded->questions[count]);
    }
    loaded->record.askings_count = count;
    return sqlite3_reset(statement) == SQLITE_OK && is_whole;
}

/* The round of the statement's current row. */
static bool load_round(struct store *store, sqlite3_stmt *statement, struct loaded_round *loaded)
{
    bool is_whole = read_round(statement, loaded) && read_communities(store, loaded) && read_questions(store, loaded);
    if (!is_whole) log_error("core.db: the record of round %u cannot be read", loaded->record.round);
    return is_whole;
}

static bool each_round(struct store *store, sqlite3_stmt *statement,
    bool (*on_round)(void *context, const struct round_record *record), void *context, uint32_t *count)
{
    struct loaded_round *loaded = calloc(1, sizeof *loaded);
    expect(loaded);
    bool is_whole = true, goes_on = true;
    *count = 0;
    while (goes_on && is_whole && database_row(&store->database, statement)) {
        is_whole = load_round(store, statement, loaded);
        if (is_whole) goes_on = on_round(context, &loaded->record);
        ++*count;
    }
    free(loaded);
    return sqlite3_reset(statement) == SQLITE_OK && is_whole;
}

bool store_each_round(struct store *store, bool unended,
    bool (*on_round)(void *context, const struct round_record *record), void *context)
{
    sqlite3_stmt *statement = statement_of(store, EACH_ROUND);
    bind_numbers(statement, (const int64_t[]){unended}, 1);
    uint32_t count;
    return each_round(store, statement, on_round, context, &count);
}

bool store_get_round(struct store *store, uint32_t round,
    bool (*on_round)(void *context, const struct round_record *record), void *context)
{
    sqlite3_stmt *statement = statement_of(store, GET_ROUND);
    bind_numbers(statement, (const int64_t[]){round}, 1);
    uint32_t count;
    return each_round(store, statement, on_round, context, &count) && count == 1;
}
