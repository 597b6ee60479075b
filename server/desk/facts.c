/* Role: turn a round's record into what pages are told of it. Input: a record of core.db. Output: structs and JSON.
 * Leaves to others: what moves while it runs (state.c). */
#include "desk/facts.h"

#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const scoring_words[] = {"accuracy", "speed", "knockout", NULL};
const char *const multiple_words[] = {"all", "share", NULL};
const char *const names_words[] = {"none", "optional", "required", NULL};
const char *const rank_words[] = {"never", "each", "end", NULL};
const char *const distribution_words[] = {"all", "right", "none", NULL};
const char *const scene_words[] = {"question", "leaderboard", NULL};

void round_basics_of_record(struct round_basics *basics, const struct round_record *record)
{
    *basics = (struct round_basics){.round = record->round,
        .code = record->code,
        .created_ms = record->created_ms,
        .rules = record->rules,
        .askings_count = record->askings_count};
    snprintf(basics->title, sizeof basics->title, "%s", record->title);
    snprintf(basics->unit, sizeof basics->unit, "%s", record->unit);
    uint16_t count = record->rules.communities_count;
    basics->communities = calloc((size_t)count + 1, sizeof *basics->communities);
    expect(basics->communities);
    for (uint16_t i = 0; i < count; i++)
        snprintf(basics->communities[i], sizeof basics->communities[i], "%s", record->communities[i]);
    memcpy(basics->askings, record->askings, record->askings_count * sizeof basics->askings[0]);
}

void round_basics_finish(struct round_basics *basics)
{
    free(basics->communities);
    *basics = (struct round_basics){0};
}

json_t *question_json(const struct question *question)
{
    json_t *options = json_array();
    for (uint8_t i = 0; i < question->options_count; i++)
        json_array_append_new(options, json_string(question->options[i]));
    json_t *json =
        json_pack("{s:s, s:s, s:o, s:i, s:s, s:s, s:s, s:i, s:s, s:s, s:b}", "kind", question_kind_name(question->kind),
            "text", question->text, "options", options, "key", (int)question->key, "explanation", question->explanation,
            "source", question->source, "category", question->category, "difficulty", (int)question->difficulty,
            "picture", question->picture, "picture_alt", question->picture_alt, "is_sample", (int)question->is_sample);
    expect(json);
    return json;
}

json_t *rules_json(const struct rules *rules, const community_name *communities)
{
    json_t *names = json_array();
    for (uint16_t i = 0; i < rules->communities_count; i++)
        json_array_append_new(names, json_string(communities[i]));
    json_t *json = json_pack("{s:I, s:I, s:s, s:i, s:s, s:b, s:s, s:o, s:s, s:s, s:b, s:I}", "limit_ms",
        (json_int_t)rules->limit_ms, "reading_ms", (json_int_t)rules->reading_ms, "scoring",
        scoring_words[rules->scoring], "points", (int)rules->points, "multiple", multiple_words[rules->multiple],
        "shuffle", (int)rules->is_shuffled, "names", names_words[rules->names], "communities", names, "rank_shown",
        rank_words[rules->rank_shown], "distribution", distribution_words[rules->distribution], "auto",
        (int)rules->is_auto, "explain_ms", (json_int_t)rules->explain_ms);
    expect(json);
    return json;
}

static bool has_name(json_t *names, const char *name)
{
    size_t index;
    json_t *one;
    json_array_foreach(names, index, one) if (strcmp(json_string_value(one), name) == 0) return true;
    return false;
}

struct round_facts *round_facts_of_record(const struct round_record *record)
{
    struct round_facts *facts = calloc(1, sizeof *facts);
    expect(facts);
    round_basics_of_record(&facts->basics, record);
    facts->rules = rules_json(&record->rules, (const community_name *)facts->basics.communities);
    facts->questions = json_array();
    facts->pictures = json_array();
    for (uint16_t i = 0; i < record->askings_count; i++) {
        const struct question *question = &record->questions[i];
        json_t *json = question_json(question);
        json_object_set_new(json, "asking", json_integer(i + 1));
        json_object_set_new(json, "limit_ms", json_integer(record->askings[i].limit_ms));
        json_object_set_new(json, "points", json_integer(record->askings[i].points));
        json_object_set_new(json, "right_share", json_null());
        json_array_append_new(facts->questions, json);
        if (question->picture[0] && !has_name(facts->pictures, question->picture))
            json_array_append_new(facts->pictures, json_string(question->picture));
    }
    return facts;
}

void round_facts_set_share(struct round_facts *facts, uint16_t asking, int16_t share)
{
    json_t *question = json_array_get(facts->questions, (size_t)asking - 1);
    if (question) json_object_set_new(question, "right_share", share < 0 ? json_null() : json_integer(share));
}

void round_facts_destroy(struct round_facts *facts)
{
    if (!facts) return;
    round_basics_finish(&facts->basics);
    json_decref(facts->questions);
    json_decref(facts->rules);
    json_decref(facts->pictures);
    free(facts);
}
