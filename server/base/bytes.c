/* Cursors: every function checks the room first, and a cursor that failed once stays failed. */
#include "base/bytes.h"

#include <string.h>

struct span span_of_text(const char *text)
{
    return (struct span){(const uint8_t *)text, text ? strlen(text) : 0};
}

bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

struct writer writer_over(void *memory, size_t capacity)
{
    return (struct writer){.data = memory, .capacity = capacity, .ok = true};
}

uint8_t *write_room(struct writer *w, size_t size)
{
    if (!w->ok || w->capacity - w->size < size) {
        w->ok = false;
        return NULL;
    }
    uint8_t *room = w->data + w->size;
    w->size += size;
    return room;
}

static void put(uint8_t *room, uint64_t value, size_t size)
{
    for (size_t i = 0; room && i < size; i++)
        room[i] = (uint8_t)(value >> (8 * i));
}

void write_u8(struct writer *w, uint8_t value)
{
    put(write_room(w, 1), value, 1);
}
void write_u16(struct writer *w, uint16_t value)
{
    put(write_room(w, 2), value, 2);
}
void write_u32(struct writer *w, uint32_t value)
{
    put(write_room(w, 4), value, 4);
}
void write_u64(struct writer *w, uint64_t value)
{
    put(write_room(w, 8), value, 8);
}

void write_raw(struct writer *w, const void *data, size_t size)
{
    uint8_t *room = write_room(w, size);
    if (room && size) memcpy(room, data, size);
}

void write_span(struct writer *w, struct span bytes)
{
    if (bytes.size > UINT32_MAX) {
        w->ok = false;
        return;
    }
    write_u32(w, (uint32_t)bytes.size);
    write_raw(w, bytes.data, bytes.size);
}

void write_u32_at(struct writer *w, size_t offset, uint32_t value)
{
    if (w->ok && offset + 4 <= w->size) put(w->data + offset, value, 4);
}

struct reader reader_over(const void *data, size_t size)
{
    return (struct reader){.data = data, .size = size, .ok = true};
}

static const uint8_t *take(struct reader *r, size_t size)
{
    if (!r->ok || r->size - r->offset < size) {
        r->ok = false;
        return NULL;
    }
    const uint8_t *data = r->data + r->offset;
    r->offset += size;
    return data;
}

static uint64_t get(struct reader *r, size_t size)
{
    const uint8_t *data = take(r, size);
    uint64_t value = 0;
    for (size_t i = 0; data && i < size; i++)
        value |= (uint64_t)data[i] << (8 * i);
    return value;
}

uint8_t read_u8(struct reader *r)
{
    return (uint8_t)get(r, 1);
}
uint16_t read_u16(struct reader *r)
{
    return (uint16_t)get(r, 2);
}
uint32_t read_u32(struct reader *r)
{
    return (uint32_t)get(r, 4);
}
uint64_t read_u64(struct reader *r)
{
    return get(r, 8);
}

void read_raw(struct reader *r, void *out, size_t size)
{
    const uint8_t *data = take(r, size);
    if (data)
        memcpy(out, data, size);
    else
        memset(out, 0, size);
}

struct span read_span(struct reader *r, size_t size_max)
{
    size_t size = read_u32(r);
    if (size > size_max) r->ok = false;
    const uint8_t *data = take(r, size);
    return data ? (struct span){data, size} : (struct span){NULL, 0};
}

size_t read_left(const struct reader *r)
{
    return r->ok ? r->size - r->offset : 0;
}
bool read_finished(const struct reader *r)
{
    return r->ok && r->offset == r->size;
}
