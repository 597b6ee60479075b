/* Any bytes as a bank file: nothing crashes, a bad file yields no question, and a good one, written and read again,
 * yields the same questions. Corpus: tests/fuzz/corpus/bank. */
#include "bank/bank.h"
#include "bank/picture.h"
#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first reading writes each question; the second compares each with what the first one wrote down. */
struct run {
    struct writer written;
    uint64_t *sums;
    size_t questions, faults;
    bool is_second;
};

static uint64_t sum_of(const struct question *question)
{
    const uint8_t *bytes = (const uint8_t *)question;
    uint64_t sum = 0xcbf29ce484222325;
    for (size_t i = 0; i < sizeof *question; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3;
    return sum;
}

static void take_question(void *context, const struct question *question, size_t line)
{
    struct run *run = context;
    expect(line > 1 || run->questions > 0);
    expect(question_check(question) == QUESTION_FINE);
    if (run->is_second) {
        expect(run->sums[run->questions] == sum_of(question));
    } else {
        run->sums[run->questions] = sum_of(question);
        size_t size_before = run->written.size;
        bank_write_question(&run->written, question);
        expect(run->written.size - size_before <= BANK_ROW_SIZE_MAX);
    }
    run->questions++;
}

static void take_fault(void *context, const struct bank_fault *fault)
{
    struct run *run = context;
    char sentence[256];
    bank_fault_chinese(fault, sentence, sizeof sentence);
    expect(sentence[0] != '\0' && memchr(fault->column, '\0', sizeof fault->column));
    if (!bank_reason_is_warning(fault->reason)) run->faults++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct picture picture;
    if (picture_read((struct span){data, size}, &picture)) expect(picture.width > 0);

    /* A row takes two bytes at least, and the widest cells come out of what the file holds. */
    size_t capacity = 1024 + 64 * size;
    struct run run = {
        .written = writer_over(malloc(capacity), capacity), .sums = malloc((size + 1) * sizeof(uint64_t))};
    expect(run.written.data && run.sums);
    bank_write_header(&run.written);
    struct bank_listener listener = {.on_question = take_question, .on_fault = take_fault, .context = &run};
    struct bank_summary summary;
    bool is_fine = bank_read((struct span){data, size}, &listener, &summary);
    expect(is_fine == (run.faults == 0) && summary.faults == run.faults && summary.questions == run.questions);
    expect(is_fine || run.questions == 0);

    if (is_fine) {
        size_t first_count = run.questions;
        expect(run.written.ok);
        run.is_second = true;
        run.questions = 0;
        is_fine = bank_read((struct span){run.written.data, run.written.size}, &listener, &summary);
        expect(is_fine && run.questions == first_count);
    }
    free(run.written.data);
    free(run.sums);
    return 0;
}
