/* The book: the texts of every round that the engine holds, as frozen at its opening: title, unit, communities,
 * questions. The engine knows numbers only; who needs words looks here. */
#ifndef JINGDA_CORE_BOOK_H
#define JINGDA_CORE_BOOK_H

#include "store/store.h"

#define BOOK_OVER_MAX 4096 /* codes of ended rounds that are remembered, newest first to stay */

struct book_round {
    uint32_t round, code;
    uint64_t seed;
    struct rules rules;
    char title[4 * TITLE_CHARS_MAX + 1];
    char unit[4 * UNIT_CHARS_MAX + 1];
    char *communities_text; /* names, each ended by a zero byte */
    const char **communities;
    char *communities_json; /* an array, ready made */
    uint16_t askings_count;
    struct asking_rules *askings;
    struct question *questions;
    uint16_t revealed_asking; /* the last one whose key is public; 0: none */
};

struct book {
    struct book_round *rounds[ROUNDS_MAX];
    uint32_t over[BOOK_OVER_MAX];
    uint32_t over_count;
};

/* Copies a record. NULL where the book is full, a text is too long or memory is missing. */
struct book_round *book_add(struct book *book, const struct round_record *record);
void book_drop(struct book *book, uint32_t round);
void book_finish(struct book *book);

struct book_round *book_find(const struct book *book, uint32_t round);
struct book_round *book_find_code(const struct book *book, uint32_t code);
/* A code that leads to a round which is over and no longer held. */
void book_note_over(struct book *book, uint32_t code);
bool book_is_over(const struct book *book, uint32_t code);

/* "" where there is none. */
const char *book_community(const struct book_round *round, uint16_t community);

#endif
