/* Role: CSV's grammar, one row at a time. Input: the whole file in memory. Output: a row's cells, unquoted, in the
 * row's own memory. Left to others: encoding, the byte-order mark, what the cells mean. */
#include "bank/csv.h"

#include <stdbool.h>
#include <string.h>

struct csv_reader csv_over(struct span text)
{
    return (struct csv_reader){.text = text, .line = 1};
}

/* Where a row is being read. It becomes the reader's place only when the row is whole. */
struct place {
    struct span text;
    size_t offset;
    size_t lines; /* ended so far in this row */
    struct writer out;
};

static bool is_at(const struct place *place, uint8_t byte)
{
    return place->offset < place->text.size && place->text.data[place->offset] == byte;
}

static size_t line_end_size(const struct place *place)
{
    if (is_at(place, '\n')) return 1;
    size_t left = place->text.size - place->offset;
    return left >= 2 && memcmp(place->text.data + place->offset, "\r\n", 2) == 0 ? 2 : 0;
}

static enum csv_verdict read_quoted(struct place *place)
{
    place->offset++;
    while (place->out.ok) {
        if (place->offset == place->text.size) return CSV_QUOTE_OPEN;
        uint8_t byte = place->text.data[place->offset++];
        if (byte == '"') {
            if (!is_at(place, '"')) break;
            place->offset++;
        }
        if (byte == '\n') place->lines++;
        write_u8(&place->out, byte);
    }
    bool is_over = place->offset == place->text.size || is_at(place, ',') || line_end_size(place) > 0;
    return is_over || !place->out.ok ? CSV_ROW : CSV_QUOTE_STRAY;
}

static void read_plain(struct place *place)
{
    while (place->out.ok && place->offset < place->text.size && !is_at(place, ',') && line_end_size(place) == 0)
        write_u8(&place->out, place->text.data[place->offset++]);
}

static enum csv_verdict read_cells(struct place *place, struct csv_row *row)
{
    for (;;) {
        if (row->count == CSV_CELLS_MAX) return CSV_ROW_TOO_LONG;
        size_t start = place->out.size;
        if (is_at(place, '"')) {
            enum csv_verdict verdict = read_quoted(place);
            if (verdict != CSV_ROW) return verdict;
        } else {
            read_plain(place);
        }
        if (!place->out.ok) return CSV_ROW_TOO_LONG;
        row->cells[row->count++] = (struct span){row->memory + start, place->out.size - start};
        if (!is_at(place, ',')) return CSV_ROW;
        place->offset++;
    }
}

static void skip_line(struct csv_reader *reader)
{
    const uint8_t *from = reader->text.data + reader->offset;
    const uint8_t *end = memchr(from, '\n', reader->text.size - reader->offset);
    reader->offset = end ? (size_t)(end + 1 - reader->text.data) : reader->text.size;
    reader->line++;
}

enum csv_verdict csv_next(struct csv_reader *reader, struct csv_row *row)
{
    row->line = reader->line;
    row->count = 0;
    if (reader->offset == reader->text.size) return CSV_END;

    struct place place = {
        .text = reader->text, .offset = reader->offset, .out = writer_over(row->memory, sizeof row->memory)};
    enum csv_verdict verdict = read_cells(&place, row);
    if (verdict != CSV_ROW) {
        skip_line(reader);
        return verdict;
    }
    reader->offset = place.offset + line_end_size(&place);
    reader->line += place.lines + 1;
    return CSV_ROW;
}
