/* What a new round may be: each field refused by its name. */
#include "desk/create.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Questions 1 to 9: single choice, but 5 is a poll; 7 wants 20 s and 50 points; 8 has no key, 9 an empty option. */
static bool find_question(void *context, uint32_t id, struct question *question)
{
    (void)context;
    if (id < 1 || id > 9) return false;
    *question = (struct question){.kind = id == 5 ? QUESTION_POLL : QUESTION_SINGLE,
        .options_count = 4,
        .key = id == 5 || id == 8 ? 0 : 2,
        .seconds = id == 7 ? 20 : 0,
        .points = id == 7 ? 50 : 0,
        .text = "问题",
        .options = {"甲", "乙", "丙", "丁"}};
    if (id == 9) question->options[3][0] = '\0';
    return true;
}

static bool read_json(struct creation *creation, json_t *object, char fault[FIELD_NAME_MAX])
{
    struct fields fields = fields_of(object, "");
    bool is_fine = creation_read(creation, &fields, find_question, NULL, 42);
    snprintf(fault, FIELD_NAME_MAX, "%s", fields.fault);
    json_decref(object);
    return is_fine;
}

static json_t *a_round(const char *rules)
{
    json_t *object =
        json_pack("{s:s, s:s, s:[i,i,i]}", "title", "党史知识竞赛", "unit", "区科协", "questions", 1, 7, 5);
    json_t *given = json_loads(rules, 0, NULL);
    assert_non_null(given);
    json_object_set_new(object, "rules", given);
    return object;
}

static void whole_round_is_read(void **state)
{
    (void)state;
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    json_t *object =
        a_round("{\"limit_ms\":15000,\"reading_ms\":0,\"scoring\":\"speed\",\"points\":20,\"multiple\":\"share\","
                "\"shuffle\":false,\"names\":\"required\",\"communities\":[\" 东湖 \",\"南湖\"],"
                "\"rank_shown\":\"end\",\"distribution\":\"right\",\"auto\":true,\"explain_ms\":3000}");
    assert_true(read_json(creation, object, fault));
    assert_string_equal(creation->title, "党史知识竞赛");
    assert_string_equal(creation->unit, "区科协");
    const struct rules *rules = &creation->rules;
    assert_int_equal(rules->limit_ms, 15000);
    assert_int_equal(rules->reading_ms, 0);
    assert_int_equal(rules->scoring, SCORING_SPEED);
    assert_int_equal(rules->points, 20);
    assert_int_equal(rules->multiple, MULTIPLE_SHARE);
    assert_int_equal(rules->names, NAMES_REQUIRED);
    assert_int_equal(rules->rank_shown, RANK_END);
    assert_int_equal(rules->distribution, DISTRIBUTION_RIGHT);
    assert_true(rules->is_auto);
    assert_int_equal(rules->explain_ms, 3000);
    assert_int_equal(rules->communities_count, 2);
    assert_int_equal(creation->communities_size, sizeof "东湖\0南湖");
    assert_memory_equal(creation->communities, "东湖\0南湖", creation->communities_size);
    assert_int_equal(creation->askings_count, 3);
    free(creation);
}

static void questions_own_seconds_and_points_come_first(void **state)
{
    (void)state;
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    assert_true(read_json(creation, a_round("{\"points\":20,\"limit_ms\":15000}"), fault));
    assert_int_equal(creation->askings[0].limit_ms, 15000);
    assert_int_equal(creation->askings[0].points, 20);
    assert_int_equal(creation->askings[1].limit_ms, 20000);
    assert_int_equal(creation->askings[1].points, 50);
    assert_int_equal(creation->askings[2].kind, QUESTION_POLL);
    assert_int_equal(creation->askings[0].reading_ms, rules_default().reading_ms);
    free(creation);
}

static void shuffled_keys_stay_with_their_options(void **state)
{
    (void)state;
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    assert_true(read_json(creation, a_round("{\"shuffle\":true}"), fault));
    bool has_moved = false;
    for (int i = 0; i < 2; i++) {
        const struct question *question = &creation->questions[i];
        assert_int_equal(creation->askings[i].key, question->key);
        for (int k = 0; k < 4; k++)
            assert_int_equal(question->key >> k & 1, strcmp(question->options[k], "乙") == 0);
        has_moved |= strcmp(question->options[0], "甲") != 0 || strcmp(question->options[1], "乙") != 0;
    }
    assert_true(has_moved);
    free(creation);
}

struct refusal {
    const char *set, *value, *fault; /* VALUE in JSON, or NULL: taken out */
};

static void every_bad_field_is_named(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"title", NULL, "title"},
        {"title", "\"  \"", "title"},
        {"title", "7", "title"},
        {"title", "\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一\"", "title"},
        {"title", "\"a\\u202eb\"", "title"},
        {"unit", NULL, "unit"},
        {"unit", "\"一二三四五六七八九十一二三四五六七八九十一二三四五\"", "unit"},
        {"questions", NULL, "questions"},
        {"questions", "[]", "questions"},
        {"questions", "\"1\"", "questions"},
        {"questions", "[1, 99]", "questions[1]"},
        {"questions", "[1, 1.5]", "questions[1]"},
        {"questions", "[-1]", "questions[0]"},
        {"questions", "[1, 1, 8]", "questions[2]"},
        {"questions", "[9]", "questions[0]"},
        {"rules", "[]", "rules"},
        {"rules", "{\"limit_ms\": 4999}", "rules.limit_ms"},
        {"rules", "{\"limit_ms\": 600001}", "rules.limit_ms"},
        {"rules", "{\"limit_ms\": \"30000\"}", "rules.limit_ms"},
        {"rules", "{\"limit_ms\": 30000.5}", "rules.limit_ms"},
        {"rules", "{\"reading_ms\": -1}", "rules.reading_ms"},
        {"rules", "{\"scoring\": \"luck\"}", "rules.scoring"},
        {"rules", "{\"scoring\": 1}", "rules.scoring"},
        {"rules", "{\"points\": 0}", "rules.points"},
        {"rules", "{\"points\": 1001}", "rules.points"},
        {"rules", "{\"multiple\": \"some\"}", "rules.multiple"},
        {"rules", "{\"shuffle\": 1}", "rules.shuffle"},
        {"rules", "{\"names\": \"real\"}", "rules.names"},
        {"rules", "{\"rank_shown\": \"always\"}", "rules.rank_shown"},
        {"rules", "{\"distribution\": null}", "rules.distribution"},
        {"rules", "{\"auto\": \"yes\"}", "rules.auto"},
        {"rules", "{\"explain_ms\": 600001}", "rules.explain_ms"},
        {"rules", "{\"communities\": \"东湖\"}", "rules.communities"},
        {"rules", "{\"communities\": [\"东湖\", \"\"]}", "rules.communities[1]"},
        {"rules", "{\"communities\": [\"东湖\", 3]}", "rules.communities[1]"},
        {"rules", "{\"communities\": [\"东湖\", \" 东湖\"]}", "rules.communities[1]"},
        {"rules", "{\"communities\": [\"一二三四五六七八九十一二三四五六七八九十一\"]}", "rules.communities[0]"},
    };
    struct creation *creation = calloc(1, sizeof *creation);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        char fault[FIELD_NAME_MAX];
        json_t *object = a_round("{}");
        json_object_del(object, refusals[i].set);
        if (refusals[i].value) {
            json_t *value = json_loads(refusals[i].value, JSON_DECODE_ANY, NULL);
            assert_non_null(value);
            json_object_set_new(object, refusals[i].set, value);
        }
        assert_false(read_json(creation, object, fault));
        assert_string_equal(fault, refusals[i].fault);
    }
    free(creation);
}

static void limits_themselves_are_allowed(void **state)
{
    (void)state;
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    json_t *object = a_round("{\"limit_ms\":600000,\"reading_ms\":60000,\"points\":1000,\"explain_ms\":600000}");
    json_t *questions = json_array(), *communities = json_array();
    for (int i = 0; i < ASKINGS_MAX; i++)
        json_array_append_new(questions, json_integer(1));
    for (int i = 0; i < COMMUNITIES_MAX; i++)
        json_array_append_new(communities, json_sprintf("社区%03d", i));
    json_object_set_new(object, "questions", questions);
    json_object_set_new(json_object_get(object, "rules"), "communities", communities);
    assert_true(read_json(creation, object, fault));
    assert_int_equal(creation->askings_count, ASKINGS_MAX);
    assert_int_equal(creation->rules.communities_count, COMMUNITIES_MAX);
    free(creation);
}

static void one_past_the_limits_is_refused(void **state)
{
    (void)state;
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    json_t *object = a_round("{}"), *questions = json_array(), *communities = json_array();
    for (int i = 0; i <= ASKINGS_MAX; i++)
        json_array_append_new(questions, json_integer(1));
    json_object_set_new(object, "questions", questions);
    assert_false(read_json(creation, object, fault));
    assert_string_equal(fault, "questions");
    object = a_round("{}");
    for (int i = 0; i <= COMMUNITIES_MAX; i++)
        json_array_append_new(communities, json_sprintf("社区%03d", i));
    json_object_set_new(json_object_get(object, "rules"), "communities", communities);
    assert_false(read_json(creation, object, fault));
    assert_string_equal(fault, "rules.communities");
    free(creation);
}

static void message_for_the_core_holds_all_of_it(void **state)
{
    (void)state;
    static uint8_t memory[BUS_MESSAGE_MAX];
    struct creation *creation = calloc(1, sizeof *creation);
    char fault[FIELD_NAME_MAX];
    assert_true(read_json(creation, a_round("{\"communities\":[\"东湖\"]}"), fault));
    struct writer w = writer_over(memory, sizeof memory);
    creation_encode(&w, creation, 77, 5);
    assert_true(w.ok);
    struct reader r;
    struct desk_create head;
    assert_true(desk_create_begin((struct span){w.data, w.size}, &r, &head));
    assert_int_equal(head.id, 77);
    assert_int_equal(head.actor, 5);
    assert_int_equal(head.askings_count, 3);
    for (int i = 0; i < 3; i++) {
        struct asking_rules asking;
        struct question question;
        assert_true(desk_question_decode(&r, &asking, &question));
        assert_memory_equal(&question, &creation->questions[i], sizeof question);
    }
    assert_true(read_finished(&r));
    free(creation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_round_is_read),
        cmocka_unit_test(questions_own_seconds_and_points_come_first),
        cmocka_unit_test(shuffled_keys_stay_with_their_options),
        cmocka_unit_test(every_bad_field_is_named),
        cmocka_unit_test(limits_themselves_are_allowed),
        cmocka_unit_test(one_past_the_limits_is_refused),
        cmocka_unit_test(message_for_the_core_holds_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
