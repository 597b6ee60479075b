/* What can be wrong with a bank file, where it is wrong, and how that is said. */
#ifndef JINGDA_BANK_FAULT_H
#define JINGDA_BANK_FAULT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BANK_FAULTS_MAX 1000 /* of one file; after so many the rest of it is not looked at */
#define BANK_QUOTE_SIZE 64   /* of the file's words in a fault */

enum bank_reason {
    BANK_FINE,
    /* the whole file */
    BANK_FILE_TOO_LARGE,
    BANK_FILE_IS_SPREADSHEET,
    BANK_FILE_IS_UTF16,
    BANK_ENCODING_UNKNOWN,
    BANK_NO_QUESTIONS,
    BANK_QUESTIONS_TOO_MANY,
    BANK_FAULTS_TOO_MANY,
    BANK_NO_MEMORY,
    /* the header */
    BANK_COLUMN_UNKNOWN,
    BANK_COLUMN_TWICE,
    BANK_COLUMN_MISSING,
    /* a row */
    BANK_QUOTE_OPEN,
    BANK_QUOTE_STRAY,
    BANK_ROW_TOO_LONG,
    BANK_CELL_WITHOUT_COLUMN,
    /* a cell */
    BANK_CELL_EMPTY,
    BANK_TEXT_UNCLEAN,
    BANK_TEXT_TOO_LONG,
    BANK_KIND_UNKNOWN,
    BANK_OPTIONS_TOO_FEW,
    BANK_OPTION_EMPTY,
    BANK_OPTION_TWICE,
    BANK_OPTIONS_NOT_TWO,
    BANK_KEY_UNREADABLE,
    BANK_KEY_OUT_OF_RANGE,
    BANK_KEY_NOT_ONE,
    BANK_KEY_OF_POLL,
    BANK_POINTS_OF_POLL,
    BANK_DIFFICULTY_UNKNOWN,
    BANK_SECONDS_WRONG,
    BANK_POINTS_WRONG,
    BANK_QUESTION_TWICE,
    BANK_PICTURE_NAME_BAD,
    BANK_PICTURE_ALT_MISSING,
    BANK_PICTURE_OF_ALT_MISSING,
    BANK_PICTURE_NOT_FOUND,
    BANK_PICTURE_TOO_LARGE,
    BANK_PICTURE_UNREADABLE,
    BANK_PICTURE_MISNAMED,
    BANK_PICTURE_TOO_WIDE,
    /* warnings: the question is taken */
    BANK_TEXT_LONG_FOR_SCREEN,
    BANK_TEXT_TWICE,
};
#define BANK_REASONS (BANK_TEXT_TWICE + 1)

bool bank_reason_is_warning(enum bank_reason reason);

struct bank_fault {
    size_t line; /* of the file, from 1, where the row starts */
    enum bank_reason reason;
    uint32_t number;              /* a limit or another line, where the sentence names one */
    char column[BANK_QUOTE_SIZE]; /* as the header spells it; empty where no column is meant */
};

/* One sentence for the organizer, cut where it does not fit. */
void bank_fault_chinese(const struct bank_fault *fault, char *out, size_t capacity);
void bank_fault_english(const struct bank_fault *fault, char *out, size_t capacity);

typedef void (*bank_fault_fn)(void *context, const struct bank_fault *fault);

/* Where the reader's parts report to. */
struct fault_sink {
    bank_fault_fn on_fault;
    void *context;
    size_t faults, warnings;
};

/* `column` may hold anything; what would break the terminal or the page is not repeated. Past BANK_FAULTS_MAX faults or
 * warnings nothing more is passed on. */
void fault_report(struct fault_sink *sink, size_t line, struct span column, enum bank_reason reason, uint32_t number);
bool fault_sink_is_full(const struct fault_sink *sink);

#endif
