/* What was frozen when a round was made, as the desk needs it: texts, rules, questions. */
#ifndef JINGDA_DESK_FACTS_H
#define JINGDA_DESK_FACTS_H

#include "protocol/desk_core.h"
#include "store/store.h"

#include <jansson.h>

typedef char community_name[4 * COMMUNITY_CHARS_MAX + 1];

/* Without the questions' texts. */
struct round_basics {
    uint32_t round, code;
    uint64_t created_ms;
    struct rules rules;
    char title[4 * TITLE_CHARS_MAX + 1];
    char unit[4 * UNIT_CHARS_MAX + 1];
    community_name *communities; /* rules.communities_count */
    uint16_t askings_count;
    struct asking_rules askings[ASKINGS_MAX];
};

void round_basics_of_record(struct round_basics *basics, const struct round_record *record);
void round_basics_finish(struct round_basics *basics);

struct round_facts {
    struct round_basics basics;
    json_t *questions; /* of docs/desk-protocol.md, right_share null */
    json_t *rules;
    json_t *pictures;          /* names, each once */
    struct core_status status; /* by the log, counts included: for when the core says nothing of the round */
};

struct round_facts *round_facts_of_record(const struct round_record *record);
void round_facts_destroy(struct round_facts *facts);

/* Per cent of the answers to an asking that were right; -1 where there is none to tell. */
void round_facts_set_share(struct round_facts *facts, uint16_t asking, int16_t share);

json_t *rules_json(const struct rules *rules, const community_name *communities);

/* The words of `rules` in JSON, in the enums' order, ended by NULL. */
extern const char *const scoring_words[];
extern const char *const multiple_words[];
extern const char *const names_words[];
extern const char *const rank_words[];
extern const char *const distribution_words[];
extern const char *const scene_words[];

/* A question of a bank or a round: kind, text, options, key, explanation, source, category, difficulty, picture,
 * picture_alt, is_sample. The caller owns it. */
json_t *question_json(const struct question *question);

#endif
