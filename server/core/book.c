/* A small table of owned copies; looked up by walking, since there are at most ROUNDS_MAX. */
#include "core/book.h"

#include "base/expect.h"
#include "model/text.h"
#include "protocol/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void round_free(struct book_round *round)
{
    if (!round) return;
    free(round->communities_text);
    free(round->communities);
    free(round->communities_json);
    free(round->askings);
    free(round->questions);
    free(round);
}

static bool copy_communities(struct book_round *round, const struct round_record *record)
{
    uint16_t count = record->rules.communities_count;
    size_t text_size = 1, json_size = 8;
    for (uint16_t i = 0; i < count; i++) {
        text_size += strlen(record->communities[i]) + 1;
        json_size += 6 * strlen(record->communities[i]) + 4;
    }
    round->communities_text = malloc(text_size);
    round->communities = calloc((size_t)count + 1, sizeof *round->communities);
    round->communities_json = malloc(json_size);
    if (!round->communities_text || !round->communities || !round->communities_json) return false;

    char *at = round->communities_text;
    struct writer json = writer_over(round->communities_json, json_size - 1);
    json_open(&json, '[');
    for (uint16_t i = 0; i < count; i++) {
        size_t size = strlen(record->communities[i]) + 1;
        memcpy(at, record->communities[i], size);
        round->communities[i] = at;
        at += size;
        json_text(&json, span_of_text(record->communities[i]));
    }
    json_close(&json, ']');
    if (!json.ok) return false;
    round->communities_json[json.size] = '\0';
    return true;
}

static bool copy_round(struct book_round *round, const struct round_record *record)
{
    round->round = record->round;
    round->code = record->code;
    round->seed = record->seed;
    round->rules = record->rules;
    round->askings_count = record->askings_count;
    if (strlen(record->title) >= sizeof round->title || strlen(record->unit) >= sizeof round->unit) return false;
    snprintf(round->title, sizeof round->title, "%s", record->title);
    snprintf(round->unit, sizeof round->unit, "%s", record->unit);

    size_t count = record->askings_count;
    round->askings = calloc(count, sizeof *round->askings);
    round->questions = calloc(count, sizeof *round->questions);
    if (!round->askings || !round->questions) return false;
    memcpy(round->askings, record->askings, count * sizeof *round->askings);
    memcpy(round->questions, record->questions, count * sizeof *round->questions);
    return copy_communities(round, record);
}

struct book_round *book_add(struct book *book, const struct round_record *record)
{
    expect(!book_find(book, record->round));
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        if (book->rounds[i]) continue;
        struct book_round *round = calloc(1, sizeof *round);
        if (!round || !copy_round(round, record)) {
            round_free(round);
            return NULL;
        }
        book->rounds[i] = round;
        return round;
    }
    return NULL;
}

void book_drop(struct book *book, uint32_t round)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        if (!book->rounds[i] || book->rounds[i]->round != round) continue;
        round_free(book->rounds[i]);
        book->rounds[i] = NULL;
    }
}

void book_finish(struct book *book)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        round_free(book->rounds[i]);
        book->rounds[i] = NULL;
    }
}

struct book_round *book_find(const struct book *book, uint32_t round)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++)
        if (book->rounds[i] && book->rounds[i]->round == round) return book->rounds[i];
    return NULL;
}

struct book_round *book_find_code(const struct book *book, uint32_t code)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++)
        if (book->rounds[i] && book->rounds[i]->code == code) return book->rounds[i];
    return NULL;
}

void book_note_over(struct book *book, uint32_t code)
{
    book->over[book->over_count++ % BOOK_OVER_MAX] = code;
}

bool book_is_over(const struct book *book, uint32_t code)
{
    uint32_t count = book->over_count < BOOK_OVER_MAX ? book->over_count : BOOK_OVER_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (book->over[i] == code) return true;
    return false;
}

const char *book_community(const struct book_round *round, uint16_t community)
{
    return community < round->rules.communities_count ? round->communities[community] : "";
}
