/* The rules of a round, frozen when it is opened: what the engine scores by and what the pages are told. A change of
 * meaning needs a new RULES_VERSION; a round keeps the one it was opened with. */
#ifndef JINGDA_MODEL_RULES_H
#define JINGDA_MODEL_RULES_H

#include "base/bytes.h"
#include "model/limits.h"
#include "model/question.h"

#include <stdbool.h>
#include <stdint.h>

#define RULES_VERSION 1

enum scoring { SCORING_ACCURACY, SCORING_SPEED, SCORING_KNOCKOUT };
enum multiple_rule { MULTIPLE_ALL, MULTIPLE_SHARE };
enum names_rule { NAMES_NONE, NAMES_OPTIONAL, NAMES_REQUIRED };
enum rank_shown { RANK_NEVER, RANK_EACH, RANK_END };
enum distribution_rule { DISTRIBUTION_ALL, DISTRIBUTION_RIGHT, DISTRIBUTION_NONE };

struct rules {
    uint16_t version;
    enum scoring scoring;
    enum multiple_rule multiple;
    enum names_rule names;
    enum rank_shown rank_shown;
    enum distribution_rule distribution;
    bool is_shuffled;  /* options, once for the round, never depending on the key */
    bool is_auto;      /* automatic pace at the start */
    uint32_t limit_ms; /* to answer, after the reading time */
    uint32_t reading_ms;
    uint32_t explain_ms; /* automatic pace: from the reveal to the next question */
    uint16_t points;     /* of a question that names none */
    uint16_t communities_count;
};

/* What the engine needs of one question. */
struct asking_rules {
    enum question_kind kind;
    uint8_t options_count;
    choice_set key;
    uint16_t points;
    uint32_t limit_ms;
    uint32_t reading_ms;
};

/* Good defaults: 30 s, 5 s of reading, accuracy, 10 points, names optional, rank after each. */
struct rules rules_default(void);
/* True where every number is inside limits.h and every enum is one of its words. */
bool rules_are_valid(const struct rules *rules);
bool asking_rules_are_valid(const struct asking_rules *asking);

void rules_encode(struct writer *w, const struct rules *rules);
bool rules_decode(struct reader *r, struct rules *rules);
void asking_rules_encode(struct writer *w, const struct asking_rules *asking);
bool asking_rules_decode(struct reader *r, struct asking_rules *asking);

/* Points for a choice, in integers. `elapsed_ms` is after reading time and credit. Speed: e = clamp(elapsed - 500, 0,
 * T); points = round(P * (1 - e / 2T)), half up; T is the frozen limit_ms, which time added later does not change. A
 * share (multiple choice): P * max(0, right chosen - wrong chosen) / number of right options, rounded half up. A poll
 * gives 0. */
uint32_t rules_points(
    const struct rules *rules, const struct asking_rules *asking, choice_set choice, uint32_t elapsed_ms);
/* Wholly right: the key itself; never for a poll. */
bool rules_is_right(const struct asking_rules *asking, choice_set choice);
/* An option that is not there, none, or several where one is asked. */
bool rules_choice_is_valid(const struct asking_rules *asking, choice_set choice);

#endif
