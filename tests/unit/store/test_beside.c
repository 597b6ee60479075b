/* What stands beside the log: names that can be deleted without a trace, standings, pictures, values. */
#include "unit/store/folder.h"

#include <fcntl.h>

static bool folder_holds(struct folder *folder, const char *suffix, const char *text)
{
    static char bytes[1 << 20];
    char path[128];
    snprintf(path, sizeof path, "%s%s", folder->database, suffix);
    int file = open(path, O_RDONLY);
    if (file < 0) return false;
    ssize_t size = read(file, bytes, sizeof bytes);
    close(file);
    return size > 0 && memmem(bytes, (size_t)size, text, strlen(text)) != NULL;
}

static void deleted_name_leaves_the_log_whole_and_no_bytes_behind(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    commit_round(store, 0);
    uint8_t nonce[NONCE_SIZE] = {1};
    for (uint32_t i = 0; i < 50; i++) {
        char name[32];
        snprintf(name, sizeof name, "SECRET-%u", i);
        store_append_join(store, ROUND_NUMBER, i, 0, 0, nonce, 1, span_of_text(name));
    }
    append_answer(store, 1, 7);
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(0, store_checkpoint(store, true));
    assert_true(folder_holds(folder, "", "SECRET-"));

    for (uint32_t i = 0; i < 50; i++)
        store_set_name(store, ROUND_NUMBER, i, span_of_text(""));
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(0, store_checkpoint(store, true));
    assert_false(folder_holds(folder, "", "SECRET-"));
    assert_false(folder_holds(folder, "-wal", "SECRET-"));
    char name[4 * NAME_CHARS_MAX + 1];
    assert_true(store_get_name(store, ROUND_NUMBER, 7, name));
    assert_string_equal("", name);
    assert_int_equal(51, store_last_seq(store));
    store_close(store);
    assert_int_equal(0, folder_number(folder, "SELECT count(*) FROM person"));
    assert_int_equal(50, folder_number(folder, "SELECT count(*) FROM participant"));
    assert_int_equal(1, folder_number(folder, "SELECT count(*) FROM answer"));
}

static void person_can_be_deleted_by_hand_without_breaking_the_log(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    commit_round(store, 4);
    store_close(store);
    folder_sql(folder, "PRAGMA foreign_keys = ON; DELETE FROM person");
    store = folder_open(folder);
    assert_int_equal(4, store_last_seq(store));
    char name[4 * NAME_CHARS_MAX + 1];
    assert_true(store_get_name(store, ROUND_NUMBER, 0, name));
    assert_string_equal("", name);
    store_close(store);
}

static void renamed_participant_has_the_new_name_only(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 1);
    store_set_name(store, ROUND_NUMBER, 0, span_of_text("张三"));
    assert_int_equal(STORE_OK, store_commit(store));
    assert_int_equal(1, store_last_seq(store)); /* a name is no record of the log */
    char name[4 * NAME_CHARS_MAX + 1];
    assert_true(store_get_name(store, ROUND_NUMBER, 0, name));
    assert_string_equal("张三", name);
    store_close(store);
}

static void append_standing(struct store *store, uint16_t asking, uint8_t fill, uint32_t count)
{
    uint8_t packed[STANDING_ENTRY_SIZE * 100];
    memset(packed, fill, sizeof packed);
    store_append_standing(store, ROUND_NUMBER, asking, RULES_VERSION, packed, (size_t)count * STANDING_ENTRY_SIZE);
}

static void last_standing_is_the_one_at_or_before_the_asking(void **state)
{
    struct store *store = folder_open(*state);
    commit_round(store, 0);
    append_standing(store, 2, 0x22, 10);
    append_standing(store, 4, 0x44, 100);
    append_standing(store, 4, 0x45, 99); /* computed again: takes its place */
    assert_int_equal(STORE_OK, store_commit(store));
    uint16_t asking;
    uint8_t *packed;
    uint32_t count;
    assert_false(store_last_standing(store, ROUND_NUMBER, 1, &asking, &packed, &count));
    assert_true(store_last_standing(store, ROUND_NUMBER, 3, &asking, &packed, &count));
    assert_true(asking == 2 && count == 10 && packed[159] == 0x22);
    free(packed);
    assert_true(store_last_standing(store, ROUND_NUMBER, 0xffff, &asking, &packed, &count));
    assert_true(asking == 4 && count == 99 && packed[0] == 0x45);
    free(packed);
    store_close(store);
}

static void standing_that_does_not_match_its_sha256_is_refused(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    commit_round(store, 0);
    append_standing(store, 1, 0x11, 10);
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);
    folder_sql(folder, "UPDATE standing SET state = zeroblob(160)");
    store = folder_open(folder);
    uint16_t asking;
    uint8_t *packed = NULL;
    uint32_t count;
    assert_false(store_last_standing(store, ROUND_NUMBER, 0xffff, &asking, &packed, &count));
    assert_null(packed);
    store_close(store);
}

static void values_and_pictures_are_read_back(void **state)
{
    struct folder *folder = *state;
    struct store *store = folder_open(folder);
    char sha256[65], type[8];
    memset(sha256, 'a', 64);
    sha256[64] = '\0';
    uint8_t picture[3000], value[32] = {1, 2, 3}, out[32];
    memset(picture, 0xee, sizeof picture);
    store_append_picture(store, sha256, "webp", (struct span){picture, sizeof picture});
    store_append_picture(store, sha256, "webp", (struct span){picture, sizeof picture}); /* in a second question */
    store_set_value(store, "token_key", (struct span){value, sizeof value});
    assert_int_equal(STORE_OK, store_commit(store));
    value[0] = 9;
    store_set_value(store, "token_key", (struct span){value, sizeof value});
    assert_int_equal(STORE_OK, store_commit(store));
    store_close(store);

    store = folder_open(folder);
    uint8_t *bytes;
    size_t size;
    assert_true(store_get_picture(store, sha256, type, &bytes, &size));
    assert_string_equal("webp", type);
    assert_int_equal(sizeof picture, size);
    assert_memory_equal(picture, bytes, size);
    free(bytes);
    assert_true(store_get_value(store, "token_key", out, sizeof out));
    assert_memory_equal(value, out, sizeof out);
    assert_false(store_get_value(store, "token_key", out, sizeof out - 1)); /* of another size: not it */
    assert_false(store_get_value(store, "term", out, 8));
    sha256[0] = 'b';
    assert_false(store_get_picture(store, sha256, type, &bytes, &size));
    assert_int_equal(0, store_last_seq(store));
    store_close(store);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(deleted_name_leaves_the_log_whole_and_no_bytes_behind),
        STORE_TEST(person_can_be_deleted_by_hand_without_breaking_the_log),
        STORE_TEST(renamed_participant_has_the_new_name_only),
        STORE_TEST(last_standing_is_the_one_at_or_before_the_asking),
        STORE_TEST(standing_that_does_not_match_its_sha256_is_refused),
        STORE_TEST(values_and_pictures_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
