/* Role: one process of the crowd: arrivals, readiness, time. Input: options, a range of residents. Output: its tally.
 * Leaves to others: what residents say (resident.c), their connections (wire.c). */
#include "rehearse/crowd.h"

#include "base/clock.h"
#include "base/expect.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#define CONNECTING_MAX   64    /* handshakes at a time in one process: past it they only wait for each other */
#define CONNECT_MS_MAX   30000 /* a connection that takes longer is tried anew */
#define TRIES_MAX        12
#define WAIT_MS_MIN      500
#define WAIT_MS_MAX      8000
#define EVENTS_MAX       256
#define KEPT_SIZE_MIN    300 /* a question, a reveal; a receipt is shorter, and nobody else's */
#define TURN_WAIT_MS_MAX 100

/* ---- who connects when ---- */

static bool is_connecting(const struct resident *resident)
{
    return resident->wire.state != WIRE_CLOSED && resident->wire.state != WIRE_OPEN;
}

static void come_back_later(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    if (resident->tries >= TRIES_MAX) {
        if (resident->stage == STAGE_PROVING)
            crowd->tally->proof.reread_failed++;
        else
            crowd->tally->gave_up++;
        crowd_done(crowd, index);
        return;
    }
    uint32_t wait_ms = (uint32_t)WAIT_MS_MIN << (resident->tries < 4 ? resident->tries : 4);
    if (wait_ms > WAIT_MS_MAX) wait_ms = WAIT_MS_MAX;
    resident->tries++;
    timers_set(crowd->timers, index, clock_monotonic_ms() + wait_ms + random_below(&crowd->random, wait_ms));
}

static void start_connecting(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    if (!wire_start(&resident->wire, &crowd->wires, index, crowd->first + index)) {
        crowd->tally->failed_tries++;
        come_back_later(crowd, index);
        return;
    }
    crowd->connecting++;
    timers_set(crowd->timers, index, clock_monotonic_ms() + CONNECT_MS_MAX);
}

static void queue_turn(struct crowd *crowd, uint32_t index)
{
    if (crowd->residents[index].is_waiting_turn) return;
    crowd->residents[index].is_waiting_turn = true;
    expect(crowd->turns_count < crowd->count);
    crowd->turns[(crowd->turns_begin + crowd->turns_count++) % crowd->count] = index;
}

static void take_turns(struct crowd *crowd)
{
    while (crowd->turns_count > 0 && crowd->connecting < CONNECTING_MAX) {
        uint32_t index = crowd->turns[crowd->turns_begin];
        crowd->turns_begin = (crowd->turns_begin + 1) % crowd->count;
        crowd->turns_count--;
        crowd->residents[index].is_waiting_turn = false;
        start_connecting(crowd, index);
    }
}

static void leave(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    if (is_connecting(resident)) crowd->connecting--;
    if (resident->wire.state == WIRE_OPEN) crowd->tally->connected--;
    wire_close(&resident->wire);
}

void crowd_come_back(struct crowd *crowd, uint32_t index, uint32_t wait_ms)
{
    leave(crowd, index);
    timers_set(crowd->timers, index, clock_monotonic_ms() + wait_ms);
}

void crowd_done(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    expect(resident->stage != STAGE_DONE);
    leave(crowd, index);
    timers_clear(crowd->timers, index);
    resident->stage = STAGE_DONE;
    crowd->done++;
    crowd->tally->done++;
}

/* ---- what the wires tell ---- */

static void wire_opened(void *context, uint32_t index)
{
    struct crowd *crowd = context;
    crowd->connecting--;
    crowd->tally->connected++;
    timers_clear(crowd->timers, index);
    resident_opened(crowd, index);
}

static void wire_heard(void *context, uint32_t index, struct span text)
{
    resident_heard(context, index, text);
}

static void wire_lost(void *context, uint32_t index, bool was_open)
{
    struct crowd *crowd = context;
    struct resident *resident = &crowd->residents[index];
    if (was_open) {
        crowd->tally->connected--;
        if (resident->stage == STAGE_PLAYING) crowd->tally->dropped++;
    } else {
        crowd->connecting--;
        crowd->tally->failed_tries++;
    }
    come_back_later(crowd, index);
}

static const struct wire_calls calls = {wire_opened, wire_heard, wire_lost};

/* ---- frames that many hear ---- */

json_t *crowd_parse(struct crowd *crowd, struct span text)
{
    struct kept_frame *kept = &crowd->kept[text.size % FRAMES_KEPT];
    bool is_kept = kept->size == text.size && memcmp(kept->bytes, text.data, text.size) == 0;
    if (is_kept) return json_incref(kept->json);
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    uint8_t *bytes = json && text.size >= KEPT_SIZE_MIN ? malloc(text.size) : NULL;
    if (!bytes) return json;
    memcpy(bytes, text.data, text.size);
    free(kept->bytes);
    json_decref(kept->json);
    *kept = (struct kept_frame){bytes, text.size, json_incref(json)};
    return json;
}

/* ---- the process ---- */

static struct crowd *crowd_create(const struct rehearse_options *options, const struct rehearse_target *target,
    struct shared *shared, uint32_t process, uint32_t first, uint32_t count)
{
    uint64_t seed = 0;
    random_secure(&seed, sizeof seed);
    struct crowd *crowd = calloc(1, sizeof *crowd + count * sizeof crowd->residents[0]);
    expect(crowd);
    crowd->options = options;
    crowd->shared = shared;
    crowd->tally = &shared->tallies[process];
    crowd->random = random_from_seed(seed);
    crowd->first = first;
    crowd->count = count;
    crowd->turns = calloc(count, sizeof crowd->turns[0]);
    expect(crowd->turns);
    crowd->wires.epoll = epoll_create1(EPOLL_CLOEXEC);
    expect(crowd->wires.epoll >= 0);
    crowd->wires.target = target;
    crowd->wires.host = options->host;
    crowd->wires.random = &crowd->random;
    crowd->wires.tally = crowd->tally;
    crowd->wires.calls = &calls;
    crowd->wires.context = crowd;
    wires_init(&crowd->wires);
    uint64_t now_ms = clock_monotonic_ms();
    crowd->timers = timers_create(count, now_ms);
    for (uint32_t i = 0; i < count; i++) {
        random_secure(crowd->residents[i].nonce, NONCE_SIZE);
        timers_set(crowd->timers, i, now_ms + random_below(&crowd->random, options->arrive_s * 1000 + 1));
    }
    return crowd;
}

static void crowd_destroy(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++)
        wire_close(&crowd->residents[i].wire);
    for (uint32_t i = 0; i < FRAMES_KEPT; i++) {
        free(crowd->kept[i].bytes);
        json_decref(crowd->kept[i].json);
    }
    timers_destroy(crowd->timers);
    wires_finish(&crowd->wires);
    close(crowd->wires.epoll);
    free(crowd->turns);
    free(crowd);
}

static void fire(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    if (is_connecting(resident)) {
        leave(crowd, index);
        crowd->tally->failed_tries++;
        come_back_later(crowd, index);
    } else if (resident->wire.state == WIRE_OPEN) {
        resident_due(crowd, index);
    } else if (resident->stage != STAGE_DONE) {
        queue_turn(crowd, index);
    }
}

int crowd_run(const struct rehearse_options *options, const struct rehearse_target *target, struct shared *shared,
    uint32_t process, uint32_t first, uint32_t count)
{
    struct sched_param normal = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sched_setscheduler(0, SCHED_BATCH, &normal); /* the crowd disturbs the server least so */
    struct crowd *crowd = crowd_create(options, target, shared, process, first, count);
    while (crowd->done < count && !shared->is_stopped) {
        struct epoll_event events[EVENTS_MAX];
        uint32_t index = 0;
        while (timers_next(crowd->timers, clock_monotonic_ms(), &index))
            fire(crowd, index);
        take_turns(crowd);
        int ready =
            epoll_wait(crowd->wires.epoll, events, EVENTS_MAX, (int)timers_wait_ms(crowd->timers, TURN_WAIT_MS_MAX));
        for (int i = 0; i < ready; i++)
            wire_ready(&crowd->residents[events[i].data.u32].wire, &crowd->wires, events[i].data.u32, events[i].events);
    }
    crowd->tally->is_finished = true;
    crowd_destroy(crowd);
    return EX_OK;
}
