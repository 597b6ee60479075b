/* What the files of desk/ share: the whole of the desk's process, passed down from desk_run. Everything runs on one
 * loop; workers see only their own job (reading.h, signin.c). */
#ifndef JINGDA_DESK_INSIDE_H
#define JINGDA_DESK_INSIDE_H

#include "bus/bus.h"
#include "desk/desk.h"
#include "desk/fields.h"
#include "desk/hashing.h"
#include "desk/lockout.h"
#include "desk/reading.h"
#include "desk/rounds.h"
#include "desk/sessions.h"
#include "desk/texts.h"
#include "desk/watchers.h"

#define COMMANDS_MAX   256  /* on their way to the core */
#define COMMAND_MS_MAX 5000 /* without DONE: core_away */

/* A request that the core is asked to do. */
struct command_sent {
    uint64_t id; /* 0: free */
    uint64_t watcher;
    json_int_t request;
    uint64_t until_ms;
    bool is_create;
    struct control control;
};

struct core_link {
    struct bus *bus;
    struct bus_channel *channel; /* NULL: not connected */
    bool is_up;                  /* it has said welcome */
    uint64_t term;
    bool has_health;
    struct core_health health;
};

struct desk {
    const struct desk_options *options;
    struct http_server *http;
    struct desk_database *database;
    struct sessions sessions;
    struct lockout lockout;
    uint8_t lockout_secret[32]; /* makes names into keys nobody can choose */
    struct hashing hashing;
    bool needs_first; /* no account exists */
    bool is_loopback; /* the listener takes nobody from outside */
    struct watchers watchers;
    struct desk_rounds rounds;
    struct core_link link;
    struct command_sent commands[COMMANDS_MAX];
    uint64_t commands_last;
    struct reading reading;
    uint64_t now_ms; /* monotonic, of this turn of the loop */
    uint64_t wall_ms;
    uint64_t swept_ms;
    uint64_t requests_total, refusals_total, signins_total;
    uint8_t *scratch; /* BUS_MESSAGE_MAX */
};

/* desk.c */
void desk_clock(struct desk *desk); /* reads the clocks; each callback of the loop begins with it */

/* A request of a page, being answered. */
struct request {
    struct watcher *watcher;
    json_int_t id;
    struct fields fields;
};

/* replies.c; each takes `body` */
void reply_ok(struct desk *desk, uint64_t watcher, json_int_t id, json_t *body); /* NULL: nothing but ok */
void reply_error(struct desk *desk, uint64_t watcher, json_int_t id, const char *code, json_t *more);
void reply_field(struct desk *desk, uint64_t watcher, json_int_t id, const char *field);

/* requests.c */
void request_take(struct desk *desk, struct watcher *watcher, struct span text);

/* commands.c */
void command_core(struct desk *desk, struct request *request, const struct control *control);
void command_rename(struct desk *desk, struct request *request, const struct control *control, struct span name);
struct command_sent *command_make(struct desk *desk, struct request *request); /* NULL: refused already */
void command_done(struct desk *desk, const struct core_done *done);
void commands_expire(struct desk *desk, bool all);

/* link.c */
bool link_start(struct desk *desk);
void link_pump(struct desk *desk);
bool link_send(struct desk *desk, const struct writer *w);
void link_message(struct desk *desk, struct span message);

/* what a page may ask: ask_*.c */
typedef void (*request_handler)(struct desk *desk, struct request *request);
void ask_banks(struct desk *desk, struct request *request);
void ask_bank(struct desk *desk, struct request *request);
void ask_rounds(struct desk *desk, struct request *request);
void ask_watch(struct desk *desk, struct request *request);
void ask_unwatch(struct desk *desk, struct request *request);
void ask_lease_take(struct desk *desk, struct request *request);
void ask_lease_give(struct desk *desk, struct request *request);
void ask_create(struct desk *desk, struct request *request);
void ask_leaderboard(struct desk *desk, struct request *request);
void ask_communities(struct desk *desk, struct request *request);
void ask_people(struct desk *desk, struct request *request);
void ask_qr(struct desk *desk, struct request *request);
void ask_health(struct desk *desk, struct request *request);
/* the lease's: ask_drive.c */
void ask_start(struct desk *desk, struct request *request);
void ask_next(struct desk *desk, struct request *request);
void ask_close(struct desk *desk, struct request *request);
void ask_extend(struct desk *desk, struct request *request);
void ask_reveal(struct desk *desk, struct request *request);
void ask_scene(struct desk *desk, struct request *request);
void ask_pause(struct desk *desk, struct request *request);
void ask_resume(struct desk *desk, struct request *request);
void ask_void(struct desk *desk, struct request *request);
void ask_lock(struct desk *desk, struct request *request);
void ask_hide_names(struct desk *desk, struct request *request);
void ask_pace(struct desk *desk, struct request *request);
void ask_end(struct desk *desk, struct request *request);
void ask_remove(struct desk *desk, struct request *request);
void ask_rename(struct desk *desk, struct request *request);

/* routes.c: every request over HTTPS that no file answers */
bool route_request(void *context, struct http_request *request);
/* signin.c */
void signin_first(struct desk *desk, struct http_request *request);
void signin_signin(struct desk *desk, struct http_request *request);
void signin_signout(struct desk *desk, struct http_request *request);
void signin_me(struct desk *desk, struct http_request *request);
bool signin_start(struct desk *desk, char token[SECRET_TEXT_SIZE]);
/* metrics.c: the caller frees it */
char *metrics_text(struct desk *desk);

#endif
