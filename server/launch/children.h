/* The processes that launch starts: each knows how to start again, and how soon. Time is handed in, so that the rule
 * can be tested. */
#ifndef JINGDA_LAUNCH_CHILDREN_H
#define JINGDA_LAUNCH_CHILDREN_H

#include "launch/role.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_QUICK_MS  10000 /* a life shorter than that is a quick death */
#define CHILDREN_QUICK_MAX 12    /* quick deaths in a row; then there is no use */
#define CHILD_LINE_MAX     512

struct child {
    struct role role;
    int descriptors[ROLE_DESCRIPTORS_END]; /* by the child's number; -1: none. [ROLE_READY] is made at each start */
    uint32_t descriptors_soft;             /* RLIMIT_NOFILE to give it; 0: ours */
    pid_t pid;                             /* 0: not running */
    int pipe;                              /* its lines; -1 */
    char line[CHILD_LINE_MAX];
    uint32_t line_size;
    bool is_ready;
    uint64_t started_ms, start_at_ms;
    uint32_t quick_deaths;
};

/* "core", "edge 2", "desk" */
const char *child_name(const struct child *child, char name[16]);

/* Forks and becomes the same program with the role's words. False: no process or pipe was to be had. */
bool child_start(struct child *child, uint64_t now_ms);
/* It ended (and was reaped): says when it may start again in start_at_ms. False: it died quickly too often. */
bool child_ended(struct child *child, uint64_t now_ms);
/* Next whole line from its pipe, without the newline; NULL when there is none yet. */
const char *child_line(struct child *child);

#endif
