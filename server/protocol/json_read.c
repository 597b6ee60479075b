/* Role: one flat JSON object (RFC 8259) to its members. Input: a stranger's bytes. Output: keys, texts, whole numbers
 * and true. Left to others: which keys there are, and whether one stands twice. */
#include "protocol/json_read.h"

#include "model/text.h"

#include <string.h>

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

void json_flat_begin(struct json_flat *json, struct span text)
{
    json->text = text;
    json->offset = json->used = 0;
    json->is_begun = false;
    json->ok = text.size <= FRAME_MAX && text_is_utf8(text);
}

/* -1 at the end */
static int peek(const struct json_flat *json)
{
    return json->offset < json->text.size ? json->text.data[json->offset] : -1;
}

static void skip_space(struct json_flat *json)
{
    for (int c = peek(json); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(json))
        json->offset++;
}

/* Passes `c`, after white space. */
static bool take(struct json_flat *json, char c)
{
    skip_space(json);
    if (peek(json) != c) return false;
    json->offset++;
    return true;
}

static void put(struct json_flat *json, uint32_t byte)
{
    /* an escape is never shorter than what it stands for, so that the room cannot run out; held all the same */
    if (json->used < sizeof json->room)
        json->room[json->used++] = (uint8_t)byte;
    else
        json->ok = false;
}

static void put_point(struct json_flat *json, uint32_t point)
{
    if (point < 0x80) {
        put(json, point);
    } else if (point < 0x800) {
        put(json, 0xc0 | point >> 6);
        put(json, 0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        put(json, 0xe0 | point >> 12);
        put(json, 0x80 | (point >> 6 & 0x3f));
        put(json, 0x80 | (point & 0x3f));
    } else {
        put(json, 0xf0 | point >> 18);
        put(json, 0x80 | (point >> 12 & 0x3f));
        put(json, 0x80 | (point >> 6 & 0x3f));
        put(json, 0x80 | (point & 0x3f));
    }
}

static uint32_t read_hex4(struct json_flat *json)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, json->offset++) {
        int c = peek(json);
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
        if (digit < 0) {
            json->ok = false;
            return 0;
        }
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

/* After "\u". Half a surrogate pair is no character. */
static void read_unicode(struct json_flat *json)
{
    uint32_t point = read_hex4(json);
    if (point >= 0xd800 && point <= 0xdbff) {
        bool is_pair = peek(json) == '\\';
        json->offset += is_pair;
        is_pair = is_pair && peek(json) == 'u';
        json->offset += is_pair;
        uint32_t low = is_pair ? read_hex4(json) : 0;
        if (low < 0xdc00 || low > 0xdfff) {
            json->ok = false;
            return;
        }
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    } else if (point >= 0xdc00 && point <= 0xdfff) {
        json->ok = false;
        return;
    }
    if (json->ok) put_point(json, point);
}

static void read_escape(struct json_flat *json)
{
    int c = peek(json);
    json->offset++;
    switch (c) {
    case '"':
    case '\\':
    case '/': put(json, (uint32_t)c); return;
    case 'b': put(json, '\b'); return;
    case 'f': put(json, '\f'); return;
    case 'n': put(json, '\n'); return;
    case 'r': put(json, '\r'); return;
    case 't': put(json, '\t'); return;
    case 'u': read_unicode(json); return;
    }
    json->ok = false;
}

/* After the opening quote. */
static struct span read_text(struct json_flat *json)
{
    size_t start = json->used;
    while (json->ok) {
        int c = peek(json);
        if (c < 0x20) {
            json->ok = false; /* the end, or a bare control character */
            break;
        }
        json->offset++;
        if (c == '"') break;
        if (c == '\\')
            read_escape(json);
        else
            put(json, (uint32_t)c);
    }
    return (struct span){json->room + start, json->used - start};
}

static uint64_t read_number(struct json_flat *json)
{
    uint64_t value = 0;
    size_t start = json->offset;
    for (int c = peek(json); json->ok && c >= '0' && c <= '9'; c = peek(json)) {
        value = value * 10 + (uint64_t)(c - '0');
        json->offset++;
        if (value > NUMBER_MAX) json->ok = false;
    }
    bool has_leading_zero = json->text.data[start] == '0' && json->offset - start > 1;
    int next = peek(json);
    if (has_leading_zero || next == '.' || next == 'e' || next == 'E') json->ok = false;
    return value;
}

static void read_value(struct json_flat *json, struct json_member *member)
{
    skip_space(json);
    int c = peek(json);
    if (c == '"') {
        json->offset++;
        member->value = JSON_TEXT;
        member->text = read_text(json);
    } else if (c >= '0' && c <= '9') {
        member->value = JSON_NUMBER;
        member->number = read_number(json);
    } else if (json->text.size - json->offset >= 4 && memcmp(json->text.data + json->offset, "true", 4) == 0) {
        json->offset += 4;
        member->value = JSON_TRUE;
    } else {
        json->ok = false;
    }
}

/* After the object: nothing. */
static bool finish(struct json_flat *json)
{
    skip_space(json);
    if (json->offset != json->text.size) json->ok = false;
    return false;
}

bool json_flat_next(struct json_flat *json, struct json_member *member)
{
    if (!json->ok) return false;
    bool is_first = !json->is_begun;
    json->is_begun = true;
    if (is_first) {
        json->ok = take(json, '{');
        if (json->ok && take(json, '}')) return finish(json);
    } else if (take(json, '}')) {
        return finish(json);
    } else {
        json->ok = take(json, ',');
    }
    *member = (struct json_member){0};
    json->ok = json->ok && take(json, '"');
    if (json->ok) member->key = read_text(json);
    json->ok = json->ok && take(json, ':');
    if (json->ok) read_value(json, member);
    return json->ok;
}
