/* Role: who watches a round, and what becomes of its lease when they come and go. Input: connections and sessions.
 * Output: leases moved, watch requests answered or waiting. Leaves to others: what a watcher is told (rounds.c). */
#include "desk/inside.h"

void desk_round_watch(struct desk *desk, struct watcher *watcher, uint32_t number, json_int_t request)
{
    if (watcher->round && watcher->round != number) desk_round_unwatch(desk, watcher, false);
    struct desk_round *round = desk_round_get(desk, number);
    if (!round) {
        reply_error(desk, watcher->id, request, "busy", NULL);
        return;
    }
    watcher->round = number;
    watcher->watch_request = request;
    watcher->has_watch_request = true;
    lease_return(&round->lease,
        &(struct lease_seeker){.session = watcher->session, .watcher = watcher->id, .name = watcher->name},
        desk->now_ms);
    desk_round_changed(desk, number, false);
    /* A round that only the log tells of may have gone on since it was read. */
    bool is_current = round->facts && (round->status.round || round->facts->status.phase == PHASE_ENDED);
    if (is_current)
        desk_round_answer(desk, watcher);
    else
        desk_round_read(desk, round);
}

/* The lease of a connection that went away waits for its session, or is that of the session's other page at once. */
static void pass_lease_on(struct desk *desk, struct desk_round *round)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        const struct watcher *other = &desk->watchers.items[i];
        if (other->id && other->round == round->round && !other->is_closing)
            lease_return(&round->lease,
                &(struct lease_seeker){.session = other->session, .watcher = other->id, .name = other->name},
                desk->now_ms);
    }
}

void desk_round_unwatch(struct desk *desk, struct watcher *watcher, bool is_lost)
{
    uint32_t watched = watcher->round;
    watcher->round = 0;
    watcher->has_watch_request = watcher->is_due = watcher->is_whole_due = false;
    for (int i = 0; i < DESK_ROUNDS_MAX; i++) {
        struct desk_round *round = &desk->rounds.items[i];
        if (!round->round || !lease_is_of(&round->lease, watcher->id)) continue;
        if (!is_lost && round->round != watched) continue;
        if (is_lost) {
            lease_lose(&round->lease, watcher->id, desk->now_ms);
            pass_lease_on(desk, round);
        } else {
            lease_leave(&round->lease, watcher->id);
        }
        desk_round_changed(desk, round->round, false);
    }
    if (watched) desk_round_changed(desk, watched, false);
}

void desk_rounds_expire_leases(struct desk *desk)
{
    for (int i = 0; i < DESK_ROUNDS_MAX; i++) {
        struct desk_round *round = &desk->rounds.items[i];
        if (!round->round || !round->lease.session || lease_holder(&round->lease, desk->now_ms)) continue;
        round->lease = (struct lease){0};
        desk_round_changed(desk, round->round, false);
    }
}

void desk_session_ended(struct desk *desk, uint64_t session)
{
    for (int i = 0; i < DESK_ROUNDS_MAX; i++) {
        struct desk_round *round = &desk->rounds.items[i];
        if (!round->round || round->lease.session != session) continue;
        lease_end_session(&round->lease, session);
        desk_round_changed(desk, round->round, false);
    }
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &desk->watchers.items[i];
        if (!watcher->id || watcher->session != session) continue;
        watcher_send(&desk->watchers, watcher, json_pack("{s:s}", "event", "signed_out"));
        watcher_close(&desk->watchers, watcher, WATCHER_CLOSE_SIGNED);
    }
}
