/* Role: shuffle options. Input: a question, a seed, its place in the round. Output: the question in its new order. */
#include "desk/shuffle.h"

#include "base/random.h"

#include <string.h>

void question_shuffle(struct question *question, uint64_t seed, uint32_t index)
{
    if (question->kind == QUESTION_TRUE_FALSE) return;
    uint8_t order[OPTIONS_MAX];
    for (uint8_t i = 0; i < question->options_count; i++)
        order[i] = i;
    struct random random = random_from_seed(seed ^ (uint64_t)(index + 1) << 32);
    for (uint8_t i = question->options_count; i > 1; i--) {
        uint32_t other = random_below(&random, i);
        uint8_t held = order[i - 1];
        order[i - 1] = order[other];
        order[other] = held;
    }

    char options[OPTIONS_MAX][4 * OPTION_CHARS_MAX + 1];
    unsigned key = 0;
    memcpy(options, question->options, sizeof options);
    for (uint8_t i = 0; i < question->options_count; i++) {
        memcpy(question->options[i], options[order[i]], sizeof options[0]);
        if (question->key >> order[i] & 1) key |= 1u << i;
    }
    question->key = (choice_set)key;
}
