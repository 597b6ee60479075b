/* Role: JSON text into a bounded writer. Input: values in order. Output: bytes without white space, or w->ok false.
 * Whether a comma is due is read off the last byte written, so that no state is kept beside the writer. Left to others:
 * that keys stand inside objects and that brackets match. */
#include "model/text.h"
#include "protocol/frames.h"

static void put_text(struct writer *w, const char *text)
{
    struct span bytes = span_of_text(text);
    write_raw(w, bytes.data, bytes.size);
}

static void put_comma(struct writer *w)
{
    if (!w->ok || w->size == 0) return;
    uint8_t last = w->data[w->size - 1];
    if (last != '{' && last != '[' && last != ':') write_u8(w, ',');
}

void json_open(struct writer *w, char bracket)
{
    put_comma(w);
    write_u8(w, (uint8_t)bracket);
}

void json_close(struct writer *w, char bracket)
{
    write_u8(w, (uint8_t)bracket);
}

static void put_escaped(struct writer *w, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        write_u8(w, '\\');
        write_u8(w, byte);
    } else if (byte < 0x20) {
        put_text(w, "\\u00");
        write_u8(w, (uint8_t)digits[byte >> 4]);
        write_u8(w, (uint8_t)digits[byte & 15]);
    } else {
        write_u8(w, byte);
    }
}

void json_text(struct writer *w, struct span text)
{
    put_comma(w);
    if (!text_is_utf8(text)) w->ok = false;
    write_u8(w, '"');
    for (size_t i = 0; w->ok && i < text.size; i++)
        put_escaped(w, text.data[i]);
    write_u8(w, '"');
}

void json_key(struct writer *w, const char *key)
{
    json_text(w, span_of_text(key));
    write_u8(w, ':');
}

void json_number(struct writer *w, int64_t value)
{
    char digits[20];
    size_t count = 0;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[count++] = (char)('0' + left % 10);
    while (left /= 10);
    put_comma(w);
    if (value < 0) write_u8(w, '-');
    while (count > 0)
        write_u8(w, (uint8_t)digits[--count]);
}

void json_bool(struct writer *w, bool value)
{
    put_comma(w);
    put_text(w, value ? "true" : "false");
}

void json_nothing(struct writer *w)
{
    put_comma(w);
    put_text(w, "null");
}

void json_raw(struct writer *w, struct span json)
{
    put_comma(w);
    write_raw(w, json.data, json.size);
}
