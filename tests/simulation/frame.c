/* Fields of the frames, read with jansson and not with our own reader. The type alone, which every frame begins with,
 * is compared as text: it is asked for many times a frame. */
#include "simulation/world.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *value_at(json_t *frame, const char *field)
{
    char head[32];
    const char *dot = field;
    json_t *at = frame;
    while (at && (dot = strchr(field, '.'))) {
        snprintf(head, sizeof head, "%.*s", (int)(dot - field), field);
        at = json_object_get(at, head);
        field = dot + 1;
    }
    return at ? json_object_get(at, field) : NULL;
}

long frame_number(const char *text, const char *field, long otherwise)
{
    json_t *frame = json_loads(text, 0, NULL);
    json_t *value = frame ? value_at(frame, field) : NULL;
    long number = json_is_integer(value) ? (long)json_integer_value(value) : otherwise;
    json_decref(frame);
    return number;
}

bool frame_text(const char *text, const char *field, char *out, size_t size)
{
    json_t *frame = json_loads(text, 0, NULL);
    json_t *value = frame ? value_at(frame, field) : NULL;
    bool is_there = json_is_string(value);
    if (is_there) snprintf(out, size, "%s", json_string_value(value));
    json_decref(frame);
    return is_there;
}

bool frame_is(const char *text, const char *type)
{
    static const char head[] = "{\"type\":\"";
    size_t size = strlen(type);
    if (strncmp(text, head, sizeof head - 1) != 0) return false;
    text += sizeof head - 1;
    return strncmp(text, type, size) == 0 && text[size] == '"';
}

void nonce_read(const char *text, uint8_t out[NONCE_SIZE])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    unsigned held = 0;
    size_t size = 0;
    for (; *text && size < NONCE_SIZE; text++) {
        bits = bits << 6 | (uint32_t)(strchr(alphabet, *text) - alphabet);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out[size++] = (uint8_t)(bits >> held);
    }
}
