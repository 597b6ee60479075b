/* What the desk says of each error: the code of docs/desk-protocol.md, and a sentence in both languages. */
#ifndef JINGDA_DESK_TEXTS_H
#define JINGDA_DESK_TEXTS_H

#include <jansson.h>

/* {"ok": false, "error": CODE, "text": ..., "text_en": ...}; the caller may add fields and owns it. */
json_t *error_json(const char *code);

#endif
