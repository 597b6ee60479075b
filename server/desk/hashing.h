/* Passwords hashed beside the loop, few at once: scrypt takes a whole processor and 32 MiB for 0.1 s, and edges and
 * core want the processors too. Strangers have one place, so that whoever pours invented names in holds up strangers
 * only; who comes with a device that signed in before finds the other place free. */
#ifndef JINGDA_DESK_HASHING_H
#define JINGDA_DESK_HASHING_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define HASHING_AT_ONCE_MAX   2 /* of libuv's 4 threads: reading tables never waits for a password */
#define HASHING_STRANGERS_MAX 1 /* of those */
#define HASHING_WAITING_MAX   7 /* strangers, and as many known; past it: 429 */

struct hashing;

/* The first member of what the caller hands in. */
struct hashing_job {
    uv_work_t request;
    struct hashing *hashing;
    struct hashing_job *next;
    bool is_known;
    void (*work)(struct hashing_job *job); /* on a thread of its own */
    void (*done)(struct hashing_job *job); /* back on the loop; the job is the caller's again */
};

struct hashing_line {
    struct hashing_job *first, *last;
    uint32_t count;
};

struct hashing {
    uv_loop_t *loop;
    struct hashing_line known, strangers; /* waiting */
    uint32_t running, strangers_running;
};

/* Whether one more would be taken. */
bool hashing_has_room(const struct hashing *hashing, bool is_known);
/* Needs room. `work`, `done` and `is_known` are set. */
void hashing_add(struct hashing *hashing, struct hashing_job *job);
/* Nothing runs or waits. */
bool hashing_is_idle(const struct hashing *hashing);

#endif
