/* One timer for each resident of a process: a wheel of milliseconds, so that setting, taking back and firing cost the
 * same for one resident and for twenty thousand. */
#ifndef JINGDA_REHEARSE_TIMERS_H
#define JINGDA_REHEARSE_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct timers;

/* `count` timers, none set; `now_ms` is where the wheel stands. */
struct timers *timers_create(uint32_t count, uint64_t now_ms);
void timers_destroy(struct timers *timers);
/* Sets it, or sets it anew. A time that has passed fires with the next timers_next. */
void timers_set(struct timers *timers, uint32_t index, uint64_t due_ms);
void timers_clear(struct timers *timers, uint32_t index);
/* One timer that is due, and clears it. False: none up to `now_ms`. */
bool timers_next(struct timers *timers, uint64_t now_ms, uint32_t *index);
/* Until when nothing can be due, counted from the last timers_next; at most `max_ms`. */
uint32_t timers_wait_ms(const struct timers *timers, uint32_t max_ms);

#endif
