/* Role: keep what is known of each round, and tell its watchers what is new. Input: the core's status, facts read from
 * core.db, who watches. Output: state events. Leaves to others: the state's words (state.c), reading (past.c), who
 * drives (lease.c). */
#include "desk/rounds.h"

#include "base/log.h"
#include "desk/inside.h"
#include "desk/past.h"
#include "desk/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

struct desk_round *desk_round_find(struct desk *desk, uint32_t round)
{
    for (int i = 0; i < DESK_ROUNDS_MAX && round; i++)
        if (desk->rounds.items[i].round == round) return &desk->rounds.items[i];
    return NULL;
}

static bool is_watched(const struct desk *desk, uint32_t round)
{
    for (int i = 0; i < WATCHERS_MAX; i++)
        if (desk->watchers.items[i].id && desk->watchers.items[i].round == round) return true;
    return false;
}

static bool is_needed(const struct desk *desk, const struct desk_round *round)
{
    bool runs = round->has_status && round->status.phase != PHASE_ENDED;
    return runs || round->is_reading || is_watched(desk, round->round) || lease_holder(&round->lease, desk->now_ms);
}

struct desk_round *desk_round_get(struct desk *desk, uint32_t number)
{
    struct desk_round *round = desk_round_find(desk, number);
    for (int i = 0; i < DESK_ROUNDS_MAX && !round; i++)
        if (!desk->rounds.items[i].round) round = &desk->rounds.items[i];
    if (!round) {
        for (int i = 0; i < DESK_ROUNDS_MAX; i++) {
            struct desk_round *other = &desk->rounds.items[i];
            if (!is_needed(desk, other) && (!round || other->used < round->used)) round = other;
        }
        if (!round) return NULL;
        round_facts_destroy(round->facts);
        *round = (struct desk_round){0};
    }
    round->round = number;
    round->used = ++desk->rounds.uses;
    return round;
}

const struct core_status *desk_round_status(const struct desk_round *round)
{
    if (round->status.round) return &round->status;
    return round->facts ? &round->facts->status : NULL;
}

/* ---- telling ---- */

void desk_round_changed(struct desk *desk, uint32_t round, bool is_whole)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &desk->watchers.items[i];
        if (!watcher->id || watcher->round != round) continue;
        watcher->is_due = true;
        watcher->is_whole_due |= is_whole;
    }
}

void desk_rounds_changed(struct desk *desk)
{
    for (int i = 0; i < WATCHERS_MAX; i++)
        if (desk->watchers.items[i].id) desk->watchers.items[i].is_due = true;
}

/* NULL: the round has not been read yet. */
static json_t *state_of(struct desk *desk, const struct watcher *watcher, bool is_whole)
{
    const struct desk_round *round = desk_round_find(desk, watcher->round);
    if (!round || !round->facts) return NULL;
    struct state_watcher watchers[WATCHERS_MAX];
    struct state_view view = {.facts = round->facts,
        .status = desk_round_status(round),
        .since_ms = round->status.round ? (uint32_t)(desk->now_ms - round->status_ms) : 0,
        .is_core_up = desk->link.is_up,
        .health = desk->link.is_up && desk->link.has_health ? &desk->link.health : NULL,
        .holder = lease_holder(&round->lease, desk->now_ms),
        .is_mine = lease_is_of(&round->lease, watcher->id),
        .watchers = watchers,
        .is_whole = is_whole};
    for (int i = 0; i < WATCHERS_MAX; i++) {
        const struct watcher *other = &desk->watchers.items[i];
        if (other->id && other->round == watcher->round)
            watchers[view.watchers_count++] =
                (struct state_watcher){.id = other->id, .name = other->name, .is_mine = other->id == watcher->id};
    }
    return state_json(&view);
}

void desk_rounds_flush(struct desk *desk)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &desk->watchers.items[i];
        if (!watcher->id || !watcher->round || !watcher->is_due || watcher->has_watch_request) continue;
        if (!watcher_may_take_state(watcher, desk->now_ms)) continue;
        json_t *state = state_of(desk, watcher, watcher->is_whole_due);
        if (!state) continue;
        watcher->is_due = watcher->is_whole_due = false;
        watcher->sent_ms = desk->now_ms;
        watcher_send(&desk->watchers, watcher,
            json_pack("{s:s, s:I, s:o}", "event", "state", "round", (json_int_t)watcher->round, "state", state));
    }
}

void desk_round_answer(struct desk *desk, struct watcher *watcher)
{
    watcher->has_watch_request = watcher->is_due = watcher->is_whole_due = false;
    watcher->sent_ms = desk->now_ms;
    reply_ok(desk, watcher->id, watcher->watch_request, json_pack("{s:o}", "state", state_of(desk, watcher, true)));
}

/* ---- reading ---- */

/* Per cent right of the askings that are over, once each. */
static void read_shares(struct desk *desk, struct desk_round *round);

static void on_shares(struct desk *desk, struct reading_job *job)
{
    struct desk_round *round = desk_round_find(desk, job->round);
    if (!round || !round->facts) return;
    round->shares_asked = round->shares_known;
    if (job->outcome != READING_DONE) return; /* asked again with the next change */
    for (uint32_t asking = job->from; asking <= job->count; asking++)
        round_facts_set_share(round->facts, (uint16_t)asking, job->shares[asking - 1]);
    round->shares_known = round->shares_asked = (uint16_t)job->count;
    desk_round_changed(desk, job->round, true);
    read_shares(desk, round);
}

static void read_shares(struct desk *desk, struct desk_round *round)
{
    const struct core_status *status = desk_round_status(round);
    if (!round->facts || !status || status->asking == 0) return;
    bool is_over = status->phase == PHASE_CLOSED || status->phase == PHASE_REVEALED || status->phase == PHASE_ENDED;
    uint16_t wanted = is_over ? status->asking : (uint16_t)(status->asking - 1);
    if (wanted > round->facts->basics.askings_count) wanted = round->facts->basics.askings_count;
    if (wanted <= round->shares_known || round->shares_asked > round->shares_known) return;
    struct reading_job *job = reading_job_make();
    size_t size = sizeof round->facts->basics.askings;
    job->askings = malloc(size);
    if (job->askings) memcpy(job->askings, round->facts->basics.askings, size);
    job->work = shares_read;
    job->done = on_shares;
    job->round = round->round;
    job->from = round->shares_known + 1u;
    job->count = wanted;
    round->shares_asked = wanted;
    if (!reading_ask(&desk->reading, job)) round->shares_asked = round->shares_known;
}

static void refuse_watchers(struct desk *desk, uint32_t round, const char *code)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &desk->watchers.items[i];
        if (!watcher->id || watcher->round != round || !watcher->has_watch_request) continue;
        watcher->has_watch_request = false;
        watcher->round = 0;
        reply_error(desk, watcher->id, watcher->watch_request, code, NULL);
    }
}

static void on_facts(struct desk *desk, struct reading_job *job)
{
    struct desk_round *round = desk_round_find(desk, job->round);
    if (!round) return;
    round->is_reading = false;
    if (job->outcome != READING_DONE) {
        refuse_watchers(desk, job->round, job->outcome == READING_UNKNOWN_ROUND ? "unknown_round" : "core_away");
        if (!round->has_status && !round->facts) *round = (struct desk_round){0};
        return;
    }
    round_facts_destroy(round->facts);
    round->facts = job->facts;
    job->facts = NULL;
    round->shares_known = round->shares_asked = 0;
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &desk->watchers.items[i];
        if (watcher->id && watcher->round == job->round && watcher->has_watch_request) desk_round_answer(desk, watcher);
    }
    read_shares(desk, round);
}

void desk_round_read(struct desk *desk, struct desk_round *round)
{
    if (round->is_reading) return;
    struct reading_job *job = reading_job_make();
    job->work = facts_read;
    job->done = on_facts;
    job->round = round->round;
    round->is_reading = true;
    uint32_t number = round->round;
    if (reading_ask(&desk->reading, job)) return;
    round->is_reading = false;
    refuse_watchers(desk, number, "busy");
}

/* ---- the core ---- */

void desk_round_told(struct desk *desk, const struct core_status *status)
{
    struct desk_round *round = desk_round_get(desk, status->round);
    if (!round) {
        log_warning("round %u is not shown: too many rounds are being looked at", status->round);
        return;
    }
    round->status = *status;
    round->status_ms = desk->now_ms;
    round->has_status = true;
    desk_round_changed(desk, status->round, false);
    read_shares(desk, round);
}

void desk_rounds_core_lost(struct desk *desk)
{
    for (int i = 0; i < DESK_ROUNDS_MAX; i++)
        desk->rounds.items[i].has_status = false;
    desk_rounds_changed(desk);
}

void desk_rounds_finish(struct desk *desk)
{
    for (int i = 0; i < DESK_ROUNDS_MAX; i++)
        round_facts_destroy(desk->rounds.items[i].facts);
    memset(&desk->rounds, 0, sizeof desk->rounds);
}
