/* What pages ask and what the desk answers: reading frames, watching, making a round. */
#include "asking.h"

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
        TEST(created_round_is_answered_and_driven_by_its_maker),
        TEST(qr_code_leads_into_the_round_and_the_community),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
