/* One process of the crowd: its residents, from the first connection to the last comparison. */
#ifndef JINGDA_REHEARSE_CROWD_H
#define JINGDA_REHEARSE_CROWD_H

#include "rehearse/options.h"
#include "rehearse/timers.h"
#include "rehearse/wire.h"

#include <jansson.h>

enum stage {
    STAGE_AWAY,    /* not joined: waits for its time, or connects */
    STAGE_PLAYING, /* has a token */
    STAGE_PROVING, /* the round is over: comes back once more, to compare */
    STAGE_DONE,
};

enum answer_state { ANSWER_NONE, ANSWER_PLANNED, ANSWER_SENT, ANSWER_ACKNOWLEDGED, ANSWER_REFUSED, ANSWER_LOST };

enum cut { CUT_NONE, CUT_BEFORE, CUT_AFTER }; /* --drop: before the answer is sent, or after */

struct resident {
    struct wire wire;
    enum stage stage;
    uint8_t tries;
    bool is_waiting_turn;           /* for a place among those who connect */
    char token[TOKEN_TEXT_MAX + 1]; /* "": none yet */
    uint8_t nonce[NONCE_SIZE];
    /* of the asking at hand */
    uint16_t asking; /* 0: none yet */
    choice_set choice;
    enum answer_state answer;
    enum cut cut;
    bool was_cut; /* its acknowledgement's time says nothing of the server */
    uint64_t sent_us;
    uint64_t receipt; /* a hash of the receipt's code */
    /* of the round so far */
    uint16_t revealed_asking, standing_asking, rights;
    bool is_uncounted; /* missed a reveal, so that `rights` says nothing */
};

/* What the question at hand allows, read once for all residents of the process. */
struct asking_facts {
    uint16_t asking;
    uint8_t options;
    bool is_multiple, is_poll;
};

#define FRAMES_KEPT 8

/* Frames that are the same bytes for all are parsed once. */
struct kept_frame {
    uint8_t *bytes;
    size_t size;
    json_t *json;
};

struct crowd {
    const struct rehearse_options *options;
    struct shared *shared;
    struct tally *tally;
    struct wires wires;
    struct random random;
    struct timers *timers;
    struct asking_facts facts;
    struct kept_frame kept[FRAMES_KEPT];
    bool is_any_voided;
    uint32_t first, count; /* of all residents */
    uint32_t connecting;
    uint32_t *turns; /* ring of those who wait to connect */
    uint32_t turns_begin, turns_count;
    uint32_t done;
    struct resident residents[];
};

/* Plays residents first .. first + count - 1 until all are done or the rehearsal is stopped. Returns an exit status. */
int crowd_run(const struct rehearse_options *options, const struct rehearse_target *target, struct shared *shared,
    uint32_t process, uint32_t first, uint32_t count);

/* ---- resident.c: what a resident says and hears ---- */

/* WebSocket stands: says hello. */
void resident_opened(struct crowd *crowd, uint32_t index);
void resident_heard(struct crowd *crowd, uint32_t index, struct span text);
/* Its moment to answer (or to be cut) has come. */
void resident_due(struct crowd *crowd, uint32_t index);

/* ---- crowd.c: for resident.c ---- */

/* Leaves on purpose and comes back after `wait_ms`. */
void crowd_come_back(struct crowd *crowd, uint32_t index, uint32_t wait_ms);
/* Wants no more. */
void crowd_done(struct crowd *crowd, uint32_t index);
/* The frame, parsed, or NULL; the caller gives it back with json_decref. What was just parsed is not parsed again. */
json_t *crowd_parse(struct crowd *crowd, struct span text);

#endif
