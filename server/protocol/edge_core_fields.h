/* Fields that several messages between edge and core share; for edge_core_up.c and edge_core_down.c alone. */
#ifndef JINGDA_PROTOCOL_EDGE_CORE_FIELDS_H
#define JINGDA_PROTOCOL_EDGE_CORE_FIELDS_H

#include "model/text.h"
#include "protocol/edge_core.h"

#define RECEIPT_TEXT_MAX 32

/* A reader behind the kind; failed where it is another. */
static inline struct reader message_reader(struct span message, enum edge_core_kind kind)
{
    struct reader r = reader_over(message.data, message.size);
    if (read_u16(&r) != kind) r.ok = false;
    return r;
}

static inline void write_slot(struct writer *w, uint32_t slot, uint32_t generation)
{
    write_u32(w, slot);
    write_u32(w, generation);
}

static inline bool read_flag(struct reader *r)
{
    uint8_t value = read_u8(r);
    if (value > 1) r->ok = false;
    return value == 1;
}

/* A word of an enum whose last is `last`; the first where it is none. */
static inline int read_word(struct reader *r, int last)
{
    uint8_t value = read_u8(r);
    if (value <= last) return value;
    r->ok = false;
    return 0;
}

/* Text that may go into a frame. */
static inline struct span read_text(struct reader *r, size_t size_max)
{
    struct span text = read_span(r, size_max);
    if (!text_is_utf8(text)) r->ok = false;
    return text;
}

/* JSON made by the core, for browsers as it stands: empty, or between `open` and `close`. */
static inline struct span read_json(struct reader *r, size_t size_max, uint8_t open, uint8_t close)
{
    struct span json = read_text(r, size_max);
    if (json.size == 0) return json;
    if (json.size < 2 || json.data[0] != open || json.data[json.size - 1] != close) r->ok = false;
    return json;
}

#endif
