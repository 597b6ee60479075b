/* What pages ask and what the desk answers: reading frames, watching, driving with and without the lease. */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct fixture {
    struct office *office;
    uint64_t session;
    struct page page;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->office = office_make();
    f->session = office_sign_in(f->office);
    page_open(f->office, &f->page, f->session);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    page_close(f->office, &f->page);
    office_drop(f->office);
    free(f);
    return 0;
}

static void assert_refused(json_t *reply, const char *error, const char *field)
{
    assert_non_null(reply);
    assert_true(json_is_false(json_object_get(reply, "ok")));
    assert_string_equal(json_string_value(json_object_get(reply, "error")), error);
    assert_true(json_is_string(json_object_get(reply, "text")));
    assert_true(json_is_string(json_object_get(reply, "text_en")));
    if (field) assert_string_equal(json_string_value(json_object_get(reply, "field")), field);
}

static void assert_done(json_t *reply)
{
    assert_non_null(reply);
    if (!json_is_true(json_object_get(reply, "ok"))) fail_msg("%s", json_string_value(json_object_get(reply, "error")));
}

static json_int_t number(json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

/* ---- frames ---- */

static void what_is_no_request_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const frames[] = {"", "{", "[]", "7", "\"x\"", "{\"id\":1}x",
        "{\"id\":1,\"id\":2,\"do\":\"banks\"}", "{\"id\":1,\"do\":\"banks\",\"x\":\"\\u0000\"}"};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        json_t *reply = page_ask(f->office, &f->page, frames[i]);
        assert_refused(reply, "bad_request", "");
        assert_true(json_is_null(json_object_get(reply, "id")));
    }
    assert_refused(page_ask(f->office, &f->page, "{\"do\":\"banks\"}"), "bad_request", "id");
    assert_refused(page_ask(f->office, &f->page, "{\"id\":-1,\"do\":\"banks\"}"), "bad_request", "id");
    assert_refused(page_ask(f->office, &f->page, "{\"id\":1}"), "bad_request", "do");
    assert_refused(page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"round.explode\"}"), "bad_request", "do");
    assert_refused(page_ask(f->office, &f->page, "{\"id\":1,\"do\":7}"), "bad_request", "do");
}

static void reply_carries_the_requests_id(void **state)
{
    struct fixture *f = *state;
    json_t *reply = page_ask(f->office, &f->page, "{\"id\":9007199254740993,\"do\":\"banks\"}");
    assert_done(reply);
    assert_int_equal(number(reply, "id"), 9007199254740993);
}

static void too_many_requests_close_the_page(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < WATCHER_REQUESTS_10S; i++)
        page_say(f->office, &f->page, "{\"id\":1,\"do\":\"health\"}");
    assert_int_equal(f->page.closed, 0);
    page_say(f->office, &f->page, "{\"id\":1,\"do\":\"health\"}");
    assert_int_equal(f->page.closed, WATCHER_CLOSE_POLICY);
}

static void fields_of_other_requests_are_checked(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *frame, *field;
    } bad[] = {
        {"{\"id\":1,\"do\":\"bank\"}", "bank"},
        {"{\"id\":1,\"do\":\"bank\",\"bank\":\"1\"}", "bank"},
        {"{\"id\":1,\"do\":\"round.watch\",\"round\":0}", "round"},
        {"{\"id\":1,\"do\":\"round.watch\",\"round\":4294967296}", "round"},
        {"{\"id\":1,\"do\":\"leaderboard\",\"round\":1,\"count\":101}", "count"},
        {"{\"id\":1,\"do\":\"leaderboard\",\"round\":1,\"from\":-1}", "from"},
        {"{\"id\":1,\"do\":\"people\",\"round\":1,\"search\":7}", "search"},
        {"{\"id\":1,\"do\":\"round.extend\",\"round\":2,\"ms\":999}", "ms"},
        {"{\"id\":1,\"do\":\"round.scene\",\"round\":2,\"show\":\"cat\"}", "show"},
        {"{\"id\":1,\"do\":\"round.scene\",\"round\":2}", "show"},
        {"{\"id\":1,\"do\":\"round.lock\",\"round\":2,\"locked\":1}", "locked"},
        {"{\"id\":1,\"do\":\"round.lock\",\"round\":2}", "locked"},
        {"{\"id\":1,\"do\":\"round.hide_names\",\"round\":2}", "hidden"},
        {"{\"id\":1,\"do\":\"round.pace\",\"round\":2}", "auto"},
        {"{\"id\":1,\"do\":\"round.void\",\"round\":2}", "asking"},
        {"{\"id\":1,\"do\":\"participant.remove\",\"round\":2}", "participant"},
        {"{\"id\":1,\"do\":\"participant.rename\",\"round\":2,\"participant\":1}", "name"},
        {"{\"id\":1,\"do\":\"participant.rename\",\"round\":2,\"participant\":1,\"name\":\"a\\u202eb\"}", "name"},
        {"{\"id\":1,\"do\":\"lease.give\",\"round\":2}", "to"},
        {"{\"id\":1,\"do\":\"lease.take\",\"round\":2,\"force\":1}", "force"},
        {"{\"id\":1,\"do\":\"qr\",\"round\":2,\"community\":-2}", "community"},
        {"{\"id\":1,\"do\":\"round.create\"}", "title"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(page_ask(f->office, &f->page, bad[i].frame), "bad_request", bad[i].field);
    assert_int_equal(f->office->heard_count, 0);
}

/* ---- watching ---- */

#define WATCH_2 "{\"id\":1,\"do\":\"round.watch\",\"round\":2}"
#define TAKE_2  "{\"id\":2,\"do\":\"lease.take\",\"round\":2}"

static void watching_tells_the_whole_state_and_then_each_change(void **state)
{
    struct fixture *f = *state;
    CORE_SAYS(f->office, core_status, office_status(PHASE_LOBBY, 0));
    json_t *reply = page_ask(f->office, &f->page, WATCH_2);
    assert_done(reply);
    json_t *told = json_object_get(reply, "state");
    assert_string_equal(json_string_value(json_object_get(told, "title")), "第二场");
    assert_string_equal(json_string_value(json_object_get(told, "code")), "100002");
    assert_int_equal(json_array_size(json_object_get(told, "questions")), 3);
    assert_int_equal(number(told, "people"), 5);

    office_wait(f->office, WATCHER_STATE_MS);
    (void)page_state(&f->page);
    struct core_status status = office_status(PHASE_OPEN, 1);
    status.answered = 3;
    CORE_SAYS(f->office, core_status, status);
    office_wait(f->office, WATCHER_STATE_MS);
    told = page_state(&f->page);
    assert_string_equal(json_string_value(json_object_get(told, "phase")), "open");
    assert_int_equal(number(told, "answered"), 3);
    assert_int_equal(number(json_object_get(told, "open"), "elapsed_ms"), 0);
}

static void states_come_at_most_four_times_a_second(void **state)
{
    struct fixture *f = *state;
    CORE_SAYS(f->office, core_status, office_status(PHASE_OPEN, 1));
    assert_done(page_ask(f->office, &f->page, WATCH_2));
    uint32_t before = f->page.count;
    for (uint32_t i = 1; i <= 1000; i++) { /* 10 s of changes each 10 ms */
        struct core_status status = office_status(PHASE_OPEN, 1);
        status.answered = i;
        CORE_SAYS(f->office, core_status, status);
        office_wait(f->office, 10);
    }
    assert_in_range(f->page.count - before, 39, 40);
    office_wait(f->office, WATCHER_STATE_MS);
    assert_int_equal(number(page_state(&f->page), "answered"), 1000); /* the last change is never left out */
}

static void slow_page_gets_the_newest_state_only(void **state)
{
    struct fixture *f = *state;
    CORE_SAYS(f->office, core_status, office_status(PHASE_OPEN, 1));
    assert_done(page_ask(f->office, &f->page, WATCH_2));
    office_wait(f->office, WATCHER_STATE_MS);
    f->page.is_slow = true;
    for (uint32_t i = 1; i <= 100; i++) {
        struct core_status status = office_status(PHASE_OPEN, 1);
        status.answered = i;
        CORE_SAYS(f->office, core_status, status);
        office_wait(f->office, WATCHER_STATE_MS);
    }
    uint32_t stuck = f->page.count;
    f->page.is_slow = false;
    watcher_written(&f->office->desk.watchers, f->page.watcher);
    office_wait(f->office, WATCHER_STATE_MS);
    assert_int_equal(f->page.count, stuck + 1);
    assert_int_equal(number(page_state(&f->page), "answered"), 100);
}

static void page_that_never_reads_is_closed(void **state)
{
    struct fixture *f = *state;
    f->page.is_slow = true;
    for (int i = 0; i <= WATCHER_OUTBOX_FRAMES + 1; i++)
        page_say(f->office, &f->page, "{\"id\":1,\"do\":\"health\"}");
    assert_int_equal(f->page.closed, WATCHER_CLOSE_POLICY);
}

static void unknown_round_is_said(void **state)
{
    struct fixture *f = *state;
    assert_refused(
        page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"round.watch\",\"round\":99}"), "unknown_round", NULL);
    assert_refused(
        page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"leaderboard\",\"round\":99}"), "unknown_round", NULL);
    assert_refused(
        page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"lease.take\",\"round\":99}"), "unknown_round", NULL);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"bank\",\"bank\":99}"), "unknown_bank", NULL);
}

static void played_round_is_told_from_the_log(void **state)
{
    struct fixture *f = *state;
    json_t *reply = page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"round.watch\",\"round\":1}");
    assert_done(reply);
    json_t *told = json_object_get(reply, "state");
    assert_string_equal(json_string_value(json_object_get(told, "phase")), "ended");
    assert_int_equal(number(told, "people"), 4); /* five, and one removed */
    assert_int_equal(number(told, "asking"), 3);
    assert_int_equal(number(told, "answered"), 4);
    office_wait(f->office, WATCHER_STATE_MS);
    json_t *questions = json_object_get(page_state(&f->page), "questions");
    assert_int_equal(number(json_array_get(questions, 0), "right_share"), 75);
    assert_int_equal(number(json_array_get(questions, 1), "right_share"), 25);
    assert_true(json_is_null(json_object_get(json_array_get(questions, 2), "right_share"))); /* a poll */
}

static void rounds_are_listed_newest_first(void **state)
{
    struct fixture *f = *state;
    CORE_SAYS(f->office, core_status, office_status(PHASE_OPEN, 2));
    json_t *rounds = json_object_get(page_ask(f->office, &f->page, "{\"id\":1,\"do\":\"rounds\"}"), "rounds");
    assert_int_equal(json_array_size(rounds), 2);
    json_t *running = json_array_get(rounds, 0), *played = json_array_get(rounds, 1);
    assert_int_equal(number(running, "round"), 2);
    assert_string_equal(json_string_value(json_object_get(running, "phase")), "open"); /* the core's word */
    assert_int_equal(number(running, "asking"), 2);
    assert_string_equal(json_string_value(json_object_get(played, "title")), "第一场");
    assert_string_equal(json_string_value(json_object_get(played, "phase")), "ended");
    assert_string_equal(json_string_value(json_object_get(played, "code")), "100001");
    assert_int_equal(number(played, "created_ms"), 1000);
}

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

/* ---- a new round ---- */

static void created_round_is_answered_and_driven_by_its_maker(void **state)
{
    struct fixture *f = *state;
    struct bank_loading loading;
    uint8_t hash[BANK_HASH_SIZE] = {1};
    struct question question = {.kind = QUESTION_SINGLE,
        .options_count = 2,
        .key = 1,
        .text = "问题",
        .options = {"甲", "乙"},
        .picture = "aa.png"};
    assert_true(bank_load_begin(&loading, f->office->desk.database, "a.csv", "a", hash, 1));
    bank_load_question(&loading, &question);
    bank_load_picture(&loading, "aa.png", span_of_text("bytes"));
    assert_true(bank_load_end(&loading, true));

    while (page_hear(&f->page))
        continue;
    page_say(f->office, &f->page,
        "{\"id\":6,\"do\":\"round.create\",\"title\":\"新的一场\",\"unit\":\"区科协\",\"questions\":[1,1],\"rules\":{}"
        "}");
    assert_int_equal(f->office->heard_count, 2); /* the picture once, then the round */
    assert_int_equal(message_kind((struct span){f->office->heard[0].bytes, f->office->heard[0].size}), DESK_PICTURE);
    struct reader r;
    struct desk_create head;
    struct heard *last = &f->office->heard[1];
    assert_true(desk_create_begin((struct span){last->bytes, last->size}, &r, &head));
    assert_int_equal(head.askings_count, 2);
    CORE_SAYS(f->office, core_done, {.id = head.id, .round = 3, .code = 4242});
    json_t *reply = page_reply(&f->page);
    assert_done(reply);
    assert_int_equal(number(reply, "round"), 3);
    assert_string_equal(json_string_value(json_object_get(reply, "code")), "004242");
    assert_true(lease_is_of(&desk_round_find(&f->office->desk, 3)->lease, f->page.watcher->id));
}

static void qr_code_leads_into_the_round_and_the_community(void **state)
{
    struct fixture *f = *state;
    CORE_SAYS(f->office, core_status, office_status(PHASE_LOBBY, 0));
    assert_done(page_ask(f->office, &f->page, WATCH_2));
    json_t *reply = page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"qr\",\"round\":2}");
    assert_string_equal(json_string_value(json_object_get(reply, "url")), "https://quiz.example:8443/?r=100002");
    reply = page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"qr\",\"round\":2,\"community\":1}");
    assert_string_equal(json_string_value(json_object_get(reply, "url")), "https://quiz.example:8443/?r=100002&c=1");
    assert_int_equal(strncmp(json_string_value(json_object_get(reply, "svg")), "<svg xmlns=", 11), 0);
    assert_refused(page_ask(f->office, &f->page, "{\"id\":3,\"do\":\"qr\",\"round\":2,\"community\":2}"), "bad_request",
        "community");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_request_is_refused),
        TEST(reply_carries_the_requests_id),
        TEST(too_many_requests_close_the_page),
        TEST(fields_of_other_requests_are_checked),
        TEST(watching_tells_the_whole_state_and_then_each_change),
        TEST(states_come_at_most_four_times_a_second),
        TEST(slow_page_gets_the_newest_state_only),
        TEST(page_that_never_reads_is_closed),
        TEST(unknown_round_is_said),
        TEST(played_round_is_told_from_the_log),
        TEST(rounds_are_listed_newest_first),
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
        TEST(created_round_is_answered_and_driven_by_its_maker),
        TEST(qr_code_leads_into_the_round_and_the_community),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
