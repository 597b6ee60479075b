/* Role: one child's life: start, lines, end, and when to start again.
 * Input: orders and descriptors. Output: a running process. Leaves to others: which children there are, and their
 * order.
 *
 * fork, then execv of this same program: a child begins with nothing of ours but its words and its descriptors. */
#include "launch/children.h"

#include "base/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#define FIRST_WAIT_MS 100
#define WAIT_MAX_MS   5000
#define PARKING       200 /* descriptors above every child's own */

const char *child_name(const struct child *child, char name[16])
{
    if (child->role.kind == ROLE_EDGE)
        snprintf(name, 16, "edge %u", child->role.index % 1000);
    else
        snprintf(name, 16, "%s", child->role.kind == ROLE_CORE ? "core" : "desk");
    return name;
}

/* ---- in the child, between fork and exec ---- */

/* Puts each descriptor at its number. All are parked high first, so that none is overwritten on the way. */
static bool place_descriptors(const int descriptors[ROLE_DESCRIPTORS_END])
{
    int parked[ROLE_DESCRIPTORS_END];
    for (int i = 0; i < ROLE_DESCRIPTORS_END; i++) {
        parked[i] = descriptors[i] < 0 ? -1 : fcntl(descriptors[i], F_DUPFD_CLOEXEC, PARKING);
        if (descriptors[i] >= 0 && parked[i] < 0) return false;
    }
    for (int i = 0; i < ROLE_DESCRIPTORS_END; i++)
        if (parked[i] >= 0 && dup2(parked[i], i) < 0) return false;
    return true;
}

_Noreturn static void become(
    const struct child *child, const int descriptors[ROLE_DESCRIPTORS_END], char **words, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGINT, SIG_IGN); /* Ctrl-C goes to everyone at the terminal; launch says when to go */
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(EX_UNAVAILABLE); /* it had died before it could be watched */

    struct rlimit limit;
    if (child->descriptors_soft && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = child->descriptors_soft < limit.rlim_max ? child->descriptors_soft : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (place_descriptors(descriptors)) execv("/proc/self/exe", words);
    _exit(EX_OSERR);
}

/* ---- in launch ---- */

bool child_start(struct child *child, uint64_t now_ms)
{
    expect(child->pid == 0);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return false;
    char *words[ROLE_WORDS_MAX + 1];
    role_write(&child->role, words);
    int descriptors[ROLE_DESCRIPTORS_END];
    memcpy(descriptors, child->descriptors, sizeof descriptors);
    descriptors[ROLE_READY] = ends[1];

    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) become(child, descriptors, words, parent);
    role_words_free(words);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (child->pipe >= 0) close(child->pipe);
    child->pid = pid;
    child->pipe = ends[0];
    child->line_size = 0;
    child->is_ready = false;
    child->started_ms = now_ms;
    return true;
}

bool child_ended(struct child *child, uint64_t now_ms)
{
    bool is_quick = now_ms - child->started_ms < CHILDREN_QUICK_MS;
    child->pid = 0;
    child->is_ready = false;
    child->quick_deaths = is_quick ? child->quick_deaths + 1 : 0;
    uint64_t wait_ms = 0;
    /* The first two come back at once: residents wait. Then 100 ms, twice as long each time. */
    for (uint32_t death = 3; death <= child->quick_deaths && wait_ms < WAIT_MAX_MS; death++)
        wait_ms = wait_ms ? 2 * wait_ms : FIRST_WAIT_MS;
    child->start_at_ms = now_ms + (wait_ms < WAIT_MAX_MS ? wait_ms : WAIT_MAX_MS);
    return child->quick_deaths <= CHILDREN_QUICK_MAX;
}

static void drop_line(struct child *child)
{
    char *end = memchr(child->line, 0, child->line_size);
    if (!end) return;
    uint32_t used = (uint32_t)(end - child->line) + 1;
    child->line_size -= used;
    memmove(child->line, child->line + used, child->line_size);
}

const char *child_line(struct child *child)
{
    drop_line(child); /* the one that was handed out last */
    for (;;) {
        char *newline = memchr(child->line, '\n', child->line_size);
        if (newline) {
            *newline = 0;
            return child->line;
        }
        if (child->pipe < 0 || child->line_size == CHILD_LINE_MAX) return NULL;
        ssize_t got = read(child->pipe, child->line + child->line_size, CHILD_LINE_MAX - child->line_size);
        if (got > 0) {
            child->line_size += (uint32_t)got;
            continue;
        }
        if (got == 0) { /* all its ends are closed */
            close(child->pipe);
            child->pipe = -1;
        }
        return NULL;
    }
}
