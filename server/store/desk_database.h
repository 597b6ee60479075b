/* desk.db: accounts, sessions, banks and pictures. One writer, the desk. What a round needs is copied into core.db when
 * it is created, so nothing here is part of a round's record. */
#ifndef JINGDA_STORE_DESK_DATABASE_H
#define JINGDA_STORE_DESK_DATABASE_H

#include "store/store.h"

struct desk_database;

/* Opens, creates or migrates FOLDER/desk.db. On failure *out is NULL and `message` (256 bytes) says in one line why. */
enum store_open_result desk_database_open(const char *folder, struct desk_database **out, char message[256]);
void desk_database_close(struct desk_database *database);

/* Moves what was committed from the log into the file once the log is over 4 MiB. False: the process must end. */
bool desk_database_tidy(struct desk_database *database);
/* Of the last failure. */
const char *desk_database_message(const struct desk_database *database);

#endif
