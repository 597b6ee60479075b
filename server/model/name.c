/* Masking of names. Input: a name that passed text_is_clean. Counting is by code point. */
#include "model/name.h"

#include "model/text.h"

#include <stdio.h>
#include <string.h>

static const char *const long_surnames[] = {"欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "司徒", "夏侯", "东方", "独孤", "南宫", "长孙", "宇文", "端木", "轩辕", "百里", "呼延"};

static size_t surname_chars(struct span name, size_t chars)
{
    if (chars < 3) return 1;
    struct span two = text_cut(name, 2);
    for (size_t i = 0; i < sizeof long_surnames / sizeof long_surnames[0]; i++)
        if (span_equal(two, span_of_text(long_surnames[i]))) return 2;
    return 1;
}

void name_shown(struct span name, uint32_t participant, bool is_hidden, char *out)
{
    size_t chars = text_chars(name);
    if (is_hidden || chars == 0 || chars > NAME_CHARS_MAX) {
        snprintf(out, NAME_SHOWN_SIZE, "居民%03u", participant + 1);
        return;
    }
    struct span head = text_cut(name, surname_chars(name, chars));
    struct span tail = {NULL, 0};
    if (chars > text_chars(head) + 1) {
        struct span before_last = text_cut(name, chars - 1);
        tail = (struct span){name.data + before_last.size, name.size - before_last.size};
    }
    snprintf(out, NAME_SHOWN_SIZE, "%.*s＊%.*s", (int)head.size, (const char *)head.data, (int)tail.size,
        tail.size ? (const char *)tail.data : "");
}
