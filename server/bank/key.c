/* Role: kinds and keys as words. Input: a cell. Output: the kind, or the set of right options. Left to others: whether
 * they fit the question. */
#include "bank/key.h"

#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12

/* Folded as text_fold does. */
static const char *const kind_words[QUESTION_KINDS][WORDS_MAX] = {
    [QUESTION_SINGLE] = {"单选", "单选题", "单项选择", "单项选择题", "single"},
    [QUESTION_MULTIPLE] = {"多选", "多选题", "多项选择", "多项选择题", "multiple"},
    [QUESTION_TRUE_FALSE] = {"判断", "判断题", "是非题", "true_false"},
    [QUESTION_POLL] = {"投票", "投票题", "poll"},
};
static const char *const true_words[WORDS_MAX] = {"对", "正确", "√", "✓", "✔", "是", "t", "true"};
static const char *const false_words[WORDS_MAX] = {"错", "错误", "×", "✗", "✘", "x", "否", "f", "false"};

static bool is_among(const char *folded, const char *const words[WORDS_MAX])
{
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        if (strcmp(folded, words[i]) == 0) return true;
    return false;
}

bool kind_read(struct span cell, enum question_kind *out)
{
    char *folded = text_fold(cell);
    bool is_found = false;
    for (int kind = 0; folded && !is_found && kind < QUESTION_KINDS; kind++) {
        is_found = is_among(folded, kind_words[kind]);
        *out = (enum question_kind)kind;
    }
    free(folded);
    return is_found;
}

const char *kind_word(enum question_kind kind)
{
    return kind_words[kind][0];
}

/* Letters with or without separators between them, each letter once. */
static bool read_letters(const char *folded, choice_set *out)
{
    unsigned key = 0;
    while (*folded != '\0') {
        if (*folded >= 'a' && *folded < 'a' + 16) {
            unsigned bit = 1u << (*folded++ - 'a');
            if (key & bit) return false;
            key |= bit;
        } else if (strchr(",;/.", *folded)) {
            folded++;
        } else if (strncmp(folded, "、", strlen("、")) == 0) {
            folded += strlen("、");
        } else {
            return false;
        }
    }
    *out = (choice_set)key;
    return true;
}

/* The option that says what the word says: for 对 the one that reads 正确, wherever it stands. */
static bool read_truth(const char *folded, const struct question *question, choice_set *out)
{
    bool says_true = is_among(folded, true_words);
    if (!says_true && !is_among(folded, false_words)) return false;
    for (size_t i = 0; i < question->options_count; i++) {
        char *option = text_fold(span_of_text(question->options[i]));
        bool is_meant = option && is_among(option, says_true ? true_words : false_words);
        free(option);
        if (!is_meant) continue;
        *out = (choice_set)(1u << i);
        return true;
    }
    return false;
}

enum bank_reason key_read(struct span cell, const struct question *question, choice_set *out)
{
    *out = 0;
    char *folded = text_fold(cell);
    if (!folded) return BANK_KEY_UNREADABLE;
    enum bank_reason reason = BANK_FINE;
    if (question->kind == QUESTION_POLL) {
        if (folded[0] != '\0') reason = BANK_KEY_OF_POLL;
    } else if (question->kind != QUESTION_TRUE_FALSE || !read_truth(folded, question, out)) {
        if (!read_letters(folded, out) || (folded[0] == '\0' && cell.size > 0)) reason = BANK_KEY_UNREADABLE;
    }
    free(folded);
    return reason;
}

void key_word(const struct question *question, char out[KEY_WORD_SIZE])
{
    bool is_usual = question->kind == QUESTION_TRUE_FALSE && strcmp(question->options[0], TRUE_OPTION) == 0 &&
                    strcmp(question->options[1], FALSE_OPTION) == 0;
    if (is_usual) {
        snprintf(out, KEY_WORD_SIZE, "%s", question->key == 1 ? "对" : "错");
        return;
    }
    size_t size = 0;
    for (unsigned i = 0; i < OPTIONS_MAX; i++)
        if (question->key >> i & 1) out[size++] = (char)('A' + i);
    out[size] = '\0';
}
