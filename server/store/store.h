/* core.db: the durable records of every round. One writer (the core), read-only readers (the desk).
 *
 * Everything between two commits is one transaction: begun by the first append, ended by store_commit or store_cancel.
 * A record is durable when store_commit returned STORE_OK, under WAL and synchronous=FULL, and never before. */
#ifndef JINGDA_STORE_STORE_H
#define JINGDA_STORE_STORE_H

#include "base/bytes.h"
#include "model/answer.h"
#include "model/event.h"
#include "model/round.h"
#include "model/rules.h"
#include "model/standing.h"

struct store;

enum store_result {
    STORE_OK,
    STORE_FULL,   /* disk or quota full: nothing of this batch is kept, later ones may work */
    STORE_BROKEN, /* I/O error, failed fsync, damaged file: nothing of this batch is kept, the process must end */
};

enum store_open_result {
    STORE_OPENED,
    STORE_LOCKED,    /* another core holds DATA/core.lock */
    STORE_NEWER,     /* written by a newer version of Jingda */
    STORE_FOREIGN,   /* not a database of Jingda's core */
    STORE_READ_ONLY, /* the folder or the file cannot be written */
    STORE_NO_SPACE,
    STORE_PRAGMA, /* WAL, synchronous=FULL or another setting did not take */
    STORE_DAMAGED,
    STORE_IO,
};

/* The status of sysexits.h that a process ends with. */
int store_open_status(enum store_open_result result);

struct store_options {
    const char *folder;      /* the data folder; core.db and core.lock are in it */
    bool is_read_only;       /* a reader: mode=ro, busy_timeout, no lock taken */
    const char *vfs;         /* NULL: the default; tests hand in their own */
    const char *synchronous; /* NULL: FULL; the power-cut test shows that NORMAL loses */
};

/* Opens, creates or migrates. On failure *out is NULL and `message` (at least 256 bytes) says in one line what is wrong
 * and where. */
enum store_open_result store_open(const struct store_options *options, struct store **out, char message[256]);
void store_close(struct store *store);

/* ---- appending; results of the single appends show at the commit ---- */

struct round_record {
    uint32_t round;
    uint32_t code; /* six digits */
    uint64_t created_ms;
    uint64_t seed; /* of the option shuffle */
    struct rules rules;
    const char *title;
    const char *unit;
    const char *const *communities; /* rules.communities_count of them */
    uint16_t askings_count;
    const struct asking_rules *askings;
    const struct question *questions; /* texts, as shown: options already in their order */
};

/* The sequence number of the last record appended (control, join or answer), contiguous; of an open batch too: a batch
 * that fails or is cancelled gives its numbers back. For a reader: the last one when it was opened. */
uint64_t store_last_seq(const struct store *store);

void store_append_round(struct store *store, const struct round_record *record);
void store_append_control(struct store *store, const struct control *control);
/* `name` may be empty; it is kept apart (person), so that it can be deleted by itself. */
void store_append_join(struct store *store, uint32_t round, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE], uint64_t at_ms, struct span name);
/* Held back and written together at the commit. A second answer of a participant (below PARTICIPANTS_MAX) to the same
 * asking makes the batch fail whole: STORE_BROKEN. */
void store_append_answer(struct store *store, const struct answer *answer, uint64_t at_ms);
void store_append_standing(
    struct store *store, uint32_t round, uint16_t asking, uint16_t rules_version, const uint8_t *packed, size_t size);
void store_set_name(struct store *store, uint32_t round, uint32_t number, struct span name);
/* A picture by the sha256 (hex) of its bytes; type is "png", "jpg" or "webp". */
void store_append_picture(struct store *store, const char sha256[65], const char *type, struct span bytes);
/* Small values of the core itself: the token key, the term. */
void store_set_value(struct store *store, const char *name, struct span value);

bool store_has_batch(const struct store *store);
enum store_result store_commit(struct store *store) __attribute__((warn_unused_result));
/* Drops the open batch. */
void store_cancel(struct store *store);
/* PASSIVE checkpoint; `truncate` when idle. Returns the WAL's pages. -1: an I/O error or a failed fsync, the process
 * must end. A reader in the way or a full disk is not an error: what is not moved now is moved the next time. No open
 * batch. */
int store_checkpoint(struct store *store, bool truncate);
/* Pages in the WAL (of 4 KiB) after the last commit or checkpoint. */
int store_wal_pages(const struct store *store);
/* One line about the last failure; empty where there was none. */
const char *store_message(const struct store *store);

/* ---- reading back; callbacks return false to stop; false from the function: the database could not be read ----
 * Answers of an open batch are not seen. A callback may call any other function of the store, not the one that called
 * it. */

bool store_get_value(struct store *store, const char *name, void *out, size_t size); /* exactly `size` bytes */
uint64_t store_last_at_ms(struct store *store); /* the latest at_ms of any durable record, 0 in an empty log */
uint32_t store_last_round(struct store *store);

/* Rounds in order of number; `unended` keeps to those without ROUND_ENDED. The record is borrowed for the call. */
bool store_each_round(struct store *store, bool unended,
    bool (*on_round)(void *context, const struct round_record *record), void *context);
/* False also where there is no such round. */
bool store_get_round(struct store *store, uint32_t round,
    bool (*on_round)(void *context, const struct round_record *record), void *context);
bool store_each_control(struct store *store, uint32_t round,
    bool (*on_control)(void *context, uint64_t seq, const struct control *control), void *context);
bool store_each_participant(struct store *store, uint32_t round,
    bool (*on_participant)(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
        const uint8_t nonce[NONCE_SIZE]),
    void *context);
/* Answers of one asking in order of participant, from number `from` on (slices: stop, and go on from there). The first
 * slice loads the asking (0.1 s for 340,000), which is kept until it has been read to its end. False also where a
 * participant stands there twice. */
bool store_each_answer(struct store *store, uint32_t round, uint16_t asking, uint32_t from,
    bool (*on_answer)(void *context, const struct answer *answer), void *context);
/* One answer, its place in the log, and when it was recorded: the at_ms of its batch. False where there is none. */
bool store_get_answer(struct store *store, uint32_t round, uint16_t asking, uint32_t participant, struct answer *answer,
    uint64_t *seq, uint64_t *at_ms);
/* The last standing at or before `asking` (0xffff: the last). Checked against its sha256. False where there is none;
 * `packed` is freed by the caller. */
bool store_last_standing(
    struct store *store, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count);
/* Empty where none was given or it was deleted. `out` has 4 * NAME_CHARS_MAX + 1 bytes. */
bool store_get_name(struct store *store, uint32_t round, uint32_t number, char *out);
bool store_get_picture(struct store *store, const char sha256[65], char type[8], uint8_t **bytes, size_t *size);

#endif
