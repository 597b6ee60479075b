/* What `jingda bank check` prints, where, and with which exit status. */
#include "tool/bank_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

static char out[4096], errors[8192];

static int check(int count, char **files)
{
    char *arguments[8] = {"check"};
    for (int i = 0; i < count; i++)
        arguments[i + 1] = files[i];
    FILE *out_stream = fmemopen(out, sizeof out, "w");
    FILE *errors_stream = fmemopen(errors, sizeof errors, "w");
    assert_true(out_stream && errors_stream);
    out[0] = errors[0] = '\0';
    int status = bank_check_to(out_stream, errors_stream, count + 1, arguments);
    fclose(out_stream);
    fclose(errors_stream);
    return status;
}

static void put(char path[], const char *text)
{
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
}

static void fault_is_told_with_file_line_column_and_reason(void **state)
{
    (void)state;
    char path[] = "/tmp/jingda-check-XXXXXX";
    put(path, "题干,题型,答案\n好题,判断,对\n坏题,判断,也许\n又一题,选择,A\n");
    assert_int_equal(check(1, (char *[]){path}), EX_DATAERR);
    unlink(path);
    char expected[1024];
    snprintf(expected, sizeof expected,
        "%s:3: 列“答案”: 请写选项字母，如 B 或 ACD；判断题写对或错 (write option letters like B or ACD; 对 or 错 for "
        "true/false)\n%s:4: 列“题型”: 请写单选、多选、判断或投票 (write 单选, 多选, 判断 or 投票)\n",
        path, path);
    assert_string_equal(errors, expected);
    snprintf(expected, sizeof expected, "%s: 2 处有误，不能导入 (faults: 2, warnings: 0; not fit to load)\n", path);
    assert_string_equal(out, expected);
}

static void warning_is_told_and_the_bank_is_fit(void **state)
{
    (void)state;
    char path[] = "/tmp/jingda-check-XXXXXX";
    put(path, "题干,题型,答案\n一二三四五六七八九十一二三四五六七八九十一二三四五六七八九,判断,对\n");
    assert_int_equal(check(1, (char *[]){path}), EX_OK);
    unlink(path);
    char expected[1024];
    snprintf(expected, sizeof expected,
        "%s:2: 提醒（warning）: 列“题干”: 超过 28 个字，大屏上两行放不下 (over 28 characters, which two lines on the "
        "screen "
        "cannot hold)\n",
        path);
    assert_string_equal(errors, expected);
    snprintf(
        expected, sizeof expected, "%s: 1 道题，可以导入，1 处提醒 (questions: 1, warnings: 1; fit to load)\n", path);
    assert_string_equal(out, expected);
}

static void missing_file_does_not_hide_the_next_one(void **state)
{
    (void)state;
    char path[] = "/tmp/jingda-check-XXXXXX";
    put(path, "题干,题型,答案\n题,判断,对\n");
    assert_int_equal(check(2, (char *[]){"/tmp/jingda-none.csv", path}), EX_NOINPUT);
    unlink(path);
    assert_string_equal(errors, "/tmp/jingda-none.csv: 读不了这个文件 (cannot read: No such file or directory)\n");
    assert_non_null(strstr(out, "1 道题"));
}

static void wrong_use_is_told(void **state)
{
    (void)state;
    assert_int_equal(check(0, NULL), EX_USAGE);
    assert_non_null(strstr(errors, "jingda bank check FILE..."));
    assert_string_equal(out, "");
    assert_int_equal(check(1, (char *[]){"--loud"}), EX_USAGE);
    assert_int_equal(check(1, (char *[]){"--"}), EX_USAGE);
    assert_int_equal(check(1, (char *[]){"--help"}), EX_OK);
    assert_non_null(strstr(out, "jingda bank check FILE..."));
    assert_string_equal(errors, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_is_told_with_file_line_column_and_reason),
        cmocka_unit_test(warning_is_told_and_the_bank_is_fit),
        cmocka_unit_test(missing_file_does_not_hide_the_next_one),
        cmocka_unit_test(wrong_use_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
