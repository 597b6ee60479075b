/* A question of a bank, with everything that a person wrote about it. Banks read it from files, the desk keeps it, a
 * round freezes it. What the engine needs of it is `struct asking_rules` in rules.h, without texts. */
#ifndef JINGDA_MODEL_QUESTION_H
#define JINGDA_MODEL_QUESTION_H

#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

enum question_kind { QUESTION_SINGLE, QUESTION_MULTIPLE, QUESTION_TRUE_FALSE, QUESTION_POLL };
#define QUESTION_KINDS 4

/* Which options: bit 0 is A. */
typedef uint16_t choice_set;

/* All texts are UTF-8 with a terminating zero, already trimmed. An empty text means: none. */
struct question {
    enum question_kind kind;
    uint8_t difficulty; /* 1 easy, 2 medium, 3 hard; 0 not said */
    uint8_t options_count;
    choice_set key;   /* 0 for a poll */
    uint16_t seconds; /* to answer; 0: the round's rules say */
    uint16_t points;  /* 0: the round's rules say */
    char text[4 * QUESTION_CHARS_MAX + 1];
    char options[OPTIONS_MAX][4 * OPTION_CHARS_MAX + 1];
    char explanation[4 * EXPLANATION_CHARS_MAX + 1];
    char source[4 * SOURCE_CHARS_MAX + 1];
    char category[4 * CATEGORY_CHARS_MAX + 1];
    char picture[PICTURE_NAME_MAX +
                 1]; /* in a bank file: a file's name; in a round: sha256 in hex, dot, png, jpg or webp */
    char picture_alt[4 * PICTURE_ALT_CHARS_MAX + 1];
    bool is_sample; /* 样题·待审: nobody has reviewed it yet */
};

/* "single", "multiple", "true_false", "poll": the words of frames, files and tables. */
const char *question_kind_name(enum question_kind kind);
bool question_kind_from_name(const char *name, enum question_kind *out);

/* Why a question cannot be asked. */
enum question_fault {
    QUESTION_FINE,
    QUESTION_TEXT_MISSING,
    QUESTION_OPTIONS_TOO_FEW,
    QUESTION_OPTION_EMPTY,
    QUESTION_OPTION_TWICE,
    QUESTION_KEY_MISSING,
    QUESTION_KEY_OUT_OF_RANGE,
    QUESTION_KEY_NOT_ONE, /* single and true/false have one right option */
    QUESTION_KEY_OF_POLL, /* a poll has none */
};

/* Checks that the fields fit together; lengths are the reader's matter. */
enum question_fault question_check(const struct question *question);

#endif
