/* One cell of a bank file, written and read back.
 *
 * A spreadsheet takes a cell that begins with = + - @ or a tab (or their full-width forms) for a formula, and would run
 * what a stranger typed. Such a text is written with an apostrophe before it; so is one that begins with apostrophes
 * followed by such a character, so that reading, which takes one apostrophe away there and nowhere else, gives back
 * exactly what was written. */
#ifndef JINGDA_BANK_CELL_H
#define JINGDA_BANK_CELL_H

#include "bank/csv.h"

/* The text in a CSV cell, in quotes where it needs them. It takes at most 2 * text.size + 3 bytes. */
void cell_write(struct writer *w, struct span text);

/* Makes every cell of a row what the person meant: trimmed, without the apostrophe, and a line break inside the cell
 * (with the spaces round it) is one space. */
void cells_tidy(struct csv_row *row);

#endif
