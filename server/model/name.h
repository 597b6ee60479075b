/* How a participant's name is shown in public. What was typed stays in core.db and is the organizers' to see. */
#ifndef JINGDA_MODEL_NAME_H
#define JINGDA_MODEL_NAME_H

#include "base/bytes.h"
#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

#define NAME_SHOWN_SIZE (4 * NAME_CHARS_MAX + 16)

/* 王秀英 becomes 王＊英, 陈明 陈＊, 欧阳小梅 欧阳＊梅 (common two-character surnames are kept whole), Anna A＊a;
 * without a name, or `is_hidden`: 居民028 (the participant's number from 1, at least three digits). `out` has
 * NAME_SHOWN_SIZE bytes. */
void name_shown(struct span name, uint32_t participant, bool is_hidden, char *out);

#endif
