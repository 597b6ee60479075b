/* Role: counts durations. Input: microseconds. Output: percentiles. Leaves to others: what they mean. */
#include "rehearse/histogram.h"

/* Below 64 us one bucket for each value; above, 64 for each doubling. */
static uint32_t bucket_of(uint32_t us)
{
    if (us < 64) return us;
    uint32_t exponent = 31 - (uint32_t)__builtin_clz(us);
    return (exponent - 5) * 64 + ((us >> (exponent - 6)) & 63);
}

static uint32_t bucket_end(uint32_t bucket)
{
    if (bucket < 64) return bucket;
    uint32_t exponent = bucket / 64 + 5;
    return (uint32_t)(((uint64_t)(64 + bucket % 64 + 1) << (exponent - 6)) - 1);
}

void histogram_add(struct histogram *histogram, uint64_t us)
{
    uint32_t value = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
    histogram->counts[bucket_of(value)]++;
    histogram->total++;
    if (value > histogram->max_us) histogram->max_us = value;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (from->total == 0) return;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->counts[i] += from->counts[i];
    into->total += from->total;
    if (from->max_us > into->max_us) into->max_us = from->max_us;
}

uint32_t histogram_percentile(const struct histogram *histogram, uint32_t per_cent)
{
    if (histogram->total == 0) return 0;
    uint64_t wanted = ((uint64_t)histogram->total * per_cent + 99) / 100;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen < wanted || seen == 0) continue;
        uint32_t end = bucket_end(i);
        return end < histogram->max_us ? end : histogram->max_us;
    }
    return histogram->max_us;
}
