/* `jingda serve`: opens what must be open, starts core, edges and desk, keeps them alive, and stops them in order. */
#ifndef JINGDA_LAUNCH_LAUNCH_H
#define JINGDA_LAUNCH_LAUNCH_H

#include "launch/options.h"

#include <stdio.h>

/* What launch needs and may not include itself. */
struct launch_calls {
    int (*bus_bind)(const char *address);          /* a listening descriptor of the bus, or -1 */
    void (*print_qr)(FILE *out, const char *text); /* the residents' address, to be scanned off the terminal */
};

/* Runs until SIGTERM or SIGINT, and returns a status of sysexits.h; 0 after an orderly stop. Says on standard output
 * where everything is, then a line `ready`; what went wrong goes to standard error in one line. */
int launch_run(const struct launch_options *options, const struct launch_calls *calls);

/* How many edges: `wanted`, or where that is 0 enough for the residents under a process's limit of descriptors, and one
 * for each processor. */
uint32_t launch_edges(uint32_t wanted, uint32_t residents, uint32_t descriptors, uint32_t processors);

#endif
