/* Who drives a round: one connection of the desk at a time. A holder whose page reloads has 30 s to come back with the
 * same session; others may watch, take it with force, or be given it. Pure: time is handed in. */
#ifndef JINGDA_DESK_LEASE_H
#define JINGDA_DESK_LEASE_H

#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

#define LEASE_RETURN_MS 30000

struct lease {
    uint64_t session; /* 0: nobody has it */
    uint64_t watcher; /* the connection; 0: it went away at gone_ms */
    uint64_t gone_ms;
    char holder[4 * ACCOUNT_NAME_CHARS_MAX + 1];
};

/* A connection that may hold it. */
struct lease_seeker {
    uint64_t session, watcher;
    const char *name;
};

/* The holder's name, or NULL where nobody has it (any more). */
const char *lease_holder(const struct lease *lease, uint64_t now_ms);
bool lease_is_of(const struct lease *lease, uint64_t watcher);
/* False: somebody else has it. The same session gets what its lost connection held. */
bool lease_take(struct lease *lease, const struct lease_seeker *seeker, bool force, uint64_t now_ms);
/* The holder hands it over. */
void lease_give(struct lease *lease, const struct lease_seeker *to);
/* A connection of a session watches the round: it has the lease again where the session's own was lost. */
void lease_return(struct lease *lease, const struct lease_seeker *seeker, uint64_t now_ms);
/* The connection was lost, */
void lease_lose(struct lease *lease, uint64_t watcher, uint64_t now_ms);
/* or left of its own will. */
void lease_leave(struct lease *lease, uint64_t watcher);
/* The session was signed out. */
void lease_end_session(struct lease *lease, uint64_t session);

#endif
