/* What a host may ask for and when; every refusal; and that nothing happens before the fact. */
#include "unit/engine/play.h"

#define DONE "done"

/* The error a command gets, or "done" where it is appended. */
static const char *try_control(struct rig *rig, struct control control)
{
    static char error[64];
    (void)rig_heard(rig);
    rig->does_disk_fail = true; /* asked for, but never a fact: the round stays as it is */
    command_control(rig, 3, control);
    rig->does_disk_fail = false;
    const char *heard = rig_heard(rig);
    if (sscanf(heard, "command #3 %63s", error) == 1) return error;
    assert_true(strncmp(heard, "append ", 7) == 0 || strncmp(heard, "unscore ", 8) == 0);
    return DONE;
}

static const char *try_value(struct rig *rig, enum control_kind kind, uint32_t value)
{
    return try_control(
        rig, (struct control){.kind = kind, .round = ROUND, .participant = PARTICIPANT_NONE, .value = value});
}

static const char *try_asking(struct rig *rig, enum control_kind kind, uint16_t asking)
{
    return try_control(
        rig, (struct control){.kind = kind, .round = ROUND, .participant = PARTICIPANT_NONE, .asking = asking});
}

static void commands_are_done_in_their_phases_alone(void **state)
{
    (void)state;
    static const struct {
        enum control_kind kind;
        const char *lobby, *open, *closing, *closed, *revealed;
    } rows[] = {
        {CONTROL_ASKING_OPENED, DONE, "wrong_phase", "wrong_phase", "wrong_phase", DONE},
        {CONTROL_ASKING_CLOSED, "wrong_phase", DONE, "wrong_phase", "wrong_phase", "wrong_phase"},
        {CONTROL_ASKING_REVEALED, "wrong_phase", "wrong_phase", "wrong_phase", DONE, "wrong_phase"},
        {CONTROL_PAUSED, DONE, "wrong_phase", "wrong_phase", DONE, DONE},
        {CONTROL_RESUMED, "wrong_phase", "wrong_phase", "wrong_phase", "wrong_phase", "wrong_phase"},
        {CONTROL_LOCKED, DONE, DONE, DONE, DONE, DONE},
        {CONTROL_NAMES_HIDDEN, DONE, DONE, DONE, DONE, DONE},
        {CONTROL_PACE, DONE, DONE, DONE, DONE, DONE},
        {CONTROL_SCENE, "wrong_phase", "wrong_phase", "wrong_phase", "wrong_phase", DONE},
        {CONTROL_ROUND_ENDED, DONE, "wrong_phase", "wrong_phase", DONE, DONE},
        {CONTROL_ROUND_OPENED, "bad_request", "bad_request", "bad_request", "bad_request", "bad_request"},
        {CONTROL_ASKING_SCORED, "bad_request", "bad_request", "bad_request", "bad_request", "bad_request"},
        {CONTROL_ASKING_REOPENED, "bad_request", "bad_request", "bad_request", "bad_request", "bad_request"},
        {(enum control_kind)0, "bad_request", "bad_request", "bad_request", "bad_request", "bad_request"},
        {(enum control_kind)18, "bad_request", "bad_request", "bad_request", "bad_request", "bad_request"},
    };
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++)
        assert_string_equal(try_value(rig, rows[i].kind, 0), rows[i].lobby);
    open_asking(rig);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(try_value(rig, rows[i].kind, 0), rows[i].open);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(try_value(rig, rows[i].kind, 0), rows[i].closing);
    drained(rig, 0);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(try_value(rig, rows[i].kind, 0), rows[i].closed);
    reveal_asking(rig);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(try_value(rig, rows[i].kind, 0), rows[i].revealed);
    rig_free(rig);
}

static void a_round_that_is_unknown_or_over_takes_no_command(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    assert_string_equal(
        try_control(rig, (struct control){.kind = CONTROL_ASKING_OPENED, .round = 99}), "unknown_round");
    command(rig, CONTROL_ROUND_ENDED, 0);
    assert_string_equal(try_value(rig, CONTROL_ASKING_OPENED, 0), "round_over");
    assert_string_equal(try_value(rig, CONTROL_LOCKED, 1), "round_over");
    assert_string_equal(try_value(rig, CONTROL_ROUND_ENDED, 0), "round_over");
    rig_free(rig);
}

static void a_command_changes_nothing_before_it_is_a_fact(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    uint64_t before = engine_digest(rig->engine, ROUND);
    assert_string_equal(try_asking(rig, CONTROL_ASKING_OPENED, 1), DONE);
    assert_true(engine_digest(rig->engine, ROUND) == before);
    assert_phase(rig, "lobby");
    rig_free(rig);
}

static void a_next_that_names_its_asking_is_done_once(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    assert_string_equal(try_asking(rig, CONTROL_ASKING_OPENED, 2), "wrong_phase");
    command_asking(rig, CONTROL_ASKING_OPENED, 1);
    close_asking(rig);
    reveal_asking(rig);
    assert_string_equal(try_asking(rig, CONTROL_ASKING_OPENED, 1), "wrong_phase");
    assert_string_equal(try_asking(rig, CONTROL_ASKING_OPENED, 2), DONE);
    rig_free(rig);
}

static void after_the_last_asking_there_is_no_next(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->askings_count = 1;
    rig_open(rig);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    assert_string_equal(try_value(rig, CONTROL_ASKING_OPENED, 0), "wrong_phase");
    command(rig, CONTROL_ROUND_ENDED, 0);
    assert_heard(rig, "append ended 1 #7; publish ended 0");
    rig_free(rig);
}

static void a_paused_round_stands_still(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    command(rig, CONTROL_PAUSED, 0);
    assert_heard(rig, "append paused 0 #7; publish paused 1");
    assert_true(look(rig).is_paused);
    assert_string_equal(try_value(rig, CONTROL_PAUSED, 0), "wrong_phase");
    assert_string_equal(try_value(rig, CONTROL_ASKING_OPENED, 0), "wrong_phase");
    command(rig, CONTROL_RESUMED, 0);
    assert_heard(rig, "append resumed 0 #7; publish resumed 1");
    open_asking(rig);
    close_asking(rig);
    command(rig, CONTROL_PAUSED, 0);
    assert_string_equal(try_value(rig, CONTROL_ASKING_REVEALED, 0), "wrong_phase");
    assert_replays(rig);
    rig_free(rig);
}

static void time_is_added_before_the_first_participants_time_is_over(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    assert_string_equal(try_value(rig, CONTROL_ASKING_EXTENDED, LIMIT + 1), "wrong_phase");
    command(rig, CONTROL_ASKING_OPENED, 0);
    uint64_t opened_ms = rig->now_ms;
    rig->now_ms += 1000;
    shown(rig, 0, 0, opened_ms + 300);
    shown(rig, 0, 1, opened_ms + 900);
    shown_end(rig, 0);
    assert_string_equal(try_value(rig, CONTROL_ASKING_EXTENDED, LIMIT), "bad_request");
    assert_string_equal(try_value(rig, CONTROL_ASKING_EXTENDED, LIMIT_MS_MAX + 1), "bad_request");
    rig->now_ms = opened_ms + 300 + READING + LIMIT - 1;
    assert_string_equal(try_value(rig, CONTROL_ASKING_EXTENDED, LIMIT + 5000), DONE);
    assert_true(look(rig).can_extend);
    rig->now_ms++;
    assert_string_equal(try_value(rig, CONTROL_ASKING_EXTENDED, LIMIT + 5000), "too_late");
    assert_false(look(rig).can_extend);
    rig_free(rig);
}

static void time_added_is_told_and_replays(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    command(rig, CONTROL_ASKING_EXTENDED, LIMIT + 5000);
    assert_heard(rig, "append extended 1 =25000 #7; publish extended 1");
    assert_replays(rig);
    close_asking(rig);
    reveal_asking(rig);
    open_asking(rig);
    assert_int_equal(look(rig).limit_ms, LIMIT); /* of that asking alone */
    rig_free(rig);
}

static void flags_take_zero_or_one(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    close_asking(rig);
    reveal_asking(rig);
    static const enum control_kind kinds[] = {CONTROL_LOCKED, CONTROL_NAMES_HIDDEN, CONTROL_PACE, CONTROL_SCENE};
    for (int i = 0; i < 4; i++)
        assert_string_equal(try_value(rig, kinds[i], 2), "bad_request");
    command(rig, CONTROL_LOCKED, 1);
    assert_heard(rig, "append locked 1 =1 #7; publish locked 1");
    command(rig, CONTROL_NAMES_HIDDEN, 1);
    assert_heard(rig, "append names_hidden 1 =1 #7; publish names 1");
    command(rig, CONTROL_PACE, 1);
    assert_heard(rig, "append pace 1 =1 #7; publish none 1");
    command(rig, CONTROL_SCENE, SCENE_LEADERBOARD);
    assert_heard(rig, "append scene 1 =1 #7; publish scene 1");
    struct round_view view = look(rig);
    assert_true(view.is_locked && view.are_names_hidden && view.is_auto && view.scene == SCENE_LEADERBOARD);
    assert_replays(rig);
    open_asking(rig);
    assert_int_equal(look(rig).scene, SCENE_QUESTION);
    rig_free(rig);
}

static void only_somebody_who_is_there_is_removed_or_renamed(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    struct control control = {.kind = CONTROL_REMOVED, .round = ROUND, .participant = 1};
    assert_string_equal(try_control(rig, control), "unknown_participant");
    control.participant = PARTICIPANT_NONE;
    assert_string_equal(try_control(rig, control), "unknown_participant");
    control.kind = CONTROL_RENAMED;
    assert_string_equal(try_control(rig, control), "unknown_participant");
    command_participant(rig, CONTROL_REMOVED, 0);
    control.participant = 0;
    assert_string_equal(try_control(rig, control), "unknown_participant");
    control.kind = CONTROL_REMOVED;
    assert_string_equal(try_control(rig, control), "unknown_participant");
    rig_free(rig);
}

static void only_an_asking_that_was_opened_is_voided_and_once(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 1), "wrong_phase");
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 0), "bad_request");
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 4), "bad_request");
    static const choice_set right[] = {A};
    play_asking(rig, right, 1);
    open_asking(rig);
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 1), "wrong_phase"); /* another one is open */
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 3), "wrong_phase");
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 2), DONE);
    command_asking(rig, CONTROL_ASKING_VOIDED, 2);
    assert_string_equal(try_asking(rig, CONTROL_ASKING_VOIDED, 2), "wrong_phase");
    rig_free(rig);
}

static void who_asked_stands_in_the_fact(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    rig->now_ms += 77;
    command_control(
        rig, 3, (struct control){.kind = CONTROL_LOCKED, .round = ROUND, .value = 1, .actor = 12, .at_ms = 5});
    const struct control *fact = &rig->log[rig->log_durable - 1].control;
    assert_int_equal(fact->actor, 12);
    assert_true(fact->at_ms == rig->now_ms);
    assert_true(fact->participant == PARTICIPANT_NONE);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_done_in_their_phases_alone),
        cmocka_unit_test(a_round_that_is_unknown_or_over_takes_no_command),
        cmocka_unit_test(a_command_changes_nothing_before_it_is_a_fact),
        cmocka_unit_test(a_next_that_names_its_asking_is_done_once),
        cmocka_unit_test(after_the_last_asking_there_is_no_next),
        cmocka_unit_test(a_paused_round_stands_still),
        cmocka_unit_test(time_is_added_before_the_first_participants_time_is_over),
        cmocka_unit_test(time_added_is_told_and_replays),
        cmocka_unit_test(flags_take_zero_or_one),
        cmocka_unit_test(only_somebody_who_is_there_is_removed_or_renamed),
        cmocka_unit_test(only_an_asking_that_was_opened_is_voided_and_once),
        cmocka_unit_test(who_asked_stands_in_the_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
