/* Role: the form of one cell. Input and output: text on the one side, CSV on the other. Left to others: which column it
 * is and whether the text is allowed there. */
#include "bank/cell.h"

#include "model/text.h"

#include <stdbool.h>
#include <string.h>

static bool begins_with_any(struct span text, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(beginnings[i]);
        if (text.size >= size && memcmp(text.data, beginnings[i], size) == 0) return true;
    }
    return false;
}

/* Apostrophes or none, and then what a spreadsheet takes for the beginning of a formula. */
static bool is_formula(struct span text)
{
    static const char *const beginnings[] = {"=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"};
    while (text.size > 0 && text.data[0] == '\'')
        text = (struct span){text.data + 1, text.size - 1};
    return begins_with_any(text, beginnings, sizeof beginnings / sizeof beginnings[0]);
}

void cell_write(struct writer *w, struct span text)
{
    bool is_quoted = false;
    for (size_t i = 0; i < text.size; i++)
        is_quoted |= text.data[i] < 0x20 || strchr(",\"", text.data[i]) != NULL;

    if (is_quoted) write_u8(w, '"');
    if (is_formula(text)) write_u8(w, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') write_u8(w, '"');
        write_u8(w, text.data[i]);
    }
    if (is_quoted) write_u8(w, '"');
}

static size_t line_break_size(struct span text, size_t offset)
{
    if (text.data[offset] == '\n') return 1;
    return text.size - offset >= 2 && memcmp(text.data + offset, "\r\n", 2) == 0 ? 2 : 0;
}

/* Joins the lines of `size` bytes at `text` with single spaces; returns the new size. */
static size_t join_lines(uint8_t *text, size_t size)
{
    struct span whole = {text, size};
    size_t kept = 0;
    for (size_t offset = 0; offset < size;) {
        size_t skipped = line_break_size(whole, offset);
        if (skipped == 0) {
            text[kept++] = text[offset++];
            continue;
        }
        while (kept > 0 && text[kept - 1] == ' ')
            kept--;
        for (; skipped > 0; skipped = offset < size ? line_break_size(whole, offset) : 0) {
            offset += skipped;
            while (offset < size && text[offset] == ' ')
                offset++;
        }
        text[kept++] = ' ';
    }
    return kept;
}

void cells_tidy(struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct span cell = text_trim(row->cells[i]);
        if (cell.size > 0 && cell.data[0] == '\'' && is_formula(cell))
            cell = (struct span){cell.data + 1, cell.size - 1};
        uint8_t *text = row->memory + (cell.data - row->memory);
        row->cells[i] = (struct span){text, join_lines(text, cell.size)};
    }
}
