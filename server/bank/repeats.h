/* Which questions of a file are there twice. Compared are folded texts, by a 128-bit sum of them. */
#ifndef JINGDA_BANK_REPEATS_H
#define JINGDA_BANK_REPEATS_H

#include "model/question.h"

#include <stddef.h>

struct repeats;

/* Room for so many questions; NULL where memory is out. */
struct repeats *repeats_create(size_t questions_max);
void repeats_destroy(struct repeats *repeats);

/* Takes note of a question, and returns the line of an earlier one that has the same text and picture and, where
 * `is_whole` comes back true, the same options in some order. 0 where there is none. */
size_t repeats_add(struct repeats *repeats, const struct question *question, size_t line, bool *is_whole);

#endif
