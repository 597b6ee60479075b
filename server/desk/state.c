/* Role: write a round's state in JSON. Input: what was frozen, what the core tells, who watches. Output: the object of
 * docs/desk-protocol.md. Keys are in it: it goes to organizers only. */
#include "desk/state.h"

#include "base/expect.h"
#include "desk/past.h"

#include <stdio.h>

static void set(json_t *object, const char *key, json_t *value)
{
    expect(value && json_object_set_new(object, key, value) == 0);
}

static json_t *asking_set(const uint64_t set_bits[4], uint16_t askings_count)
{
    json_t *array = json_array();
    for (uint16_t i = 1; i <= askings_count && i < 256; i++)
        if (set_bits[i / 64] >> i % 64 & 1) json_array_append_new(array, json_integer(i));
    return array;
}

static json_t *counts_json(const struct state_view *view)
{
    json_t *array = json_array();
    uint16_t asking = view->status->asking;
    if (asking < 1 || asking > view->facts->basics.askings_count) return array;
    uint8_t options = view->facts->basics.askings[asking - 1].options_count;
    for (uint8_t i = 0; i < options; i++)
        json_array_append_new(array, json_integer(view->status->counts[i]));
    return array;
}

static json_t *open_json(const struct state_view *view)
{
    const struct core_status *status = view->status;
    if (status->phase != PHASE_OPEN) return json_null();
    return json_pack("{s:I, s:I, s:I}", "reading_ms", (json_int_t)status->reading_ms, "limit_ms",
        (json_int_t)status->limit_ms, "elapsed_ms", (json_int_t)status->elapsed_ms + view->since_ms);
}

static json_t *watchers_json(const struct state_view *view)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < view->watchers_count; i++) {
        const struct state_watcher *watcher = &view->watchers[i];
        json_array_append_new(array, json_pack("{s:I, s:s, s:b}", "id", (json_int_t)watcher->id, "name", watcher->name,
                                         "mine", (int)watcher->is_mine));
    }
    return array;
}

static json_t *health_json(const struct state_view *view)
{
    const struct core_health *health = view->health;
    return json_pack("{s:i, s:i, s:I, s:I, s:b, s:b}", "edges_up", health ? (int)health->edges_up : 0, "edges",
        health ? (int)health->edges_expected : 0, "commit_ms",
        health ? (json_int_t)(health->commit_us + 500) / 1000 : 0, "reconnecting", (json_int_t)view->status->awaiting,
        "core", (int)view->is_core_up, "disk_full", (int)(health && health->is_disk_full));
}

static void add_frozen(json_t *state, const struct round_facts *facts)
{
    set(state, "title", json_string(facts->basics.title));
    set(state, "unit", json_string(facts->basics.unit));
    set(state, "rules", json_incref(facts->rules));
    set(state, "questions", json_incref(facts->questions));
    set(state, "pictures", json_incref(facts->pictures));
    set(state, "created_ms", json_integer((json_int_t)facts->basics.created_ms));
}

json_t *state_json(const struct state_view *view)
{
    const struct core_status *status = view->status;
    char code[16];
    snprintf(code, sizeof code, "%06u", status->code);
    json_t *state = json_pack("{s:I, s:s, s:s, s:i, s:i, s:b, s:b, s:b, s:s, s:I, s:I, s:I, s:I, s:b}", "round",
        (json_int_t)status->round, "code", code, "phase", phase_word(status), "asking", (int)status->asking, "askings",
        (int)status->askings_count, "auto", (int)status->is_auto, "locked", (int)status->is_locked, "names_hidden",
        (int)status->are_names_hidden, "scene", scene_words[status->scene], "people", (json_int_t)status->people,
        "connected", (json_int_t)status->connected, "answered", (json_int_t)status->answered, "right",
        (json_int_t)status->right, "can_extend", (int)status->can_extend);
    expect(state);
    set(state, "counts", counts_json(view));
    set(state, "open", open_json(view));
    set(state, "voided", asking_set(status->voided, status->askings_count));
    set(state, "reopened", asking_set(status->reopened, status->askings_count));
    set(state, "lease", json_pack("{s:s?, s:b}", "holder", view->holder, "mine", (int)(view->holder && view->is_mine)));
    set(state, "watchers", watchers_json(view));
    set(state, "screens", json_integer(view->health ? view->health->screens : 0));
    set(state, "fanout_ms", json_integer(status->fanout_ms));
    set(state, "health", health_json(view));
    if (view->is_whole) add_frozen(state, view->facts);
    return state;
}
