/* What every text that a person typed must pass: names, questions, titles. A character is one Unicode code point, so
 * that N characters never take more than 4 * N bytes; an emoji of several code points counts as several.
 * Nothing here but `text_fold` allocates. How long a text may be stands in limits.h, and is the caller's to compare. */
#ifndef JINGDA_MODEL_TEXT_H
#define JINGDA_MODEL_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* How many characters. A byte that is not UTF-8 counts as one. */
size_t text_chars(struct span text);

bool text_is_utf8(struct span text);

/* True for valid UTF-8 that holds nothing which moves, hides or reorders what stands around it: no control (C0, C1),
 * no direction control (U+061C, U+200E, U+200F, U+202A-202E, U+2066-206F), no line or paragraph separator, no
 * byte-order mark, no zero-width space, no annotation (U+FFF9-FFFB), tag or noncharacter, and at most two combining
 * marks in a row. The joiner of emoji (U+200D) is allowed. An empty text is clean. */
bool text_is_clean(struct span text);

/* Without what shows as nothing at either end: white space of any script, zero-width and filler characters. A text of
 * nothing else becomes empty. Borrowed from `text`; bytes that are not UTF-8 stay. */
struct span text_trim(struct span text);

/* The longest beginning of at most `chars_max` characters. Borrowed from `text`. */
struct span text_cut(struct span text, size_t chars_max);

/* For comparing: NFKC with case folded (full-width letters become plain), without white space anywhere and without
 * punctuation at the end. The caller frees it. NULL where `text` is not UTF-8 or memory is out. */
char *text_fold(struct span text);

#endif
