/* An answer and what is said of it. */
#ifndef JINGDA_MODEL_ANSWER_H
#define JINGDA_MODEL_ANSWER_H

#include "model/question.h"

#include <stdbool.h>
#include <stdint.h>

/* An accepted answer, as it is recorded. */
struct answer {
    uint32_t round;
    uint16_t asking;
    uint32_t participant;
    choice_set choice;
    uint32_t elapsed_ms; /* after reading time and credit: what is scored */
    uint16_t credit_ms;
};

/* Whether something a resident asked for was done, and why not. docs/protocol.md has the sentences; numbers are on the
 * bus: append, never reorder. */
enum verdict {
    VERDICT_OK = 0,
    VERDICT_UNKNOWN_CODE,
    VERDICT_ROUND_OVER,
    VERDICT_LOBBY_LOCKED,
    VERDICT_ROUND_FULL,
    VERDICT_BAD_TOKEN,
    VERDICT_BAD_NAME,
    VERDICT_BAD_COMMUNITY,
    VERDICT_REMOVED,
    VERDICT_NEWER_CONNECTION,
    VERDICT_NOT_JOINED,
    VERDICT_ALREADY_ANSWERED,
    VERDICT_LATE,
    VERDICT_TOO_EARLY,
    VERDICT_WRONG_ASKING,
    VERDICT_BAD_CHOICE,
    VERDICT_KNOCKED_OUT,
    VERDICT_TRY_AGAIN,
    VERDICT_TOO_MANY_FRAMES,
    VERDICT_BAD_FRAME,
};
#define VERDICTS 20

/* "ok", "unknown_code", ... */
const char *verdict_name(enum verdict verdict);
/* True where the connection is closed after saying so. */
bool verdict_ends_connection(enum verdict verdict);

#endif
