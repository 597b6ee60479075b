/* Two kinds of chance. `random_secure` is the kernel's, for keys and tokens. `struct random` is a seeded stream
 * (xoshiro256**, Blackman and Vigna 2018) for shuffles that must replay; never for anything secret. */
#ifndef JINGDA_BASE_RANDOM_H
#define JINGDA_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_secure(void *out, size_t size);

struct random {
    uint64_t state[4];
};

struct random random_from_seed(uint64_t seed);
uint64_t random_next(struct random *random);
/* Uniform in 0 .. bound - 1, without modulo bias. `bound` > 0. */
uint32_t random_below(struct random *random, uint32_t bound);

#endif
