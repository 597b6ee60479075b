/* The processes that launch starts: each knows how to start again, and how soon. Time is handed in, so that the rule
 * can be tested. */
#ifndef JINGDA_LAUNCH_CHILDREN_H
#define JINGDA_LAUNCH_CHILDREN_H

#include "launch/role.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_QUICK_MS   10000 /* a life shorter than that is a quick death */
#define CHILDREN_WAIT_MAX   5000  /* ms from a death to the next start, at most */
#define CHILDREN_TELL_MS    60000 /* between two log lines about one child's quick deaths */
#define CHILD_LINE_MAX      512
#define CHILD_LINE_READS    16 /* of one call: a child that writes without end does not hold up launch */
#define CHILD_LINES_EACH_MS 1000

struct child {
    struct role role;
    int descriptors[ROLE_DESCRIPTORS_END]; /* by the child's number; -1: none. [ROLE_READY] is made at each start */
    uint32_t descriptors_soft;             /* RLIMIT_NOFILE to give it; 0: ours */
    pid_t pid;                             /* 0: not running */
    int pipe;                              /* its lines; -1 */
    char line[CHILD_LINE_MAX];
    uint32_t line_size;
    bool is_skipping, has_rambled; /* inside a line that is too long; has had one in this life */
    bool is_ready;
    uint64_t started_ms, start_at_ms;
    uint32_t quick_deaths, untold; /* deaths since the last that was told of */
    uint64_t told_ms;              /* of a death; 0: never */
    uint64_t line_told_ms;         /* of a line that went to the log; 0: never */
};

/* "core", "edge 2", "desk" */
const char *child_name(const struct child *child, char name[16]);

/* Forks and becomes the same program with the role's words. False: no process or pipe was to be had. */
bool child_start(struct child *child, uint64_t now_ms);
/* It ended (and was reaped): start_at_ms says when it starts again. There is no last time: what serves on without it
 * serves somebody. */
void child_ended(struct child *child, uint64_t now_ms);
/* After child_ended: whether this death is to be told; *untold others before it were not. */
bool child_end_is_told(struct child *child, uint64_t now_ms, uint32_t *untold);
/* Whether something it says may go to the log: a child that was broken into may write for ever. */
bool child_line_is_told(struct child *child, uint64_t now_ms);
/* Next whole line from its pipe, without the newline; NULL when there is none yet. A line that is too long is dropped.
 */
const char *child_line(struct child *child);
/* For tests: what a child is given of our environment, NULL-ended. */
#define CHILD_ENVIRONMENT_MAX 16
void child_environment(char *const *ours, char *given[CHILD_ENVIRONMENT_MAX]);

#endif
