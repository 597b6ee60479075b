/* The words that people write for a question's kind and key. */
#ifndef JINGDA_BANK_KEY_H
#define JINGDA_BANK_KEY_H

#include "bank/fault.h"
#include "model/question.h"

/* 单选, 单选题, 单项选择题 and so on, or the names of question_kind_name. */
bool kind_read(struct span cell, enum question_kind *out) __attribute__((warn_unused_result));
const char *kind_word(enum question_kind kind);

/* `B`, `ACD`, `A,C`, `Ａ、Ｃ`; for true/false also 对, 正确, √ or 错, 错误, × (whichever option says so). `question`
 * has its kind and options. Gives BANK_FINE, BANK_KEY_UNREADABLE or BANK_KEY_OF_POLL; whether the key fits the question
 * is for question_check. An empty cell is the empty key. */
enum bank_reason key_read(struct span cell, const struct question *question, choice_set *out)
    __attribute__((warn_unused_result));

#define KEY_WORD_SIZE 16
/* What `key_read` reads back: letters, or 对 and 错 for true/false with its usual two options. */
void key_word(const struct question *question, char out[KEY_WORD_SIZE]);

/* The two options of a true/false question for which nobody wrote any. */
#define TRUE_OPTION  "正确"
#define FALSE_OPTION "错误"

#endif
