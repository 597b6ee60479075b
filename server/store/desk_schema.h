/* The tables of desk.db, and what its files in this folder share. */
#ifndef JINGDA_STORE_DESK_SCHEMA_H
#define JINGDA_STORE_DESK_SCHEMA_H

#include "store/database.h"

extern const struct database_schema desk_schema;

struct desk_database {
    struct database base;
};

/* Bind at `index`, from 1; what fails is noted. */
void desk_bind_text(struct desk_database *database, sqlite3_stmt *statement, int index, const char *text);
void desk_bind_blob(struct desk_database *database, sqlite3_stmt *statement, int index, const void *data, size_t size);
void desk_bind_number(struct desk_database *database, sqlite3_stmt *statement, int index, int64_t value);
/* Copies a text column; what is longer than `size - 1` bytes comes out empty: it was never written so. */
void desk_column_text(sqlite3_stmt *statement, int column, char *out, size_t size);
/* Copies a blob column of exactly `size` bytes, or zeros. */
void desk_column_blob(sqlite3_stmt *statement, int column, void *out, size_t size);

#endif
