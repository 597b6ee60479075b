/* Role: tells which resident is due. Input: due times, now. Output: indices. Leaves to others: the clock. */
#include "rehearse/timers.h"

#include "base/expect.h"

#include <stdlib.h>

#define SLOTS 65536 /* a due time beyond them goes round */
#define NONE  UINT32_MAX

struct timer {
    uint64_t due_ms;
    uint32_t next, previous;
    uint32_t slot; /* NONE: not set */
};

struct timers {
    uint64_t at_ms; /* every slot before it is empty */
    uint32_t heads[SLOTS];
    uint32_t count;
    struct timer items[];
};

struct timers *timers_create(uint32_t count, uint64_t now_ms)
{
    struct timers *timers = malloc(sizeof *timers + count * sizeof timers->items[0]);
    expect(timers);
    timers->at_ms = now_ms;
    timers->count = count;
    for (uint32_t i = 0; i < SLOTS; i++)
        timers->heads[i] = NONE;
    for (uint32_t i = 0; i < count; i++)
        timers->items[i] = (struct timer){0, NONE, NONE, NONE};
    return timers;
}

void timers_destroy(struct timers *timers)
{
    free(timers);
}

void timers_clear(struct timers *timers, uint32_t index)
{
    expect(index < timers->count);
    struct timer *timer = &timers->items[index];
    if (timer->slot == NONE) return;
    if (timer->previous == NONE)
        timers->heads[timer->slot] = timer->next;
    else
        timers->items[timer->previous].next = timer->next;
    if (timer->next != NONE) timers->items[timer->next].previous = timer->previous;
    timer->slot = NONE;
}

void timers_set(struct timers *timers, uint32_t index, uint64_t due_ms)
{
    timers_clear(timers, index);
    struct timer *timer = &timers->items[index];
    uint64_t at = due_ms < timers->at_ms ? timers->at_ms : due_ms;
    uint32_t slot = (uint32_t)(at % SLOTS);
    *timer = (struct timer){at, timers->heads[slot], NONE, slot};
    if (timer->next != NONE) timers->items[timer->next].previous = index;
    timers->heads[slot] = index;
}

bool timers_next(struct timers *timers, uint64_t now_ms, uint32_t *index)
{
    for (; timers->at_ms <= now_ms; timers->at_ms++) {
        for (uint32_t i = timers->heads[timers->at_ms % SLOTS]; i != NONE; i = timers->items[i].next) {
            if (timers->items[i].due_ms > timers->at_ms) continue; /* another turn of the wheel */
            timers_clear(timers, i);
            *index = i;
            return true;
        }
    }
    return false;
}

uint32_t timers_wait_ms(const struct timers *timers, uint32_t max_ms)
{
    uint32_t wait_ms = 0;
    while (wait_ms < max_ms && timers->heads[(timers->at_ms + wait_ms) % SLOTS] == NONE)
        wait_ms++;
    return wait_ms;
}
