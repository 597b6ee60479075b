/* The only place that asks the machine for time. Pure folders are handed the time instead. */
#ifndef JINGDA_BASE_CLOCK_H
#define JINGDA_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds (microseconds) of CLOCK_MONOTONIC: the same for all processes of one machine, never set back. */
uint64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_us(void);
/* Milliseconds since 1970 by the wall clock, which can be set. */
uint64_t clock_wall_ms(void);

#endif
