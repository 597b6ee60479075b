/* Opening core.db: what is refused, how it is told, and that a refusal changes nothing. */
#include "store/store_private.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void write_file(const char *path, const void *data, size_t size, off_t offset)
{
    int file = open(path, O_WRONLY | O_CREAT, 0644);
    assert_true(file >= 0);
    assert_int_equal(size, pwrite(file, data, size, offset));
    close(file);
}

static size_t read_file(const char *path, void *out, size_t size)
{
    int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    ssize_t got = pread(file, out, size, 0);
    close(file);
    return (size_t)got;
}

/* A process of its own that runs `work` and ends with what it returns. */
static int in_child(int (*work)(struct folder *folder), struct folder *folder)
{
    pid_t child = fork();
    if (child == 0) _exit(work(folder));
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    return status;
}

/* A process that opens the store, commits a round of one person, tells so, and holds it until it is killed. */
static pid_t start_holder(struct folder *folder)
{
    int told[2];
    assert_int_equal(0, pipe(told));
    pid_t child = fork();
    if (child == 0) {
        struct store *store = folder_open(folder);
        commit_round(store, 1);
        append_answer(store, 1, 0); /* not committed */
        if (write(told[1], "x", 1) != 1) _exit(1);
        pause();
        _exit(1);
    }
    char byte;
    assert_int_equal(1, read(told[0], &byte, 1));
    close(told[0]);
    close(told[1]);
    return child;
}

static void kill_holder(pid_t child)
{
    assert_int_equal(0, kill(child, SIGKILL));
    assert_int_equal(child, waitpid(child, NULL, 0));
}

/* ---- the lock ---- */

static void second_writer_is_refused_until_the_first_is_gone(void **state)
{
    struct folder *folder = *state;
    pid_t child = start_holder(folder);
    struct store *store;
    assert_int_equal(STORE_LOCKED, folder_try(folder, (struct store_options){0}, &store));
    assert_null(store);
    assert_non_null(strstr(folder->message, "core.lock"));
    kill_holder(child);
    store = folder_open(folder);
    assert_int_equal(1, store_last_seq(store));
    store_close(store);
}

static void second_store_of_the_same_process_is_refused(void **state)
{
    struct folder *folder = *state;
    struct store *first = folder_open(folder), *second;
    assert_int_equal(STORE_LOCKED, folder_try(folder, (struct store_options){0}, &second));
    store_close(first);
    store_close(folder_open(folder));
}

static void reader_outlives_a_killed_writer(void **state)
{
    struct folder *folder = *state;
    pid_t child = start_holder(folder);
    struct store *reader = folder_open_reader(folder);
    assert_int_equal(1, store_last_seq(reader));
    kill_holder(child);
    assert_int_equal(ROUND_NUMBER, store_last_round(reader));
    assert_int_equal(0, answers_count(reader, 1));
    struct store *store = folder_open(folder);
    append_answer(store, 1, 0);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(1, answers_count(reader, 1));
    store_close(store);
    store_close(reader);
}

static void commit_in_a_forked_process_is_a_broken_expectation(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    append_small_round(store, ROUND_NUMBER);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        _exit(store_commit(store) == STORE_OK ? 0 : 1);
    }
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);
}

/* ---- not ours ---- */

static void newer_version_is_refused_by_writer_and_reader(void **state)
{
    struct folder *folder = *state;
    store_close(folder_open(folder));
    folder_sql(folder, "PRAGMA user_version = 99");
    struct store *store;
    assert_int_equal(STORE_NEWER, folder_try(folder, (struct store_options){0}, &store));
    assert_non_null(strstr(folder->message, "newer"));
    assert_int_equal(STORE_NEWER, folder_try(folder, (struct store_options){.is_read_only = true}, &store));
    assert_int_equal(99, folder_number(folder, "PRAGMA user_version"));
}

static void assert_foreign_and_untouched(struct folder *folder)
{
    static char before[65536], after[65536];
    size_t size = read_file(folder->database, before, sizeof before);
    struct store *store;
    assert_int_equal(STORE_FOREIGN, folder_try(folder, (struct store_options){0}, &store));
    assert_non_null(strstr(folder->message, "Jingda"));
    assert_int_equal(size, read_file(folder->database, after, sizeof after));
    assert_memory_equal(before, after, size);
}

static void database_of_another_program_is_refused_and_left_alone(void **state)
{
    struct folder *folder = *state;
    folder_sql(folder, "CREATE TABLE notes(text TEXT)");
    assert_foreign_and_untouched(folder);
    folder_sql(folder, "PRAGMA application_id = 4711; PRAGMA user_version = 1");
    assert_foreign_and_untouched(folder);
}

static void file_that_is_no_database_is_refused_and_left_alone(void **state)
{
    struct folder *folder = *state;
    static char text[5000];
    memset(text, 'x', sizeof text);
    write_file(folder->database, text, sizeof text, 0);
    assert_foreign_and_untouched(folder);
}

/* ---- the machine's faults ---- */

static int open_unprivileged(struct folder *folder)
{
    /* root may write anywhere */
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 100;
    struct store *store;
    enum store_open_result result = folder_try(folder, (struct store_options){0}, &store);
    store_close(store);
    return (int)result;
}

static void folder_that_cannot_be_written_is_told(void **state)
{
    struct folder *folder = *state;
    assert_int_equal(0, chmod(folder->path, 0555));
    int status = in_child(open_unprivileged, folder);
    assert_int_equal(0, chmod(folder->path, 0700));
    assert_true(WIFEXITED(status));
    assert_int_equal(STORE_READ_ONLY, WEXITSTATUS(status));
}

static void database_that_cannot_be_written_is_told(void **state)
{
    struct folder *folder = *state;
    char lock[96];
    snprintf(lock, sizeof lock, "%s/core.lock", folder->path);
    store_close(folder_open(folder));
    assert_int_equal(0, chmod(folder->path, 0777));
    assert_int_equal(0, chmod(lock, 0666));
    assert_int_equal(0, chmod(folder->database, 0444));
    int status = in_child(open_unprivileged, folder);
    assert_true(WIFEXITED(status));
    assert_int_equal(STORE_READ_ONLY, WEXITSTATUS(status));
}

static void missing_folder_and_folder_in_the_files_place_are_io(void **state)
{
    struct folder *folder = *state;
    struct store *store;
    char message[256];
    struct store_options options = {.folder = "/nonexistent/jingda"};
    assert_int_equal(STORE_IO, store_open(&options, &store, message));
    assert_non_null(strstr(message, "/nonexistent/jingda"));
    assert_int_equal(0, mkdir(folder->database, 0700));
    assert_int_equal(STORE_IO, folder_try(folder, (struct store_options){0}, &store));
    assert_non_null(strstr(folder->message, "core.db"));
}

static void full_disk_at_the_first_start_is_told_and_leaves_nothing_half_made(void **state)
{
    struct folder *folder = *state;
    struct faults faults;
    fault_vfs_use(&faults);
    struct store *store;
    for (faults.room = 0; faults.room < 60000; faults.room = faults.room * 2 + 1000) {
        int64_t room = faults.room;
        assert_int_equal(STORE_NO_SPACE, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
        assert_non_null(strstr(folder->message, "full"));
        faults.room = room;
    }
    faults.room = -1;
    assert_int_equal(STORE_OPENED, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
    commit_round(store, 1);
    store_close(store);
}

static void failing_reads_and_fsyncs_are_io(void **state)
{
    struct folder *folder = *state;
    struct faults faults;
    fault_vfs_use(&faults);
    struct store *store;
    faults.is_sync_failing = true;
    assert_int_equal(STORE_IO, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
    faults.is_sync_failing = false;
    assert_int_equal(STORE_OPENED, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
    store_close(store);
    faults.is_read_failing = true;
    assert_int_equal(STORE_IO, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
}

static void damaged_file_is_told(void **state)
{
    struct folder *folder = *state;
    store_close(folder_open(folder));
    char garbage[3000];
    memset(garbage, 0x5a, sizeof garbage);
    write_file(folder->database, garbage, sizeof garbage, 100);
    struct store *store;
    assert_int_equal(STORE_DAMAGED, folder_try(folder, (struct store_options){0}, &store));
}

/* ---- settings ---- */

static void file_system_without_wal_is_refused(void **state)
{
    struct folder *folder = *state;
    struct faults faults;
    fault_vfs_use(&faults);
    faults.has_no_shared_memory = true;
    struct store *store;
    assert_int_equal(STORE_PRAGMA, folder_try(folder, (struct store_options){.vfs = FAULT_VFS}, &store));
    assert_non_null(strstr(folder->message, "journal_mode"));
}

static void synchronous_that_is_not_what_was_asked_is_refused(void **state)
{
    struct folder *folder = *state;
    struct store *store;
    assert_int_equal(STORE_PRAGMA, folder_try(folder, (struct store_options){.synchronous = "OFF"}, &store));
    assert_non_null(strstr(folder->message, "synchronous"));
    assert_int_equal(STORE_PRAGMA, folder_try(folder, (struct store_options){.synchronous = "FULLY"}, &store));
}

static void assert_setting(struct store *store, const char *pragma, const char *wanted)
{
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA %s", pragma);
    sqlite3_stmt *statement;
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(store->database.handle, sql, -1, &statement, NULL));
    assert_int_equal(SQLITE_ROW, sqlite3_step(statement));
    assert_string_equal(wanted, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static void settings_of_writer_and_reader_are_those_of_the_design(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder), *reader = folder_open_reader(folder);
    assert_setting(store, "journal_mode", "wal");
    assert_setting(store, "synchronous", "2");
    assert_setting(store, "locking_mode", "normal");
    assert_setting(store, "foreign_keys", "1");
    assert_setting(store, "trusted_schema", "0");
    assert_setting(store, "wal_autocheckpoint", "0");
    assert_setting(store, "user_version", "1");
    assert_setting(reader, "journal_mode", "wal");
    assert_setting(reader, "query_only", "1");
    assert_setting(reader, "trusted_schema", "0");
    assert_setting(reader, "busy_timeout", "2000");
    int is_defensive = 0;
    sqlite3_db_config(store->database.handle, SQLITE_DBCONFIG_DEFENSIVE, -1, &is_defensive);
    assert_int_equal(1, is_defensive);
    assert_int_equal(
        SQLITE_READONLY & 0xff, sqlite3_exec(reader->database.handle, "DELETE FROM value", NULL, NULL, NULL) & 0xff);
    store_close(reader);
    store_close(store);
}

static void reader_of_an_empty_folder_is_refused_and_makes_no_file(void **state)
{
    struct folder *folder = *state;
    struct store *reader;
    assert_int_equal(STORE_IO, folder_try(folder, (struct store_options){.is_read_only = true}, &reader));
    assert_int_equal(-1, access(folder->database, F_OK));
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(second_writer_is_refused_until_the_first_is_gone),
        STORE_TEST(second_store_of_the_same_process_is_refused),
        STORE_TEST(reader_outlives_a_killed_writer),
        STORE_TEST(commit_in_a_forked_process_is_a_broken_expectation),
        STORE_TEST(newer_version_is_refused_by_writer_and_reader),
        STORE_TEST(database_of_another_program_is_refused_and_left_alone),
        STORE_TEST(file_that_is_no_database_is_refused_and_left_alone),
        STORE_TEST(folder_that_cannot_be_written_is_told),
        STORE_TEST(database_that_cannot_be_written_is_told),
        STORE_TEST(missing_folder_and_folder_in_the_files_place_are_io),
        STORE_TEST(full_disk_at_the_first_start_is_told_and_leaves_nothing_half_made),
        STORE_TEST(failing_reads_and_fsyncs_are_io),
        STORE_TEST(damaged_file_is_told),
        STORE_TEST(file_system_without_wal_is_refused),
        STORE_TEST(synchronous_that_is_not_what_was_asked_is_refused),
        STORE_TEST(settings_of_writer_and_reader_are_those_of_the_design),
        STORE_TEST(reader_of_an_empty_folder_is_refused_and_makes_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
