/* A backup taken while the store is in use is whole, is checked, and can be put back. */
#include "store/backup.h"
#include "unit/store/folder.h"

#include <fcntl.h>

static void path_in(const struct folder *folder, const char *name, char out[128])
{
    snprintf(out, 128, "%s/%s", folder->path, name);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void backup_of_a_store_in_use_is_restored_elsewhere(void **state)
{
    struct folder *folder = *state, *other;
    folder_make((void **)&other);
    char copy[128], part[140], message[256];
    path_in(folder, "copy.db", copy);
    snprintf(part, sizeof part, "%s.part", copy);
    struct store *store = folder_open(folder);
    commit_round(store, 20);
    for (uint32_t i = 0; i < 20; i++)
        append_answer(store, 1, i);
    assert_int_equal(STORE_OK, store_commit(store));
    append_answer(store, 2, 0); /* open: not in the copy */

    assert_true(store_backup(folder->path, copy, message));
    assert_false(is_there(part));
    assert_true(store_check(copy, message));
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);

    assert_true(store_restore(copy, other->path, message));
    store = folder_open(other);
    assert_int_equal(40, store_last_seq(store));
    assert_int_equal(20, answers_count(store, 1));
    assert_int_equal(0, answers_count(store, 2));
    append_answer(store, 2, 3);
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);
    folder_remove((void **)&other);
}

static void backup_does_not_write_over_a_file(void **state)
{
    struct folder *folder = *state;
    char copy[128], message[256];
    path_in(folder, "copy.db", copy);
    store_close(folder_open(folder));
    assert_true(store_backup(folder->path, copy, message));
    assert_false(store_backup(folder->path, copy, message));
    assert_non_null(strstr(message, "exists already"));
}

static void backup_of_nothing_or_to_nowhere_makes_no_file(void **state)
{
    struct folder *folder = *state;
    char copy[128], message[256];
    path_in(folder, "copy.db", copy);
    assert_false(store_backup(folder->path, copy, message));
    assert_non_null(strstr(message, "core.db"));
    assert_false(is_there(copy));
    assert_false(is_there(folder->database));
    store_close(folder_open(folder));
    path_in(folder, "missing/copy.db", copy);
    assert_false(store_backup(folder->path, copy, message));
}

static void deleted_names_are_not_in_a_backup(void **state)
{
    struct folder *folder = *state;
    static char bytes[1 << 20];
    char copy[128], message[256];
    path_in(folder, "copy.db", copy);
    struct store *store = folder_open(folder);
    commit_round(store, 5);
    for (uint32_t i = 0; i < 5; i++)
        store_set_name(store, ROUND_NUMBER, i, span_of_text(""));
    assert_int_equal(STORE_OK, store_commit(store));
    assert_true(store_backup(folder->path, copy, message));
    store_close(store);
    int file = open(copy, O_RDONLY);
    ssize_t size = read(file, bytes, sizeof bytes);
    close(file);
    assert_true(size > 4096);
    assert_null(memmem(bytes, (size_t)size, "李雷", strlen("李雷")));
}

static void damaged_backup_is_refused(void **state)
{
    struct folder *folder = *state, *other;
    folder_make((void **)&other);
    char copy[128], message[256], garbage[512];
    path_in(folder, "copy.db", copy);
    struct store *store = folder_open(folder);
    commit_round(store, 500);
    assert_true(store_backup(folder->path, copy, message));
    store_close(store);
    memset(garbage, 0x77, sizeof garbage);
    int file = open(copy, O_RDWR);
    off_t size = lseek(file, 0, SEEK_END), page = 0;
    char first; /* of a table's leaf with rows, wherever it lies */
    for (page = 4096; page < size; page += 4096)
        if (pread(file, &first, 1, page) == 1 && first == 10) break;
    assert_true(page < size);
    assert_int_equal(sizeof garbage, pwrite(file, garbage, sizeof garbage, page));
    close(file);
    assert_false(store_check(copy, message));
    assert_false(store_restore(copy, other->path, message));
    assert_false(is_there(other->database));
    folder_remove((void **)&other);
}

static void backup_whose_index_lacks_rows_is_refused(void **state)
{
    struct folder *folder = *state, *other;
    folder_make((void **)&other);
    char copy[128], message[256];
    path_in(folder, "copy.db", copy);
    struct store *store = folder_open(folder);
    commit_round(store, 1);
    struct control control = {.kind = CONTROL_PAUSED, .round = ROUND_NUMBER, .at_ms = 1};
    store_append_control(store, &control);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_true(store_backup(folder->path, copy, message));
    store_close(store);
    struct folder damaged = *folder;
    snprintf(damaged.database, sizeof damaged.database, "%s", copy);
    folder_sql(&damaged, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '17', '9')"
                         " WHERE name = 'event_ended'");
    assert_false(store_restore(copy, other->path, message));
    assert_false(is_there(other->database));
    folder_remove((void **)&other);
}

static void restore_refuses_a_folder_in_use_and_one_with_a_database_or_a_log(void **state)
{
    struct folder *folder = *state;
    char copy[128], log[140], message[256];
    path_in(folder, "copy.db", copy);
    struct store *store = folder_open(folder);
    assert_true(store_backup(folder->path, copy, message));
    assert_false(store_restore(copy, folder->path, message));
    store_close(store);
    assert_false(store_restore(copy, folder->path, message));
    assert_non_null(strstr(message, "exists already"));

    assert_int_equal(0, unlink(folder->database));
    snprintf(log, sizeof log, "%s-wal", folder->database);
    close(open(log, O_CREAT | O_WRONLY, 0600));
    assert_false(store_restore(copy, folder->path, message));
    assert_non_null(strstr(message, "core.db-wal"));
    assert_int_equal(0, unlink(log));
    assert_true(store_restore(copy, folder->path, message));
    store_close(folder_open(folder));
}

static void restore_while_a_core_holds_the_folder_is_refused(void **state)
{
    struct folder *folder = *state, *other;
    folder_make((void **)&other);
    char copy[128], message[256];
    path_in(folder, "copy.db", copy);
    store_close(folder_open(folder));
    assert_true(store_backup(folder->path, copy, message));
    struct store *store = folder_open(other);
    unlink(other->database); /* as if somebody had cleared the folder under the running core */
    char log[140];
    snprintf(log, sizeof log, "%s-wal", other->database);
    unlink(log);
    assert_false(store_restore(copy, other->path, message));
    assert_non_null(strstr(message, "core.lock"));
    store_close(store);
    folder_remove((void **)&other);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(backup_of_a_store_in_use_is_restored_elsewhere),
        STORE_TEST(backup_does_not_write_over_a_file),
        STORE_TEST(backup_of_nothing_or_to_nowhere_makes_no_file),
        STORE_TEST(deleted_names_are_not_in_a_backup),
        STORE_TEST(damaged_backup_is_refused),
        STORE_TEST(backup_whose_index_lacks_rows_is_refused),
        STORE_TEST(restore_refuses_a_folder_in_use_and_one_with_a_database_or_a_log),
        STORE_TEST(restore_while_a_core_holds_the_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
