/* The banks of desk.db with their questions and pictures. False: the database failed, unless said otherwise. */
#ifndef JINGDA_STORE_BANKS_H
#define JINGDA_STORE_BANKS_H

#include "model/question.h"
#include "store/desk_database.h"

#define BANK_NAME_MAX  255 /* bytes, of a file's name */
#define BANK_HASH_SIZE 32
#define CATEGORIES_MAX 200 /* of one bank that are listed */

struct bank_row {
    uint32_t id;
    char name[BANK_NAME_MAX + 1];
    uint32_t questions;
    bool is_sample; /* any of them is */
};

/* ---- loading: one transaction from begin to end ---- */

/* True where the bank of that file is there with just this content. */
bool bank_is_loaded(struct desk_database *database, const char *file, const uint8_t hash[BANK_HASH_SIZE]);

struct bank_loading {
    struct desk_database *database;
    int64_t bank;
    uint32_t number; /* of questions so far */
    struct sqlite3_stmt *add_question, *add_option, *add_picture;
};

/* Takes away what the file held before. */
bool bank_load_begin(struct bank_loading *loading, struct desk_database *database, const char *file, const char *name,
    const uint8_t hash[BANK_HASH_SIZE], uint64_t now_ms);
/* `question.picture` is already the name of a stored picture. What fails shows at the end. */
void bank_load_question(struct bank_loading *loading, const struct question *question);
void bank_load_picture(struct bank_loading *loading, const char *name, struct span bytes);
/* Keeps all, or (where `is_kept` is false, or anything failed) nothing. True where it was kept. */
bool bank_load_end(struct bank_loading *loading, bool is_kept);

/* ---- reading; callbacks return false to stop ---- */

bool banks_each(
    struct desk_database *database, bool (*on_bank)(void *context, const struct bank_row *bank), void *context);
/* In the order of their first question, at most CATEGORIES_MAX. */
bool bank_each_category(struct desk_database *database, uint32_t bank,
    bool (*on_category)(void *context, const char *category), void *context);
/* In the file's order; from the `from`th, 0-based, at most `count`. */
bool bank_each_question(struct desk_database *database, uint32_t bank, uint32_t from, uint32_t count,
    bool (*on_question)(void *context, uint32_t id, const struct question *question), void *context);
/* False where it is not there, too. */
bool bank_question(struct desk_database *database, uint32_t id, struct question *question);
/* A picture by its whole name, "sha256.type". False where it is not there, too; the caller frees `bytes`. */
bool bank_picture(struct desk_database *database, const char *name, uint8_t **bytes, size_t *size);

#endif
