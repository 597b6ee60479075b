/* Rows of a CSV file, RFC 4180, out of memory. Cells are separated by commas and may stand in double quotes, inside
 * which commas, line ends and doubled quotes are text. Rows end with CR LF or LF; the last one may lack it. A quote
 * inside a cell that does not begin with one is text, as in spreadsheets. */
#ifndef JINGDA_BANK_CSV_H
#define JINGDA_BANK_CSV_H

#include "base/bytes.h"

#define CSV_CELLS_MAX    64
#define CSV_ROW_SIZE_MAX (32 * 1024) /* of all cells of a row together */

enum csv_verdict {
    CSV_ROW,
    CSV_END,
    CSV_QUOTE_OPEN,   /* a quoted cell never ends */
    CSV_QUOTE_STRAY,  /* something other than a comma or a line end after a closing quote */
    CSV_ROW_TOO_LONG, /* more cells or bytes than a row may have */
};

struct csv_row {
    size_t line; /* of the file, from 1, where the row starts */
    size_t count;
    struct span cells[CSV_CELLS_MAX]; /* without quotes; into `memory` */
    uint8_t memory[CSV_ROW_SIZE_MAX];
};

struct csv_reader {
    struct span text;
    size_t offset;
    size_t line;
};

struct csv_reader csv_over(struct span text);

/* The next row. After a faulty one, whose `line` is set, reading goes on at the line behind the one it started on, so
 * that a missing quote does not swallow what follows. */
enum csv_verdict csv_next(struct csv_reader *reader, struct csv_row *row) __attribute__((warn_unused_result));

#endif
