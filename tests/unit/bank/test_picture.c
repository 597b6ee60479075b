/* Pictures are told by their content, and a bank on disk needs its pictures beside it. */
#include "bank/file.h"
#include "heard.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define bytes(text) ((struct span){(const uint8_t *)(text), sizeof(text) - 1})

/* Heads that are all that is looked at: PNG of 3 x 2, JPEG of 5 x 4 behind a comment, WebP in its three forms. */
#define PNG_OF(width) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" width "\0\0\0\2\x8\2\0\0\0crc!\0\0\0\0IEND\xae\x42\x60\x82"
#define JPEG_HEAD     "\xff\xd8\xff\xfe\0\5abc\xff\xff\xc2\0\x0b\x8\0\4\0\5\1\1\x11\0"
#define JPEG          JPEG_HEAD "\xff\xda\0\2\xff\xd9"
#define WEBP          "RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\7\0\6\0"
#define WEBP_L        "RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0\x2f\x08\x40\1\0\0\0\0\0\0"
#define WEBP_X        "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0a\0\0\x09\0\0"

static void is_picture(struct span file, enum picture_kind kind, uint32_t width, uint32_t height)
{
    struct picture picture;
    assert_true(picture_read(file, &picture));
    assert_int_equal(picture.kind, kind);
    assert_int_equal(picture.width, width);
    assert_int_equal(picture.height, height);
}

static void three_kinds_are_known_by_content(void **state)
{
    (void)state;
    is_picture(bytes(PNG_OF("\0\3")), PICTURE_PNG, 3, 2);
    is_picture(bytes(JPEG), PICTURE_JPEG, 5, 4);
    is_picture(bytes(JPEG "more"), PICTURE_JPEG, 5, 4);
    is_picture(bytes(WEBP), PICTURE_WEBP, 7, 6);
    is_picture(bytes(WEBP_L), PICTURE_WEBP, 9, 6);
    is_picture(bytes(WEBP_X), PICTURE_WEBP, 11, 10);
    assert_string_equal(picture_kind_name(PICTURE_JPEG), "jpg");
    assert_string_equal(picture_kind_name(PICTURE_PNG), "png");
    assert_string_equal(picture_kind_name(PICTURE_WEBP), "webp");
}

static void anything_else_is_no_picture(void **state)
{
    (void)state;
    struct picture picture;
    assert_false(picture_read(bytes(""), &picture));
    assert_false(picture_read(bytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), &picture));
    assert_false(picture_read(bytes("GIF89a\1\0\1\0\x80\0\0\0\0\0;"), &picture));
    assert_false(picture_read(bytes(PNG_OF("\0\3") "<script>"), &picture));
    assert_false(picture_read(bytes(PNG_OF("\0\0")), &picture));
    assert_false(picture_read(bytes(JPEG_HEAD), &picture));
    assert_false(picture_read(bytes("\xff\xd8\xff\xfe\xff\xff"
                                    "abcdefghijk\xff\xd9"),
        &picture));
    assert_false(picture_read(bytes("\xff\xd8\xff\xda\0\2abcdefghijk\xff\xd9"), &picture));
    assert_false(picture_read(bytes("RIFF\x17\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\7\0\6\0"), &picture));
    assert_false(picture_read(bytes("RIFF\x16\0\0\0WAVEVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\7\0\6\0"), &picture));
    for (size_t size = 0; size < 45; size++)
        assert_false(picture_read((struct span){(const uint8_t *)PNG_OF("\0\3"), size}, &picture));
}

static enum bank_reason check(const char *name, struct span file)
{
    struct picture picture;
    uint32_t number;
    return picture_check(name, file, &picture, &number);
}

static void name_must_end_as_the_content_is(void **state)
{
    (void)state;
    assert_int_equal(check("a.png", bytes(PNG_OF("\0\3"))), BANK_FINE);
    assert_int_equal(check("a.PNG", bytes(PNG_OF("\0\3"))), BANK_FINE);
    assert_int_equal(check("a.jpg", bytes(PNG_OF("\0\3"))), BANK_PICTURE_MISNAMED);
    assert_int_equal(check("png", bytes(PNG_OF("\0\3"))), BANK_PICTURE_MISNAMED);
    assert_int_equal(check("a.jpeg", bytes(JPEG)), BANK_FINE);
    assert_int_equal(check("a.jpg", bytes(JPEG)), BANK_FINE);
    assert_int_equal(check("a.webp", bytes(WEBP)), BANK_FINE);
    assert_int_equal(check("a.png", bytes(WEBP)), BANK_PICTURE_MISNAMED);
}

static void picture_is_bounded_in_bytes_and_pixels(void **state)
{
    (void)state;
    assert_int_equal(check("a.png", bytes(PNG_OF("\x10\0"))), BANK_FINE);
    assert_int_equal(check("a.png", bytes(PNG_OF("\x10\1"))), BANK_PICTURE_TOO_WIDE);
    uint8_t *large = calloc(1, PICTURE_SIZE_MAX + 1);
    assert_int_equal(check("a.png", (struct span){large, PICTURE_SIZE_MAX + 1}), BANK_PICTURE_TOO_LARGE);
    assert_int_equal(check("a.png", (struct span){large, PICTURE_SIZE_MAX}), BANK_PICTURE_UNREADABLE);
    free(large);
}

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/jingda-bank-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    char path[128];
    snprintf(path, sizeof path, "%s/pictures", folder);
    return mkdir(path, 0700);
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, struct span content)
{
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    fclose(file);
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"bank.csv", "pictures/a.png", "pictures/b.jpg", "pictures/c.png", "pictures"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        remove(path_of(names[i]));
    return rmdir(folder);
}

static struct heard heard;

static enum bank_file_verdict read_bank(const char *name)
{
    memset(&heard, 0, sizeof heard);
    struct bank_listener listener = {heard_question, heard_fault, NULL, &heard};
    return bank_file_read(path_of(name), &listener, &heard.summary);
}

#define HEADER "题干,题型,答案,图片,图片说明\n"

static void bank_on_disk_is_read_with_its_pictures(void **state)
{
    (void)state;
    put("bank.csv", bytes(HEADER "一,判断,对,a.png,图一\n二,判断,对,b.jpg,图二\n"));
    put("pictures/a.png", bytes(PNG_OF("\0\3")));
    put("pictures/b.jpg", bytes(JPEG));
    assert_int_equal(read_bank("bank.csv"), BANK_FILE_FINE);
    assert_int_equal(heard.questions_count, 2);

    static uint8_t memory[PICTURE_SIZE_MAX + 1];
    size_t size;
    uint32_t number;
    struct picture picture;
    assert_int_equal(bank_picture_read(path_of("bank.csv"), "b.jpg", memory, &size, &picture, &number), BANK_FINE);
    assert_int_equal(size, sizeof(JPEG) - 1);
    assert_memory_equal(memory, JPEG, size);
    assert_int_equal(picture.kind, PICTURE_JPEG);
    assert_int_equal(
        bank_picture_read(path_of("bank.csv"), "../bank.csv", memory, &size, &picture, &number), BANK_PICTURE_NAME_BAD);
}

static void bank_with_bad_pictures_is_refused_line_by_line(void **state)
{
    (void)state;
    put("bank.csv",
        bytes(HEADER "一,判断,对,a.png,一\n二,判断,对,gone.png,二\n三,判断,对,c.png,三\n四,判断,对,b.jpg,四\n"));
    put("pictures/a.png", bytes(JPEG));
    put("pictures/b.jpg", bytes("text"));
    uint8_t *large = calloc(1, PICTURE_SIZE_MAX + 1);
    put("pictures/c.png", (struct span){large, PICTURE_SIZE_MAX + 1});
    free(large);
    assert_int_equal(read_bank("bank.csv"), BANK_FILE_FAULTY);
    assert_int_equal(heard.questions_count, 0);
    assert_int_equal(heard.faults_count, 4);
    static const enum bank_reason reasons[] = {
        BANK_PICTURE_MISNAMED, BANK_PICTURE_NOT_FOUND, BANK_PICTURE_TOO_LARGE, BANK_PICTURE_UNREADABLE};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(heard.faults[i].reason, reasons[i]);
        assert_int_equal(heard.faults[i].line, i + 2);
        assert_string_equal(heard.faults[i].column, "图片");
    }
    assert_int_equal(heard.faults[2].number, 200);
}

static void missing_file_or_folder_is_unreadable(void **state)
{
    (void)state;
    assert_int_equal(read_bank("none.csv"), BANK_FILE_UNREADABLE);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(read_bank("pictures"), BANK_FILE_UNREADABLE);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(heard.faults_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_kinds_are_known_by_content),
        cmocka_unit_test(anything_else_is_no_picture),
        cmocka_unit_test(name_must_end_as_the_content_is),
        cmocka_unit_test(picture_is_bounded_in_bytes_and_pixels),
        cmocka_unit_test(bank_on_disk_is_read_with_its_pictures),
        cmocka_unit_test(bank_with_bad_pictures_is_refused_line_by_line),
        cmocka_unit_test(missing_file_or_folder_is_unreadable),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
