/* The sessions of desk.db: who is signed in, by the hash of the cookie. False: the database failed. */
#ifndef JINGDA_STORE_DESK_SESSIONS_H
#define JINGDA_STORE_DESK_SESSIONS_H

#include "store/desk_database.h"

#define DESK_SESSION_HASH_SIZE 32

struct desk_session {
    uint8_t hash[DESK_SESSION_HASH_SIZE];
    uint32_t account;
    uint64_t created_ms, seen_ms; /* wall clock */
};

/* In order of seen_ms, latest first; `on_session` returns false to stop. */
bool desk_sessions_each(struct desk_database *database,
    bool (*on_session)(void *context, const struct desk_session *session), void *context);
bool desk_session_put(struct desk_database *database, const struct desk_session *session);
bool desk_session_delete(struct desk_database *database, const uint8_t hash[DESK_SESSION_HASH_SIZE]);
bool desk_sessions_delete_unseen(struct desk_database *database, uint64_t since_ms);

#endif
