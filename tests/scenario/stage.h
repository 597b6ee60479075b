/* The stage of a scenario: the real engine, core's turn and sessions over the memory bus and memory records, with a few
 * people whom a script tells what to do. Nothing is left to chance: every step is a millisecond in which all processes
 * run once, in the same order. Whatever is heard or becomes durable is written down, one readable line for each. */
#ifndef JINGDA_SCENARIO_STAGE_H
#define JINGDA_SCENARIO_STAGE_H

#include "bus/memory.h"
#include "core/turn.h"
#include "engine/engine.h"
#include "session/sessions.h"
#include "simulation/memory_records.h"

#define STAGE_EDGES  3
#define STAGE_SLOTS  32
#define PEOPLE_MAX   12
#define ASKINGS      4
#define START_MS     1000000
#define CLOCK_OFFSET 1700000000000 /* engine time - the stage's */

struct stage;

struct outgoing {
    char text[256];
    struct outgoing *next;
};

struct person {
    char name[24];
    bool is_screen, is_open, is_blocked;
    uint8_t edge;
    uint32_t slot, round_trip_ms;
    char nonce[23], token[64];
    uint16_t asking, held_asking; /* open on the page; of the answer that is not acknowledged */
    unsigned held_choice;
    char *waiting; /* the frame that a blocked reader has not taken */
    struct outgoing *outbox;
};

struct stage_edge {
    struct stage *stage;
    uint8_t index;
    bool is_up, is_held; /* held: what it says to the core waits */
    struct sessions *sessions;
    struct bus *bus;
    struct bus_channel *channel;
    uint64_t boot;
};

struct stage {
    uint64_t now_ms;
    struct memory_records *memory;
    struct bus_memory_hub *hub;
    struct turn *turn; /* NULL: the core is not there */
    struct bus *core_bus;
    uint64_t term;
    uint32_t rows_seen;
    struct stage_edge edges[STAGE_EDGES];
    unsigned edges_count;
    struct person people[PEOPLE_MAX];
    unsigned people_count;

    struct rules rules;
    struct asking_rules askings[ASKINGS];
    unsigned askings_count;
    uint32_t round, code;
    struct bus *host_bus;
    struct bus_channel *host;
    uint64_t host_ids;

    char *trace;
    size_t trace_size, trace_capacity;
};

struct stage *stage_create(void);
void stage_destroy(struct stage *stage);
/* A line of the trace as it stands, and one with the time before it. */
void stage_write(struct stage *stage, const char *line);
void stage_note(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Time goes on; everybody and every process acts in each millisecond. */
void stage_run(struct stage *stage, uint64_t ms);

/* processes.c */
void core_start(struct stage *stage);
void core_kill(struct stage *stage);
void edge_start(struct stage *stage, unsigned edge);
void edge_kill(struct stage *stage, unsigned edge);
void processes_turn(struct stage *stage);
/* people.c */
struct person *person_of(struct stage *stage, const char *name); /* a new one where nobody is called so */
struct person *person_at(struct stage *stage, uint8_t edge, uint32_t slot);
struct person *person_of_nonce(struct stage *stage, const uint8_t nonce[NONCE_SIZE]);
bool person_comes(struct stage *stage, struct person *person, unsigned edge);
void person_leaves(struct stage *stage, struct person *person);
void person_says(struct person *person, const char *text);
void person_answers(struct stage *stage, struct person *person, uint16_t asking, const char *letters);
void person_reads_on(struct stage *stage, struct person *person);
void person_hears(struct stage *stage, struct person *person, const char *text);
void people_turn(struct stage *stage);
/* host.c */
void host_start(struct stage *stage);
void host_creates(struct stage *stage);
void host_says(struct stage *stage, enum control_kind kind, uint16_t asking, uint32_t participant, uint32_t value);
/* words.c: frames and facts as a person would put them */
void words_of_frame(const char *text, char *out, size_t size); /* "" for a beat */
void words_of_row(struct stage *stage, const struct memory_row *row, char *out, size_t size);
void words_of_choice(unsigned choice, char out[16]);
const char *control_word(enum control_kind kind);
/* script.c: one line; false where it is not understood */
bool script_line(struct stage *stage, const char *line);

#endif
