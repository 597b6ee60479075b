/* Role: from cells to a question. Input: one tidied row and the header's columns. Output: the question, or every fault
 * of the row. Left to others: what only the whole file shows (a question twice), and the picture's file. */
#include "bank/row.h"

#include "bank/bank.h"
#include "bank/key.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

#define NOTE_CHARS_MAX 200

/* What every step below works on. */
struct row {
    const struct csv_row *cells;
    const struct columns *columns;
    struct question *question;
    struct fault_sink *sink;
};

static struct span cell(const struct row *row, enum bank_column column)
{
    return column_cell(row->columns, row->cells, column);
}

static void report(const struct row *row, enum bank_column column, enum bank_reason reason, uint32_t number)
{
    fault_report(row->sink, row->cells->line, column_name(column), reason, number);
}

static enum bank_column option_column(size_t index)
{
    return (enum bank_column)(COLUMN_OPTION_A + index);
}

/* A text of the question: clean, short enough, copied with its end. `out` has room for 4 * chars_max + 1 bytes, or is
 * NULL where only the check is wanted. */
static void read_text(const struct row *row, enum bank_column column, char *out, uint32_t chars_max)
{
    struct span text = cell(row, column);
    if (!text_is_clean(text)) {
        report(row, column, BANK_TEXT_UNCLEAN, 0);
    } else if (text_chars(text) > chars_max) {
        report(row, column, BANK_TEXT_TOO_LONG, chars_max);
    } else if (out && text.size > 0) {
        memcpy(out, text.data, text.size);
        out[text.size] = '\0';
    }
}

static void read_texts(const struct row *row)
{
    struct question *question = row->question;
    read_text(row, COLUMN_TEXT, question->text, QUESTION_CHARS_MAX);
    read_text(row, COLUMN_EXPLANATION, question->explanation, EXPLANATION_CHARS_MAX);
    read_text(row, COLUMN_SOURCE, question->source, SOURCE_CHARS_MAX);
    read_text(row, COLUMN_CATEGORY, question->category, CATEGORY_CHARS_MAX);
    read_text(row, COLUMN_NOTE, NULL, NOTE_CHARS_MAX);

    static const char sample[] = "样题";
    struct span note = cell(row, COLUMN_NOTE);
    question->is_sample = note.size > 0 && memmem(note.data, note.size, sample, sizeof sample - 1);
    size_t chars = text_chars(cell(row, COLUMN_TEXT));
    if (chars > BANK_SCREEN_CHARS && chars <= QUESTION_CHARS_MAX)
        report(row, COLUMN_TEXT, BANK_TEXT_LONG_FOR_SCREEN, BANK_SCREEN_CHARS);
}

static void read_options(const struct row *row)
{
    struct question *question = row->question;
    for (size_t i = 0; i < OPTIONS_MAX; i++) {
        read_text(row, option_column(i), question->options[i], OPTION_CHARS_MAX);
        if (cell(row, option_column(i)).size > 0) question->options_count = (uint8_t)(i + 1);
    }
    if (question->kind != QUESTION_TRUE_FALSE) return;
    if (question->options_count == 0) {
        memcpy(question->options[0], TRUE_OPTION, sizeof TRUE_OPTION);
        memcpy(question->options[1], FALSE_OPTION, sizeof FALSE_OPTION);
        question->options_count = 2;
    }
    if (question->options_count > 2) report(row, COLUMN_OPTION_A, BANK_OPTIONS_NOT_TWO, 0);
}

static void read_kind_options_key(const struct row *row)
{
    if (cell(row, COLUMN_KIND).size == 0) {
        report(row, COLUMN_KIND, BANK_CELL_EMPTY, 0);
    } else if (!kind_read(cell(row, COLUMN_KIND), &row->question->kind)) {
        report(row, COLUMN_KIND, BANK_KIND_UNKNOWN, 0);
    } else {
        read_options(row);
        enum bank_reason reason = key_read(cell(row, COLUMN_KEY), row->question, &row->question->key);
        if (reason != BANK_FINE) report(row, COLUMN_KEY, reason, 0);
    }
}

static void read_difficulty(const struct row *row)
{
    static const char *const words[4][3] = {[1] = {"易", "容易", "1"}, {"中", "中等", "2"}, {"难", "较难", "3"}};
    struct span text = cell(row, COLUMN_DIFFICULTY);
    if (text.size == 0) return;
    char *folded = text_fold(text);
    for (uint8_t level = 1; folded && level <= 3; level++)
        for (size_t i = 0; i < 3; i++)
            if (strcmp(folded, words[level][i]) == 0) row->question->difficulty = level;
    free(folded);
    if (row->question->difficulty == 0) report(row, COLUMN_DIFFICULTY, BANK_DIFFICULTY_UNKNOWN, 0);
}

/* Digits of any width, with the unit behind them or without; 0 in an empty cell. False where it is something else. */
static bool read_number(struct span text, const char *unit, uint32_t least, uint32_t most, uint16_t *out)
{
    if (text.size == 0) return true;
    char *folded = text_fold(text);
    char *end = folded;
    uint32_t value = 0;
    for (; end && *end >= '0' && *end <= '9' && value <= most; end++)
        value = 10 * value + (uint32_t)(*end - '0');
    bool is_number =
        end && end != folded && (*end == '\0' || strcmp(end, unit) == 0) && value >= least && value <= most;
    free(folded);
    if (is_number) *out = (uint16_t)value;
    return is_number;
}

static void read_numbers(const struct row *row)
{
    uint32_t seconds_max = LIMIT_MS_MAX / 1000;
    if (!read_number(cell(row, COLUMN_SECONDS), "秒", LIMIT_MS_MIN / 1000, seconds_max, &row->question->seconds))
        report(row, COLUMN_SECONDS, BANK_SECONDS_WRONG, seconds_max);
    if (row->question->kind == QUESTION_POLL && cell(row, COLUMN_POINTS).size > 0)
        report(row, COLUMN_POINTS, BANK_POINTS_OF_POLL, 0);
    else if (!read_number(cell(row, COLUMN_POINTS), "分", 1, POINTS_MAX, &row->question->points))
        report(row, COLUMN_POINTS, BANK_POINTS_WRONG, POINTS_MAX);
}

/* A plain name: no folder, no hidden file, nothing that another system would read as a path. */
static bool is_file_name(struct span name)
{
    if (name.size == 0 || name.size > PICTURE_NAME_MAX || name.data[0] == '.' || !text_is_clean(name)) return false;
    for (size_t i = 0; i < name.size; i++)
        if (strchr("/\\:", name.data[i])) return false;
    return true;
}

static void read_picture(const struct row *row)
{
    struct span name = cell(row, COLUMN_PICTURE), alt = cell(row, COLUMN_PICTURE_ALT);
    read_text(row, COLUMN_PICTURE_ALT, row->question->picture_alt, PICTURE_ALT_CHARS_MAX);
    if (name.size == 0) {
        if (alt.size > 0) report(row, COLUMN_PICTURE, BANK_PICTURE_OF_ALT_MISSING, 0);
        return;
    }
    if (alt.size == 0) report(row, COLUMN_PICTURE_ALT, BANK_PICTURE_ALT_MISSING, 0);
    if (!is_file_name(name)) {
        report(row, COLUMN_PICTURE, BANK_PICTURE_NAME_BAD, 0);
        return;
    }
    memcpy(row->question->picture, name.data, name.size);
}

static void check_cells_have_columns(const struct row *row)
{
    for (size_t i = 0; i < row->cells->count; i++) {
        bool is_named = i < row->columns->count && row->columns->is_named[i];
        if (row->cells->cells[i].size > 0 && !is_named)
            fault_report(row->sink, row->cells->line, (struct span){0}, BANK_CELL_WITHOUT_COLUMN, (uint32_t)(i + 1));
    }
}

static size_t first_bad_option(const struct question *question)
{
    for (size_t i = 0; i < question->options_count; i++) {
        if (question->options[i][0] == '\0') return i;
        for (size_t k = 0; k < i; k++)
            if (strcmp(question->options[i], question->options[k]) == 0) return i;
    }
    return 0;
}

/* Says in this file's words what the model found. */
static void report_question_fault(const struct row *row, enum question_fault fault)
{
    enum bank_column bad_option = option_column(first_bad_option(row->question));
    switch (fault) {
    case QUESTION_FINE: return;
    case QUESTION_TEXT_MISSING: report(row, COLUMN_TEXT, BANK_CELL_EMPTY, 0); return;
    case QUESTION_OPTIONS_TOO_FEW: report(row, COLUMN_OPTION_A, BANK_OPTIONS_TOO_FEW, 0); return;
    case QUESTION_OPTION_EMPTY: report(row, bad_option, BANK_OPTION_EMPTY, 0); return;
    case QUESTION_OPTION_TWICE: report(row, bad_option, BANK_OPTION_TWICE, 0); return;
    case QUESTION_KEY_MISSING: report(row, COLUMN_KEY, BANK_CELL_EMPTY, 0); return;
    case QUESTION_KEY_OUT_OF_RANGE: report(row, COLUMN_KEY, BANK_KEY_OUT_OF_RANGE, 0); return;
    case QUESTION_KEY_NOT_ONE: report(row, COLUMN_KEY, BANK_KEY_NOT_ONE, 0); return;
    case QUESTION_KEY_OF_POLL: report(row, COLUMN_KEY, BANK_KEY_OF_POLL, 0); return;
    }
}

bool row_read(const struct csv_row *cells, const struct columns *columns, struct question *out, struct fault_sink *sink)
{
    size_t faults_before = sink->faults;
    memset(out, 0, sizeof *out);
    struct row row = {cells, columns, out, sink};
    check_cells_have_columns(&row);
    read_texts(&row);
    read_kind_options_key(&row);
    read_difficulty(&row);
    read_numbers(&row);
    read_picture(&row);
    /* Only where every cell could be read: what could not is empty here, and would be reported twice. */
    if (sink->faults == faults_before) report_question_fault(&row, question_check(out));
    return sink->faults == faults_before;
}

bool row_is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].size > 0) return false;
    return true;
}
