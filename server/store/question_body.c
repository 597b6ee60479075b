/* Role: question.body's bytes, written and read.
 * Leaves to others: whether the question makes sense (model/question.c), what the engine scores by (question.rules). */
#include "store/question_body.h"

#include <string.h>

#define BODY_VERSION 1

void question_body_encode(struct writer *w, const struct question *question)
{
    write_u8(w, BODY_VERSION);
    write_u8(w, (uint8_t)question->kind);
    write_u8(w, question->difficulty);
    write_u8(w, question->options_count);
    write_u8(w, question->is_sample);
    write_u16(w, question->key);
    write_u16(w, question->seconds);
    write_u16(w, question->points);
    write_span(w, span_of_text(question->text));
    for (int i = 0; i < question->options_count && i < OPTIONS_MAX; i++)
        write_span(w, span_of_text(question->options[i]));
    write_span(w, span_of_text(question->explanation));
    write_span(w, span_of_text(question->source));
    write_span(w, span_of_text(question->category));
    write_span(w, span_of_text(question->picture));
    write_span(w, span_of_text(question->picture_alt));
}

static void read_text(struct reader *r, char *out, size_t size)
{
    struct span text = read_span(r, size - 1);
    if (text.size > 0) memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}

bool question_body_decode(struct reader *r, struct question *question)
{
    *question = (struct question){0};
    if (read_u8(r) != BODY_VERSION) return false;
    uint8_t kind = read_u8(r);
    question->difficulty = read_u8(r);
    question->options_count = read_u8(r);
    question->is_sample = read_u8(r) == 1;
    question->key = read_u16(r);
    question->seconds = read_u16(r);
    question->points = read_u16(r);
    if (kind >= QUESTION_KINDS || question->options_count > OPTIONS_MAX) return false;
    question->kind = (enum question_kind)kind;
    read_text(r, question->text, sizeof question->text);
    for (int i = 0; i < question->options_count; i++)
        read_text(r, question->options[i], sizeof question->options[i]);
    read_text(r, question->explanation, sizeof question->explanation);
    read_text(r, question->source, sizeof question->source);
    read_text(r, question->category, sizeof question->category);
    read_text(r, question->picture, sizeof question->picture);
    read_text(r, question->picture_alt, sizeof question->picture_alt);
    return read_finished(r);
}
