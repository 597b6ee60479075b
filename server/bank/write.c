/* Role: questions as a bank file. Input: questions that question_check finds fine. Output: CSV in UTF-8 with a
 * byte-order mark, CR LF between rows, as spreadsheets expect it. Left to others: where the bytes go. */
#include "bank/bank.h"
#include "bank/cell.h"
#include "bank/columns.h"
#include "bank/key.h"

#include <stdio.h>

static void end_cell(struct writer *w, int column)
{
    if (column + 1 < BANK_COLUMNS)
        write_u8(w, ',');
    else
        write_raw(w, "\r\n", 2);
}

void bank_write_header(struct writer *w)
{
    write_raw(w, "\xef\xbb\xbf", 3);
    for (int column = 0; column < BANK_COLUMNS; column++) {
        cell_write(w, column_name((enum bank_column)column));
        end_cell(w, column);
    }
}

static const char *number_word(unsigned number, char out[KEY_WORD_SIZE])
{
    if (number == 0) return "";
    snprintf(out, KEY_WORD_SIZE, "%u", number);
    return out;
}

/* The text of one cell; `word` is room for those that are not texts of the question. */
static const char *cell_word(const struct question *question, enum bank_column column, char word[KEY_WORD_SIZE])
{
    static const char *const difficulties[4] = {"", "易", "中", "难"};
    switch (column) {
    case COLUMN_TEXT: return question->text;
    case COLUMN_KIND: return kind_word(question->kind);
    case COLUMN_KEY: key_word(question, word); return word;
    case COLUMN_EXPLANATION: return question->explanation;
    case COLUMN_SOURCE: return question->source;
    case COLUMN_CATEGORY: return question->category;
    case COLUMN_DIFFICULTY: return difficulties[question->difficulty & 3];
    case COLUMN_SECONDS: return number_word(question->seconds, word);
    case COLUMN_POINTS: return number_word(question->points, word);
    case COLUMN_PICTURE: return question->picture;
    case COLUMN_PICTURE_ALT: return question->picture_alt;
    case COLUMN_NOTE: return question->is_sample ? "样题·待审" : "";
    case COLUMN_OPTION_A:
    case COLUMN_OPTION_LAST: break;
    }
    return question->options[column - COLUMN_OPTION_A];
}

void bank_write_question(struct writer *w, const struct question *question)
{
    for (int column = 0; column < BANK_COLUMNS; column++) {
        char word[KEY_WORD_SIZE];
        cell_write(w, span_of_text(cell_word(question, (enum bank_column)column, word)));
        end_cell(w, column);
    }
}

bool bank_write(struct writer *w, const struct question *questions, size_t questions_count)
{
    bank_write_header(w);
    for (size_t i = 0; i < questions_count; i++)
        bank_write_question(w, &questions[i]);
    return w->ok;
}
