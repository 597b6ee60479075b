/* Banks from files into desk.db. */
#include "desk/banks.h"

#include "folder.h"
#include "store/banks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct folder data, files;
    struct desk_database *database;
    struct banks_loaded loaded;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char message[256];
    folder_make(&fixture->data);
    folder_make(&fixture->files);
    assert_int_equal(desk_database_open(fixture->data.path, &fixture->database, message), STORE_OPENED);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    desk_database_close(fixture->database);
    folder_drop(&fixture->data);
    folder_drop(&fixture->files);
    free(fixture);
    return 0;
}

#define HEADER "题干,题型,选项A,选项B,选项C,答案,解析,来源,分类,难度,图片,图片说明\n"

static void write_bank(struct fixture *f, const char *name, const char *rows)
{
    char text[4096];
    snprintf(text, sizeof text, HEADER "%s", rows);
    folder_write(&f->files, name, text, strlen(text));
}

static void load(struct fixture *f)
{
    assert_true(banks_load(f->database, f->files.path, 1000, &f->loaded));
}

struct seen {
    uint32_t banks, questions, ids[64];
    uint32_t bank;
    char name[BANK_NAME_MAX + 1];
    char categories[256];
    struct question last;
};

static bool see_bank(void *context, const struct bank_row *bank)
{
    struct seen *seen = context;
    seen->banks++;
    seen->bank = bank->id;
    seen->questions = bank->questions;
    snprintf(seen->name, sizeof seen->name, "%s", bank->name);
    return true;
}

static bool see_question(void *context, uint32_t id, const struct question *question)
{
    struct seen *seen = context;
    seen->ids[seen->questions++] = id;
    seen->last = *question;
    return true;
}

static struct seen look(struct fixture *f)
{
    struct seen seen = {0};
    assert_true(banks_each(f->database, see_bank, &seen));
    seen.questions = 0;
    assert_true(bank_each_question(f->database, seen.bank, 0, 64, see_question, &seen));
    return seen;
}

static bool see_category(void *context, const char *category)
{
    struct seen *seen = context;
    strncat(seen->categories, category, sizeof seen->categories - strlen(seen->categories) - 1);
    strncat(seen->categories, "|", sizeof seen->categories - strlen(seen->categories) - 1);
    return true;
}

static const char rows[] = "天空为什么是蓝的？,单选,散射,折射,反射,A,因为瑞利散射。,《物理》第 9 页,物理,易,,\n"
                           "下列哪些是行星？,多选,金星,月球,火星,AC,月球是卫星。,《天文》第 3 页,天文,中,,\n";

static void bank_comes_in_whole(void **state)
{
    struct fixture *f = *state;
    write_bank(f, "science.csv", rows);
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    struct seen seen = look(f);
    assert_int_equal(seen.banks, 1);
    assert_string_equal(seen.name, "science");
    assert_int_equal(seen.questions, 2);
    assert_string_equal(seen.last.text, "下列哪些是行星？");
    assert_int_equal(seen.last.kind, QUESTION_MULTIPLE);
    assert_int_equal(seen.last.options_count, 3);
    assert_string_equal(seen.last.options[2], "火星");
    assert_int_equal(seen.last.key, 5);
    assert_string_equal(seen.last.explanation, "月球是卫星。");
    assert_string_equal(seen.last.source, "《天文》第 3 页");
    assert_int_equal(seen.last.difficulty, 2);
    assert_true(bank_each_category(f->database, seen.bank, see_category, &seen));
    assert_string_equal(seen.categories, "物理|天文|");

    struct question question;
    assert_true(bank_question(f->database, seen.ids[0], &question));
    assert_string_equal(question.text, "天空为什么是蓝的？");
    assert_int_equal(question.options_count, 3);
    assert_false(bank_question(f->database, seen.ids[1] + 1, &question));
}

static void bank_has_its_title_from_the_list(void **state)
{
    struct fixture *f = *state;
    static const char titles[] = "other.csv 别的\nscience.csv  科学素养 \nscience.csvx 不是它\n";
    write_bank(f, "science.csv", rows);
    load(f);
    assert_string_equal(look(f).name, "science");
    folder_write(&f->files, "titles.txt", titles, strlen(titles));
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    assert_string_equal(look(f).name, "科学素养");
}

static void questions_come_by_the_page(void **state)
{
    struct fixture *f = *state;
    write_bank(f, "science.csv", rows);
    load(f);
    struct seen all = look(f), page = {0};
    assert_true(bank_each_question(f->database, all.bank, 1, 1, see_question, &page));
    assert_int_equal(page.questions, 1);
    assert_int_equal(page.ids[0], all.ids[1]);
}

static void unchanged_bank_keeps_its_question_numbers(void **state)
{
    struct fixture *f = *state;
    write_bank(f, "science.csv", rows);
    load(f);
    struct seen before = look(f);
    load(f);
    assert_int_equal(f->loaded.files, 1);
    assert_int_equal(f->loaded.loaded, 0);
    struct seen after = look(f);
    assert_memory_equal(before.ids, after.ids, sizeof before.ids);
}

static void changed_bank_replaces_all_and_gives_no_number_twice(void **state)
{
    struct fixture *f = *state;
    write_bank(f, "science.csv", rows);
    load(f);
    struct seen before = look(f);
    write_bank(f, "science.csv", "水的沸点是多少？,单选,90 度,100 度,,B,在一个大气压下。,,物理,易,,\n");
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    struct seen after = look(f);
    assert_int_equal(after.banks, 1);
    assert_int_equal(after.questions, 1);
    assert_string_equal(after.last.text, "水的沸点是多少？");
    struct question question;
    for (int i = 0; i < 2; i++) {
        assert_int_not_equal(after.ids[0], before.ids[i]);
        assert_false(bank_question(f->database, before.ids[i], &question));
    }
}

static void bad_file_loads_nothing_and_leaves_what_was_there(void **state)
{
    struct fixture *f = *state;
    write_bank(f, "science.csv", rows);
    write_bank(f, "other.csv", "没有答案的题？,单选,甲,乙,丙,,,,,,,\n");
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    assert_int_equal(f->loaded.faulty, 1);
    assert_int_equal(look(f).banks, 1);
    struct seen before = look(f);
    write_bank(f, "science.csv", "好的题？,单选,甲,乙,丙,A,,,,,,\n坏的题？,单选,甲,乙,丙,D,,,,,,\n");
    load(f);
    assert_int_equal(f->loaded.loaded, 0);
    assert_int_equal(f->loaded.faulty, 2);
    struct seen after = look(f);
    assert_memory_equal(before.ids, after.ids, sizeof before.ids);
}

static void other_files_are_left_alone(void **state)
{
    struct fixture *f = *state;
    folder_write(&f->files, "README.md", "x", 1);
    folder_write(&f->files, ".hidden.csv", "x", 1);
    folder_write(&f->files, ".csv", "x", 1);
    load(f);
    assert_int_equal(f->loaded.files, 0);
}

static void missing_folder_is_no_banks(void **state)
{
    struct fixture *f = *state;
    struct banks_loaded loaded;
    assert_true(banks_load(f->database, "/nonexistent/questions", 1, &loaded));
    assert_int_equal(loaded.files, 0);
}

/* PNGs of one pixel, black and white. */
static const uint8_t pixels[2][67] = {
    {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
        0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a,
        0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0xe5, 0x27, 0xde, 0xfc,
        0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82},
    {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
        0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a,
        0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00, 0x1c, 0xb0, 0x8c, 0x99,
        0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82},
};

static void write_png(struct fixture *f, const char *name, int which)
{
    char path[128];
    snprintf(path, sizeof path, "%s/pictures", f->files.path);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "pictures/%s", name);
    folder_write(&f->files, path, pixels[which], sizeof pixels[which]);
}

static void picture_is_kept_under_its_content(void **state)
{
    struct fixture *f = *state;
    write_png(f, "lens.png", 0);
    write_bank(f, "science.csv", "这是什么？,单选,透镜,棱镜,平面镜,A,,,光学,易,lens.png,一块透镜\n");
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    struct seen seen = look(f);
    assert_int_equal(strlen(seen.last.picture), 64 + 4);
    assert_int_equal(strspn(seen.last.picture, "0123456789abcdef"), 64);
    assert_string_equal(seen.last.picture + 64, ".png");
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_true(bank_picture(f->database, seen.last.picture, &bytes, &size));
    assert_int_equal(size, sizeof pixels[0]);
    assert_memory_equal(bytes, pixels[0], size);
    free(bytes);
    assert_false(bank_picture(f->database, "lens.png", &bytes, &size));
}

static void changed_picture_alone_loads_the_bank_again(void **state)
{
    struct fixture *f = *state;
    write_png(f, "lens.png", 0);
    write_bank(f, "science.csv", "这是什么？,单选,透镜,棱镜,平面镜,A,,,光学,易,lens.png,一块透镜\n");
    load(f);
    struct seen before = look(f);
    write_png(f, "lens.png", 1);
    load(f);
    assert_int_equal(f->loaded.loaded, 1);
    assert_string_not_equal(look(f).last.picture, before.last.picture);
}

static void picture_that_is_none_refuses_the_file(void **state)
{
    struct fixture *f = *state;
    write_png(f, "lens.png", 0);
    folder_write(&f->files, "pictures/lens.png", "<script>", 8);
    write_bank(f, "science.csv", "这是什么？,单选,透镜,棱镜,平面镜,A,,,光学,易,lens.png,一块透镜\n");
    load(f);
    assert_int_equal(f->loaded.faulty, 1);
    assert_int_equal(look(f).banks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bank_comes_in_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bank_has_its_title_from_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(questions_come_by_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unchanged_bank_keeps_its_question_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changed_bank_replaces_all_and_gives_no_number_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_file_loads_nothing_and_leaves_what_was_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_folder_is_no_banks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(picture_is_kept_under_its_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changed_picture_alone_loads_the_bank_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(picture_that_is_none_refuses_the_file, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
