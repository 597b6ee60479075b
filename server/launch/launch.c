/* Role: the parent of all processes. Input: options, signals, what children say and how they end.
 * Output: running children; the addresses, then `ready`. Leaves to others: everything that is about quizzes.
 *
 * The core comes first and must say `ready`; then edges and desk together. What dies is started again: the core only
 * after the old one has been reaped, since two writers could harm the database. Before `ready` a child that ends ends
 * the whole, with its reason in one line and nothing left behind; after it nothing does, however often a child dies:
 * the others serve somebody. On a stop, edges say goodbye first, then the desk goes, then the core, so that every
 * answer on its way is still recorded. */
#include "launch/launch.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"
#include "base/random.h"
#include "launch/children.h"
#include "launch/names.h"
#include "launch/place.h"
#include "launch/secrets.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define CHILDREN_MAX       (LAUNCH_EDGES_MAX + 2)
#define DESCRIPTORS_APART  1000 /* of a process's limit, for what is not a resident */
#define DESCRIPTORS_LEAST  4096
#define DESCRIPTORS_ENOUGH 1048576 /* libwebsockets makes room for as many as the limit says */
#define STOP_EDGES_MS      4000
#define STOP_DESK_MS       5000
#define STOP_CORE_MS       30000
#define LINES_AT_ONCE      256
#define TICKETS_EVERY_MS   (12ull * 3600 * 1000)

enum phase { PHASE_CORE, PHASE_OTHERS, PHASE_SERVING, PHASE_STOP_EDGES, PHASE_STOP_DESK, PHASE_STOP_CORE, PHASE_GONE };

/* What is bound before the children start; their words point into it. */
struct ports {
    int residents, desk, bus_edges, bus_desk;
    char bus_edges_name[64], bus_desk_name[64];
};

struct launch {
    const struct launch_options *options;
    const struct launch_calls *calls;
    struct names names;
    struct secrets secrets;
    struct ports ports;
    int signals;
    struct child children[CHILDREN_MAX]; /* core, desk, edges */
    uint32_t children_count;
    enum phase phase;
    uint64_t phase_until_ms; /* of a stop */
    uint64_t rotate_at_ms;
    bool folder_was_made, has_served;
    char first[128]; /* the first organizer's token */
    int status;
    char failure[512];
};

/* ---- children together ---- */

static bool is_wanted(const struct launch *launch, const struct child *child)
{
    return launch->phase == PHASE_SERVING || launch->phase == PHASE_OTHERS ||
           (launch->phase == PHASE_CORE && child->role.kind == ROLE_CORE);
}

static void signal_kind(const struct launch *launch, enum role_kind kind, int number)
{
    for (uint32_t i = 0; i < launch->children_count; i++) {
        const struct child *child = &launch->children[i];
        if (child->role.kind == kind && child->pid > 0) kill(child->pid, number);
    }
}

static uint32_t running(const struct launch *launch, enum role_kind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < launch->children_count; i++)
        count += launch->children[i].role.kind == kind && launch->children[i].pid > 0;
    return count;
}

static bool all_ready(const struct launch *launch)
{
    for (uint32_t i = 0; i < launch->children_count; i++)
        if (!launch->children[i].is_ready) return false;
    return true;
}

static void enter_stop(struct launch *launch, enum phase phase, enum role_kind kind, uint64_t wait_ms)
{
    launch->phase = phase;
    launch->phase_until_ms = clock_monotonic_ms() + wait_ms;
    signal_kind(launch, kind, SIGTERM);
}

static void begin_stop(struct launch *launch, int status)
{
    if (launch->phase >= PHASE_STOP_EDGES) return;
    launch->status = status;
    enter_stop(launch, PHASE_STOP_EDGES, ROLE_EDGE, STOP_EDGES_MS);
}

static void fail(struct launch *launch, int status, const char *text)
{
    if (!launch->failure[0]) snprintf(launch->failure, sizeof launch->failure, "%s", text);
    begin_stop(launch, status);
}

/* One kind after the other; who does not go in time is killed, and reaped like the rest. */
static void advance_stop(struct launch *launch, uint64_t now_ms)
{
    static const enum role_kind kinds[] = {
        [PHASE_STOP_EDGES] = ROLE_EDGE, [PHASE_STOP_DESK] = ROLE_DESK, [PHASE_STOP_CORE] = ROLE_CORE};
    enum role_kind kind = kinds[launch->phase];
    if (running(launch, kind) > 0) {
        if (now_ms >= launch->phase_until_ms) signal_kind(launch, kind, SIGKILL);
    } else if (launch->phase == PHASE_STOP_EDGES) {
        enter_stop(launch, PHASE_STOP_DESK, ROLE_DESK, STOP_DESK_MS);
    } else if (launch->phase == PHASE_STOP_DESK) {
        enter_stop(launch, PHASE_STOP_CORE, ROLE_CORE, STOP_CORE_MS);
    } else {
        launch->phase = PHASE_GONE;
    }
}

/* ---- what is said when all is well ---- */

static void announce(const struct launch *launch)
{
    const struct names *names = &launch->names;
    printf("居民 Residents   %s/\n", names->residents);
    printf("大屏 Screen      %s/screen\n", names->residents);
    printf("主办 Desk        %s/\n", names->desk);
    if (launch->first[0])
        printf(
            "第一位组织者的登录链接，只能用一次 First organizer, once:\n  %s/#first=%s\n", names->desk, launch->first);
    launch->calls->print_qr(stdout, names->residents);
    if (launch->secrets.is_self_signed)
        printf("自签证书，微信扫码打不开，仅供本机试用 (self-signed certificate: for trying out on this machine)\n");
    if (launch->children[launch->children_count - 1].role.uid == 0)
        printf("各进程同用一个用户，边缘进程能读数据目录 "
               "(all processes run as one user: an edge that was broken into could read the data folder)\n");
    printf("ready\n");
    fflush(stdout);
}

/* ---- children one by one ---- */

static void on_line(struct launch *launch, struct child *child, const char *line)
{
    char name[16];
    if (strcmp(line, "ready") == 0) {
        child->is_ready = true;
    } else if (strncmp(line, "first ", 6) == 0) {
        snprintf(launch->first, sizeof launch->first, "%s", line + 6);
    } else if (strncmp(line, "error ", 6) == 0 && launch->phase < PHASE_SERVING) {
        snprintf(launch->failure, sizeof launch->failure, "%s", line + 6);
    } else if (!child_line_is_told(child, clock_monotonic_ms())) {
        return;
    } else if (strncmp(line, "error ", 6) == 0) {
        log_error("%s: %s", child_name(child, name), line + 6);
    } else {
        log_warning("%s says what nobody understands", child_name(child, name));
    }
}

/* So many at once: what is left is read in the next turn, and a child that never stops keeps nobody waiting. */
static void read_lines(struct launch *launch, struct child *child)
{
    const char *line;
    for (int count = 0; count < LINES_AT_ONCE && (line = child_line(child)) != NULL; count++)
        on_line(launch, child, line);
}

static void describe_end(int how, char text[64])
{
    if (WIFSIGNALED(how))
        snprintf(text, 64, "was ended by signal %d", WTERMSIG(how));
    else
        snprintf(text, 64, "ended with status %d", WEXITSTATUS(how));
}

static void on_end(struct launch *launch, struct child *child, int how)
{
    char name[16], end[64], text[128];
    uint64_t now_ms = clock_monotonic_ms();
    uint32_t untold;
    read_lines(launch, child); /* its last words come before its end */
    child_ended(child, now_ms);
    if (launch->phase >= PHASE_STOP_EDGES) return;

    describe_end(how, end);
    if (launch->phase < PHASE_SERVING) {
        snprintf(text, sizeof text, "%s %s before it was ready", child_name(child, name), end);
        fail(launch, WIFEXITED(how) && WEXITSTATUS(how) >= EX__BASE ? WEXITSTATUS(how) : EX_SOFTWARE, text);
    } else if (child_end_is_told(child, now_ms, &untold)) {
        log_warning("%s %s; it is started again", child_name(child, name), end);
        if (untold) log_warning("%s ended %u times before that, untold", child_name(child, name), untold);
    }
}

static void reap(struct launch *launch)
{
    int how;
    pid_t pid;
    while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
        for (uint32_t i = 0; i < launch->children_count; i++)
            if (launch->children[i].pid == pid) on_end(launch, &launch->children[i], how);
}

static void start_wanted(struct launch *launch, uint64_t now_ms)
{
    for (uint32_t i = 0; i < launch->children_count; i++) {
        struct child *child = &launch->children[i];
        if (child->pid > 0 || !is_wanted(launch, child) || now_ms < child->start_at_ms) continue;
        if (!child_start(child, now_ms)) child->start_at_ms = now_ms + 1000; /* out of processes: later */
    }
}

static void advance(struct launch *launch)
{
    uint64_t now_ms = clock_monotonic_ms();
    if (launch->phase == PHASE_CORE && launch->children[0].is_ready) launch->phase = PHASE_OTHERS;
    if (launch->phase == PHASE_OTHERS && all_ready(launch)) {
        launch->phase = PHASE_SERVING;
        launch->has_served = true;
        announce(launch);
    }
    if (launch->phase < PHASE_STOP_EDGES) start_wanted(launch, now_ms);
    if (launch->phase == PHASE_SERVING && now_ms >= launch->rotate_at_ms) {
        launch->rotate_at_ms = now_ms + TICKETS_EVERY_MS;
        secrets_rotate(&launch->secrets);
        signal_kind(launch, ROLE_EDGE, SIGHUP);
    }
    while (launch->phase >= PHASE_STOP_EDGES && launch->phase < PHASE_GONE) {
        enum phase before = launch->phase;
        advance_stop(launch, now_ms);
        if (launch->phase == before) break;
    }
}

/* ---- signals and waiting ---- */

static void reload(struct launch *launch)
{
    char message[512];
    if (!secrets_load(&launch->secrets, launch->options->certificate, launch->options->key, message)) {
        log_error("%s; the old certificate stays", message);
        return;
    }
    signal_kind(launch, ROLE_EDGE, SIGHUP);
    signal_kind(launch, ROLE_DESK, SIGHUP);
    log_info("certificate %s was read again", launch->options->certificate);
}

static void read_signals(struct launch *launch)
{
    struct signalfd_siginfo info;
    while (read(launch->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD) reap(launch);
        if (info.ssi_signo == SIGHUP) reload(launch);
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) begin_stop(launch, EX_OK);
    }
}

static int wait_ms(const struct launch *launch)
{
    uint64_t now_ms = clock_monotonic_ms(), until_ms = launch->rotate_at_ms;
    if (launch->phase >= PHASE_STOP_EDGES && launch->phase_until_ms < until_ms) until_ms = launch->phase_until_ms;
    for (uint32_t i = 0; i < launch->children_count; i++) {
        const struct child *child = &launch->children[i];
        if (child->pid == 0 && is_wanted(launch, child) && child->start_at_ms < until_ms) until_ms = child->start_at_ms;
    }
    if (until_ms <= now_ms) return 50;
    return until_ms - now_ms < 60000 ? (int)(until_ms - now_ms) : 60000;
}

static void turn(struct launch *launch)
{
    struct pollfd watched[CHILDREN_MAX + 1] = {{.fd = launch->signals, .events = POLLIN}};
    for (uint32_t i = 0; i < launch->children_count; i++)
        watched[i + 1] = (struct pollfd){.fd = launch->children[i].pipe, .events = POLLIN};
    if (poll(watched, launch->children_count + 1, wait_ms(launch)) < 0) expect(errno == EINTR);
    for (uint32_t i = 0; i < launch->children_count; i++)
        if (watched[i + 1].revents) read_lines(launch, &launch->children[i]);
    read_signals(launch);
    advance(launch);
}

/* ---- preparing ---- */

static bool take_signals(struct launch *launch)
{
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGCHLD);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &taken, NULL) < 0) return false;
    launch->signals = signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
    return launch->signals >= 0;
}

static uint32_t raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return DESCRIPTORS_LEAST;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max < DESCRIPTORS_ENOUGH ? (uint32_t)limit.rlim_max : DESCRIPTORS_ENOUGH;
}

uint32_t launch_edges(uint32_t wanted, uint32_t residents, uint32_t descriptors, uint32_t processors)
{
    if (wanted > 0) return wanted;
    uint32_t each = descriptors > 2 * DESCRIPTORS_APART ? descriptors - DESCRIPTORS_APART : descriptors / 2;
    uint32_t edges = (residents + each - 1) / each;
    if (edges < processors) edges = processors;
    return edges < LAUNCH_EDGES_MAX ? edges : LAUNCH_EDGES_MAX;
}

static struct child *add_child(struct launch *launch, enum role_kind kind)
{
    struct child *child = &launch->children[launch->children_count++];
    *child = (struct child){.role.kind = kind, .pipe = -1};
    for (int i = 0; i < ROLE_DESCRIPTORS_END; i++)
        child->descriptors[i] = -1;
    return child;
}

static void plan(struct launch *launch, const struct ports *ports, uint32_t uid, uint32_t gid)
{
    const struct launch_options *options = launch->options;
    uint32_t descriptors = raise_descriptors();
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t edges =
        launch_edges(options->edges, options->residents, descriptors, processors > 0 ? (uint32_t)processors : 1);

    struct child *core = add_child(launch, ROLE_CORE);
    core->role.folder = options->data;
    core->role.residents = options->residents;
    core->role.edges = edges;
    core->role.edge_uid = uid ? uid : geteuid();
    core->role.desk_uid = geteuid();
    core->descriptors[ROLE_LISTENER] = ports->bus_edges;
    core->descriptors[ROLE_SECOND] = ports->bus_desk;
    core->descriptors[ROLE_BUS_SECRET] = launch->secrets.bus_read;

    struct child *desk = add_child(launch, ROLE_DESK);
    desk->role.folder = options->data;
    desk->role.web = options->web;
    desk->role.banks = options->banks;
    desk->role.bus = ports->bus_desk_name;
    desk->role.url = launch->names.residents;
    names_give(&desk->role, (const char(*)[NAMES_URL_SIZE])launch->names.desk_origins);
    desk->descriptors[ROLE_LISTENER] = ports->desk;
    desk->descriptors[ROLE_CERTIFICATE] = launch->secrets.certificate_read;
    desk->descriptors[ROLE_KEY] = launch->secrets.key_read;

    /* Twice what an edge should hold: the kernel does not share connections out evenly. */
    uint32_t soft = 2 * ((options->residents + edges - 1) / edges) + 2 * DESCRIPTORS_APART;
    for (uint32_t i = 0; i < edges; i++) {
        struct child *edge = add_child(launch, ROLE_EDGE);
        edge->role.index = i;
        edge->role.web = options->web;
        edge->role.bus = ports->bus_edges_name;
        edge->role.per_address = options->per_address;
        edge->role.uid = uid;
        edge->role.gid = gid;
        names_give(&edge->role, (const char(*)[NAMES_URL_SIZE])launch->names.residents_origins);
        edge->descriptors[ROLE_LISTENER] = ports->residents;
        edge->descriptors[ROLE_CERTIFICATE] = launch->secrets.certificate_read;
        edge->descriptors[ROLE_KEY] = launch->secrets.key_read;
        edge->descriptors[ROLE_TICKET] = launch->secrets.ticket_read;
        edge->descriptors[ROLE_BUS_SECRET] = launch->secrets.bus_read;
        edge->descriptors_soft = soft > DESCRIPTORS_LEAST ? soft : DESCRIPTORS_LEAST;
    }
}

static int bind_bus(const struct launch *launch, const char *what, char name[64])
{
    uint64_t chance;
    random_secure(&chance, sizeof chance);
    snprintf(name, 64, "jingda-%s-%016llx", what, (unsigned long long)chance);
    return launch->calls->bus_bind(name);
}

/* Everything that can be wrong without a process having been started, the data folder last. */
static int prepare(struct launch *launch, char message[512])
{
    const struct launch_options *options = launch->options;
    struct ports *ports = &launch->ports;
    uint32_t uid, gid;
    int status = EX_OSERR;
    snprintf(message, 512, "out of descriptors or memory");
    if (!take_signals(launch) || !secrets_create(&launch->secrets)) return EX_OSERR;
    if (!secrets_load(&launch->secrets, options->certificate, options->key, message)) return EX_CONFIG;
    secrets_rotate(&launch->secrets);
    if (!place_user(options->edge_user, &uid, &gid, message)) return EX_NOUSER;
    if (access(options->web, R_OK) < 0) {
        snprintf(message, 512, "pages in %.300s: %s (are they built?)", options->web, strerror(errno));
        return EX_NOINPUT;
    }
    ports->residents = place_listen(options->address, options->port, message, &status);
    if (ports->residents < 0) return status;
    ports->desk = place_listen(options->desk_address, options->desk_port, message, &status);
    if (ports->desk < 0) return status;
    ports->bus_edges = bind_bus(launch, "edges", ports->bus_edges_name);
    ports->bus_desk = bind_bus(launch, "desk", ports->bus_desk_name);
    if (ports->bus_edges < 0 || ports->bus_desk < 0) return EX_OSERR;
    if (!place_data(options->data, &launch->folder_was_made, message, &status)) return status;
    names_choose(&launch->names, options);
    plan(launch, ports, uid, gid);
    return EX_OK;
}

int launch_run(const struct launch_options *options, const struct launch_calls *calls)
{
    struct launch *launch = calloc(1, sizeof *launch);
    expect(launch != NULL);
    launch->options = options;
    launch->calls = calls;
    log_start("launch", LOG_LEVEL_INFO);
    launch->status = prepare(launch, launch->failure);
    if (launch->status == EX_OK) {
        launch->failure[0] = 0;
        launch->rotate_at_ms = clock_monotonic_ms() + TICKETS_EVERY_MS;
        advance(launch);
        while (launch->phase != PHASE_GONE)
            turn(launch);
    }
    if (launch->folder_was_made && !launch->has_served) place_unmake(options->data);
    if (launch->failure[0] && launch->status != EX_OK) fprintf(stderr, "jingda: %s\n", launch->failure);
    int status = launch->status;
    free(launch);
    return status;
}
