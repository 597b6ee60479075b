/* Finding participants by name or number: bounded, on the worker's thread. */
#ifndef JINGDA_DESK_SEARCH_H
#define JINGDA_DESK_SEARCH_H

#include "desk/reading.h"

struct found {
    uint32_t count;
    uint32_t participants[SEARCH_FOUND_MAX]; /* in order of number */
};

/* Everybody of the round whose name holds the words of `search` (without regard to case, width and spaces), or whose
 * number, as it is shown (028 or 居民028), is just that. The first SEARCH_FOUND_MAX of them. False: core.db could not
 * be read. */
bool search_people(struct reading *reading, uint32_t round, const char *search, struct found *found);
bool found_has(const struct found *found, uint32_t participant);

#endif
