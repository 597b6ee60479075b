/* Role: find repeated questions. Input: questions one by one. Output: the line of the earlier one. Left to others: what
 * follows from it. Many questions in real banks share a text like 下列说法正确的是 and differ in their options: that is
 * worth a warning, and only the same options make it the same question. */
#include "bank/repeats.h"

#include "base/expect.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 sum128;

struct slot {
    sum128 sum;
    size_t line; /* 0: free */
};

/* Open addressing, with two sums for each question: half of the slots stay free. */
struct repeats {
    size_t slots_count, used;
    struct slot slots[];
};

struct repeats *repeats_create(size_t questions_max)
{
    size_t slots_count = 4 * questions_max + 2;
    struct repeats *repeats = calloc(1, sizeof *repeats + slots_count * sizeof repeats->slots[0]);
    if (repeats) repeats->slots_count = slots_count;
    return repeats;
}

void repeats_destroy(struct repeats *repeats)
{
    free(repeats);
}

/* FNV-1a of 128 bits (Fowler, Noll, Vo). Nobody gains by a collision but a fault in the own file. */
static sum128 sum_bytes(sum128 sum, const char *text)
{
    const sum128 prime = ((sum128)1 << 88) + 0x13b;
    size_t size = strlen(text) + 1; /* with the zero, which keeps neighbours apart */
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ (uint8_t)text[i]) * prime;
    return sum;
}

static sum128 sum_folded(sum128 sum, const char *text)
{
    char *folded = text_fold(span_of_text(text));
    sum = sum_bytes(sum, folded ? folded : text);
    free(folded);
    return sum;
}

static size_t find_or_add(struct repeats *repeats, sum128 sum, size_t line)
{
    size_t index = (size_t)(sum ^ (sum >> 64)) % repeats->slots_count;
    while (repeats->slots[index].line != 0) {
        if (repeats->slots[index].sum == sum) return repeats->slots[index].line;
        index = (index + 1) % repeats->slots_count;
    }
    expect(++repeats->used <= repeats->slots_count / 2);
    repeats->slots[index] = (struct slot){sum, line};
    return 0;
}

size_t repeats_add(struct repeats *repeats, const struct question *question, size_t line, bool *is_whole)
{
    const sum128 basis = ((sum128)0x6c62272e07bb0142 << 64) | 0x62b821756295c58d;
    sum128 text = sum_bytes(sum_folded(basis, question->text), question->picture);
    sum128 options = 0;
    for (size_t i = 0; i < question->options_count; i++)
        options += sum_folded(basis, question->options[i]);
    sum128 whole = text ^ (options | 1);

    size_t earlier_text = find_or_add(repeats, text, line);
    size_t earlier_whole = find_or_add(repeats, whole, line);
    *is_whole = earlier_whole != 0;
    return earlier_whole != 0 ? earlier_whole : earlier_text;
}
