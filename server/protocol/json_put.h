/* A frame's beginning and its members, for the files that write frames. */
#ifndef JINGDA_PROTOCOL_JSON_PUT_H
#define JINGDA_PROTOCOL_JSON_PUT_H

#include "protocol/frames.h"

static inline void json_put_number(struct writer *w, const char *key, int64_t value)
{
    json_key(w, key);
    json_number(w, value);
}

static inline void json_put_text(struct writer *w, const char *key, struct span value)
{
    json_key(w, key);
    json_text(w, value);
}

static inline void json_put_string(struct writer *w, const char *key, const char *value)
{
    json_put_text(w, key, span_of_text(value));
}

/* `{"type":TYPE`, to be closed by the caller. */
static inline void json_begin(struct writer *w, const char *type)
{
    json_open(w, '{');
    json_put_string(w, "type", type);
}

#endif
