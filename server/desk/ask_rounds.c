/* Role: the requests about rounds that need no lease: the list, watching, and the lease itself. Input: a page's
 * request. Output: replies, events. */
#include "base/expect.h"
#include "desk/inside.h"
#include "desk/past.h"

/* ---- the list ---- */

/* What the core tells is newer than the log. */
static void put_live(json_t *row, const struct core_status *status)
{
    json_object_set_new(row, "phase", json_string(phase_word(status)));
    json_object_set_new(row, "people", json_integer(status->people));
    json_object_set_new(row, "asking", json_integer(status->asking));
}

static void on_rounds(struct desk *desk, struct reading_job *job)
{
    if (job->outcome != READING_DONE) {
        reply_error(desk, job->watcher, job->request, "core_away", NULL);
        return;
    }
    size_t index;
    json_t *row;
    json_array_foreach(job->body, index, row)
    {
        uint32_t number = (uint32_t)json_integer_value(json_object_get(row, "round"));
        const struct desk_round *round = desk_round_find(desk, number);
        if (round && round->status.round) put_live(row, &round->status);
    }
    reply_ok(desk, job->watcher, job->request, json_pack("{s:O}", "rounds", job->body));
}

void ask_rounds(struct desk *desk, struct request *request)
{
    struct reading_job *job = reading_job_make();
    job->work = rounds_read;
    job->done = on_rounds;
    job->watcher = request->watcher->id;
    job->request = request->id;
    if (!reading_ask(&desk->reading, job)) reply_error(desk, request->watcher->id, request->id, "busy", NULL);
}

/* ---- watching ---- */

void ask_watch(struct desk *desk, struct request *request)
{
    uint32_t round = (uint32_t)field_number(&request->fields, "round", 1, UINT32_MAX);
    if (!fields_are_fine(&request->fields))
        reply_field(desk, request->watcher->id, request->id, request->fields.fault);
    else if (request->watcher->has_watch_request) /* one at a time */
        reply_error(desk, request->watcher->id, request->id, "busy", NULL);
    else
        desk_round_watch(desk, request->watcher, round, request->id);
}

void ask_unwatch(struct desk *desk, struct request *request)
{
    uint32_t round = (uint32_t)field_number(&request->fields, "round", 1, UINT32_MAX);
    if (!fields_are_fine(&request->fields)) {
        reply_field(desk, request->watcher->id, request->id, request->fields.fault);
        return;
    }
    if (request->watcher->round == round) desk_round_unwatch(desk, request->watcher, false);
    reply_ok(desk, request->watcher->id, request->id, NULL);
}

/* ---- the lease ---- */

/* NULL: refused already. */
static struct desk_round *known_round(struct desk *desk, struct request *request)
{
    uint32_t number = (uint32_t)field_number(&request->fields, "round", 1, UINT32_MAX);
    if (!fields_are_fine(&request->fields)) {
        reply_field(desk, request->watcher->id, request->id, request->fields.fault);
        return NULL;
    }
    struct desk_round *round = desk_round_find(desk, number);
    const struct core_status *status = round ? desk_round_status(round) : NULL;
    if (status && status->phase != PHASE_ENDED) return round;
    reply_error(desk, request->watcher->id, request->id, status ? "round_over" : "unknown_round", NULL);
    return NULL;
}

static struct lease_seeker seeker_of(const struct watcher *watcher)
{
    return (struct lease_seeker){.session = watcher->session, .watcher = watcher->id, .name = watcher->name};
}

static json_t *lease_json(const struct desk *desk, const struct desk_round *round, const struct watcher *watcher)
{
    return json_pack("{s:{s:s?, s:b}}", "lease", "holder", lease_holder(&round->lease, desk->now_ms), "mine",
        (int)lease_is_of(&round->lease, watcher->id));
}

void ask_lease_take(struct desk *desk, struct request *request)
{
    bool force = field_bool_or(&request->fields, "force", false);
    struct desk_round *round = known_round(desk, request);
    if (!round) return;
    struct lease_seeker seeker = seeker_of(request->watcher);
    if (!lease_take(&round->lease, &seeker, force, desk->now_ms)) {
        reply_error(desk, request->watcher->id, request->id, "lease_held",
            json_pack("{s:s?}", "holder", lease_holder(&round->lease, desk->now_ms)));
        return;
    }
    desk_round_changed(desk, round->round, false);
    reply_ok(desk, request->watcher->id, request->id, lease_json(desk, round, request->watcher));
}

void ask_lease_give(struct desk *desk, struct request *request)
{
    uint64_t to = (uint64_t)field_number(&request->fields, "to", 1, INT64_MAX);
    struct desk_round *round = known_round(desk, request);
    if (!round) return;
    const struct watcher *other = watcher_find(&desk->watchers, to);
    if (!lease_is_of(&round->lease, request->watcher->id)) {
        reply_error(desk, request->watcher->id, request->id, "lease_needed", NULL);
        return;
    }
    if (!other || other->round != round->round) {
        reply_error(desk, request->watcher->id, request->id, "unknown_watcher", json_pack("{s:s}", "field", "to"));
        return;
    }
    struct lease_seeker seeker = seeker_of(other);
    lease_give(&round->lease, &seeker);
    desk_round_changed(desk, round->round, false);
    reply_ok(desk, request->watcher->id, request->id, lease_json(desk, round, request->watcher));
}
