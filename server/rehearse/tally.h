/* What a rehearsal counts. Each process of the crowd has one tally of its own in shared memory, which only it writes;
 * the parent adds them up. Times are CLOCK_MONOTONIC in microseconds, the same for all processes. */
#ifndef JINGDA_REHEARSE_TALLY_H
#define JINGDA_REHEARSE_TALLY_H

#include "model/answer.h"
#include "model/limits.h"
#include "rehearse/histogram.h"

#include <stdatomic.h>
#include <stdbool.h>

#define REHEARSE_PROCESSES_MAX 64

struct asking_tally {
    uint32_t shown;        /* residents who got the question as it went out */
    uint32_t sent;         /* residents who sent an answer */
    uint32_t acknowledged; /* by `recorded`, or found in a snapshot after coming back */
    uint32_t refused[VERDICTS];
    uint32_t sent_again;
    uint32_t server_answered; /* what `revealed` says */
    uint64_t first_sent_us, last_acknowledged_us;
    struct histogram question, reveal, acknowledge;
};

struct proof_tally {
    uint32_t receipts;
    uint32_t reread; /* receipts compared with what the server said to a resident who came back */
    uint32_t lost, changed;
    uint32_t rights_checked; /* standings compared with the resident's own count of right answers */
    uint32_t rights_wrong;
    uint32_t reread_failed; /* receipts of the last asking that could not be compared */
};

struct tally {
    _Atomic uint32_t connected; /* now */
    _Atomic uint32_t joined;    /* ever */
    _Atomic uint32_t done;
    _Atomic uint32_t answers_sent, answers_acknowledged;
    _Atomic bool is_finished;
    uint32_t full_handshakes, resumed_handshakes;
    uint32_t refused[VERDICTS]; /* residents who were not let in */
    uint32_t gave_up;           /* could not connect in many tries */
    uint32_t failed_tries;
    uint32_t dropped; /* connections of joined residents that ended without our doing */
    uint32_t cut;     /* connections that --drop cut */
    uint32_t broken;  /* bytes from the server that break TLS, WebSocket or the protocol */
    uint64_t last_joined_us;
    struct proof_tally proof;
    struct asking_tally askings[ASKINGS_MAX + 1];
};

struct shared {
    _Atomic bool is_stopped;
    _Atomic uint32_t people_max; /* of the round, as the server told */
    _Atomic uint64_t first_question_us[ASKINGS_MAX + 1], first_reveal_us[ASKINGS_MAX + 1];
    struct tally tallies[REHEARSE_PROCESSES_MAX];
};

/* Microseconds since the first of the whole crowd was here, who may be this one. */
uint64_t since_first(_Atomic uint64_t *first_us, uint64_t now_us);

/* Adds everything but the atomics to `into`. */
void tally_merge(struct tally *into, const struct tally *from);
uint32_t verdicts_sum(const uint32_t counts[VERDICTS]);

#endif
