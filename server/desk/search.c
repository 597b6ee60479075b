/* Role: look for people in a round. Input: what an organizer typed. Output: participants' numbers. */
#include "desk/search.h"

#include "model/text.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_PREFIX "居民"

struct searching {
    struct found *found;
    const char *needle;  /* folded; empty: no name is looked for */
    int64_t number;      /* participant, or -1 */
    uint32_t seen, next; /* in this slice; where the next begins */
};

/* The participant whose shown number it is; -1 where it is no number. */
static int64_t number_of(const char *search)
{
    if (strncmp(search, NUMBER_PREFIX, sizeof NUMBER_PREFIX - 1) == 0) search += sizeof NUMBER_PREFIX - 1;
    size_t digits = strspn(search, "0123456789");
    if (digits == 0 || digits > 9 || search[digits]) return -1;
    return strtol(search, NULL, 10) - 1;
}

static bool matches(const struct searching *searching, uint32_t number, const char *name)
{
    if ((int64_t)number == searching->number) return true;
    if (!searching->needle[0] || !name[0]) return false;
    char *folded = text_fold(span_of_text(name));
    bool is_match = folded && strstr(folded, searching->needle);
    free(folded);
    return is_match;
}

static bool on_person(void *context, uint32_t number, uint16_t community, const char *name)
{
    struct searching *searching = context;
    (void)community;
    searching->seen++;
    searching->next = number + 1;
    if (!matches(searching, number, name)) return true;
    searching->found->participants[searching->found->count++] = number;
    return searching->found->count < SEARCH_FOUND_MAX;
}

bool search_people(struct reading *reading, uint32_t round, const char *search, struct found *found)
{
    found->count = 0;
    char *needle = text_fold(text_trim(span_of_text(search)));
    struct searching searching = {.found = found, .needle = needle ? needle : "", .number = number_of(search)};
    bool is_read = true, goes_on = true;
    while (is_read && goes_on) {
        searching.seen = 0;
        is_read = reader_each_person(reading->reader, round, searching.next, READING_SLICE, on_person, &searching);
        goes_on = searching.seen == READING_SLICE && found->count < SEARCH_FOUND_MAX;
    }
    free(needle);
    return is_read;
}

static int by_number(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

bool found_has(const struct found *found, uint32_t participant)
{
    return bsearch(&participant, found->participants, found->count, sizeof participant, by_number) != NULL;
}
