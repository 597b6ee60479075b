/* Role: one child's life: start, lines, end, and when to start again.
 * Input: orders and descriptors. Output: a running process. Leaves to others: which children there are, and their
 * order.
 *
 * fork, then execve of this same program: a child begins with nothing of ours but its words, its descriptors and a few
 * variables, and can never gain rights that it does not begin with. */
#include "launch/children.h"

#include "base/expect.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define WAIT_STEP_MS 100
#define PARKING      200 /* descriptors above every child's own */

const char *child_name(const struct child *child, char name[16])
{
    if (child->role.kind == ROLE_EDGE)
        snprintf(name, 16, "edge %u", child->role.index % 1000);
    else
        snprintf(name, 16, "%s", child->role.kind == ROLE_CORE ? "core" : "desk");
    return name;
}

/* What the program's libraries may need, and nothing that may be secret: the rest of launch's environment is an
 * operator's or a service manager's. LD_LIBRARY_PATH: without it the program would not even start where it stands in
 * for ld.so.conf. */
void child_environment(char *const *ours, char *given[CHILD_ENVIRONMENT_MAX])
{
    static const char *const names[] = {"PATH=", "LANG=", "LC_ALL=", "LC_CTYPE=", "TZ=", "LD_LIBRARY_PATH=",
        "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "ASAN_SYMBOLIZER_PATH=", "LLVM_PROFILE_FILE="};
    _Static_assert(sizeof names / sizeof names[0] < CHILD_ENVIRONMENT_MAX, "all of them and the NULL fit");
    uint32_t count = 0;
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (char *const *at = ours; *at; at++) {
            if (strncmp(*at, names[i], strlen(names[i])) != 0) continue;
            given[count++] = *at;
            break; /* each once */
        }
    }
    given[count] = NULL;
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
    umask(077); /* what they write, the databases above all, is for their own user */
    char *environment[CHILD_ENVIRONMENT_MAX];
    child_environment(environ, environment);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && place_descriptors(descriptors))
        execve("/proc/self/exe", words, environment);
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
    child->is_skipping = child->has_rambled = false;
    child->is_ready = false;
    child->started_ms = now_ms;
    return true;
}

void child_ended(struct child *child, uint64_t now_ms)
{
    bool is_quick = now_ms - child->started_ms < CHILDREN_QUICK_MS;
    child->pid = 0;
    child->is_ready = false;
    child->quick_deaths = is_quick ? child->quick_deaths + 1 : 0;
    /* The first two come back at once: residents wait. Then 100 ms more each time: doubling would be at 5 s after
     * eight, and so would be a child that somebody killed eight times. */
    uint64_t wait_ms = child->quick_deaths > 2 ? (uint64_t)WAIT_STEP_MS * (child->quick_deaths - 2) : 0;
    child->start_at_ms = now_ms + (wait_ms < CHILDREN_WAIT_MAX ? wait_ms : CHILDREN_WAIT_MAX);
}

bool child_end_is_told(struct child *child, uint64_t now_ms, uint32_t *untold)
{
    if (child->quick_deaths > 2 && child->told_ms && now_ms < child->told_ms + CHILDREN_TELL_MS) {
        child->untold++;
        return false;
    }
    *untold = child->untold;
    child->untold = 0;
    child->told_ms = now_ms;
    return true;
}

bool child_line_is_told(struct child *child, uint64_t now_ms)
{
    if (child->line_told_ms && now_ms < child->line_told_ms + CHILD_LINES_EACH_MS) return false;
    child->line_told_ms = now_ms;
    return true;
}

static void drop_line(struct child *child)
{
    char *end = memchr(child->line, 0, child->line_size);
    if (!end) return;
    uint32_t used = (uint32_t)(end - child->line) + 1;
    child->line_size -= used;
    memmove(child->line, child->line + used, child->line_size);
}

/* The pipe holds more than a line may be: what has been read of it goes, and the rest up to the newline. */
static void drop_overlong(struct child *child)
{
    char name[16];
    child->line_size = 0;
    child->is_skipping = true;
    if (!child->has_rambled)
        log_warning("%s says a line of more than %d bytes: it is dropped", child_name(child, name), CHILD_LINE_MAX);
    child->has_rambled = true;
}

/* The end of the line that is being dropped, if it is here. */
static void end_skipping(struct child *child)
{
    char *newline = memchr(child->line, '\n', child->line_size);
    uint32_t used = newline ? (uint32_t)(newline - child->line) + 1 : child->line_size;
    child->line_size -= used;
    memmove(child->line, child->line + used, child->line_size);
    if (newline) child->is_skipping = false;
}

const char *child_line(struct child *child)
{
    drop_line(child); /* the one that was handed out last */
    for (int reads = 0;; reads++) {
        if (child->is_skipping) end_skipping(child);
        char *newline = memchr(child->line, '\n', child->line_size);
        if (newline) {
            *newline = 0;
            return child->line;
        }
        if (child->line_size == CHILD_LINE_MAX) drop_overlong(child);
        if (child->pipe < 0 || reads == CHILD_LINE_READS) return NULL;
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
