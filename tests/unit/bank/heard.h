/* A listener for tests: keeps what bank_read said, up to a few. */
#ifndef TESTS_UNIT_BANK_HEARD_H
#define TESTS_UNIT_BANK_HEARD_H

#include "bank/bank.h"

#include <string.h>

#define HEARD_MAX 8

struct heard {
    struct question questions[HEARD_MAX];
    size_t lines[HEARD_MAX];
    size_t questions_count;
    struct bank_fault faults[HEARD_MAX];
    size_t faults_count;
    struct bank_summary summary;
    bool is_fine;
    bank_picture_fn on_picture;
};

static inline void heard_question(void *context, const struct question *question, size_t line)
{
    struct heard *heard = context;
    if (heard->questions_count < HEARD_MAX) {
        heard->questions[heard->questions_count] = *question;
        heard->lines[heard->questions_count] = line;
    }
    heard->questions_count++;
}

static inline void heard_fault(void *context, const struct bank_fault *fault)
{
    struct heard *heard = context;
    if (heard->faults_count < HEARD_MAX) heard->faults[heard->faults_count] = *fault;
    heard->faults_count++;
}

static inline void hear(struct heard *heard, struct span file)
{
    bank_picture_fn on_picture = heard->on_picture;
    memset(heard, 0, sizeof *heard);
    struct bank_listener listener = {heard_question, heard_fault, on_picture, heard};
    heard->on_picture = on_picture;
    heard->is_fine = bank_read(file, &listener, &heard->summary);
}

static inline void hear_text(struct heard *heard, const char *text)
{
    hear(heard, span_of_text(text));
}

#endif
