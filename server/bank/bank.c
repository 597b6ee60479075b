/* Role: read a bank file. Input: its bytes, out of a person's spreadsheet. Output: every fault, or every question.
 * The first pass checks all rows, the second, over a file without a fault, hands the questions over. Left to others:
 * the file system (bank/file.h), and keeping the questions. */
#include "bank/bank.h"

#include "bank/cell.h"
#include "bank/encoding.h"
#include "bank/repeats.h"
#include "bank/row.h"
#include "base/expect.h"

#include <stdlib.h>

/* One file being read. Some 60 KB and the table of repeats: on the heap. */
struct bank_reading {
    const struct bank_listener *listener;
    struct fault_sink sink;
    struct repeats *repeats;
    struct csv_reader reader;
    struct columns columns;
    struct csv_row row;
    struct question question;
    size_t questions;
};

static void report_file(struct bank_reading *reading, size_t line, enum bank_reason reason, uint32_t number)
{
    fault_report(&reading->sink, line, (struct span){0}, reason, number);
}

/* The next row with something in it, tidied. False at the end of the file. A broken row is reported and passed over. */
static bool next_row(struct bank_reading *reading)
{
    while (!fault_sink_is_full(&reading->sink)) {
        enum csv_verdict verdict = csv_next(&reading->reader, &reading->row);
        switch (verdict) {
        case CSV_END: return false;
        case CSV_QUOTE_OPEN: report_file(reading, reading->row.line, BANK_QUOTE_OPEN, 0); break;
        case CSV_QUOTE_STRAY: report_file(reading, reading->row.line, BANK_QUOTE_STRAY, 0); break;
        case CSV_ROW_TOO_LONG: report_file(reading, reading->row.line, BANK_ROW_TOO_LONG, 0); break;
        case CSV_ROW:
            cells_tidy(&reading->row);
            if (!row_is_blank(&reading->row)) return true;
            break;
        }
    }
    return false;
}

static void check_repeat(struct bank_reading *reading)
{
    bool is_whole = false;
    size_t earlier = repeats_add(reading->repeats, &reading->question, reading->row.line, &is_whole);
    if (earlier == 0) return;
    fault_report(&reading->sink, reading->row.line, column_name(COLUMN_TEXT),
        is_whole ? BANK_QUESTION_TWICE : BANK_TEXT_TWICE, (uint32_t)earlier);
}

static void check_picture(struct bank_reading *reading)
{
    const struct bank_listener *listener = reading->listener;
    if (!listener->on_picture || reading->question.picture[0] == '\0') return;
    uint32_t number = 0;
    enum bank_reason reason = listener->on_picture(listener->context, reading->question.picture, &number);
    if (reason != BANK_FINE)
        fault_report(&reading->sink, reading->row.line, column_name(COLUMN_PICTURE), reason, number);
}

static void check_rows(struct bank_reading *reading)
{
    while (next_row(reading)) {
        if (reading->questions == BANK_QUESTIONS_MAX) {
            report_file(reading, reading->row.line, BANK_QUESTIONS_TOO_MANY, BANK_QUESTIONS_MAX);
            return;
        }
        reading->questions++;
        if (!row_read(&reading->row, &reading->columns, &reading->question, &reading->sink)) continue;
        check_repeat(reading);
        check_picture(reading);
    }
    if (reading->questions == 0 && reading->sink.faults == 0)
        report_file(reading, reading->row.line, BANK_NO_QUESTIONS, 0);
}

/* First pass. */
static bool check_file(struct bank_reading *reading, struct span text)
{
    reading->reader = csv_over(text);
    if (!next_row(reading)) {
        if (reading->sink.faults == 0) report_file(reading, 1, BANK_NO_QUESTIONS, 0);
        return false;
    }
    if (!columns_read(&reading->row, &reading->columns, &reading->sink)) return false;
    check_rows(reading);
    return reading->sink.faults == 0;
}

/* Second pass: what was fine a moment ago still is. */
static void hand_over(struct bank_reading *reading, struct span text)
{
    struct fault_sink silent = {0}; /* the warnings have been told */
    reading->reader = csv_over(text);
    expect(next_row(reading));
    while (next_row(reading)) {
        bool is_fine = row_read(&reading->row, &reading->columns, &reading->question, &silent);
        expect(is_fine);
        if (reading->listener->on_question)
            reading->listener->on_question(reading->listener->context, &reading->question, reading->row.line);
    }
}

/* No more rows than lines, and no more questions than the limit. */
static size_t questions_at_most(struct span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size && count < BANK_QUESTIONS_MAX; i++)
        count += text.data[i] == '\n';
    return count;
}

static void read_text(struct bank_reading *reading, struct span file, struct bank_summary *summary)
{
    struct utf8_text text;
    size_t line = 1;
    enum bank_reason reason = utf8_text_read(file, &text, &line);
    reading->repeats = reason == BANK_FINE ? repeats_create(questions_at_most(text.text)) : NULL;
    if (reason == BANK_FINE && !reading->repeats) reason = BANK_NO_MEMORY;
    if (reason != BANK_FINE) {
        report_file(reading, line, reason, 0);
    } else if (check_file(reading, text.text)) {
        summary->questions = reading->questions;
        hand_over(reading, text.text);
    }
    repeats_destroy(reading->repeats);
    utf8_text_finish(&text);
}

bool bank_read(struct span file, const struct bank_listener *listener, struct bank_summary *summary)
{
    *summary = (struct bank_summary){0};
    struct fault_sink sink = {.on_fault = listener->on_fault, .context = listener->context};
    struct bank_reading *reading = calloc(1, sizeof *reading);
    if (!reading) {
        fault_report(&sink, 1, (struct span){0}, BANK_NO_MEMORY, 0);
    } else if (file.size > BANK_FILE_SIZE_MAX) {
        fault_report(&sink, 1, (struct span){0}, BANK_FILE_TOO_LARGE, BANK_FILE_SIZE_MAX / (1024 * 1024));
    } else {
        reading->listener = listener;
        reading->sink = sink;
        read_text(reading, file, summary);
        sink = reading->sink;
    }
    free(reading);
    summary->faults = sink.faults;
    summary->warnings = sink.warnings;
    return sink.faults == 0;
}
