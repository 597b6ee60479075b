/* Role: find out which encoding a bank file is in. Input: its bytes. Output: UTF-8. UTF-8 goes first, since text of
 * GB18030 is valid UTF-8 only by a rare accident, while all UTF-8 is nearly valid GB18030. Left to others: the rows. */
#include "bank/encoding.h"

#include "model/text.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool begins_with(struct span file, const char *bytes, size_t size)
{
    return file.size >= size && memcmp(file.data, bytes, size) == 0;
}

static bool from_gb18030(struct span file, struct utf8_text *out)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1) return false;

    char *from = (char *)file.data; /* iconv's signature; it does not write there */
    char *to = (char *)out->memory;
    size_t from_left = file.size, to_left = 2 * file.size;
    size_t result = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    out->text = (struct span){out->memory, 2 * file.size - to_left};
    return result != (size_t)-1 && from_left == 0 && text_is_utf8(out->text);
}

static size_t first_broken_line(struct span file)
{
    size_t line = 1;
    for (size_t start = 0; start < file.size; line++) {
        const uint8_t *end = memchr(file.data + start, '\n', file.size - start);
        size_t next = end ? (size_t)(end + 1 - file.data) : file.size;
        if (!text_is_utf8((struct span){file.data + start, next - start})) return line;
        start = next;
    }
    return line;
}

enum bank_reason utf8_text_read(struct span file, struct utf8_text *out, size_t *line)
{
    *out = (struct utf8_text){.text = file};
    *line = 1;
    if (begins_with(file, "PK\x03\x04", 4) || begins_with(file, "\xd0\xcf\x11\xe0", 4)) return BANK_FILE_IS_SPREADSHEET;
    if (begins_with(file, "\xff\xfe", 2) || begins_with(file, "\xfe\xff", 2)) return BANK_FILE_IS_UTF16;

    bool has_mark = begins_with(file, "\xef\xbb\xbf", 3);
    if (has_mark) out->text = (struct span){file.data + 3, file.size - 3};
    if (text_is_utf8(out->text)) return BANK_FINE;
    *line = first_broken_line(file);
    if (has_mark) return BANK_ENCODING_UNKNOWN;

    out->memory = malloc(2 * file.size); /* a character of two bytes becomes three, one of four at most four */
    if (!out->memory) return BANK_NO_MEMORY;
    if (from_gb18030(file, out)) return BANK_FINE;
    utf8_text_finish(out);
    return BANK_ENCODING_UNKNOWN;
}

void utf8_text_finish(struct utf8_text *text)
{
    free(text->memory);
    *text = (struct utf8_text){0};
}
