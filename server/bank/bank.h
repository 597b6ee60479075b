/* Question banks as files: CSV with a header row, one question a row, which an organizer edits in a spreadsheet.
 * questions/README.md describes the columns. A file is taken whole or not at all. */
#ifndef JINGDA_BANK_BANK_H
#define JINGDA_BANK_BANK_H

#include "bank/fault.h"
#include "model/question.h"

#define BANK_SCREEN_CHARS 28 /* of a question: two lines on the wall hold no more; longer ones are warned of */

/* Called for each question in the file's order, once it is known that the whole file is without a fault. The question
 * is borrowed until the call returns; `line` is where its row starts. */
typedef void (*bank_question_fn)(void *context, const struct question *question, size_t line);

/* BANK_FINE, or why the picture of that name (a plain file name) cannot be shown; `number` is the limit it is over. */
typedef enum bank_reason (*bank_picture_fn)(void *context, const char *name, uint32_t *number);

/* Whoever reads a bank. Each function may be NULL. */
struct bank_listener {
    bank_question_fn on_question;
    bank_fault_fn on_fault; /* faults and warnings as they are found, at most BANK_FAULTS_MAX of each */
    bank_picture_fn on_picture;
    void *context;
};

struct bank_summary {
    size_t questions; /* handed over; 0 for a file with a fault */
    size_t faults, warnings;
};

/* Reads a bank out of memory: UTF-8 with or without byte-order mark, or GB18030. True where there was no fault; else
 * `on_question` was not called. The file is read twice instead of being kept: 20,000 questions are 150 MB. */
bool bank_read(struct span file, const struct bank_listener *listener, struct bank_summary *summary)
    __attribute__((warn_unused_result));

/* Room for any row or the header, in bytes. */
#define BANK_ROW_SIZE_MAX (2 * sizeof(struct question) + 256)

/* Writes a bank that `bank_read` reads back equal (of a picture only the name): the header with its byte-order mark,
 * then each question. Where there is no room the writer remembers it. */
void bank_write_header(struct writer *w);
void bank_write_question(struct writer *w, const struct question *question);
bool bank_write(struct writer *w, const struct question *questions, size_t questions_count)
    __attribute__((warn_unused_result));

#endif
