/* What makes a question askable: its parts must fit together. Lengths are the reader's matter. */
#include "model/question.h"

#include <stddef.h>
#include <string.h>

static const char *const kind_names[QUESTION_KINDS] = {"single", "multiple", "true_false", "poll"};

const char *question_kind_name(enum question_kind kind)
{
    return kind_names[kind];
}

bool question_kind_from_name(const char *name, enum question_kind *out)
{
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        if (strcmp(name, kind_names[kind]) != 0) continue;
        *out = (enum question_kind)kind;
        return true;
    }
    return false;
}

static enum question_fault options_check(const struct question *question)
{
    if (question->options_count < 2 || question->options_count > OPTIONS_MAX) return QUESTION_OPTIONS_TOO_FEW;
    for (size_t i = 0; i < question->options_count; i++) {
        if (question->options[i][0] == '\0') return QUESTION_OPTION_EMPTY;
        for (size_t k = 0; k < i; k++)
            if (strcmp(question->options[i], question->options[k]) == 0) return QUESTION_OPTION_TWICE;
    }
    return QUESTION_FINE;
}

enum question_fault question_check(const struct question *question)
{
    if (question->text[0] == '\0') return QUESTION_TEXT_MISSING;
    enum question_fault fault = options_check(question);
    if (fault != QUESTION_FINE) return fault;

    unsigned key = question->key;
    if (question->kind == QUESTION_POLL) return key == 0 ? QUESTION_FINE : QUESTION_KEY_OF_POLL;
    if (key == 0) return QUESTION_KEY_MISSING;
    if (key >> question->options_count) return QUESTION_KEY_OUT_OF_RANGE;
    bool is_one = (key & (key - 1)) == 0;
    if (question->kind != QUESTION_MULTIPLE && !is_one) return QUESTION_KEY_NOT_ONE;
    return QUESTION_FINE;
}
