/* Pictures of questions: what a file really is, by its content. Browsers get a picture with the type that was found
 * here, so a page or a script with a picture's name is never served. */
#ifndef JINGDA_BANK_PICTURE_H
#define JINGDA_BANK_PICTURE_H

#include "bank/fault.h"
#include "base/bytes.h"

#define PICTURE_EDGE_MAX 4096 /* pixels: what an old phone can still unpack */

enum picture_kind { PICTURE_PNG, PICTURE_JPEG, PICTURE_WEBP };

struct picture {
    enum picture_kind kind;
    uint32_t width, height;
};

/* "png", "jpg", "webp". */
const char *picture_kind_name(enum picture_kind kind);

/* Reads the head of a PNG, JPEG (baseline or progressive) or WebP. False where it is none, or cut short in its head.
 * The pixels are not unpacked. Sources: PNG 3rd edition 5.2 and 11.2.1, ITU-T T.81 annex B, RFC 9649 section 2. */
bool picture_read(struct span file, struct picture *out) __attribute__((warn_unused_result));

/* BANK_FINE where the bytes are a picture within all limits and `name` ends as its kind wants (.jpg or .jpeg); else the
 * reason, with the limit in `number`. */
enum bank_reason picture_check(const char *name, struct span file, struct picture *out, uint32_t *number)
    __attribute__((warn_unused_result));

#endif
