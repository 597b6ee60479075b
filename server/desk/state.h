/* The state of a round as an organizer's page is told it. Pure. */
#ifndef JINGDA_DESK_STATE_H
#define JINGDA_DESK_STATE_H

#include "desk/facts.h"

struct state_watcher {
    uint64_t id;
    const char *name;
    bool is_mine;
};

struct state_view {
    const struct round_facts *facts;
    const struct core_status *status;
    uint32_t since_ms; /* since the status was told: the clock went on */
    bool is_core_up;
    const struct core_health *health; /* NULL: not told yet, or the core is away */
    const char *holder;               /* of the lease, or NULL */
    bool is_mine;
    const struct state_watcher *watchers;
    uint32_t watchers_count;
    bool is_whole; /* with title, unit, rules, questions, pictures */
};

/* The caller owns it. */
json_t *state_json(const struct state_view *view);

#endif
