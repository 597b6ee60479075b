/* The fields of a browser's JSON object, read one by one. The first one that is missing or wrong is remembered by its
 * name, and everything read after it is harmless; so look at `fault` once, at the end. */
#ifndef JINGDA_DESK_FIELDS_H
#define JINGDA_DESK_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIELD_NAME_MAX 64

struct fields {
    json_t *object;             /* borrowed; anything that is no object has no fields */
    const char *within;         /* before each name in a fault: "rules." */
    char fault[FIELD_NAME_MAX]; /* empty: none so far */
};

struct fields fields_of(json_t *object, const char *within);
/* Notes a fault that the reader itself found. */
void field_fault(struct fields *fields, const char *name);
bool fields_are_fine(const struct fields *fields);

/* A whole number from `low` to `high`, needed. */
int64_t field_number(struct fields *fields, const char *name, int64_t low, int64_t high);
/* The same, `otherwise` where it is not there. */
int64_t field_number_or(struct fields *fields, const char *name, int64_t low, int64_t high, int64_t otherwise);
bool field_bool(struct fields *fields, const char *name);
bool field_bool_or(struct fields *fields, const char *name, bool otherwise);
/* The index of one of the `words`, ended by NULL; `otherwise` where it is not there. */
int field_word_or(struct fields *fields, const char *name, const char *const *words, int otherwise);
/* A person's text: trimmed, clean, at most `chars_max` characters; empty is a fault where it is needed. `out` has room
 * for 4 * chars_max + 1 bytes. */
void field_text(struct fields *fields, const char *name, size_t chars_max, bool is_needed, char *out);

#endif
