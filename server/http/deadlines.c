/* Role: who has been too long in a stage. Input: stages entered, the time. Output: who is late.
 * Leaves to others: ending them. */
#include "http/deadlines.h"

#include <stddef.h>

static const uint32_t lengths_ms[STAGES] = {
    [STAGE_HANDSHAKE] = 20000, /* the usual 5 s drops honest people in a stampede */
    [STAGE_HEADERS] = 10000,
    [STAGE_IDLE] = 5000,
    [STAGE_BODY] = 10000,
    [STAGE_RESPONSE] = 30000, /* 30 KB at 1 KB a second */
    [STAGE_STALLED] = 10000,
    [STAGE_CLOSING] = 5000,
};

uint32_t deadlines_length_ms(enum stage stage)
{
    return lengths_ms[stage];
}

void deadlines_init(struct deadlines *deadlines)
{
    for (int stage = 0; stage < STAGES; stage++) {
        struct deadline *head = &deadlines->heads[stage];
        *head = (struct deadline){.next = head, .previous = head};
    }
}

void deadlines_enter(struct deadlines *deadlines, struct deadline *deadline, enum stage stage, uint64_t now_ms)
{
    if (deadline->next) {
        deadline->previous->next = deadline->next;
        deadline->next->previous = deadline->previous;
        deadline->next = deadline->previous = NULL;
    }
    deadline->stage = stage;
    if (stage == STAGE_NONE) return;
    struct deadline *head = &deadlines->heads[stage];
    deadline->at_ms = now_ms + lengths_ms[stage];
    deadline->previous = head->previous;
    deadline->next = head;
    head->previous->next = deadline;
    head->previous = deadline;
}

struct deadline *deadlines_late(struct deadlines *deadlines, uint64_t now_ms)
{
    for (int stage = STAGE_NONE + 1; stage < STAGES; stage++) {
        struct deadline *first = deadlines->heads[stage].next;
        if (first == &deadlines->heads[stage] || first->at_ms > now_ms) continue;
        deadlines_enter(deadlines, first, STAGE_NONE, now_ms);
        return first;
    }
    return NULL;
}

struct deadline *deadlines_next(struct deadlines *deadlines, enum stage stage, struct deadline *after)
{
    struct deadline *head = &deadlines->heads[stage];
    struct deadline *next = after ? after->next : head->next;
    return next == head ? NULL : next;
}
