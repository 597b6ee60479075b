/* A bank file's bytes as UTF-8. Spreadsheets in China write UTF-8 with or without a byte-order mark, or GB18030. */
#ifndef JINGDA_BANK_ENCODING_H
#define JINGDA_BANK_ENCODING_H

#include "bank/fault.h"
#include "base/bytes.h"

struct utf8_text {
    struct span text; /* without the byte-order mark */
    uint8_t *memory;  /* owned, where the bytes had to be converted; else NULL and `text` is borrowed */
};

/* BANK_FINE, or why the bytes are no text: BANK_FILE_IS_SPREADSHEET, BANK_FILE_IS_UTF16, BANK_ENCODING_UNKNOWN (then
 * `line` is the first one that is not UTF-8) or BANK_NO_MEMORY. Free with `utf8_text_finish`. */
enum bank_reason utf8_text_read(struct span file, struct utf8_text *out, size_t *line)
    __attribute__((warn_unused_result));
void utf8_text_finish(struct utf8_text *text);

#endif
