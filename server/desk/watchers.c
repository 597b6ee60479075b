/* Role: connections and what is on its way to them. Input: JSON for one of them. Output: frames, in order, bounded.
 * Leaves to others: what is said (requests.c, rounds.c). */
#include "desk/watchers.h"

#include "base/expect.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_ROOM 32 /* before the frame, for its head */

struct watcher *watcher_open(struct watchers *watchers, void *socket, const struct session *session)
{
    struct watcher *watcher = NULL;
    uint32_t of_session = 0;
    for (size_t i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *item = &watchers->items[i];
        if (!item->id && !watcher) watcher = item;
        if (item->id && item->session == session->id) of_session++;
    }
    if (!watcher || of_session >= WATCHERS_OF_SESSION) return NULL;
    *watcher = (struct watcher){
        .id = ++watchers->last_id, .socket = socket, .session = session->id, .account = session->kept.account};
    snprintf(watcher->name, sizeof watcher->name, "%s", session->name);
    return watcher;
}

struct watcher *watcher_find(struct watchers *watchers, uint64_t id)
{
    for (size_t i = 0; i < WATCHERS_MAX; i++)
        if (id && watchers->items[i].id == id) return &watchers->items[i];
    return NULL;
}

static void send_frame(struct watchers *watchers, struct watcher *watcher, struct watcher_frame *frame)
{
    struct span bytes = {frame->bytes + FRAME_ROOM, frame->size};
    switch (watchers->outlet.send(watchers->outlet.context, watcher->socket, bytes)) {
    case HTTP_SENT_WHOLE: break;
    case HTTP_SENT_LATER: watcher->is_blocked = true; break;
    case HTTP_SENT_FAILED: watcher->is_closing = true; break; /* its end is told by and by */
    }
    free(frame);
}

static void queue_frame(struct watchers *watchers, struct watcher *watcher, struct watcher_frame *frame)
{
    if (watcher->frames >= WATCHER_OUTBOX_FRAMES || watcher->frames_size + frame->size > WATCHER_OUTBOX_SIZE) {
        log_warning("a desk page of %s reads too slowly: closed", watcher->name);
        free(frame);
        watcher_close(watchers, watcher, WATCHER_CLOSE_POLICY);
        return;
    }
    if (watcher->last)
        watcher->last->next = frame;
    else
        watcher->first = frame;
    watcher->last = frame;
    watcher->frames++;
    watcher->frames_size += frame->size;
}

void watcher_send(struct watchers *watchers, struct watcher *watcher, json_t *json)
{
    size_t size = watcher->is_closing ? 0 : json_dumpb(json, NULL, 0, JSON_COMPACT);
    if (size == 0) {
        json_decref(json);
        return;
    }
    struct watcher_frame *frame = malloc(sizeof *frame + FRAME_ROOM + size);
    expect(frame);
    frame->next = NULL;
    frame->size = json_dumpb(json, (char *)frame->bytes + FRAME_ROOM, size, JSON_COMPACT);
    json_decref(json);
    expect(frame->size == size);
    if (watcher->is_blocked || watcher->first)
        queue_frame(watchers, watcher, frame);
    else
        send_frame(watchers, watcher, frame);
}

bool watcher_may_take_state(const struct watcher *watcher, uint64_t now_ms)
{
    bool is_free = !watcher->is_blocked && !watcher->first && !watcher->is_closing;
    return is_free && now_ms >= watcher->sent_ms + WATCHER_STATE_MS;
}

void watcher_written(struct watchers *watchers, struct watcher *watcher)
{
    watcher->is_blocked = false;
    while (watcher->first && !watcher->is_blocked && !watcher->is_closing) {
        struct watcher_frame *frame = watcher->first;
        watcher->first = frame->next;
        if (!watcher->first) watcher->last = NULL;
        watcher->frames--;
        watcher->frames_size -= frame->size;
        send_frame(watchers, watcher, frame);
    }
}

bool watcher_count_request(struct watcher *watcher, uint64_t now_ms)
{
    if (now_ms >= watcher->window_ms + 10000) {
        watcher->window_ms = now_ms;
        watcher->requests = 0;
    }
    return ++watcher->requests <= WATCHER_REQUESTS_10S;
}

void watcher_close(struct watchers *watchers, struct watcher *watcher, uint16_t code)
{
    if (watcher->is_closing) return;
    watcher->is_closing = true;
    watchers->outlet.close(watchers->outlet.context, watcher->socket, code);
}

void watcher_gone(struct watchers *watchers, struct watcher *watcher)
{
    (void)watchers;
    while (watcher->first) {
        struct watcher_frame *frame = watcher->first;
        watcher->first = frame->next;
        free(frame);
    }
    *watcher = (struct watcher){0};
}

uint32_t watchers_count(const struct watchers *watchers)
{
    uint32_t count = 0;
    for (size_t i = 0; i < WATCHERS_MAX; i++)
        count += watchers->items[i].id != 0;
    return count;
}
