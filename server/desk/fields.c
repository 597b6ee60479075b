/* Role: read JSON fields strictly. Input: a parsed object of a browser's. Output: values in bounds, or the name of the
 * first bad field. Leaves to others: parsing (jansson), saying it (texts.c). */
#include "desk/fields.h"

#include "model/text.h"

#include <stdio.h>
#include <string.h>

struct fields fields_of(json_t *object, const char *within)
{
    return (struct fields){.object = object, .within = within};
}

void field_fault(struct fields *fields, const char *name)
{
    if (!fields->fault[0]) snprintf(fields->fault, sizeof fields->fault, "%s%s", fields->within, name);
}

bool fields_are_fine(const struct fields *fields)
{
    return !fields->fault[0];
}

int64_t field_number_or(struct fields *fields, const char *name, int64_t low, int64_t high, int64_t otherwise)
{
    json_t *value = json_object_get(fields->object, name);
    if (!value) return otherwise;
    if (json_is_integer(value) && json_integer_value(value) >= low && json_integer_value(value) <= high)
        return json_integer_value(value);
    field_fault(fields, name);
    return low;
}

int64_t field_number(struct fields *fields, const char *name, int64_t low, int64_t high)
{
    if (!json_object_get(fields->object, name)) field_fault(fields, name);
    return field_number_or(fields, name, low, high, low);
}

bool field_bool_or(struct fields *fields, const char *name, bool otherwise)
{
    json_t *value = json_object_get(fields->object, name);
    if (!value) return otherwise;
    if (!json_is_boolean(value)) field_fault(fields, name);
    return json_is_true(value);
}

bool field_bool(struct fields *fields, const char *name)
{
    if (!json_object_get(fields->object, name)) field_fault(fields, name);
    return field_bool_or(fields, name, false);
}

int field_word_or(struct fields *fields, const char *name, const char *const *words, int otherwise)
{
    json_t *value = json_object_get(fields->object, name);
    if (!value) return otherwise;
    for (int i = 0; json_is_string(value) && words[i]; i++)
        if (strcmp(words[i], json_string_value(value)) == 0) return i;
    field_fault(fields, name);
    return otherwise;
}

void field_text(struct fields *fields, const char *name, size_t chars_max, bool is_needed, char *out)
{
    json_t *value = json_object_get(fields->object, name);
    out[0] = '\0';
    if (!value && !is_needed) return;
    if (!json_is_string(value)) {
        field_fault(fields, name);
        return;
    }
    struct span text = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    text = text_trim(text);
    if ((is_needed && text.size == 0) || !text_is_clean(text) || text_chars(text) > chars_max) {
        field_fault(fields, name);
        return;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}
