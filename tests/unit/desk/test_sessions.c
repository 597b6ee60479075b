/* Accounts and sessions, in memory and in desk.db. */
#include "desk/sessions.h"

#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS (60ull * 60 * 1000)

struct fixture {
    struct folder folder;
    struct desk_database *database;
    struct sessions sessions;
    struct account account;
    uint64_t ended[SESSIONS_MAX];
    uint32_t ended_count;
};

static void on_ended(void *context, uint64_t id)
{
    struct fixture *fixture = context;
    fixture->ended[fixture->ended_count++] = id;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char message[256];
    folder_make(&fixture->folder);
    assert_int_equal(desk_database_open(fixture->folder.path, &fixture->database, message), STORE_OPENED);
    fixture->account = (struct account){.name = "张老师", .role = "organizer"};
    assert_int_equal(account_make_first(fixture->database, &fixture->account, "张老师", 1), ACCOUNT_MADE);
    assert_true(sessions_start(&fixture->sessions, fixture->database, 0));
    fixture->sessions.ended = on_ended;
    fixture->sessions.context = fixture;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    desk_database_close(fixture->database);
    folder_drop(&fixture->folder);
    free(fixture);
    return 0;
}

static struct span header_of(char *out, size_t size, const char *format, const char *cookie)
{
    snprintf(out, size, format, cookie);
    return span_of_text(out);
}

static void cookie_finds_its_session_among_others(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE], header[512];
    struct session *session = session_open(&f->sessions, &f->account, 1000, cookie);
    const char *formats[] = {"__Host-desk=%s", "a=b; __Host-desk=%s", "__Host-desk=%s; c=d"};
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(
            session_of_cookie(&f->sessions, header_of(header, sizeof header, formats[i], cookie), 1000), session);
    assert_string_equal(session->name, "张老师");
    assert_string_equal(session->role, "organizer");
}

static void wrong_cookie_finds_nobody(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE], header[512];
    assert_non_null(session_open(&f->sessions, &f->account, 1000, cookie));
    const char *formats[] = {
        "desk=%s", "x__Host-desk=%s", "__Host-desk=%sA", "__Host-desk %s", "%s", "__Host-deskx=%s"};
    for (int i = 0; i < 6; i++)
        assert_null(session_of_cookie(&f->sessions, header_of(header, sizeof header, formats[i], cookie), 1000));
    cookie[0] = cookie[0] == 'A' ? 'B' : 'A';
    assert_null(session_of_cookie(&f->sessions, header_of(header, sizeof header, "__Host-desk=%s", cookie), 1000));
    assert_null(session_of_cookie(&f->sessions, (struct span){NULL, 0}, 1000));
}

static void session_ends_after_twelve_hours_without_use(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE];
    uint64_t id = session_open(&f->sessions, &f->account, 1000, cookie)->id;
    assert_non_null(session_use(&f->sessions, id, 1000 + SESSION_IDLE_MS - 1));
    assert_non_null(session_use(&f->sessions, id, 1000 + 2 * SESSION_IDLE_MS - 2)); /* use carries it on */
    assert_null(session_use(&f->sessions, id, 1000 + 3 * SESSION_IDLE_MS - 2));
    assert_int_equal(f->ended_count, 1);
    assert_int_equal(f->ended[0], id);
}

static void sweep_ends_what_nobody_uses(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE];
    assert_non_null(session_open(&f->sessions, &f->account, 0, cookie));
    assert_non_null(session_open(&f->sessions, &f->account, HOUR_MS, cookie));
    sessions_sweep(&f->sessions, SESSION_IDLE_MS);
    assert_int_equal(sessions_count(&f->sessions), 1);
    sessions_sweep(&f->sessions, HOUR_MS + SESSION_IDLE_MS);
    assert_int_equal(sessions_count(&f->sessions), 0);
}

static void seventeenth_session_of_an_account_ends_the_longest_unused(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE];
    uint64_t ids[SESSIONS_OF_ACCOUNT_MAX];
    for (uint32_t i = 0; i < SESSIONS_OF_ACCOUNT_MAX; i++)
        ids[i] = session_open(&f->sessions, &f->account, 1000 + i, cookie)->id;
    assert_non_null(session_use(&f->sessions, ids[0], 5000));
    assert_non_null(session_open(&f->sessions, &f->account, 6000, cookie));
    assert_int_equal(f->ended_count, 1);
    assert_int_equal(f->ended[0], ids[1]);
    assert_int_equal(sessions_count(&f->sessions), SESSIONS_OF_ACCOUNT_MAX);
}

static void sessions_outlive_a_restart_of_the_desk(void **state)
{
    struct fixture *f = *state;
    char kept[SECRET_TEXT_SIZE], old[SECRET_TEXT_SIZE], header[512], message[256];
    assert_non_null(session_open(&f->sessions, &f->account, 0, old));
    assert_non_null(session_open(&f->sessions, &f->account, SESSION_IDLE_MS, kept));
    desk_database_close(f->database);
    assert_int_equal(desk_database_open(f->folder.path, &f->database, message), STORE_OPENED);
    struct sessions *again = calloc(1, sizeof *again);
    assert_true(sessions_start(again, f->database, SESSION_IDLE_MS + 1));
    struct session *session =
        session_of_cookie(again, header_of(header, sizeof header, "__Host-desk=%s", kept), SESSION_IDLE_MS + 1);
    assert_non_null(session);
    assert_string_equal(session->name, "张老师");
    assert_null(session_of_cookie(again, header_of(header, sizeof header, "__Host-desk=%s", old), SESSION_IDLE_MS + 1));
    free(again);
}

static void signing_out_ends_it_for_good(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE], header[512];
    session_end(&f->sessions, session_open(&f->sessions, &f->account, 0, cookie)->id);
    assert_null(session_of_cookie(&f->sessions, header_of(header, sizeof header, "__Host-desk=%s", cookie), 0));
    struct sessions *again = calloc(1, sizeof *again);
    assert_true(sessions_start(again, f->database, 0));
    assert_int_equal(sessions_count(again), 0);
    free(again);
}

/* ---- accounts ---- */

static void second_first_account_is_refused(void **state)
{
    struct fixture *f = *state;
    struct account other = {.name = "李", .role = "organizer"};
    assert_int_equal(account_make_first(f->database, &other, "李", 2), ACCOUNT_NOT_FIRST);
    assert_int_equal(account_by_name(f->database, "李", &other), ACCOUNT_MISSING);
    uint32_t count = 0;
    assert_true(accounts_count(f->database, &count));
    assert_int_equal(count, 1);
}

static void account_is_found_by_its_folded_name(void **state)
{
    struct fixture *f = *state;
    struct account found;
    assert_int_equal(account_by_name(f->database, "张老师", &found), ACCOUNT_FOUND);
    assert_int_equal(found.id, f->account.id);
    assert_string_equal(found.name, "张老师");
    assert_int_equal(account_by_name(f->database, "张", &found), ACCOUNT_MISSING);
}

static void newer_token_replaces_the_older(void **state)
{
    struct fixture *f = *state;
    uint8_t first[ACCOUNT_TOKEN_SIZE] = {1}, second[ACCOUNT_TOKEN_SIZE] = {2}, got[ACCOUNT_TOKEN_SIZE];
    assert_false(account_token_get(f->database, got)); /* used up with the first account */
    assert_true(account_token_set(f->database, first));
    assert_true(account_token_set(f->database, second));
    assert_true(account_token_get(f->database, got));
    assert_memory_equal(got, second, sizeof got);
}

static void nothing_readable_of_a_secret_is_in_the_file(void **state)
{
    struct fixture *f = *state;
    char cookie[SECRET_TEXT_SIZE], path[128];
    assert_non_null(session_open(&f->sessions, &f->account, 0, cookie));
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/desk.db%s", f->folder.path, i ? "-wal" : "");
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        static uint8_t bytes[1 << 20];
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_null(memmem(bytes, size, cookie, strlen(cookie)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cookie_finds_its_session_among_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_cookie_finds_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(session_ends_after_twelve_hours_without_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sweep_ends_what_nobody_uses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(seventeenth_session_of_an_account_ends_the_longest_unused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sessions_outlive_a_restart_of_the_desk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signing_out_ends_it_for_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(second_first_account_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(account_is_found_by_its_folded_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(newer_token_replaces_the_older, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_readable_of_a_secret_is_in_the_file, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
