/* Role: the edge process: the glue between browsers (http/), the core (bus/) and the sessions (session/).
 * Input: the inherited listener, the bus, signals. Output: pages, frames, and messages for the core.
 * Leaves to others: what is true (the core), what a browser is told (the sessions).
 *
 * One turn of the loop reads what browsers sent, then timers run: so what the kernel held is read between two ticks, as
 * the sessions' DRAINED wants. */
#include "edge/edge.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"
#include "base/random.h"
#include "base/ready.h"
#include "bus/bus.h"
#include "edge/pictures.h"
#include "http/http.h"
#include "protocol/frames.h"
#include "session/sessions.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#define TICK_EVERY_MS     20
#define PUMP_MESSAGES_MAX 4096
#define SLOTS_SPARE       500  /* as http/ keeps descriptors back */
#define GOODBYE_MS        2000 /* for browsers to take what was written */
#define RETRY_MS          1500 /* that browsers are told */

struct edge {
    const struct edge_options *options;
    struct http_server *http;
    struct sessions *sessions;
    struct http_socket **sockets; /* by slot */
    uint32_t slots_max;
    struct bus *bus;
    struct bus_channel *core;
    bool has_welcome; /* the core has spoken: a channel may stand open before there is one to take it */
    struct pictures pictures;
    uint8_t ticket_key[sizeof((struct edge_options *)0)->ticket_key];
    uv_poll_t bus_watch;
    uv_timer_t tick;
    uv_idle_t busy;
    uv_signal_t terminate, reload;
    bool is_leaving;
    uint64_t leave_at_ms;
};

/* ---- browsers to sessions; a socket's owner is its slot + 1 ---- */

static void set_slot(struct http_socket *socket, uint32_t slot)
{
    http_socket_set_owner(socket, (void *)(uintptr_t)(slot + 1));
}

static bool slot_of(const struct http_socket *socket, uint32_t *slot)
{
    uintptr_t owner = (uintptr_t)http_socket_owner(socket);
    *slot = (uint32_t)(owner - 1);
    return owner > 0;
}

static bool on_opened(void *context, struct http_socket *socket)
{
    struct edge *edge = context;
    uint32_t slot;
    if (edge->is_leaving || !sessions_opened(edge->sessions, clock_monotonic_ms(), &slot)) return false;
    expect(slot < edge->slots_max);
    edge->sockets[slot] = socket;
    set_slot(socket, slot);
    return true;
}

static void look_busy(struct edge *edge);

static void on_text(void *context, struct http_socket *socket, struct span text)
{
    struct edge *edge = context;
    uint32_t slot;
    if (slot_of(socket, &slot)) sessions_frame(edge->sessions, slot, text, clock_monotonic_ms());
}

static void on_written(void *context, struct http_socket *socket)
{
    struct edge *edge = context;
    uint32_t slot;
    if (slot_of(socket, &slot)) sessions_written(edge->sessions, slot, clock_monotonic_ms());
}

static void on_closed(void *context, struct http_socket *socket)
{
    struct edge *edge = context;
    uint32_t slot;
    if (!slot_of(socket, &slot)) return;
    edge->sockets[slot] = NULL;
    http_socket_set_owner(socket, NULL);
    sessions_closed(edge->sessions, slot, clock_monotonic_ms());
}

/* ---- sessions to browsers and core ---- */

static enum sent to_browser(void *context, uint32_t slot, struct span frame)
{
    struct edge *edge = context;
    if (!edge->sockets[slot]) return SENT_FAILED;
    switch (http_socket_send(edge->sockets[slot], frame)) {
    case HTTP_SENT_WHOLE: return SENT_WHOLE;
    case HTTP_SENT_LATER: return SENT_LATER;
    case HTTP_SENT_FAILED: return SENT_FAILED;
    }
    return SENT_FAILED;
}

static void close_browser(void *context, uint32_t slot, uint16_t code)
{
    struct edge *edge = context;
    if (edge->sockets[slot]) http_socket_close(edge->sockets[slot], code);
}

static void to_core(void *context, struct span message)
{
    struct edge *edge = context;
    if (edge->core && !bus_send(edge->core, message)) log_warning("the channel to the core broke");
}

static uint32_t round_trip_of(void *context, uint32_t slot)
{
    struct edge *edge = context;
    return edge->sockets[slot] ? http_socket_round_trip_ms(edge->sockets[slot]) : 0;
}

static void take_picture(void *context, struct span name, struct span bytes)
{
    struct edge *edge = context;
    if (!pictures_put(&edge->pictures, name, bytes)) log_warning("a picture of %zu bytes was not taken", bytes.size);
}

static uint64_t now_ms(void *context)
{
    (void)context;
    return clock_monotonic_ms();
}

/* ---- the bus ---- */

static void on_core_opened(void *context, struct bus_channel *channel, enum bus_peer peer)
{
    struct edge *edge = context;
    (void)peer;
    edge->core = channel;
    edge->has_welcome = false;
    sessions_core_opened(edge->sessions, clock_monotonic_ms());
}

static void on_core_message(void *context, struct bus_channel *channel, struct span message)
{
    struct edge *edge = context;
    if (channel != edge->core) return;
    edge->has_welcome = true;
    if (sessions_core_message(edge->sessions, message, clock_monotonic_ms())) return;
    log_error("a message of the core is malformed; the channel is closed");
    edge->core = NULL;
    bus_close(channel);
    sessions_core_lost(edge->sessions, clock_monotonic_ms());
}

static void on_core_closed(void *context, struct bus_channel *channel)
{
    struct edge *edge = context;
    if (channel != edge->core) return;
    edge->core = NULL;
    sessions_core_lost(edge->sessions, clock_monotonic_ms());
}

static void pump(struct edge *edge)
{
    bus_pump(edge->bus, PUMP_MESSAGES_MAX);
    look_busy(edge);
}

static void on_bus(uv_poll_t *watch, int status, int events)
{
    (void)status;
    (void)events;
    pump(watch->data);
}

/* ---- time ---- */

static void leave_if_done(struct edge *edge)
{
    if (!edge->is_leaving) return;
    if (sessions_connected(edge->sessions) == 0 || clock_monotonic_ms() >= edge->leave_at_ms) http_stop(edge->http);
}

static void on_tick(uv_timer_t *timer)
{
    struct edge *edge = timer->data;
    sessions_tick(edge->sessions, clock_monotonic_ms());
    pump(edge);
    leave_if_done(edge);
}

static void on_busy(uv_idle_t *idle)
{
    struct edge *edge = idle->data;
    sessions_tick(edge->sessions, clock_monotonic_ms());
    if (!sessions_is_busy(edge->sessions)) uv_idle_stop(idle);
}

/* While a fan-out has more to write the loop does not sleep; between two slices it reads what browsers answer. */
static void look_busy(struct edge *edge)
{
    if (sessions_is_busy(edge->sessions)) uv_idle_start(&edge->busy, on_busy);
}

/* ---- pages that are not files ---- */

static bool has_prefix(struct span text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size > size && memcmp(text.data, prefix, size) == 0;
}

static bool on_request(void *context, struct http_request *request)
{
    struct edge *edge = context;
    struct span path = http_request_path(request);
    if (span_equal(path, span_of_text("/healthz"))) {
        bool is_well = edge->core && edge->has_welcome && !edge->is_leaving;
        struct span text = span_of_text(is_well ? "ok\n" : "the core is away\n");
        http_respond(request, is_well ? 200 : 503, "text/plain;charset=utf-8", text, NULL, false);
        return true;
    }
    /* Where residents find us: a screen that hangs on this very machine knows itself as localhost only. */
    if (span_equal(path, span_of_text("/address"))) {
        const char *address = edge->options->origins[0] ? edge->options->origins[0] : "";
        http_respond(request, 200, "text/plain;charset=utf-8", span_of_text(address), NULL, false);
        return true;
    }
    static const char folder[] = PICTURE_PATH;
    if (!has_prefix(path, folder)) return false;
    struct span name = {path.data + sizeof folder - 1, path.size - (sizeof folder - 1)};
    struct span bytes = pictures_find(&edge->pictures, name);
    if (!bytes.data) return false;
    http_respond(request, 200, pictures_type(name), bytes, NULL, true);
    return true;
}

/* ---- signals ---- */

static void on_terminate(uv_signal_t *watch, int number)
{
    (void)number;
    struct edge *edge = watch->data;
    if (edge->is_leaving) return;
    edge->is_leaving = true;
    edge->leave_at_ms = clock_monotonic_ms() + GOODBYE_MS;
    http_stop_accepting(edge->http);
    sessions_goodbye(edge->sessions, RETRY_MS);
    leave_if_done(edge);
}

static bool read_ticket_key(struct edge *edge)
{
    int file = edge->options->ticket_descriptor;
    memcpy(edge->ticket_key, edge->options->ticket_key, sizeof edge->ticket_key);
    return file <= 0 || pread(file, edge->ticket_key, sizeof edge->ticket_key, 0) == sizeof edge->ticket_key;
}

static void on_reload(uv_signal_t *watch, int number)
{
    (void)number;
    struct edge *edge = watch->data;
    char message[256];
    if (read_ticket_key(edge)) http_set_ticket_key(edge->http, edge->ticket_key);
    if (http_reload(edge->http, edge->options->certificate, edge->options->key, message))
        log_info("the certificate was read again, for new connections");
    else
        log_error("%s; the old certificate stays", message);
}

/* ---- starting ---- */

/* What a hijacked edge could read must be little: another user's rights, and no memory image with the key in it. */
static bool drop_rights(const struct edge_options *options)
{
    if (prctl(PR_SET_DUMPABLE, 0) < 0) return false;
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0) return false;
    if (options->uid == 0 && options->gid == 0) return true;
    return setgroups(0, NULL) == 0 && setresgid(options->gid, options->gid, options->gid) == 0 &&
           setresuid(options->uid, options->uid, options->uid) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGTERM) == 0; /* a change of user had taken it back */
}

static bool create_http(struct edge *edge, char message[256])
{
    const struct edge_options *options = edge->options;
    struct http_options http = {
        .listener = options->listener,
        .certificate = options->certificate,
        .key = options->key,
        .origins = options->origins,
        .path = "/play",
        .subprotocol = "jingda.v1",
        .frame_max = FRAME_MAX,
        .connections_per_address_max = options->connections_per_address_max,
        .ticket_key = edge->ticket_key,
    };
    struct http_handlers handlers = {edge, on_opened, on_text, on_written, on_closed, on_request};
    struct http_static *files;
    uint32_t count;
    if (!http_load_table(options->web_folder, "public.table", &files, &count, message)) return false;
    edge->http = http_create(&http, &handlers, message);
    if (edge->http) http_serve_files(edge->http, files, count);
    return edge->http != NULL;
}

static bool create_sessions(struct edge *edge)
{
    struct rlimit limit;
    expect(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    uint32_t room = (uint32_t)limit.rlim_cur;
    edge->slots_max = room > 2 * SLOTS_SPARE ? room - SLOTS_SPARE : room / 2;
    edge->sockets = calloc(edge->slots_max, sizeof(void *));
    struct sessions_options options = {.slots_max = edge->slots_max, .edge = edge->options->index};
    memcpy(options.secret, edge->options->bus_secret, sizeof options.secret);
    random_secure(&options.boot, sizeof options.boot);
    random_secure(&options.seed, sizeof options.seed);
    struct sessions_port port = {edge, to_browser, to_core, close_browser, round_trip_of, take_picture, now_ms};
    edge->sessions = sessions_create(&options, &port);
    return edge->sockets && edge->sessions;
}

static bool join_loop(struct edge *edge)
{
    uv_loop_t *loop = http_loop(edge->http);
    edge->bus_watch.data = edge->tick.data = edge->busy.data = edge->terminate.data = edge->reload.data = edge;
    return uv_poll_init(loop, &edge->bus_watch, bus_descriptor(edge->bus)) == 0 &&
           uv_poll_start(&edge->bus_watch, UV_READABLE, on_bus) == 0 && uv_timer_init(loop, &edge->tick) == 0 &&
           uv_timer_start(&edge->tick, on_tick, TICK_EVERY_MS, TICK_EVERY_MS) == 0 &&
           uv_idle_init(loop, &edge->busy) == 0 && uv_signal_init(loop, &edge->terminate) == 0 &&
           uv_signal_start(&edge->terminate, on_terminate, SIGTERM) == 0 && uv_signal_init(loop, &edge->reload) == 0 &&
           uv_signal_start(&edge->reload, on_reload, SIGHUP) == 0;
}

int edge_run(const struct edge_options *options)
{
    struct edge the_edge = {.options = options};
    struct edge *edge = &the_edge;
    char message[256] = "out of memory or descriptors";
    struct bus_handlers handlers = {edge, on_core_opened, on_core_message, on_core_closed};

    if (!read_ticket_key(edge) || !create_http(edge, message)) {
        ready_tell(options->ready_descriptor, "error", message);
        return EX_CONFIG;
    }
    if (!drop_rights(options)) {
        snprintf(message, sizeof message, "the rights of user %u cannot be taken: %s", options->uid, strerror(errno));
        ready_tell(options->ready_descriptor, "error", message);
        return EX_NOPERM;
    }
    edge->bus = bus_unix_connect(options->bus_address, &handlers);
    if (!edge->bus || !create_sessions(edge) || !join_loop(edge)) {
        ready_tell(options->ready_descriptor, "error", message);
        return EX_OSERR;
    }
    ready_tell(options->ready_descriptor, "ready", "");
    http_run(edge->http);
    bus_destroy(edge->bus); /* writes out what waits */
    return EX_OK;           /* the rest is left to the process's end: lws_context_destroy uses what it has freed */
}
