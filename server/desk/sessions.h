/* Who is signed in. A session is known by its cookie, of which only the hash is kept; it ends by itself after 12 hours
 * without use. In memory while the desk runs, and in desk.db for the next start. */
#ifndef JINGDA_DESK_SESSIONS_H
#define JINGDA_DESK_SESSIONS_H

#include "base/bytes.h"
#include "desk/passwords.h"
#include "store/desk_sessions.h"

#define SESSIONS_MAX            256
#define SESSIONS_OF_ACCOUNT_MAX 16
#define SESSION_IDLE_MS         (12ull * 60 * 60 * 1000)
#define SESSION_KEPT_MS         (5ull * 60 * 1000) /* how exactly desk.db knows the last use */
#define SESSION_COOKIE          "__Host-desk"

struct session {
    uint64_t id; /* of this process; 0: free */
    struct desk_session kept;
    uint64_t seen_ms; /* wall clock */
    char name[4 * ACCOUNT_NAME_CHARS_MAX + 1];
    char role[ACCOUNT_ROLE_MAX + 1];
};

struct sessions {
    struct session items[SESSIONS_MAX];
    uint64_t last_id;
    struct desk_database *database;
    /* A session ended: out of time, pushed out, signed out. */
    void (*ended)(void *context, uint64_t id);
    void *context;
};

/* Reads those back that are not too old. False: desk.db cannot be read. */
bool sessions_start(struct sessions *sessions, struct desk_database *database, uint64_t now_ms);
/* A new one; where there are too many, of the account or in all, the longest unused ends. `cookie` becomes its secret.
 * NULL: it could not be kept. */
struct session *session_open(
    struct sessions *sessions, const struct account *account, uint64_t now_ms, char cookie[SECRET_TEXT_SIZE]);
/* The session of a Cookie header, used now. NULL: none, or out of time. */
struct session *session_of_cookie(struct sessions *sessions, struct span header, uint64_t now_ms);
/* By its id, used now. */
struct session *session_use(struct sessions *sessions, uint64_t id, uint64_t now_ms);
void session_end(struct sessions *sessions, uint64_t id);
/* Ends what is out of time; call it each minute or so. */
void sessions_sweep(struct sessions *sessions, uint64_t now_ms);
/* The value of the cookie of that name in a Cookie header ("a=1; NAME=VALUE; b=2"); empty where it is not there. */
struct span cookie_value(struct span header, const char *name);
uint32_t sessions_count(const struct sessions *sessions);

#endif
