/* Role: read a page's request and hand it to whoever answers it. Input: one text frame. Output: a call; a refusal for
 * what cannot be read. Leaves to others: everything else (ask_*.c). */
#include "desk/inside.h"

#include <string.h>

struct verb {
    const char *name;
    request_handler handler;
};

static const struct verb verbs[] = {
    {"banks", ask_banks},
    {"bank", ask_bank},
    {"rounds", ask_rounds},
    {"round.create", ask_create},
    {"round.watch", ask_watch},
    {"round.unwatch", ask_unwatch},
    {"lease.take", ask_lease_take},
    {"lease.give", ask_lease_give},
    {"round.start", ask_start},
    {"round.next", ask_next},
    {"round.close", ask_close},
    {"round.extend", ask_extend},
    {"round.reveal", ask_reveal},
    {"round.scene", ask_scene},
    {"round.pause", ask_pause},
    {"round.resume", ask_resume},
    {"round.void", ask_void},
    {"round.lock", ask_lock},
    {"round.hide_names", ask_hide_names},
    {"round.pace", ask_pace},
    {"round.end", ask_end},
    {"participant.remove", ask_remove},
    {"participant.rename", ask_rename},
    {"leaderboard", ask_leaderboard},
    {"communities", ask_communities},
    {"people", ask_people},
    {"qr", ask_qr},
    {"health", ask_health},
};

static const struct verb *verb_of(json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "do"));
    for (size_t i = 0; name && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
    return NULL;
}

static void dispatch(struct desk *desk, struct watcher *watcher, json_t *object)
{
    struct request request = {.watcher = watcher, .id = -1, .fields = fields_of(object, "")};
    int64_t id = field_number(&request.fields, "id", 0, INT64_MAX);
    const struct verb *verb = verb_of(object);
    if (!fields_are_fine(&request.fields)) {
        reply_field(desk, watcher->id, -1, "id");
        return;
    }
    request.id = id;
    if (!verb)
        reply_field(desk, watcher->id, id, "do");
    else
        verb->handler(desk, &request);
}

void request_take(struct desk *desk, struct watcher *watcher, struct span text)
{
    if (watcher->is_closing) return;
    if (!session_use(&desk->sessions, watcher->session, desk->wall_ms)) return; /* its end was told */
    if (!watcher_count_request(watcher, desk->now_ms)) {
        watcher_close(&desk->watchers, watcher, WATCHER_CLOSE_POLICY);
        return;
    }
    desk->requests_total++;
    json_t *object = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object))
        dispatch(desk, watcher, object);
    else
        reply_field(desk, watcher->id, -1, "");
    json_decref(object);
}
