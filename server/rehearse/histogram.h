/* Durations counted into buckets of 1.6% width, so that a percentile of a million residents costs 7 KB. Lives in memory
 * that processes share; zeroed memory is an empty histogram. */
#ifndef JINGDA_REHEARSE_HISTOGRAM_H
#define JINGDA_REHEARSE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS (64 * 27)

struct histogram {
    uint32_t total;
    uint32_t max_us;
    uint32_t counts[HISTOGRAM_BUCKETS];
};

/* More than 2^32 - 1 us counts as that. */
void histogram_add(struct histogram *histogram, uint64_t us);
void histogram_merge(struct histogram *into, const struct histogram *from);
/* The smallest bucket's end that `per_cent` of all values do not exceed, never above the true maximum; 0 where empty.
 */
uint32_t histogram_percentile(const struct histogram *histogram, uint32_t per_cent);

#endif
