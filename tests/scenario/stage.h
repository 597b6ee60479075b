/* The stage of a scenario: the real core turn and two edges' real sessions over the memory bus, a clock that only the
 * script moves, and a trace of what stands in the log and what everybody hears. */
#ifndef JINGDA_SCENARIO_STAGE_H
#define JINGDA_SCENARIO_STAGE_H

#include "bus/memory.h"
#include "core/turn.h"
#include "session/sessions.h"
#include "simulation/memory_records.h"

#define STAGE_EDGES     2
#define STAGE_RESIDENTS 10
#define STAGE_SLOTS     16
#define STAGE_TRACE_MAX 65536

struct stage_edge {
    bool is_up;
    uint64_t boot;
    struct sessions *sessions;
    struct bus *bus;
    struct bus_channel *channel;
    int resident_of_slot[STAGE_SLOTS]; /* -1: nobody */
};

struct stage_resident {
    char token[64];
    int edge; /* -1: not connected */
    uint32_t slot;
    bool has_joined;
};

struct stage {
    uint64_t now_ms;
    struct memory_records *memory;
    struct bus_memory_hub *hub;
    struct turn *turn; /* NULL: killed */
    struct bus *core_bus;
    uint64_t term;
    struct stage_edge edges[STAGE_EDGES];
    struct stage_resident residents[STAGE_RESIDENTS];
    struct bus *host_bus;
    struct bus_channel *host;
    uint64_t host_ids;
    uint32_t round, code;
    uint32_t rows_told;
    char trace[STAGE_TRACE_MAX];
    size_t trace_size;
};

struct stage *stage_create(void);
void stage_destroy(struct stage *stage);
/* One command of a script. False: it is not one. */
bool stage_command(struct stage *stage, const char *line);

#endif
