/* Role: the desk's process: it opens what there is to open, joins sockets, bus and timers in one loop, and ends in
 * order. Input: options from launch. Output: an exit status; lines on the ready descriptor. Leaves to others:
 * everything that is said over the connections. */
#include "desk/desk.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"
#include "base/ready.h"
#include "desk/banks.h"
#include "desk/inside.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#define TICK_PERIOD_MS   50
#define SWEEP_PERIOD_MS  60000
#define REQUEST_SIZE_MAX (64 * 1024)
#define BODY_SIZE_MAX    4096
#define CONNECTIONS_MAX  1024
#define PER_ADDRESS_MAX  256
#define POLICY_SIZE      1000

struct process {
    struct desk desk;
    uv_timer_t tick;
    uv_poll_t bus_watch;
    uv_signal_t on_term, on_hangup, on_interrupt;
    struct http_static *files;
    uint32_t files_count;
    char policy[POLICY_SIZE];
};

void desk_clock(struct desk *desk)
{
    desk->now_ms = clock_monotonic_ms();
    desk->wall_ms = clock_wall_ms();
}

/* ---- telling launch ---- */

static int fail(const struct desk_options *options, const char *message, int status)
{
    ready_tell(options->ready_descriptor, "error", message);
    if (options->ready_descriptor < 0) log_error("%s", message); /* else launch says it, in one line */
    return status;
}

/* ---- connections ---- */

/* Without a session there is nothing to try again: told as to a page whose session ended meanwhile. */
static bool refuse_unsigned(struct http_socket *socket)
{
    static const char event[] = "{\"event\":\"signed_out\"}";
    uint8_t memory[32 + sizeof event];
    memcpy(memory + 32, event, sizeof event);
    http_socket_set_owner(socket, NULL);
    (void)http_socket_send(socket, (struct span){memory + 32, sizeof event - 1});
    http_socket_close(socket, WATCHER_CLOSE_SIGNED);
    return true;
}

static bool opened(void *context, struct http_socket *socket)
{
    struct desk *desk = context;
    desk_clock(desk);
    struct session *session = session_of_cookie(&desk->sessions, http_socket_cookie(socket), desk->wall_ms);
    if (!session) return refuse_unsigned(socket);
    struct watcher *watcher = watcher_open(&desk->watchers, socket, session);
    http_socket_set_owner(socket, watcher);
    return watcher != NULL;
}

static void text(void *context, struct http_socket *socket, struct span message)
{
    struct desk *desk = context;
    desk_clock(desk);
    request_take(desk, http_socket_owner(socket), message);
    desk_rounds_flush(desk);
}

static void written(void *context, struct http_socket *socket)
{
    struct desk *desk = context;
    desk_clock(desk);
    watcher_written(&desk->watchers, http_socket_owner(socket));
    desk_rounds_flush(desk);
}

static void closed(void *context, struct http_socket *socket)
{
    struct desk *desk = context;
    struct watcher *watcher = http_socket_owner(socket);
    if (!watcher) return;
    desk_clock(desk);
    desk_round_unwatch(desk, watcher, true);
    watcher_gone(&desk->watchers, watcher);
    http_socket_set_owner(socket, NULL);
}

static enum http_sent send_frame(void *context, void *socket, struct span frame)
{
    (void)context;
    return http_socket_send(socket, frame);
}

static void close_socket(void *context, void *socket, uint16_t code)
{
    (void)context;
    http_socket_close(socket, code);
}

static void session_ended(void *context, uint64_t id)
{
    desk_session_ended(context, id);
}

/* ---- the loop ---- */

static void on_tick(uv_timer_t *timer)
{
    struct desk *desk = timer->data;
    desk_clock(desk);
    link_pump(desk);
    commands_expire(desk, false);
    desk_rounds_expire_leases(desk);
    desk_rounds_flush(desk);
    if (desk->now_ms < desk->swept_ms + SWEEP_PERIOD_MS) return;
    desk->swept_ms = desk->now_ms;
    sessions_sweep(&desk->sessions, desk->wall_ms);
    expect(desk_database_tidy(desk->database)); /* a failed fsync cannot be made good */
}

static void on_bus(uv_poll_t *watch, int status, int events)
{
    struct desk *desk = watch->data;
    (void)status, (void)events;
    desk_clock(desk);
    link_pump(desk);
    desk_rounds_flush(desk);
}

static void on_term(uv_signal_t *handle, int number)
{
    struct desk *desk = handle->data;
    (void)number;
    http_stop_accepting(desk->http);
    http_stop(desk->http);
}

static void on_hangup(uv_signal_t *handle, int number)
{
    struct desk *desk = handle->data;
    char message[256];
    (void)number;
    if (http_reload(desk->http, desk->options->certificate, desk->options->key, message))
        log_info("the certificate was read again");
    else
        log_error("the certificate stays the old one: %s", message);
}

/* Ctrl-C reaches the whole terminal; launch alone decides what it means. */
static void on_interrupt(uv_signal_t *handle, int number)
{
    (void)handle, (void)number;
}

static void watch_signal(uv_loop_t *loop, uv_signal_t *handle, int number, uv_signal_cb callback, struct desk *desk)
{
    expect(uv_signal_init(loop, handle) == 0);
    handle->data = desk;
    expect(uv_signal_start(handle, callback, number) == 0);
}

static void join_loop(struct process *process)
{
    struct desk *desk = &process->desk;
    uv_loop_t *loop = http_loop(desk->http);
    desk->reading.loop = desk->hashing.loop = loop;
    expect(uv_timer_init(loop, &process->tick) == 0);
    process->tick.data = desk;
    expect(uv_timer_start(&process->tick, on_tick, 0, TICK_PERIOD_MS) == 0);
    int descriptor = bus_descriptor(desk->link.bus);
    if (descriptor >= 0) {
        expect(uv_poll_init(loop, &process->bus_watch, descriptor) == 0);
        process->bus_watch.data = desk;
        expect(uv_poll_start(&process->bus_watch, UV_READABLE, on_bus) == 0);
    }
    watch_signal(loop, &process->on_term, SIGTERM, on_term, desk);
    watch_signal(loop, &process->on_hangup, SIGHUP, on_hangup, desk);
    watch_signal(loop, &process->on_interrupt, SIGINT, on_interrupt, desk);
}

/* ---- starting ---- */

/* True where the listening socket can be reached from this machine alone. */
static bool is_loopback(int listener)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) return false;
    if (address.ss_family == AF_INET)
        return ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&address)->sin6_addr);
}

/* Older browsers do not count wss: of the same host as 'self', so it is named. */
static void write_policy(struct process *process)
{
    char *policy = process->policy;
    size_t used = (size_t)snprintf(policy, POLICY_SIZE,
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
        "connect-src 'self'");
    const char *const *origin = process->desk.options->origins;
    for (int i = 0; i < 4 && origin[i]; i++) {
        if (strncmp(origin[i], "https://", 8) != 0 || used + strlen(origin[i]) + 1 >= POLICY_SIZE) continue;
        used += (size_t)snprintf(policy + used, POLICY_SIZE - used, " wss://%s", origin[i] + 8);
    }
}

static int start_http(struct process *process, const struct desk_options *options)
{
    struct desk *desk = &process->desk;
    char message[256] = "";
    write_policy(process);
    struct http_handlers handlers = {.context = desk,
        .opened = opened,
        .text = text,
        .written = written,
        .closed = closed,
        .request = route_request};
    struct http_options http = {.listener = options->listener,
        .certificate = options->certificate,
        .key = options->key,
        .origins = options->origins,
        .is_origin_needed = true,
        .path = "/desk",
        .subprotocol = "jingda-desk.v1",
        .frame_max = REQUEST_SIZE_MAX,
        .body_max = BODY_SIZE_MAX,
        .connections_max = CONNECTIONS_MAX,
        .connections_per_address_max = PER_ADDRESS_MAX,
        .content_security_policy = process->policy};
    if (!http_load_table(options->web_folder, "desk.table", &process->files, &process->files_count, message))
        return fail(options, message, EX_NOINPUT);
    desk->http = http_create(&http, &handlers, message);
    if (!desk->http) return fail(options, message, EX_CONFIG);
    http_serve_files(desk->http, process->files, process->files_count);
    return EX_OK;
}

static int start_storage(struct desk *desk, const struct desk_options *options, char token[SECRET_TEXT_SIZE])
{
    char message[256] = "";
    struct banks_loaded loaded;
    enum store_open_result result = desk_database_open(options->folder, &desk->database, message);
    if (result != STORE_OPENED) return fail(options, message, store_open_status(result));
    if (!banks_load(desk->database, options->banks_folder, desk->wall_ms, &loaded) ||
        !sessions_start(&desk->sessions, desk->database, desk->wall_ms) || !signin_start(desk, token))
        return fail(options, desk_database_message(desk->database), EX_IOERR);
    log_info("banks: %u files, %u loaded now, %u with faults", loaded.files, loaded.loaded, loaded.faulty);
    return EX_OK;
}

static void finish(struct process *process)
{
    struct desk *desk = &process->desk;
    for (int i = 0; i < WATCHERS_MAX; i++)
        if (desk->watchers.items[i].id) watcher_gone(&desk->watchers, &desk->watchers.items[i]);
    if (desk->reading.is_running || !hashing_is_idle(&desk->hashing)) return; /* their threads end with the process */
    reading_finish(&desk->reading);
    desk_rounds_finish(desk);
    bus_destroy(desk->link.bus);
    desk_database_close(desk->database);
    free(desk->scratch);
}

int desk_run(const struct desk_options *options)
{
    log_start("desk", LOG_LEVEL_INFO);
    signal(SIGPIPE, SIG_IGN);
    json_object_seed(0); /* before there are threads */
    struct process *process = calloc(1, sizeof *process);
    expect(process);
    struct desk *desk = &process->desk;
    desk->options = options;
    desk->scratch = malloc(BUS_MESSAGE_MAX);
    expect(desk->scratch);
    desk->sessions.ended = session_ended;
    desk->sessions.context = desk;
    desk->watchers.outlet = (struct watcher_outlet){.context = desk, .send = send_frame, .close = close_socket};
    desk->reading.desk = desk;
    desk->reading.folder = options->folder;
    desk->is_loopback = is_loopback(options->listener);
    desk_clock(desk);

    char token[SECRET_TEXT_SIZE] = "";
    int status = start_storage(desk, options, token);
    if (status == EX_OK) status = start_http(process, options);
    if (status == EX_OK && !link_start(desk)) status = fail(options, "the core's bus cannot be reached", EX_OSERR);
    if (status == EX_OK) {
        join_loop(process);
        if (token[0]) ready_tell(options->ready_descriptor, "first", token);
        ready_tell(options->ready_descriptor, "ready", "");
        http_run(desk->http);
        log_info("the desk has stopped");
    }
    finish(process);
    return status;
}
