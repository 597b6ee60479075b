/* core.db's prepared statements, kept for the store's life. */
#ifndef JINGDA_STORE_STATEMENTS_H
#define JINGDA_STORE_STATEMENTS_H

#include <stdbool.h>

struct store;

/* False where one could not be prepared; the database's message says why. */
bool statements_prepare(struct store *store);
void statements_finalize(struct store *store);

#endif
