/* The state that pages are told, and the state that the log alone tells. */
#include "desk/state.h"

#include "desk/history.h"
#include "desk/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct round_record record;
    struct rules rules;
    struct asking_rules askings[3];
    struct question questions[3];
    const char *communities[2];
    struct round_facts *facts;
    struct core_status status;
    struct core_health health;
    struct state_view view;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->communities[0] = "东湖";
    f->communities[1] = "南湖";
    f->rules = rules_default();
    f->rules.communities_count = 2;
    for (int i = 0; i < 3; i++) {
        f->askings[i] = (struct asking_rules){.kind = QUESTION_SINGLE,
            .options_count = 3,
            .key = 2,
            .points = 10,
            .limit_ms = 20000 + 1000u * (unsigned)i,
            .reading_ms = 5000};
        f->questions[i] = (struct question){.kind = QUESTION_SINGLE,
            .options_count = 3,
            .key = 2,
            .text = "问题",
            .options = {"甲", "乙", "丙"},
            .explanation = "讲解",
            .source = "来源"};
    }
    strcpy(f->questions[0].picture, "aa.png");
    strcpy(f->questions[2].picture, "aa.png");
    f->record = (struct round_record){.round = 7,
        .code = 12345,
        .created_ms = 1700000000000,
        .rules = f->rules,
        .title = "科学竞赛",
        .unit = "区科协",
        .communities = f->communities,
        .askings_count = 3,
        .askings = f->askings,
        .questions = f->questions};
    f->facts = round_facts_of_record(&f->record);
    f->status = (struct core_status){.round = 7,
        .code = 12345,
        .phase = PHASE_OPEN,
        .asking = 2,
        .askings_count = 3,
        .people = 100,
        .connected = 98,
        .awaiting = 2,
        .answered = 40,
        .right = 30,
        .counts = {5, 30, 5, 99},
        .elapsed_ms = 6000,
        .reading_ms = 5000,
        .limit_ms = 21000,
        .can_extend = true,
        .voided = {1 << 1}};
    f->health = (struct core_health){.edges_up = 1, .edges_expected = 2, .screens = 3, .commit_us = 2600};
    f->view = (struct state_view){.facts = f->facts,
        .status = &f->status,
        .since_ms = 400,
        .is_core_up = true,
        .health = &f->health,
        .is_whole = true};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    round_facts_destroy(f->facts);
    free(f);
    return 0;
}

static json_int_t number(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *word(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    assert_true(json_is_string(value));
    return json_string_value(value);
}

/* The fields of docs/desk-protocol.md, "Events". */
static void every_promised_field_is_there(void **state)
{
    struct fixture *f = *state;
    static const char *const promised[] = {"round", "code", "title", "unit", "phase", "asking", "askings", "auto",
        "locked", "names_hidden", "scene", "people", "connected", "answered", "counts", "right", "open", "can_extend",
        "voided", "reopened", "questions", "rules", "lease", "watchers", "screens", "health", "pictures"};
    json_t *json = state_json(&f->view);
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++)
        if (!json_object_get(json, promised[i])) fail_msg("%s is missing", promised[i]);
    static const char *const of_question[] = {"asking", "kind", "text", "options", "key", "explanation", "source",
        "limit_ms", "points", "picture", "right_share"};
    json_t *question = json_array_get(json_object_get(json, "questions"), 1);
    for (size_t i = 0; i < sizeof of_question / sizeof of_question[0]; i++)
        if (!json_object_get(question, of_question[i])) fail_msg("%s is missing", of_question[i]);
    json_decref(json);
}

static void open_asking_is_told_with_its_clock(void **state)
{
    struct fixture *f = *state;
    json_t *json = state_json(&f->view), *open = json_object_get(json, "open");
    assert_string_equal(word(json, "code"), "012345");
    assert_string_equal(word(json, "phase"), "open");
    assert_int_equal(number(open, "elapsed_ms"), 6400);
    assert_int_equal(number(open, "limit_ms"), 21000);
    assert_int_equal(number(open, "reading_ms"), 5000);
    json_decref(json);
    f->status.phase = PHASE_CLOSED;
    json = state_json(&f->view);
    assert_true(json_is_null(json_object_get(json, "open")));
    json_decref(json);
}

static void counts_stand_for_the_options_there_are(void **state)
{
    struct fixture *f = *state;
    json_t *json = state_json(&f->view), *counts = json_object_get(json, "counts");
    assert_int_equal(json_array_size(counts), 3);
    assert_int_equal(json_integer_value(json_array_get(counts, 1)), 30);
    json_decref(json);
    f->status.asking = 0;
    json = state_json(&f->view);
    assert_int_equal(json_array_size(json_object_get(json, "counts")), 0);
    json_decref(json);
}

static void pause_shows_as_a_phase_until_the_end(void **state)
{
    struct fixture *f = *state;
    f->status.is_paused = true;
    f->status.phase = PHASE_REVEALED;
    assert_string_equal(phase_word(&f->status), "paused");
    f->status.phase = PHASE_ENDED;
    assert_string_equal(phase_word(&f->status), "ended");
    f->status.is_paused = false;
    f->status.phase = PHASE_CLOSING;
    assert_string_equal(phase_word(&f->status), "closing");
}

static void voided_askings_are_listed(void **state)
{
    struct fixture *f = *state;
    f->status.voided[0] = 1 << 1 | 1 << 3;
    json_t *json = state_json(&f->view), *voided = json_object_get(json, "voided");
    assert_int_equal(json_array_size(voided), 2);
    assert_int_equal(json_integer_value(json_array_get(voided, 0)), 1);
    assert_int_equal(json_integer_value(json_array_get(voided, 1)), 3);
    json_decref(json);
}

static void lease_is_mine_only_while_it_is_held(void **state)
{
    struct fixture *f = *state;
    json_t *json = state_json(&f->view), *lease = json_object_get(json, "lease");
    assert_true(json_is_null(json_object_get(lease, "holder")));
    assert_true(json_is_false(json_object_get(lease, "mine")));
    json_decref(json);
    f->view.holder = "张老师";
    f->view.is_mine = true;
    json = state_json(&f->view);
    lease = json_object_get(json, "lease");
    assert_string_equal(word(lease, "holder"), "张老师");
    assert_true(json_is_true(json_object_get(lease, "mine")));
    json_decref(json);
}

static void health_of_a_core_that_is_away_is_said(void **state)
{
    struct fixture *f = *state;
    json_t *json = state_json(&f->view), *health = json_object_get(json, "health");
    assert_int_equal(number(health, "edges_up"), 1);
    assert_int_equal(number(health, "edges"), 2);
    assert_int_equal(number(health, "commit_ms"), 3);
    assert_int_equal(number(health, "reconnecting"), 2);
    assert_int_equal(number(json, "screens"), 3);
    assert_true(json_is_true(json_object_get(health, "core")));
    json_decref(json);
    f->view.is_core_up = false;
    f->view.health = NULL;
    json = state_json(&f->view);
    assert_true(json_is_false(json_object_get(json_object_get(json, "health"), "core")));
    json_decref(json);
}

static void what_cannot_change_is_left_out_of_later_events(void **state)
{
    struct fixture *f = *state;
    f->view.is_whole = false;
    json_t *json = state_json(&f->view);
    assert_null(json_object_get(json, "questions"));
    assert_null(json_object_get(json, "rules"));
    assert_non_null(json_object_get(json, "counts"));
    json_decref(json);
}

static void right_share_is_null_until_it_is_known(void **state)
{
    struct fixture *f = *state;
    json_t *question = json_array_get(f->facts->questions, 0);
    assert_true(json_is_null(json_object_get(question, "right_share")));
    round_facts_set_share(f->facts, 1, 67);
    assert_int_equal(number(question, "right_share"), 67);
    round_facts_set_share(f->facts, 1, -1);
    assert_true(json_is_null(json_object_get(question, "right_share")));
    round_facts_set_share(f->facts, 99, 1); /* none such */
}

static void picture_used_twice_is_listed_once(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(json_array_size(f->facts->pictures), 1);
    assert_string_equal(json_string_value(json_array_get(f->facts->pictures, 0)), "aa.png");
}

/* ---- the log's word ---- */

static void fold(struct fixture *f, struct core_status *status, enum control_kind kind, uint16_t asking, uint32_t value,
    uint32_t *removed)
{
    struct control control = {.kind = kind, .round = 7, .asking = asking, .value = value};
    history_fold(status, &control, f->askings, removed);
}

static void log_tells_where_a_round_stands(void **state)
{
    struct fixture *f = *state;
    uint32_t removed = 0;
    struct core_status status = history_of_record(&f->record);
    assert_int_equal(status.phase, PHASE_LOBBY);
    fold(f, &status, CONTROL_ROUND_OPENED, 0, 0, &removed);
    assert_int_equal(status.phase, PHASE_LOBBY);
    fold(f, &status, CONTROL_LOCKED, 0, 1, &removed);
    assert_true(status.is_locked);
    fold(f, &status, CONTROL_ASKING_OPENED, 1, 0, &removed);
    assert_int_equal(status.phase, PHASE_OPEN);
    assert_int_equal(status.asking, 1);
    assert_int_equal(status.limit_ms, 20000);
    fold(f, &status, CONTROL_ASKING_EXTENDED, 1, 35000, &removed);
    assert_int_equal(status.limit_ms, 35000);
    fold(f, &status, CONTROL_ASKING_CLOSED, 1, 1, &removed);
    assert_int_equal(status.phase, PHASE_CLOSING);
    fold(f, &status, CONTROL_ASKING_REOPENED, 1, 0, &removed);
    assert_int_equal(status.phase, PHASE_OPEN);
    assert_int_equal(status.reopened[0], 2);
    fold(f, &status, CONTROL_ASKING_SCORED, 1, 0, &removed);
    assert_int_equal(status.phase, PHASE_CLOSED);
    fold(f, &status, CONTROL_ASKING_REVEALED, 1, 0, &removed);
    assert_int_equal(status.phase, PHASE_REVEALED);
    fold(f, &status, CONTROL_PAUSED, 0, 0, &removed);
    assert_string_equal(phase_word(&status), "paused");
    fold(f, &status, CONTROL_RESUMED, 0, 0, &removed);
    fold(f, &status, CONTROL_SCENE, 0, SCENE_LEADERBOARD, &removed);
    assert_int_equal(status.scene, SCENE_LEADERBOARD);
    fold(f, &status, CONTROL_ASKING_VOIDED, 1, 0, &removed);
    assert_true(history_is_voided(&status, 1));
    assert_false(history_is_voided(&status, 2));
    fold(f, &status, CONTROL_REMOVED, 0, 0, &removed);
    assert_int_equal(removed, 1);
    fold(f, &status, CONTROL_PACE, 0, 1, &removed);
    assert_true(status.is_auto);
    fold(f, &status, CONTROL_NAMES_HIDDEN, 0, 1, &removed);
    assert_true(status.are_names_hidden);
    fold(f, &status, CONTROL_ASKING_OPENED, 2, 0, &removed);
    assert_int_equal(status.scene, SCENE_QUESTION);
    assert_int_equal(status.limit_ms, 21000);
    fold(f, &status, CONTROL_ROUND_ENDED, 0, 0, &removed);
    assert_int_equal(status.phase, PHASE_ENDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_promised_field_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(open_asking_is_told_with_its_clock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_stand_for_the_options_there_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pause_shows_as_a_phase_until_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(voided_askings_are_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lease_is_mine_only_while_it_is_held, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_of_a_core_that_is_away_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_change_is_left_out_of_later_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(right_share_is_null_until_it_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(picture_used_twice_is_listed_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(log_tells_where_a_round_stands, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
