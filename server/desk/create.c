/* Role: check what an organizer wants a round to be. Input: JSON fields, questions of banks, a seed. Output: a creation
 * in bounds, or the name of the first field that is not; the message for the core. Leaves to others: code and number of
 * the round (the core). */
#include "desk/create.h"

#include "desk/shuffle.h"

#include <stdio.h>
#include <string.h>

static void read_communities(struct creation *creation, struct fields *rules)
{
    json_t *names = json_object_get(rules->object, "communities");
    if (!names) return;
    if (!json_is_array(names) || json_array_size(names) > COMMUNITIES_MAX) {
        field_fault(rules, "communities");
        return;
    }
    community_name seen[COMMUNITIES_MAX];
    uint16_t count = (uint16_t)json_array_size(names);
    for (uint16_t i = 0; i < count; i++) {
        char place[32];
        snprintf(place, sizeof place, "communities[%u]", i);
        json_t *one = json_pack("{s:O}", place, json_array_get(names, i));
        struct fields field = fields_of(one, rules->within);
        field_text(&field, place, COMMUNITY_CHARS_MAX, true, seen[i]);
        for (uint16_t k = 0; k < i; k++)
            if (strcmp(seen[k], seen[i]) == 0) field_fault(&field, place); /* two of one name cannot be told apart */
        json_decref(one);
        if (!fields_are_fine(&field)) {
            snprintf(rules->fault, sizeof rules->fault, "%s", field.fault);
            return;
        }
        size_t size = strlen(seen[i]) + 1;
        memcpy(creation->communities + creation->communities_size, seen[i], size);
        creation->communities_size += size;
    }
    creation->rules.communities_count = count;
}

static void read_rules(struct creation *creation, struct fields *fields)
{
    creation->rules = rules_default();
    json_t *object = json_object_get(fields->object, "rules");
    if (!object) return;
    if (!json_is_object(object)) {
        field_fault(fields, "rules");
        return;
    }
    struct fields f = fields_of(object, "rules.");
    struct rules *rules = &creation->rules;
    rules->limit_ms = (uint32_t)field_number_or(&f, "limit_ms", LIMIT_MS_MIN, LIMIT_MS_MAX, rules->limit_ms);
    rules->reading_ms = (uint32_t)field_number_or(&f, "reading_ms", 0, READING_MS_MAX, rules->reading_ms);
    rules->scoring = (enum scoring)field_word_or(&f, "scoring", scoring_words, (int)rules->scoring);
    rules->points = (uint16_t)field_number_or(&f, "points", 1, POINTS_MAX, rules->points);
    rules->multiple = (enum multiple_rule)field_word_or(&f, "multiple", multiple_words, (int)rules->multiple);
    rules->is_shuffled = field_bool_or(&f, "shuffle", rules->is_shuffled);
    rules->names = (enum names_rule)field_word_or(&f, "names", names_words, (int)rules->names);
    rules->rank_shown = (enum rank_shown)field_word_or(&f, "rank_shown", rank_words, (int)rules->rank_shown);
    rules->distribution =
        (enum distribution_rule)field_word_or(&f, "distribution", distribution_words, (int)rules->distribution);
    rules->is_auto = field_bool_or(&f, "auto", rules->is_auto);
    rules->explain_ms = (uint32_t)field_number_or(&f, "explain_ms", 0, EXPLAIN_MS_MAX, rules->explain_ms);
    read_communities(creation, &f);
    if (fields_are_fine(fields)) memcpy(fields->fault, f.fault, sizeof fields->fault);
    if (fields_are_fine(fields) && !rules_are_valid(rules)) field_fault(fields, "rules");
}

static struct asking_rules asking_of(const struct rules *rules, const struct question *question)
{
    return (struct asking_rules){.kind = question->kind,
        .options_count = question->options_count,
        .key = question->key,
        .points = question->points ? question->points : rules->points,
        .limit_ms = question->seconds ? question->seconds * 1000u : rules->limit_ms,
        .reading_ms = rules->reading_ms};
}

/* False: the question at `index` is none, or cannot be asked. */
static bool read_question(
    struct creation *creation, uint16_t index, json_t *id, question_source source, void *context, uint64_t seed)
{
    struct question *question = &creation->questions[index];
    if (!json_is_integer(id) || json_integer_value(id) < 1 || json_integer_value(id) > UINT32_MAX) return false;
    if (!source(context, (uint32_t)json_integer_value(id), question)) return false;
    if (question_check(question) != QUESTION_FINE) return false;
    if (creation->rules.is_shuffled) question_shuffle(question, seed, index);
    creation->askings[index] = asking_of(&creation->rules, question);
    return asking_rules_are_valid(&creation->askings[index]);
}

static void read_questions(
    struct creation *creation, struct fields *fields, question_source source, void *context, uint64_t seed)
{
    json_t *ids = json_object_get(fields->object, "questions");
    if (!json_is_array(ids) || json_array_size(ids) < 1 || json_array_size(ids) > ASKINGS_MAX) {
        field_fault(fields, "questions");
        return;
    }
    creation->askings_count = (uint16_t)json_array_size(ids);
    for (uint16_t i = 0; i < creation->askings_count; i++) {
        if (read_question(creation, i, json_array_get(ids, i), source, context, seed)) continue;
        char place[32];
        snprintf(place, sizeof place, "questions[%u]", i);
        field_fault(fields, place);
        return;
    }
}

bool creation_read(
    struct creation *creation, struct fields *fields, question_source source, void *context, uint64_t seed)
{
    creation->communities_size = 0;
    creation->askings_count = 0;
    field_text(fields, "title", TITLE_CHARS_MAX, true, creation->title);
    field_text(fields, "unit", UNIT_CHARS_MAX, true, creation->unit);
    read_rules(creation, fields);
    if (fields_are_fine(fields)) read_questions(creation, fields, source, context, seed);
    return fields_are_fine(fields);
}

void creation_encode(struct writer *w, const struct creation *creation, uint64_t id, uint32_t actor)
{
    struct desk_create head = {.id = id,
        .actor = actor,
        .title = span_of_text(creation->title),
        .unit = span_of_text(creation->unit),
        .rules = creation->rules,
        .askings_count = creation->askings_count,
        .communities = {creation->communities, creation->communities_size}};
    desk_create_encode(w, &head);
    for (uint16_t i = 0; i < creation->askings_count; i++)
        desk_question_encode(w, &creation->askings[i], &creation->questions[i]);
}
