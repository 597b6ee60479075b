/* The pictures of the rounds that this edge shows, served as /picture/NAME. Bounded: the oldest go first. */
#ifndef JINGDA_EDGE_PICTURES_H
#define JINGDA_EDGE_PICTURES_H

#include "base/bytes.h"
#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

/* One asking's pictures of each running round, and room for stragglers of the last. */
#define PICTURES_MAX (2 * ROUNDS_MAX)

struct picture {
    char name[PICTURE_NAME_MAX + 1];
    struct span bytes; /* owned */
    uint64_t used;     /* when it was last put here, in puts */
};

struct pictures {
    struct picture items[PICTURES_MAX];
    uint64_t puts;
};

/* Copies. A name that is here already only becomes the newest. False: too large, not a name, or no memory. */
bool pictures_put(struct pictures *pictures, struct span name, struct span bytes);
/* NULL data: not here. Borrowed until the next put. */
struct span pictures_find(const struct pictures *pictures, struct span name);
/* The media type that a name's ending stands for; NULL for one that we do not serve. */
const char *pictures_type(struct span name);
void pictures_clear(struct pictures *pictures);

#endif
