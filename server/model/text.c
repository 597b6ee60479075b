/* Role: the rules for typed text. Input: borrowed bytes. Output: a count, a verdict, a part of them, or (text_fold) a
 * new string. Left to others: how long is too long, and what is said about it. */
#include "model/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define MARKS_MAX 2 /* in a row: an accent and a tone, the keycap of an emoji */

/* One code point at `offset`, and its bytes in `size`; -1 and one byte where there is none. */
static int32_t point_at(struct span text, size_t offset, size_t *size)
{
    utf8proc_int32_t point = -1;
    utf8proc_ssize_t taken = utf8proc_iterate(text.data + offset, (utf8proc_ssize_t)(text.size - offset), &point);
    *size = taken > 0 ? (size_t)taken : 1;
    return taken > 0 ? point : -1;
}

static bool is_between(int32_t point, int32_t first, int32_t last)
{
    return point >= first && point <= last;
}

size_t text_chars(struct span text)
{
    size_t count = 0;
    for (size_t offset = 0, size; offset < text.size; offset += size, count++)
        point_at(text, offset, &size);
    return count;
}

bool text_is_utf8(struct span text)
{
    for (size_t offset = 0, size; offset < text.size; offset += size)
        if (point_at(text, offset, &size) < 0) return false;
    return true;
}

/* Of a plane's end or of the Arabic block: never characters. */
static bool is_noncharacter(int32_t point)
{
    return is_between(point, 0xfdd0, 0xfdef) || (point & 0xfffe) == 0xfffe;
}

/* Controls, and what shows as nothing but changes how the rest of a line shows. U+200D stays: emoji are joined by it.
 */
static bool is_unclean(int32_t point)
{
    if (point < 0x20 || is_between(point, 0x7f, 0x9f)) return true;
    if (point == 0x061c || point == 0x200e || point == 0x200f) return true;
    if (is_between(point, 0x202a, 0x202e) || is_between(point, 0x2066, 0x206f)) return true;
    if (is_between(point, 0xfff9, 0xfffb) || is_between(point, 0xe0000, 0xe007f) || is_noncharacter(point)) return true;
    return point == 0x2028 || point == 0x2029 || point == 0xfeff || point == 0x200b;
}

static bool is_mark(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

/* Marks pile up over the lines above and below: a few are writing, many are a nuisance on a big screen. */
bool text_is_clean(struct span text)
{
    uint32_t marks = 0;
    for (size_t offset = 0, size; offset < text.size; offset += size) {
        int32_t point = point_at(text, offset, &size);
        marks = is_mark(point) ? marks + 1 : 0;
        if (is_unclean(point) || marks > MARKS_MAX) return false;
    }
    return true;
}

static bool is_space(int32_t point)
{
    if (is_between(point, 0x09, 0x0d) || point == 0x20 || point == 0x85) return true;
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/* Shows as nothing: a space, or one of the zero-width and filler characters that people make empty names of. */
static bool is_blank(int32_t point)
{
    if (point < 0) return false;
    if (is_space(point) || is_between(point, 0x200b, 0x200d) || is_between(point, 0x2060, 0x2064)) return true;
    switch (point) {
    case 0x00ad: /* soft hyphen */
    case 0x034f: /* grapheme joiner */
    case 0x115f: /* Hangul fillers */
    case 0x1160:
    case 0x3164:
    case 0xffa0:
    case 0x180e:
    case 0x2800: /* Braille without a dot */
    case 0xfeff: return true;
    }
    return false;
}

struct span text_trim(struct span text)
{
    size_t first = 0, size = 0;
    while (first < text.size && is_blank(point_at(text, first, &size)))
        first += size;
    size_t end = first;
    for (size_t offset = first; offset < text.size; offset += size)
        if (!is_blank(point_at(text, offset, &size))) end = offset + size;
    return (struct span){text.data + first, end - first};
}

struct span text_cut(struct span text, size_t chars_max)
{
    size_t offset = 0, size = 0;
    for (; offset < text.size && chars_max > 0; offset += size, chars_max--)
        point_at(text, offset, &size);
    return (struct span){text.data, offset};
}

static bool is_punctuation(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

char *text_fold(struct span text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t length = utf8proc_map(text.size ? text.data : (const uint8_t *)"", (utf8proc_ssize_t)text.size,
        &folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (length < 0) return NULL;

    struct span whole = {folded, (size_t)length};
    size_t kept = 0, end = 0;
    for (size_t offset = 0, size; offset < whole.size; offset += size) {
        int32_t point = point_at(whole, offset, &size);
        if (is_space(point)) continue;
        memmove(folded + kept, folded + offset, size);
        kept += size;
        if (!is_punctuation(point)) end = kept;
    }
    folded[end] = '\0';
    return (char *)folded;
}
