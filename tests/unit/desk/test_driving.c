/* Driving a round: the lease, controls and their DONE, sessions that end. */
#include "asking.h"

/* ---- driving ---- */

static void drive_round_2(struct fixture *f, enum phase phase, uint16_t asking)
{
    CORE_SAYS(f->office, core_status, office_status(phase, asking));
    assert_done(page_ask(f->office, &f->page, WATCH_2));
    assert_done(page_ask(f->office, &f->page, TAKE_2));
}

static void driving_needs_the_lease(void **state)
{
    struct fixture *f = *state;
    static const char *const frames[] = {"\"do\":\"round.start\"", "\"do\":\"round.next\"", "\"do\":\"round.close\"",
        "\"do\":\"round.extend\",\"ms\":5000", "\"do\":\"round.reveal\"",
        "\"do\":\"round.scene\",\"show\":\"question\"", "\"do\":\"round.pause\"", "\"do\":\"round.resume\"",
        "\"do\":\"round.void\",\"asking\":1", "\"do\":\"round.lock\",\"locked\":true",
        "\"do\":\"round.hide_names\",\"hidden\":true", "\"do\":\"round.pace\",\"auto\":true", "\"do\":\"round.end\"",
        "\"do\":\"participant.remove\",\"participant\":1",
        "\"do\":\"participant.rename\",\"participant\":1,\"name\":\"x\""};
    CORE_SAYS(f->office, core_status, office_status(PHASE_OPEN, 1));
    assert_done(page_ask(f->office, &f->page, WATCH_2));
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        char frame[256];
        snprintf(frame, sizeof frame, "{\"id\":3,\"round\":2,%s}", frames[i]);
        assert_refused(page_ask(f->office, &f->page, frame), "lease_needed", NULL);
    }
    assert_int_equal(f->office->heard_count, 0);
}

struct expected {
    const char *frame;
    struct control control;
};

static void each_request_becomes_its_control(void **state)
{
    struct fixture *f = *state;
    static const struct expected expected[] = {
        {"\"do\":\"round.next\"", {.kind = CONTROL_ASKING_OPENED, .asking = 2}},
        {"\"do\":\"round.close\"", {.kind = CONTROL_ASKING_CLOSED, .asking = 1, .value = 1}},
        {"\"do\":\"round.extend\",\"ms\":5000", {.kind = CONTROL_ASKING_EXTENDED, .asking = 1, .value = 25000}},
        {"\"do\":\"round.reveal\"", {.kind = CONTROL_ASKING_REVEALED, .asking = 1}},
        {"\"do\":\"round.scene\",\"show\":\"leaderboard\"", {.kind = CONTROL_SCENE, .value = SCENE_LEADERBOARD}},
        {"\"do\":\"round.pause\"", {.kind = CONTROL_PAUSED}},
        {"\"do\":\"round.resume\"", {.kind = CONTROL_RESUMED}},
        {"\"do\":\"round.void\",\"asking\":1", {.kind = CONTROL_ASKING_VOIDED, .asking = 1}},
        {"\"do\":\"round.lock\",\"locked\":true", {.kind = CONTROL_LOCKED, .value = 1}},
        {"\"do\":\"round.lock\",\"locked\":false", {.kind = CONTROL_LOCKED, .value = 0}},
        {"\"do\":\"round.hide_names\",\"hidden\":true", {.kind = CONTROL_NAMES_HIDDEN, .value = 1}},
        {"\"do\":\"round.pace\",\"auto\":true", {.kind = CONTROL_PACE, .value = 1}},
        {"\"do\":\"round.end\"", {.kind = CONTROL_ROUND_ENDED}},
        {"\"do\":\"participant.remove\",\"participant\":3", {.kind = CONTROL_REMOVED, .participant = 3}},
    };
    drive_round_2(f, PHASE_OPEN, 1);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char frame[256];
        snprintf(frame, sizeof frame, "{\"id\":3,\"round\":2,%s}", expected[i].frame);
        while (page_hear(&f->page))
            continue;
        page_say(f->office, &f->page, frame);
        assert_null(page_reply(&f->page)); /* not before DONE */
        struct desk_command command = core_last_command(f->office);
        const struct control *wanted = &expected[i].control;
        assert_int_equal(command.control.kind, wanted->kind);
        assert_int_equal(command.control.round, 2);
        assert_int_equal(command.control.asking, wanted->asking);
        assert_int_equal(command.control.value, wanted->value);
        assert_int_equal(command.control.participant, wanted->participant ? wanted->participant : PARTICIPANT_NONE);
        assert_int_equal(command.control.actor, f->office->account.id);
        CORE_SAYS(f->office, core_done, {.id = command.id, .error = COMMAND_WRONG_PHASE});
        assert_refused(page_reply(&f->page), "wrong_phase", NULL);
    }
}

static void every_refusal_of_the_core_has_its_words(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_OPEN, 1);
    for (int error = COMMAND_UNKNOWN_ROUND; error < COMMAND_ERRORS; error++) {
        while (page_hear(&f->page))
            continue;
        page_say(f->office, &f->page, "{\"id\":3,\"do\":\"round.close\",\"round\":2}");
        CORE_SAYS(f->office, core_done, {.id = core_last_command(f->office).id, .error = (enum command_error)error});
        assert_refused(page_reply(&f->page), command_error_name((enum command_error)error), NULL);
    }
}

static void done_is_answered_and_foreseen(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_LOBBY, 0);
    page_say(f->office, &f->page, "{\"id\":3,\"do\":\"round.start\",\"round\":2}");
    struct desk_command first = core_last_command(f->office);
    assert_int_equal(first.control.asking, 1);
    CORE_SAYS(f->office, core_done, {.id = first.id});
    assert_done(page_reply(&f->page));
    /* the core's status is not here yet, and the asking is known to be the first */
    page_say(f->office, &f->page, "{\"id\":4,\"do\":\"round.close\",\"round\":2}");
    assert_int_equal(core_last_command(f->office).control.kind, CONTROL_ASKING_CLOSED);
    assert_int_equal(core_last_command(f->office).control.asking, 1);
}

static void start_is_for_the_first_asking_and_next_for_the_others(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_LOBBY, 0);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.next\",\"round\":2}"), "wrong_phase", NULL);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.close\",\"round\":2}"), "wrong_phase", NULL);
    CORE_SAYS(f->office, core_status, office_status(PHASE_REVEALED, 3));
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.start\",\"round\":2}"), "wrong_phase", NULL);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.next\",\"round\":2}"), "wrong_phase", NULL);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.extend\",\"round\":2,\"ms\":5000}"),
        "wrong_phase", NULL);
    CORE_SAYS(f->office, core_status, office_status(PHASE_ENDED, 3));
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.end\",\"round\":2}"), "round_over", NULL);
    assert_int_equal(f->office->heard_count, 0);
}

static void rename_carries_the_trimmed_name(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_LOBBY, 0);
    page_say(f->office, &f->page,
        "{\"id\":3,\"do\":\"participant.rename\",\"round\":2,\"participant\":4,\"name\":\" 王秀英 \"}");
    struct desk_rename rename;
    struct heard *last = &f->office->heard[f->office->heard_count - 1];
    assert_true(desk_rename_decode((struct span){last->bytes, last->size}, &rename));
    assert_int_equal(rename.participant, 4);
    assert_int_equal(rename.actor, f->office->account.id);
    assert_true(span_equal(rename.name, span_of_text("王秀英")));
}

static void command_without_done_is_away_after_five_seconds(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_OPEN, 1);
    page_say(f->office, &f->page, "{\"id\":3,\"do\":\"round.close\",\"round\":2}");
    uint64_t id = core_last_command(f->office).id;
    office_wait(f->office, COMMAND_MS_MAX - 1);
    assert_null(page_reply(&f->page));
    office_wait(f->office, 1);
    assert_refused(page_reply(&f->page), "core_away", NULL);
    CORE_SAYS(f->office, core_done, {.id = id}); /* too late to be told */
    assert_null(page_reply(&f->page));
}

static void without_the_core_nothing_is_tried(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_OPEN, 1);
    f->office->desk.link.is_up = false;
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.close\",\"round\":2}"), "core_away", NULL);
    assert_int_equal(f->office->heard_count, 0);
}

static void malformed_word_of_the_core_ends_its_channel(void **state)
{
    struct fixture *f = *state;
    drive_round_2(f, PHASE_OPEN, 1);
    page_say(f->office, &f->page, "{\"id\":3,\"do\":\"round.close\",\"round\":2}");
    uint8_t bytes[] = {CORE_STATUS, 0, 1};
    link_message(&f->office->desk, (struct span){bytes, sizeof bytes});
    assert_false(f->office->desk.link.is_up);
    assert_refused(page_reply(&f->page), "core_away", NULL);
}

/* ---- the lease, through pages ---- */

static void lease_goes_by_force_by_gift_and_by_reload(void **state)
{
    struct fixture *f = *state;
    struct page other;
    drive_round_2(f, PHASE_LOBBY, 0);
    page_open(f->office, &other, office_sign_in(f->office));
    assert_done(page_ask(f->office, &other, WATCH_2));
    json_t *reply = page_ask(f->office, &other, TAKE_2);
    assert_refused(reply, "lease_held", NULL);
    assert_string_equal(json_string_value(json_object_get(reply, "holder")), "张老师");
    assert_done(page_ask(f->office, &other, "{\"id\":3,\"do\":\"lease.take\",\"round\":2,\"force\":true}"));
    assert_refused(
        page_ask(f->office, &f->page, "{\"id\":4,\"do\":\"round.pause\",\"round\":2}"), "lease_needed", NULL);

    char give[128];
    snprintf(give, sizeof give, "{\"id\":5,\"do\":\"lease.give\",\"round\":2,\"to\":%llu}",
        (unsigned long long)f->page.watcher->id);
    assert_done(page_ask(f->office, &other, give));
    assert_refused(page_ask(f->office, &other, give), "lease_needed", NULL);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":5,\"do\":\"lease.give\",\"round\":2,\"to\":99}"),
        "unknown_watcher", NULL);

    page_close(f->office, &f->page); /* a reload */
    assert_refused(page_ask(f->office, &other, TAKE_2), "lease_held", NULL);
    page_open(f->office, &f->page, f->session);
    reply = page_ask(f->office, &f->page, WATCH_2);
    assert_true(json_is_true(json_object_get(json_object_get(json_object_get(reply, "state"), "lease"), "mine")));

    page_close(f->office, &f->page);
    office_wait(f->office, LEASE_RETURN_MS);
    json_t *told = page_state(&other);
    assert_true(json_is_null(json_object_get(json_object_get(told, "lease"), "holder")));
    assert_done(page_ask(f->office, &other, TAKE_2));
    page_close(f->office, &other);
    page_open(f->office, &f->page, f->session);
}

static void two_watchers_see_each_other(void **state)
{
    struct fixture *f = *state;
    struct page other;
    drive_round_2(f, PHASE_LOBBY, 0);
    page_open(f->office, &other, office_sign_in(f->office));
    json_t *told = json_object_get(page_ask(f->office, &other, WATCH_2), "state");
    assert_int_equal(json_array_size(json_object_get(told, "watchers")), 2);
    assert_false(json_is_true(json_object_get(json_object_get(told, "lease"), "mine")));
    page_close(f->office, &other);
    office_wait(f->office, WATCHER_STATE_MS);
    assert_int_equal(json_array_size(json_object_get(page_state(&f->page), "watchers")), 1);
}

static void leaving_the_round_frees_the_lease(void **state)
{
    struct fixture *f = *state;
    struct page other;
    drive_round_2(f, PHASE_LOBBY, 0);
    page_open(f->office, &other, office_sign_in(f->office));
    assert_done(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"round.unwatch\",\"round\":2}"));
    assert_done(page_ask(f->office, &other, TAKE_2));
    page_close(f->office, &other);
}

static void signing_out_tells_and_closes_every_page_of_the_session(void **state)
{
    struct fixture *f = *state;
    f->office->desk.sessions.ended = (void (*)(void *, uint64_t))desk_session_ended;
    f->office->desk.sessions.context = &f->office->desk;
    drive_round_2(f, PHASE_LOBBY, 0);
    while (page_hear(&f->page))
        continue;
    session_end(&f->office->desk.sessions, f->session);
    assert_string_equal(json_string_value(json_object_get(page_hear(&f->page), "event")), "signed_out");
    assert_int_equal(f->page.closed, WATCHER_CLOSE_SIGNED);
    assert_null(lease_holder(&desk_round_find(&f->office->desk, 2)->lease, f->office->desk.now_ms));
    page_say(f->office, &f->page, "{\"id\":3,\"do\":\"banks\"}");
    assert_null(page_hear(&f->page));
}

static void session_that_ran_out_is_told_and_answers_nothing(void **state)
{
    struct fixture *f = *state;
    f->office->desk.sessions.ended = (void (*)(void *, uint64_t))desk_session_ended;
    f->office->desk.sessions.context = &f->office->desk;
    f->office->desk.wall_ms += SESSION_IDLE_MS;
    page_say(f->office, &f->page, "{\"id\":3,\"do\":\"banks\"}");
    assert_string_equal(json_string_value(json_object_get(page_hear(&f->page), "event")), "signed_out");
    assert_null(page_hear(&f->page));
    assert_int_equal(f->page.closed, WATCHER_CLOSE_SIGNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(driving_needs_the_lease),
        TEST(each_request_becomes_its_control),
        TEST(every_refusal_of_the_core_has_its_words),
        TEST(done_is_answered_and_foreseen),
        TEST(start_is_for_the_first_asking_and_next_for_the_others),
        TEST(rename_carries_the_trimmed_name),
        TEST(command_without_done_is_away_after_five_seconds),
        TEST(without_the_core_nothing_is_tried),
        TEST(malformed_word_of_the_core_ends_its_channel),
        TEST(lease_goes_by_force_by_gift_and_by_reload),
        TEST(two_watchers_see_each_other),
        TEST(leaving_the_round_frees_the_lease),
        TEST(signing_out_tells_and_closes_every_page_of_the_session),
        TEST(session_that_ran_out_is_told_and_answers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
