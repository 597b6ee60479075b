/* A new round, put together from a page's request and the banks. */
#ifndef JINGDA_DESK_CREATE_H
#define JINGDA_DESK_CREATE_H

#include "desk/facts.h"
#include "desk/fields.h"

struct creation {
    char title[4 * TITLE_CHARS_MAX + 1];
    char unit[4 * UNIT_CHARS_MAX + 1];
    struct rules rules;
    uint8_t communities[COMMUNITIES_MAX * sizeof(community_name)]; /* each ended by a zero byte */
    size_t communities_size;
    uint16_t askings_count;
    struct asking_rules askings[ASKINGS_MAX];
    struct question questions[ASKINGS_MAX];
};

/* Where questions come from; false: there is none of that id. */
typedef bool (*question_source)(void *context, uint32_t id, struct question *question);

/* Reads and checks `title`, `unit`, `questions`, `rules`; options are in the order that `seed` draws where the rules
 * say so. False: fields->fault names the field. */
bool creation_read(
    struct creation *creation, struct fields *fields, question_source source, void *context, uint64_t seed);
/* The whole CREATE message; w->ok false where it is too large for the bus. */
void creation_encode(struct writer *w, const struct creation *creation, uint64_t id, uint32_t actor);

#endif
