/* A bank on disk: FOLDER/NAME.csv, and its questions' pictures in FOLDER/pictures/. */
#ifndef JINGDA_BANK_FILE_H
#define JINGDA_BANK_FILE_H

#include "bank/bank.h"
#include "bank/picture.h"

enum bank_file_verdict {
    BANK_FILE_FINE,
    BANK_FILE_FAULTY,     /* the listener was told why, and got no question */
    BANK_FILE_UNREADABLE, /* the file could not be read: errno says why */
};

/* Reads the bank at `path` and checks each question's picture file beside it. The listener's `on_picture` is not asked:
 * this does it. */
enum bank_file_verdict bank_file_read(const char *path, const struct bank_listener *listener,
    struct bank_summary *summary) __attribute__((warn_unused_result));

/* The picture of that name (`question.picture`) beside the bank at `path`, into `memory` of PICTURE_SIZE_MAX + 1 bytes:
 * its `size` and what it is. BANK_FINE, or why it cannot be shown, with the limit in `number`. */
enum bank_reason bank_picture_read(const char *path, const char *name, uint8_t *memory, size_t *size,
    struct picture *out, uint32_t *number) __attribute__((warn_unused_result));

#endif
