/* A data folder of a test's own, and a store in it. */
#ifndef JINGDA_TESTS_FOLDER_H
#define JINGDA_TESTS_FOLDER_H

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct folder {
    char path[64];
    char database[128]; /* core.db in it */
    char message[256];
};

static inline int folder_make(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    assert_non_null(folder);
    snprintf(folder->path, sizeof folder->path, "/tmp/jingda-store-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->database, sizeof folder->database, "%s/core.db", folder->path);
    *state = folder;
    return 0;
}

static inline int folder_remove(void **state)
{
    struct folder *folder = *state;
    DIR *directory = opendir(folder->path);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", folder->path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && unlink(path) != 0) rmdir(path);
    }
    closedir(directory);
    rmdir(folder->path);
    free(folder);
    return 0;
}

static inline enum store_open_result folder_try(struct folder *folder, struct store_options options, struct store **out)
{
    options.folder = folder->path;
    folder->message[0] = '\0';
    return store_open(&options, out, folder->message);
}

static inline struct store *folder_open(struct folder *folder)
{
    struct store *store;
    assert_int_equal(STORE_OPENED, folder_try(folder, (struct store_options){0}, &store));
    return store;
}

static inline struct store *folder_open_reader(struct folder *folder)
{
    struct store *store;
    assert_int_equal(STORE_OPENED, folder_try(folder, (struct store_options){.is_read_only = true}, &store));
    return store;
}

/* SQL past the store, as a person with the sqlite3 tool would. */
static inline void folder_sql(struct folder *folder, const char *sql)
{
    sqlite3 *database;
    char *error = NULL;
    assert_int_equal(SQLITE_OK, sqlite3_open(folder->database, &database));
    sqlite3_exec(database, sql, NULL, NULL, &error);
    assert_null(error);
    sqlite3_close(database);
}

/* One number by SQL; -1 where there is no row. */
static inline int64_t folder_number(struct folder *folder, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(SQLITE_OK, sqlite3_open_v2(folder->database, &database, SQLITE_OPEN_READONLY, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(database, sql, -1, &statement, NULL));
    int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

/* ---- records ---- */

#define ROUND_NUMBER 3

static inline void append_small_round(struct store *store, uint32_t number)
{
    static struct question question = {.kind = QUESTION_TRUE_FALSE,
        .options_count = 2,
        .key = 1,
        .text = "水的化学式是H₂O。",
        .options = {"对", "错"}};
    struct asking_rules asking = {
        .kind = QUESTION_TRUE_FALSE, .options_count = 2, .key = 1, .points = 10, .limit_ms = 30000, .reading_ms = 5000};
    struct round_record record = {.round = number,
        .code = 123456,
        .created_ms = 1000,
        .rules = rules_default(),
        .title = "科普",
        .unit = "科协",
        .askings_count = 1,
        .askings = &asking,
        .questions = &question};
    record.rules.communities_count = 0;
    store_append_round(store, &record);
}

static inline void append_people(struct store *store, uint32_t count)
{
    uint8_t nonce[NONCE_SIZE] = {7};
    for (uint32_t i = 0; i < count; i++)
        store_append_join(store, ROUND_NUMBER, i, 0, COMMUNITY_NONE, nonce, 2000, span_of_text("李雷"));
}

/* A round with some participants, committed. */
static inline void commit_round(struct store *store, uint32_t people)
{
    append_small_round(store, ROUND_NUMBER);
    append_people(store, people);
    assert_int_equal(STORE_OK, store_commit(store));
}

static inline struct answer answer_of(uint16_t asking, uint32_t participant)
{
    return (struct answer){.round = ROUND_NUMBER,
        .asking = asking,
        .participant = participant,
        .choice = 1,
        .elapsed_ms = 1000 + participant,
        .credit_ms = 20};
}

static inline void append_answer(struct store *store, uint16_t asking, uint32_t participant)
{
    struct answer answer = answer_of(asking, participant);
    store_append_answer(store, &answer, 3000);
}

static inline bool count_answer(void *context, const struct answer *answer)
{
    (void)answer;
    ++*(uint32_t *)context;
    return true;
}

static inline uint32_t answers_count(struct store *store, uint16_t asking)
{
    uint32_t count = 0;
    assert_true(store_each_answer(store, ROUND_NUMBER, asking, 0, count_answer, &count));
    return count;
}

#endif
