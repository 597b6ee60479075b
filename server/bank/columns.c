/* Role: the header of a bank file. Input: its first row. Output: which cell belongs to which column, or what is wrong
 * with the header. Left to others: the rows below. */
#include "bank/columns.h"

#include "model/text.h"

#include <stdlib.h>
#include <string.h>

/* The first spelling is the one that is written. */
static const struct {
    const char *name, *other;
} spellings[BANK_COLUMNS] = {
    [COLUMN_TEXT] = {"题干", "题目"},
    [COLUMN_KIND] = {"题型", NULL},
    [COLUMN_OPTION_A] = {"选项A", NULL},
    {"选项B", NULL},
    {"选项C", NULL},
    {"选项D", NULL},
    {"选项E", NULL},
    {"选项F", NULL},
    {"选项G", NULL},
    {"选项H", NULL},
    [COLUMN_KEY] = {"答案", "正确答案"},
    [COLUMN_EXPLANATION] = {"讲解", "解析"},
    [COLUMN_SOURCE] = {"来源", NULL},
    [COLUMN_CATEGORY] = {"分类", NULL},
    [COLUMN_DIFFICULTY] = {"难度", NULL},
    [COLUMN_SECONDS] = {"秒数", NULL},
    [COLUMN_POINTS] = {"分值", NULL},
    [COLUMN_PICTURE] = {"图片", NULL},
    [COLUMN_PICTURE_ALT] = {"图片说明", NULL},
    [COLUMN_NOTE] = {"备注", NULL},
};

static const enum bank_column required[] = {COLUMN_TEXT, COLUMN_KIND, COLUMN_KEY};

struct span column_name(enum bank_column column)
{
    return span_of_text(spellings[column].name);
}

static bool is_same_folded(const char *folded, const char *name)
{
    char *other = name ? text_fold(span_of_text(name)) : NULL;
    bool is_same = other && strcmp(folded, other) == 0;
    free(other);
    return is_same;
}

static bool find_column(struct span cell, enum bank_column *out)
{
    char *folded = text_fold(cell);
    bool is_found = false;
    for (int column = 0; folded && !is_found && column < BANK_COLUMNS; column++) {
        is_found = is_same_folded(folded, spellings[column].name) || is_same_folded(folded, spellings[column].other);
        *out = (enum bank_column)column;
    }
    free(folded);
    return is_found;
}

static enum bank_reason place_column(struct columns *columns, struct span cell, size_t index)
{
    enum bank_column column;
    if (!find_column(cell, &column)) return BANK_COLUMN_UNKNOWN;
    if (columns->is_there[column]) return BANK_COLUMN_TWICE;
    columns->is_there[column] = true;
    columns->cell_of[column] = index;
    columns->is_named[index] = true;
    return BANK_FINE;
}

bool columns_read(const struct csv_row *header, struct columns *out, struct fault_sink *sink)
{
    size_t faults_before = sink->faults;
    *out = (struct columns){.count = header->count};
    for (size_t i = 0; i < header->count; i++) {
        if (header->cells[i].size == 0) continue;
        enum bank_reason reason = place_column(out, header->cells[i], i);
        if (reason != BANK_FINE) fault_report(sink, header->line, header->cells[i], reason, 0);
    }
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (!out->is_there[required[i]])
            fault_report(sink, header->line, column_name(required[i]), BANK_COLUMN_MISSING, 0);
    return sink->faults == faults_before;
}

struct span column_cell(const struct columns *columns, const struct csv_row *row, enum bank_column column)
{
    if (!columns->is_there[column] || columns->cell_of[column] >= row->count) return (struct span){NULL, 0};
    return row->cells[columns->cell_of[column]];
}
