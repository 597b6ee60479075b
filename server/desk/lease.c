/* Role: decide who drives a round. Input: connections, sessions, the time. Output: the holder. Leaves to others:
 * telling the watchers (watchers.c), refusing commands (requests.c). */
#include "desk/lease.h"

#include <stdio.h>

static bool is_held(const struct lease *lease, uint64_t now_ms)
{
    if (!lease->session) return false;
    return lease->watcher || now_ms < lease->gone_ms + LEASE_RETURN_MS;
}

const char *lease_holder(const struct lease *lease, uint64_t now_ms)
{
    return is_held(lease, now_ms) ? lease->holder : NULL;
}

bool lease_is_of(const struct lease *lease, uint64_t watcher)
{
    return lease->session && watcher && lease->watcher == watcher;
}

void lease_give(struct lease *lease, const struct lease_seeker *to)
{
    *lease = (struct lease){.session = to->session, .watcher = to->watcher};
    snprintf(lease->holder, sizeof lease->holder, "%s", to->name);
}

bool lease_take(struct lease *lease, const struct lease_seeker *seeker, bool force, uint64_t now_ms)
{
    bool is_own = lease->session == seeker->session && (!lease->watcher || lease->watcher == seeker->watcher);
    if (is_held(lease, now_ms) && !is_own && !force) return false;
    lease_give(lease, seeker);
    return true;
}

void lease_return(struct lease *lease, const struct lease_seeker *seeker, uint64_t now_ms)
{
    if (is_held(lease, now_ms) && !lease->watcher && lease->session == seeker->session) lease_give(lease, seeker);
}

void lease_lose(struct lease *lease, uint64_t watcher, uint64_t now_ms)
{
    if (!lease_is_of(lease, watcher)) return;
    lease->watcher = 0;
    lease->gone_ms = now_ms;
}

void lease_leave(struct lease *lease, uint64_t watcher)
{
    if (lease_is_of(lease, watcher)) *lease = (struct lease){0};
}

void lease_end_session(struct lease *lease, uint64_t session)
{
    if (lease->session == session) *lease = (struct lease){0};
}
