/* CSV's grammar, RFC 4180, and going on behind a broken row. */
#include "bank/cell.h"
#include "bank/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct csv_row row;

/* Rows as one line of text: cells in [], rows behind "LINE:", faults as words. */
static char *trace_of(const char *text)
{
    static char trace[1024];
    struct csv_reader reader = csv_over(span_of_text(text));
    size_t size = 0;
    trace[0] = '\0';
    for (;;) {
        enum csv_verdict verdict = csv_next(&reader, &row);
        if (verdict == CSV_END) return trace;
        size += snprintf(trace + size, sizeof trace - size, "%zu:", row.line);
        static const char *const words[] = {"", "", "open ", "stray ", "long "};
        size += snprintf(trace + size, sizeof trace - size, "%s", words[verdict]);
        for (size_t i = 0; verdict == CSV_ROW && i < row.count; i++)
            size += snprintf(
                trace + size, sizeof trace - size, "[%.*s]", (int)row.cells[i].size, (const char *)row.cells[i].data);
        if (verdict == CSV_ROW) size += snprintf(trace + size, sizeof trace - size, " ");
    }
}

static void rows_end_with_either_line_end_or_none(void **state)
{
    (void)state;
    assert_string_equal(trace_of("a,b\r\nc,d\ne,f"), "1:[a][b] 2:[c][d] 3:[e][f] ");
    assert_string_equal(trace_of("a\n"), "1:[a] ");
    assert_string_equal(trace_of(""), "");
    assert_string_equal(trace_of("\n\r\na"), "1:[] 2:[] 3:[a] ");
    assert_string_equal(trace_of(",\n"), "1:[][] ");
}

static void quotes_hold_commas_line_ends_and_quotes(void **state)
{
    (void)state;
    assert_string_equal(trace_of("\"a,b\",\"c\"\"d\",\"\"\nx"), "1:[a,b][c\"d][] 2:[x] ");
    assert_string_equal(trace_of("\"a\r\nb\nc\",d\r\ne"), "1:[a\r\nb\nc][d] 4:[e] ");
    assert_string_equal(trace_of("\"a\""), "1:[a] ");
}

static void quote_inside_a_plain_cell_is_text(void **state)
{
    (void)state;
    assert_string_equal(trace_of("a\"b\",c"), "1:[a\"b\"][c] ");
    assert_string_equal(trace_of("a\rb"), "1:[a\rb] ");
}

static void broken_row_does_not_swallow_the_next(void **state)
{
    (void)state;
    assert_string_equal(trace_of("a,\"b\nc,d\ne"), "1:open 2:[c][d] 3:[e] ");
    assert_string_equal(trace_of("\"a\"b,c\nd"), "1:stray 2:[d] ");
    assert_string_equal(trace_of("\"a\n\"b\nc"), "1:stray 2:open 3:[c] ");
}

static void row_is_bounded_in_cells_and_bytes(void **state)
{
    (void)state;
    char commas[CSV_CELLS_MAX + 8];
    memset(commas, ',', sizeof commas);
    strcpy(commas + CSV_CELLS_MAX - 1, "\nz");
    assert_string_equal(trace_of(commas) + strlen("1:") + 2 * CSV_CELLS_MAX, " 2:[z] ");
    strcpy(commas + CSV_CELLS_MAX - 1, ",\nz");
    assert_string_equal(trace_of(commas), "1:long 2:[z] ");

    char *large = calloc(1, CSV_ROW_SIZE_MAX + 16);
    memset(large, 'x', CSV_ROW_SIZE_MAX + 1);
    strcpy(large + CSV_ROW_SIZE_MAX, "\nz");
    struct csv_reader reader = csv_over(span_of_text(large));
    assert_int_equal(csv_next(&reader, &row), CSV_ROW);
    assert_int_equal(row.cells[0].size, CSV_ROW_SIZE_MAX);
    strcpy(large + CSV_ROW_SIZE_MAX, "x\nz");
    assert_string_equal(trace_of(large), "1:long 2:[z] ");
    large[0] = '"';
    strcpy(large + CSV_ROW_SIZE_MAX, "xx\nz");
    assert_string_equal(trace_of(large), "1:long 2:[z] ");
    free(large);
}

static const char *written(const char *text)
{
    static char memory[256];
    struct writer w = writer_over(memory, sizeof memory - 1);
    cell_write(&w, span_of_text(text));
    assert_true(w.ok);
    memory[w.size] = '\0';
    return memory;
}

static void formula_is_neutralised_and_nothing_else(void **state)
{
    (void)state;
    assert_string_equal(written("=1+1"), "'=1+1");
    assert_string_equal(written("+1"), "'+1");
    assert_string_equal(written("-1"), "'-1");
    assert_string_equal(written("@a"), "'@a");
    assert_string_equal(written("\ta"), "\"'\ta\"");
    assert_string_equal(written("＝a"), "'＝a");
    assert_string_equal(written("''=a"), "'''=a");
    assert_string_equal(written("'a"), "'a");
    assert_string_equal(written("a=b"), "a=b");
    assert_string_equal(written("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_string_equal(written(""), "");
}

static const char *tidied(const char *text)
{
    static char memory[256];
    struct csv_reader reader = csv_over(span_of_text(text));
    assert_int_equal(csv_next(&reader, &row), CSV_ROW);
    cells_tidy(&row);
    snprintf(memory, sizeof memory, "%.*s", (int)row.cells[0].size, (const char *)row.cells[0].data);
    return memory;
}

static void reading_takes_back_exactly_what_writing_added(void **state)
{
    (void)state;
    static const char *const texts[] = {"=1", "'=1", "''-1", "'a", "''", "'", "a", "@", "－1", "say \"hi\", then", ""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char copy[256];
        snprintf(copy, sizeof copy, "%s,x\n", written(texts[i]));
        assert_string_equal(tidied(copy), texts[i]);
    }
    assert_string_equal(tidied("=1"), "=1");
}

static void cell_is_trimmed_and_its_lines_are_joined(void **state)
{
    (void)state;
    assert_string_equal(tidied(" 　a b \t,"), "a b");
    assert_string_equal(tidied("\"\n一\r\n二 \n\n 三\n\""), "一 二 三");
    assert_string_equal(tidied("\"  \n \""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_with_either_line_end_or_none),
        cmocka_unit_test(quotes_hold_commas_line_ends_and_quotes),
        cmocka_unit_test(quote_inside_a_plain_cell_is_text),
        cmocka_unit_test(broken_row_does_not_swallow_the_next),
        cmocka_unit_test(row_is_bounded_in_cells_and_bytes),
        cmocka_unit_test(formula_is_neutralised_and_nothing_else),
        cmocka_unit_test(reading_takes_back_exactly_what_writing_added),
        cmocka_unit_test(cell_is_trimmed_and_its_lines_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
