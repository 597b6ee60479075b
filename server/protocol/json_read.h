/* A strict reader of one flat JSON object: what a browser may send. Nothing nested, no fraction, no negative number, no
 * null, no false; texts are unescaped into the reader's own room. The caller decides what the members mean. */
#ifndef JINGDA_PROTOCOL_JSON_READ_H
#define JINGDA_PROTOCOL_JSON_READ_H

#include "base/bytes.h"
#include "model/limits.h"

enum json_value { JSON_TEXT, JSON_NUMBER, JSON_TRUE };

struct json_member {
    struct span key;
    enum json_value value;
    struct span text; /* unescaped; may hold zero bytes */
    uint64_t number;  /* at most 2^53 - 1 */
};

struct json_flat {
    struct span text;
    size_t offset;
    size_t used; /* of room */
    bool is_begun;
    bool ok; /* after the last member: the whole text was one flat object */
    uint8_t room[FRAME_MAX];
};

/* Over at most FRAME_MAX bytes, borrowed; more, or what is not UTF-8, is not ok from the start. */
void json_flat_begin(struct json_flat *json, struct span text);
/* The next member; its spans live as long as `json`. False at the end, and where the text is broken (`ok` tells). */
bool json_flat_next(struct json_flat *json, struct json_member *member);

#endif
