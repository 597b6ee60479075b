/* The order in which a round shows a question's options, drawn once when the round is made. */
#ifndef JINGDA_DESK_SHUFFLE_H
#define JINGDA_DESK_SHUFFLE_H

#include "model/question.h"

#include <stdint.h>

/* Puts the options of the `index`th question into the order that `seed` draws for it, and moves the key along. The
 * order depends on seed, index and the number of options, never on the key: nobody can read the key out of it.
 * True/false stays as it is. */
void question_shuffle(struct question *question, uint64_t seed, uint32_t index);

#endif
