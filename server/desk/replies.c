/* Role: answer a page's request. Input: who asked under which id, and what is to be said. Output: a frame. Whoever has
 * gone meanwhile gets nothing. */
#include "base/expect.h"
#include "desk/inside.h"

static void reply(struct desk *desk, uint64_t id_of_watcher, json_int_t id, json_t *body)
{
    struct watcher *watcher = watcher_find(&desk->watchers, id_of_watcher);
    if (!watcher) {
        json_decref(body);
        return;
    }
    expect(json_object_set_new(body, "id", id < 0 ? json_null() : json_integer(id)) == 0);
    watcher_send(&desk->watchers, watcher, body);
}

void reply_ok(struct desk *desk, uint64_t watcher, json_int_t id, json_t *body)
{
    if (!body) body = json_object();
    expect(json_object_set_new(body, "ok", json_true()) == 0);
    reply(desk, watcher, id, body);
}

void reply_error(struct desk *desk, uint64_t watcher, json_int_t id, const char *code, json_t *more)
{
    json_t *body = error_json(code);
    if (more) {
        expect(json_object_update(body, more) == 0);
        json_decref(more);
    }
    desk->refusals_total++;
    reply(desk, watcher, id, body);
}

void reply_field(struct desk *desk, uint64_t watcher, json_int_t id, const char *field)
{
    reply_error(desk, watcher, id, "bad_request", json_pack("{s:s}", "field", field));
}
