/* Bounded cursors over bytes: how every binary message and record is written and read. Little-endian, field by field.
 *
 * A cursor that would pass its end does nothing, and remembers it: check `ok` once, after the last field. A failed
 * reader gives zeros and empty strings. Nothing here allocates; spans point into the caller's memory. */
#ifndef JINGDA_BASE_BYTES_H
#define JINGDA_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. For text: UTF-8 without a terminating zero. */
struct span {
    const uint8_t *data;
    size_t size;
};

struct span span_of_text(const char *text);
bool span_equal(struct span a, struct span b);

struct writer {
    uint8_t *data;
    size_t size; /* written so far */
    size_t capacity;
    bool ok;
};

struct writer writer_over(void *memory, size_t capacity);
void write_u8(struct writer *w, uint8_t value);
void write_u16(struct writer *w, uint16_t value);
void write_u32(struct writer *w, uint32_t value);
void write_u64(struct writer *w, uint64_t value);
/* The bytes alone; the reader must know how many. */
void write_raw(struct writer *w, const void *data, size_t size);
/* A u32 size and the bytes. */
void write_span(struct writer *w, struct span bytes);
/* Takes `size` bytes of room and returns it for the caller to fill; NULL where there is none. */
uint8_t *write_room(struct writer *w, size_t size);
/* Writes over four bytes that were written earlier, at `offset`. */
void write_u32_at(struct writer *w, size_t offset, uint32_t value);

struct reader {
    const uint8_t *data;
    size_t size; /* total */
    size_t offset;
    bool ok;
};

struct reader reader_over(const void *data, size_t size);
uint8_t read_u8(struct reader *r);
uint16_t read_u16(struct reader *r);
uint32_t read_u32(struct reader *r);
uint64_t read_u64(struct reader *r);
/* Copies `size` bytes out, or zeros where they are missing. */
void read_raw(struct reader *r, void *out, size_t size);
/* A u32 size and the bytes, borrowed; more than `size_max` fails the reader. */
struct span read_span(struct reader *r, size_t size_max);
/* What is left. */
size_t read_left(const struct reader *r);
/* True where every field was there and nothing is left over. */
bool read_finished(const struct reader *r);

#endif
