/* The core process: the engine and the only writer of core.db. */
#ifndef JINGDA_CORE_CORE_H
#define JINGDA_CORE_CORE_H

#include "bus/bus.h"

#include <stdint.h>

struct core_options {
    const char *folder;     /* data */
    uint32_t residents_max; /* capacity of the engine */
    uint32_t edges_expected;
    int edge_listener; /* inherited listening descriptors of the bus */
    int desk_listener;
    uint32_t edge_uid, desk_uid; /* who may connect there */
    uint8_t edge_secret[16];     /* by which it tells its own edges from other processes of their user */
    int ready_descriptor;        /* a line "ready\n" goes here when the core serves; or "error TEXT\n"; -1: nowhere */
};

/* Runs until SIGTERM: then finishes the turn, commits, and returns 0. Otherwise a status of sysexits.h. */
int core_run(const struct core_options *options);

#endif
