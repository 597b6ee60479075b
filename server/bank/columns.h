/* The columns of a bank file: their names, and where the header of one file has them. */
#ifndef JINGDA_BANK_COLUMNS_H
#define JINGDA_BANK_COLUMNS_H

#include "bank/csv.h"
#include "bank/fault.h"
#include "model/limits.h"

enum bank_column {
    COLUMN_TEXT,
    COLUMN_KIND,
    COLUMN_OPTION_A,
    COLUMN_OPTION_LAST = COLUMN_OPTION_A + OPTIONS_MAX - 1,
    COLUMN_KEY,
    COLUMN_EXPLANATION,
    COLUMN_SOURCE,
    COLUMN_CATEGORY,
    COLUMN_DIFFICULTY,
    COLUMN_SECONDS,
    COLUMN_POINTS,
    COLUMN_PICTURE,
    COLUMN_PICTURE_ALT,
    COLUMN_NOTE,
};
#define BANK_COLUMNS (COLUMN_NOTE + 1)

/* 题干 and so on: what `bank_write` puts into the header. */
struct span column_name(enum bank_column column);

struct columns {
    bool is_there[BANK_COLUMNS];
    size_t cell_of[BANK_COLUMNS]; /* where it is there */
    size_t count;                 /* cells of the header */
    bool is_named[CSV_CELLS_MAX]; /* for each cell of the header */
};

/* Reads the tidied header. Unknown, doubled and missing columns are reported, each; false where there was one. Cells
 * without a name are allowed as long as nothing stands under them. */
bool columns_read(const struct csv_row *header, struct columns *out, struct fault_sink *sink)
    __attribute__((warn_unused_result));

/* The cell of a tidied row in that column; empty where the column or the cell is missing. */
struct span column_cell(const struct columns *columns, const struct csv_row *row, enum bank_column column);

#endif
