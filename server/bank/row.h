/* A row of a bank file as a question. */
#ifndef JINGDA_BANK_ROW_H
#define JINGDA_BANK_ROW_H

#include "bank/columns.h"
#include "model/question.h"

/* Reads a tidied row, and reports everything that is wrong with it. False where anything was; warnings do not count.
 * The question is zero behind each text's end, so that equal rows give equal bytes. */
bool row_read(const struct csv_row *row, const struct columns *columns, struct question *out, struct fault_sink *sink)
    __attribute__((warn_unused_result));

/* True where all cells are empty. */
bool row_is_blank(const struct csv_row *row);

#endif
