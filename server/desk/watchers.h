/* The organizers' connections. Replies go out in order through a bounded outbox; of a round's state only the newest is
 * ever sent, at most four times a second, and none while the reader is behind. */
#ifndef JINGDA_DESK_WATCHERS_H
#define JINGDA_DESK_WATCHERS_H

#include "desk/sessions.h"
#include "http/http.h"

#include <jansson.h>

#define WATCHERS_MAX          128
#define WATCHERS_OF_SESSION   8
#define WATCHER_STATE_MS      250
#define WATCHER_OUTBOX_FRAMES 64
#define WATCHER_OUTBOX_SIZE   (24u * 1024 * 1024)
#define WATCHER_REQUESTS_10S  300
#define WATCHER_CLOSE_SIGNED  4001 /* the session is over */
#define WATCHER_CLOSE_POLICY  1008

/* How frames leave: http_socket_send and http_socket_close, or a test's own. */
struct watcher_outlet {
    void *context;
    enum http_sent (*send)(void *context, void *socket, struct span frame); /* 32 writable bytes before the frame */
    void (*close)(void *context, void *socket, uint16_t code);
};

struct watcher_frame {
    struct watcher_frame *next;
    size_t size;
    uint8_t bytes[]; /* 32 bytes of room, then the frame */
};

struct watcher {
    uint64_t id; /* 0: free */
    void *socket;
    uint64_t session;
    uint32_t account;
    char name[4 * ACCOUNT_NAME_CHARS_MAX + 1];

    uint32_t round;         /* watched; 0: none */
    bool has_watch_request; /* answered when the round's facts are here */
    json_int_t watch_request;
    bool is_due;       /* the state has changed since it was sent, */
    bool is_whole_due; /* questions included */
    uint64_t sent_ms;

    bool is_blocked; /* the socket takes nothing now */
    bool is_closing;
    struct watcher_frame *first, *last;
    uint32_t frames;
    size_t frames_size;
    uint64_t window_ms; /* requests since then */
    uint32_t requests;
};

struct watchers {
    struct watcher items[WATCHERS_MAX];
    uint64_t last_id;
    struct watcher_outlet outlet;
};

/* NULL: too many. */
struct watcher *watcher_open(struct watchers *watchers, void *socket, const struct session *session);
struct watcher *watcher_find(struct watchers *watchers, uint64_t id);
/* Takes `json`; sends now or queues. A reader that is too far behind is closed. */
void watcher_send(struct watchers *watchers, struct watcher *watcher, json_t *json);
/* True where a state may go out now. */
bool watcher_may_take_state(const struct watcher *watcher, uint64_t now_ms);
/* The socket takes frames again: sends what waits. */
void watcher_written(struct watchers *watchers, struct watcher *watcher);
/* False: too many requests in ten seconds. */
bool watcher_count_request(struct watcher *watcher, uint64_t now_ms);
void watcher_close(struct watchers *watchers, struct watcher *watcher, uint16_t code);
/* The socket is gone. */
void watcher_gone(struct watchers *watchers, struct watcher *watcher);
uint32_t watchers_count(const struct watchers *watchers);

#endif
