/* Migrations: each once, all of one opening together or none. */
#include "store/database.h"
#include "unit/store/folder.h"

#define TEST_ID 0x54657374

static const char *const first_only[] = {"CREATE TABLE one(a INTEGER NOT NULL) STRICT; INSERT INTO one VALUES(1)"};
static const char *const both[] = {
    "CREATE TABLE one(a INTEGER NOT NULL) STRICT; INSERT INTO one VALUES(1)",
    "CREATE TABLE two(b INTEGER NOT NULL) STRICT; INSERT INTO two SELECT a + 1 FROM one",
};
static const char *const second_fails[] = {
    "CREATE TABLE one(a INTEGER NOT NULL) STRICT; INSERT INTO one VALUES(1)",
    "CREATE TABLE two(b INTEGER NOT NULL) STRICT; INSERT INTO one VALUES('no number')",
};

static struct database_schema schema_of(const char *const *migrations, uint32_t count)
{
    return (struct database_schema){
        .words = "test", .application_id = TEST_ID, .migrations = migrations, .migrations_count = count};
}

static enum store_open_result try(
    struct folder *folder, struct database *database, const char *const *migrations, uint32_t count, bool is_read_only)
{
    struct database_schema schema = schema_of(migrations, count);
    struct database_options options = {.path = folder->database, .is_read_only = is_read_only};
    return database_open(database, &options, &schema);
}

static void assert_opens(struct folder *folder, const char *const *migrations, uint32_t count)
{
    struct database database;
    assert_int_equal(STORE_OPENED, try(folder, &database, migrations, count, false));
    database_close(&database);
}

static void new_file_gets_every_migration_and_both_marks(void **state)
{
    struct folder *folder = *state;
    assert_opens(folder, both, 2);
    assert_int_equal(TEST_ID, folder_number(folder, "PRAGMA application_id"));
    assert_int_equal(2, folder_number(folder, "PRAGMA user_version"));
    assert_int_equal(2, folder_number(folder, "SELECT b FROM two"));
}

static void older_file_gets_only_what_it_lacks(void **state)
{
    struct folder *folder = *state;
    assert_opens(folder, first_only, 1);
    folder_sql(folder, "UPDATE one SET a = 41");
    assert_opens(folder, both, 2);
    assert_opens(folder, both, 2); /* and only once */
    assert_int_equal(42, folder_number(folder, "SELECT b FROM two"));
    assert_int_equal(1, folder_number(folder, "SELECT count(*) FROM two"));
}

static void failed_migration_leaves_the_file_as_it_was(void **state)
{
    struct folder *folder = *state;
    struct database database;
    assert_opens(folder, first_only, 1);
    assert_int_equal(STORE_IO, try(folder, &database, second_fails, 2, false));
    assert_non_null(strstr(database.message, "TEXT"));
    assert_int_equal(1, folder_number(folder, "PRAGMA user_version"));
    assert_int_equal(0, folder_number(folder, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"));
    assert_opens(folder, both, 2);
}

static void reader_refuses_an_older_file_and_an_older_program_a_newer_one(void **state)
{
    struct folder *folder = *state;
    struct database database;
    assert_opens(folder, first_only, 1);
    assert_int_equal(STORE_IO, try(folder, &database, both, 2, true));
    assert_non_null(strstr(database.message, "older version"));
    assert_opens(folder, both, 2);
    assert_int_equal(STORE_NEWER, try(folder, &database, first_only, 1, false));
    assert_int_equal(STORE_OPENED, try(folder, &database, both, 2, true));
    database_close(&database);
}

static void database_of_another_schema_is_foreign(void **state)
{
    struct folder *folder = *state;
    assert_opens(folder, both, 2); /* in core.db's place */
    struct store *store;
    assert_int_equal(STORE_FOREIGN, folder_try(folder, (struct store_options){0}, &store));
    assert_int_equal(2, folder_number(folder, "PRAGMA user_version"));
}

static void statements_of_a_failed_transaction_are_not_run_on(void **state)
{
    struct folder *folder = *state;
    struct database database;
    assert_int_equal(STORE_OPENED, try(folder, &database, both, 2, false));
    assert_true(database_begin(&database));
    assert_true(database_run(&database, "INSERT INTO two VALUES(7)"));
    assert_false(database_run(&database, "INSERT INTO missing VALUES(1)"));
    assert_int_equal(STORE_BROKEN, database_commit(&database));
    assert_non_null(strstr(database.message, "missing"));
    assert_true(database_begin(&database));
    assert_true(database_run(&database, "INSERT INTO two VALUES(8)"));
    assert_int_equal(STORE_OK, database_commit(&database));
    assert_int_equal(10, folder_number(folder, "SELECT sum(b) FROM two"));
    database_close(&database);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(new_file_gets_every_migration_and_both_marks),
        STORE_TEST(older_file_gets_only_what_it_lacks),
        STORE_TEST(failed_migration_leaves_the_file_as_it_was),
        STORE_TEST(reader_refuses_an_older_file_and_an_older_program_a_newer_one),
        STORE_TEST(database_of_another_schema_is_foreign),
        STORE_TEST(statements_of_a_failed_transaction_are_not_run_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
