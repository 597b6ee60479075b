#include "base/clock.h"

#include <time.h>

static uint64_t now_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

uint64_t clock_monotonic_us(void)
{
    return now_us(CLOCK_MONOTONIC);
}
uint64_t clock_monotonic_ms(void)
{
    return now_us(CLOCK_MONOTONIC) / 1000;
}
uint64_t clock_wall_ms(void)
{
    return now_us(CLOCK_REALTIME) / 1000;
}
