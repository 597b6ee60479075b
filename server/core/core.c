/* The core process: core.db, the bus and the clock round the turn. Everything that decides is in turn.h and below. */
#include "core/core.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"
#include "base/ready.h"
#include "core/turn.h"
#include "engine/engine.h"
#include "store/store.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#define TICK_WAIT_MS       20
#define CHECKPOINT_EACH_MS 1000
#define CHECKPOINT_PAGES   (64 * 1024 * 1024 / 4096)
#define CHECKPOINT_LATE_MS 60000 /* after this long a passive one runs even while an asking is open */
#define TRUNCATE_EACH_MS   300000

struct core {
    const struct core_options *options;
    struct store *store;
    struct bus *bus;
    struct turn *turn;
    int signals;
    int64_t clock_offset_ms;
    uint64_t checkpoint_at_ms, truncate_at_ms, large_since_ms;
};

static int refuse_to_start(const struct core_options *options, int status, const char *why)
{
    ready_tell(options->ready_descriptor, "error", why);
    if (options->ready_descriptor < 0) log_error("%s", why); /* else launch says it, in one line */
    return status;
}

static uint64_t engine_now_ms(const struct core *core)
{
    return (uint64_t)((int64_t)clock_monotonic_ms() + core->clock_offset_ms);
}

/* The term is raised durably before anybody hears of it; the token key is made once. */
static bool read_values(struct core *core, uint64_t *term, uint8_t token_key[TOKEN_KEY_SIZE])
{
    uint8_t bytes[8] = {0};
    if (store_get_value(core->store, "term", bytes, sizeof bytes)) {
        struct reader r = reader_over(bytes, sizeof bytes);
        *term = read_u64(&r);
    }
    ++*term;
    struct writer w = writer_over(bytes, sizeof bytes);
    write_u64(&w, *term);
    store_set_value(core->store, "term", (struct span){bytes, sizeof bytes});
    if (!store_get_value(core->store, "token_key", token_key, TOKEN_KEY_SIZE)) {
        random_secure(token_key, TOKEN_KEY_SIZE);
        store_set_value(core->store, "token_key", (struct span){token_key, TOKEN_KEY_SIZE});
    }
    return store_commit(core->store) == STORE_OK;
}

static struct turn *make_turn(struct core *core)
{
    struct turn_options options = {.records = records_of_store(core->store),
        .participants_max = core->options->residents_max,
        .rounds_max = ROUNDS_MAX,
        .edges_expected = core->options->edges_expected};
    _Static_assert(sizeof options.edge_secret == sizeof core->options->edge_secret, "HELLO carries all of it");
    memcpy(options.edge_secret, core->options->edge_secret, sizeof options.edge_secret);
    uint64_t seed;
    random_secure(&seed, sizeof seed);
    options.random = random_from_seed(seed);

    /* Engine time is near the wall clock, and never before what the log already says. */
    uint64_t wall = clock_wall_ms(), last = store_last_at_ms(core->store);
    core->clock_offset_ms = (int64_t)(wall > last ? wall : last + 1) - (int64_t)clock_monotonic_ms();
    options.clock_offset_ms = core->clock_offset_ms;
    if (!read_values(core, &options.term, options.token_key)) return NULL;
    return turn_create(&options);
}

static int open_all(struct core *core)
{
    char message[256];
    struct store_options store_options = {.folder = core->options->folder};
    enum store_open_result result = store_open(&store_options, &core->store, message);
    if (result != STORE_OPENED) return refuse_to_start(core->options, store_open_status(result), message);

    core->turn = make_turn(core);
    if (!core->turn) return refuse_to_start(core->options, EX_IOERR, "core.db cannot be written, or memory is short");
    uint64_t began_us = clock_monotonic_us();
    if (!turn_recover(core->turn, engine_now_ms(core), message))
        return refuse_to_start(core->options, EX_DATAERR, message);
    log_info("recovered in %llu ms", (unsigned long long)(clock_monotonic_us() - began_us) / 1000);

    struct bus_unix_listener listeners[] = {
        {core->options->edge_listener, BUS_PEER_EDGE, core->options->edge_uid},
        {core->options->desk_listener, BUS_PEER_DESK, core->options->desk_uid},
    };
    struct bus_handlers handlers = turn_handlers(core->turn);
    core->bus = bus_unix_listen(listeners, 2, &handlers);
    if (!core->bus) return refuse_to_start(core->options, EX_OSERR, "the bus cannot be opened");
    return EX_OK;
}

/* ---- checkpoints: when nobody waits, if it can be helped ---- */

static bool is_asking_open(const struct core *core)
{
    const struct engine *engine = turn_engine(core->turn);
    uint32_t round;
    for (uint32_t i = 0; engine_round_at(engine, i, &round); i++) {
        struct round_view view;
        if (engine_round_view(engine, round, &view) && (view.phase == PHASE_OPEN || view.phase == PHASE_CLOSING))
            return true;
    }
    return false;
}

/* False: an I/O error, the process must end. */
static bool checkpoint_if_due(struct core *core, uint64_t now_ms)
{
    if (now_ms < core->checkpoint_at_ms) return true;
    core->checkpoint_at_ms = now_ms + CHECKPOINT_EACH_MS;
    int pages = store_wal_pages(core->store);
    bool is_open = is_asking_open(core);
    if (pages < CHECKPOINT_PAGES) {
        core->large_since_ms = 0;
        if (is_open || pages == 0 || now_ms < core->truncate_at_ms) return true;
        core->truncate_at_ms = now_ms + TRUNCATE_EACH_MS;
        return store_checkpoint(core->store, true) >= 0;
    }
    if (!core->large_since_ms) core->large_since_ms = now_ms;
    if (is_open && now_ms < core->large_since_ms + CHECKPOINT_LATE_MS) return true;
    return store_checkpoint(core->store, false) >= 0;
}

/* ---- the loop ---- */

static int take_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    expect(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* False where the process must end at once. */
static bool one_turn(struct core *core)
{
    uint64_t began_us = clock_monotonic_us();
    turn_begin(core->turn, engine_now_ms(core));
    bus_pump(core->bus, TURN_EVENTS_MAX);
    uint64_t committing_us = clock_monotonic_us();
    enum store_result result = turn_end(core->turn);
    uint64_t ended_us = clock_monotonic_us();
    turn_measured(core->turn, (uint32_t)(ended_us - committing_us), (uint32_t)(ended_us - began_us));
    return result != STORE_BROKEN;
}

static int run(struct core *core)
{
    ready_tell(core->options->ready_descriptor, "ready", "");
    for (;;) {
        struct pollfd watched[] = {
            {.fd = bus_descriptor(core->bus), .events = POLLIN}, {.fd = core->signals, .events = POLLIN}};
        int wait_ms = turn_is_busy(core->turn) ? 0 : TICK_WAIT_MS;
        if (poll(watched, 2, wait_ms) < 0 && errno != EINTR) return EX_OSERR;
        if (!one_turn(core) || !checkpoint_if_due(core, clock_monotonic_ms())) {
            log_error("core.db could not be written: ending, so that nothing unrecorded is acknowledged");
            return EX_IOERR;
        }
        if (watched[1].revents & POLLIN) {
            log_info("stopping");
            return EX_OK;
        }
    }
}

int core_run(const struct core_options *options)
{
    struct core core = {.options = options, .signals = take_signals()};
    expect(core.signals >= 0);
    int status = open_all(&core);
    if (status == EX_OK) status = run(&core);
    bus_destroy(core.bus);
    turn_destroy(core.turn);
    store_close(core.store);
    return status;
}
