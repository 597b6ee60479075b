/* What the desk asks of core.db beyond store.h: lists and counts for tables. A read-only connection of its own; every
 * function is one short read transaction, so that the log can be checkpointed between them. */
#ifndef JINGDA_STORE_DESK_READER_H
#define JINGDA_STORE_DESK_READER_H

#include "store/store.h"

struct desk_reader;

/* core.db must have been made by the core. On failure *out is NULL and `message` (256 bytes) says why. */
enum store_open_result desk_reader_open(const char *folder, struct desk_reader **out, char message[256]);
void desk_reader_close(struct desk_reader *reader);

struct reader_round {
    uint32_t round, code;
    uint64_t created_ms;
    uint16_t askings_count;
    uint32_t joined; /* participants, removed ones too */
    char title[4 * TITLE_CHARS_MAX + 1];
};

/* Newest first, at most `rounds_max`. Callbacks return false to stop; false from a function: it could not be read. */
bool reader_each_round(struct desk_reader *reader, uint32_t rounds_max,
    bool (*on_round)(void *context, const struct reader_round *round), void *context);

/* Participants in order of number, from `from` on, at most `count`. An empty name: none was given, or it was deleted.
 */
bool reader_each_person(struct desk_reader *reader, uint32_t round, uint32_t from, uint32_t count,
    bool (*on_person)(void *context, uint32_t number, uint16_t community, const char *name), void *context);

/* The same, without names: for sums over everybody. */
bool reader_each_community(struct desk_reader *reader, uint32_t round, uint32_t from, uint32_t count,
    bool (*on_person)(void *context, uint32_t number, uint16_t community), void *context);

/* How many participants have joined, removed ones too. */
bool reader_joined(struct desk_reader *reader, uint32_t round, uint32_t *joined);

/* How many recorded answers chose what. */
bool reader_each_choice(struct desk_reader *reader, uint32_t round, uint16_t asking,
    bool (*on_choice)(void *context, choice_set choice, uint32_t answers), void *context);

#endif
