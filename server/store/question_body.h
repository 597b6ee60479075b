/* A frozen question as the bytes of question.body: a version, the numbers, then the texts one after another. */
#ifndef JINGDA_STORE_QUESTION_BODY_H
#define JINGDA_STORE_QUESTION_BODY_H

#include "base/bytes.h"
#include "model/question.h"

/* Each text with its u32 size, and the numbers. */
#define QUESTION_BODY_MAX (sizeof(struct question) + sizeof(uint32_t) * (OPTIONS_MAX + 6) + 16)

void question_body_encode(struct writer *w, const struct question *question);
/* False: bytes of another version, or none of ours. */
bool question_body_decode(struct reader *r, struct question *question);

#endif
