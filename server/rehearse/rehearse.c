/* Role: the rehearsal's parent. Input: the command line. Output: progress each second, the table, the report, a status.
 * Leaves to others: the crowd itself (crowd.c), one process for as many residents as descriptors allow. */
#include "rehearse/rehearse.h"

#include "base/clock.h"
#include "base/expect.h"
#include "rehearse/crowd.h"
#include "rehearse/report.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define DESCRIPTORS_SPARE 64    /* of each process: its own files */
#define RESIDENTS_MAX     19000 /* of one process, even where descriptors would allow more */
#define RESIDENTS_ALONE   500   /* up to so many play in one process */

struct rehearsal {
    struct rehearse_options options;
    struct rehearse_target target;
    struct shared *shared;
    uint32_t processes;
    pid_t children[REHEARSE_PROCESSES_MAX];
    bool has_failed; /* a process of the crowd ended before its time */
    uint64_t started_us;
};

static int help(void)
{
    fputs(
        "usage: jingda rehearse --url https://HOST:PORT --follow CODE --residents N [--NAME VALUE ...]\n\n"
        "Plays N residents in a round that you run at the desk: they join, think, answer and come back, by the public\n"
        "protocol alone, until the round ends; then each looks once more whether its last answer still stands.\n"
        "Aimed at this machine only, or at the host that --host-allowed names too. docs/rehearse.md says more.\n\n"
        "  --url URL            of the residents' port\n"
        "  --follow CODE        the round's six digits\n"
        "  --residents N        how many\n"
        "  --arrive SECONDS     connecting is spread over so long; 0: all at once (0)\n"
        "  --think MIN..MAX     milliseconds from the question to the answer, evenly spread (1000..6000)\n"
        "  --drop P%            of the residents lose their connection in each question, and come back (0)\n"
        "  --most SECONDS       ends by itself after so long (3600)\n"
        "  --host-allowed HOST  the host of --url once more: rehearse against another machine, which is yours\n"
        "  --report FILE        the figures as JSON\n\n"
        "Status 0: played to the end, and nothing lost, doubled or changed as far as it can be seen.\n",
        stdout);
    return EX_OK;
}

/* ---- processes ---- */

/* How many processes, so that none has more connections than descriptors. 0: more than REHEARSE_PROCESSES_MAX. */
static uint32_t processes_for(uint32_t residents)
{
    struct rlimit limit;
    expect(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    uint64_t each = limit.rlim_cur > DESCRIPTORS_SPARE ? limit.rlim_cur - DESCRIPTORS_SPARE : 1;
    if (each > RESIDENTS_MAX) each = RESIDENTS_MAX;
    uint64_t processes = (residents + each - 1) / each;
    if (processes < 2 && residents > RESIDENTS_ALONE) processes = 2;
    return processes > REHEARSE_PROCESSES_MAX ? 0 : (uint32_t)processes;
}

static bool start_crowd(struct rehearsal *rehearsal, const sigset_t *before)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < rehearsal->processes; i++) {
        uint32_t left = rehearsal->options.residents - first;
        uint32_t count = left / (rehearsal->processes - i);
        pid_t child = fork();
        if (child < 0) return false;
        if (child == 0) {
            sigprocmask(SIG_SETMASK, before, NULL);
            signal(SIGINT, SIG_IGN); /* the parent says when to stop */
            _exit(crowd_run(&rehearsal->options, &rehearsal->target, rehearsal->shared, i, first, count));
        }
        rehearsal->children[i] = child;
        first += count;
    }
    return true;
}

static bool is_finished(const struct rehearsal *rehearsal)
{
    for (uint32_t i = 0; i < rehearsal->processes; i++) {
        if (!rehearsal->shared->tallies[i].is_finished) return false;
    }
    return true;
}

static void print_progress(const struct rehearsal *rehearsal)
{
    uint32_t joined = 0, connected = 0, sent = 0, acknowledged = 0, done = 0;
    for (uint32_t i = 0; i < rehearsal->processes; i++) {
        const struct tally *tally = &rehearsal->shared->tallies[i];
        joined += tally->joined;
        connected += tally->connected;
        sent += tally->answers_sent;
        acknowledged += tally->answers_acknowledged;
        done += tally->done;
    }
    fprintf(stderr, "%4u s  joined %u  connected %u  answers sent %u  acknowledged %u  done %u\n",
        (unsigned)((clock_monotonic_us() - rehearsal->started_us) / 1000000), joined, connected, sent, acknowledged,
        done);
}

/* A child that is gone without having said that it finished takes the rehearsal with it. */
static void reap(struct rehearsal *rehearsal, int options)
{
    for (uint32_t i = 0; i < rehearsal->processes; i++) {
        int status = 0;
        if (rehearsal->children[i] <= 0 || waitpid(rehearsal->children[i], &status, options) <= 0) continue;
        rehearsal->children[i] = 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK) continue;
        rehearsal->has_failed = true;
        rehearsal->shared->is_stopped = true;
    }
}

static void watch(struct rehearsal *rehearsal, const sigset_t *signals)
{
    uint64_t end_us = rehearsal->started_us + rehearsal->options.most_s * 1000000ull;
    uint64_t next_us = rehearsal->started_us;
    while (!is_finished(rehearsal) && !rehearsal->shared->is_stopped) {
        uint64_t now_us = clock_monotonic_us();
        if (now_us >= next_us) {
            print_progress(rehearsal);
            next_us += 1000000;
        }
        const struct timespec wait = {0, 100 * 1000 * 1000};
        int number = sigtimedwait(signals, NULL, &wait);
        bool is_over = number == SIGINT || number == SIGTERM || now_us >= end_us;
        if (is_over) rehearsal->shared->is_stopped = true;
        reap(rehearsal, WNOHANG);
    }
}

/* ---- the end ---- */

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static bool write_report(const struct report *report, const char *path)
{
    json_t *json = report_json(report);
    bool is_written = json_dump_file(json, path, JSON_INDENT(2) | JSON_REAL_PRECISION(7)) == 0;
    json_decref(json);
    if (!is_written) fprintf(stderr, "jingda: %s cannot be written: %s\n", path, strerror(errno));
    return is_written;
}

static int tell(struct rehearsal *rehearsal)
{
    struct tally *all = calloc(1, sizeof *all);
    expect(all);
    struct rusage usage;
    struct report report = {.options = &rehearsal->options,
        .tally = all,
        .people_max = rehearsal->shared->people_max,
        .started_us = rehearsal->started_us};
    uint32_t done = 0;
    for (uint32_t i = 0; i < rehearsal->processes; i++) {
        tally_merge(all, &rehearsal->shared->tallies[i]);
        report.joined += rehearsal->shared->tallies[i].joined;
        done += rehearsal->shared->tallies[i].done;
    }
    expect(getrusage(RUSAGE_CHILDREN, &usage) == 0);
    report.crowd_cpu_seconds = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    report.is_whole = done == rehearsal->options.residents && !rehearsal->has_failed;
    report_print(stdout, &report);
    bool is_told = !rehearsal->options.report || write_report(&report, rehearsal->options.report);
    int status = report_is_clean(&report) ? EX_OK : 1;
    free(all);
    return is_told ? status : EX_CANTCREAT;
}

int rehearse_run(int argc, char **argv)
{
    struct rehearsal rehearsal = {0};
    char message[REHEARSE_MESSAGE_SIZE];
    const char *why = NULL;
    const struct rehearse_options *options = &rehearsal.options;
    if (!rehearse_options_read(&rehearsal.options, argc, argv, message)) {
        fprintf(stderr, "jingda: %s\n", message);
        return EX_USAGE;
    }
    if (options->is_help) return help();
    if (!rehearse_target_find(&rehearsal.target, options->host, options->port, options->host_allowed, &why)) {
        fprintf(stderr, "jingda: %s: %s\n", options->host, why);
        return EX_USAGE;
    }
    rehearsal.processes = processes_for(options->residents);
    if (rehearsal.processes == 0) {
        fputs("jingda: too many residents for this limit of descriptors; `ulimit -n` says what it is\n", stderr);
        return EX_USAGE;
    }
    void *memory =
        mmap(NULL, sizeof *rehearsal.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        fputs("jingda: no memory for the tallies\n", stderr);
        return EX_OSERR;
    }
    rehearsal.shared = memory;
    sigset_t signals, before;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before);
    rehearsal.started_us = clock_monotonic_us();
    if (!start_crowd(&rehearsal, &before)) {
        fprintf(stderr, "jingda: a process of the crowd cannot be started: %s\n", strerror(errno));
        rehearsal.shared->is_stopped = true;
        rehearsal.has_failed = true;
    }
    watch(&rehearsal, &signals);
    reap(&rehearsal, 0);
    int status = tell(&rehearsal);
    munmap(memory, sizeof *rehearsal.shared);
    return status;
}
