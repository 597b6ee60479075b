/* What a page does by itself, as docs/protocol.md has it: hello, join, the answer again after coming back. Everything
 * else a script says. */
#include "scenario/stage.h"

#include "base/expect.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct person *person_of(struct stage *stage, const char *name)
{
    for (unsigned i = 0; i < stage->people_count; i++)
        if (strcmp(stage->people[i].name, name) == 0) return &stage->people[i];
    expect(stage->people_count < PEOPLE_MAX);
    struct person *person = &stage->people[stage->people_count];
    snprintf(person->name, sizeof person->name, "%s", name);
    memset(person->nonce, 'A', 22);
    person->nonce[0] = alphabet[stage->people_count++ + 1];
    return person;
}

struct person *person_at(struct stage *stage, uint8_t edge, uint32_t slot)
{
    for (unsigned i = 0; i < stage->people_count; i++) {
        struct person *person = &stage->people[i];
        if (person->is_open && person->edge == edge && person->slot == slot) return person;
    }
    return NULL;
}

struct person *person_of_nonce(struct stage *stage, const uint8_t nonce[NONCE_SIZE])
{
    for (unsigned i = 0; i < stage->people_count; i++)
        if (strchr(alphabet, stage->people[i].nonce[0]) - alphabet == nonce[0] >> 2) return &stage->people[i];
    return NULL;
}

void person_says(struct person *person, const char *text)
{
    struct outgoing **last = &person->outbox;
    while (*last)
        last = &(*last)->next;
    *last = calloc(1, sizeof **last);
    expect(*last);
    snprintf((*last)->text, sizeof(*last)->text, "%s", text);
}

bool person_comes(struct stage *stage, struct person *person, unsigned edge)
{
    char text[256];
    if (edge >= stage->edges_count || !stage->edges[edge].is_up) return false;
    if (person->is_open) person_leaves(stage, person);
    if (!sessions_opened(stage->edges[edge].sessions, stage->now_ms, &person->slot)) return false;
    person->edge = (uint8_t)edge;
    person->is_open = true;
    person->asking = 0;
    stage_note(stage, "%s comes to edge %u", person->name, edge);
    const char *rest = person->is_screen ? ",\"screen\":true" : "";
    if (person->token[0])
        snprintf(
            text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\",\"token\":\"%s\"}", stage->code, person->token);
    else
        snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\"%s}", stage->code, rest);
    person_says(person, text);
    return true;
}

void person_leaves(struct stage *stage, struct person *person)
{
    if (!person->is_open) return;
    person->is_open = person->is_blocked = false;
    person->asking = 0;
    free(person->waiting);
    person->waiting = NULL;
    stage_note(stage, "%s is gone from edge %u", person->name, person->edge);
    struct stage_edge *edge = &stage->edges[person->edge];
    if (edge->is_up) sessions_closed(edge->sessions, person->slot, stage->now_ms);
}

static void send_answer(struct person *person)
{
    char text[128];
    snprintf(text, sizeof text, "{\"type\":\"answer\",\"asking\":%u,\"choice\":%u}", person->held_asking,
        person->held_choice);
    person_says(person, text);
}

void person_answers(struct stage *stage, struct person *person, uint16_t asking, const char *letters)
{
    person->held_asking = asking ? asking : person->asking;
    person->held_choice = 0;
    for (; *letters; letters++)
        person->held_choice |= 1u << (*letters - 'A');
    send_answer(person);
    (void)stage;
}

void person_reads_on(struct stage *stage, struct person *person)
{
    char *text = person->waiting;
    person->is_blocked = false;
    person->waiting = NULL;
    if (!text) return;
    person_hears(stage, person, text);
    free(text);
    sessions_written(stage->edges[person->edge].sessions, person->slot, stage->now_ms);
}

void people_turn(struct stage *stage)
{
    for (unsigned i = 0; i < stage->people_count; i++) {
        struct person *person = &stage->people[i];
        while (person->is_open && person->outbox) {
            struct outgoing *frame = person->outbox;
            person->outbox = frame->next;
            sessions_frame(stage->edges[person->edge].sessions, person->slot, span_of_text(frame->text), stage->now_ms);
            free(frame);
        }
    }
}

/* ---- hearing ---- */

static uint16_t asking_of_frame(const json_t *frame)
{
    return (uint16_t)json_integer_value(json_object_get(frame, "asking"));
}

static void page_turns(struct person *person, const json_t *frame, const char *type)
{
    char text[160];
    bool is_snapshot = strcmp(type, "snapshot") == 0;
    if (strcmp(type, "round") == 0 && !person->is_screen) {
        snprintf(
            text, sizeof text, "{\"type\":\"join\",\"nonce\":\"%s\",\"name\":\"%s\"}", person->nonce, person->name);
        person_says(person, text);
    }
    if (strcmp(type, "joined") == 0)
        snprintf(person->token, sizeof person->token, "%s", json_string_value(json_object_get(frame, "token")));
    if (strcmp(type, "open") == 0 || (is_snapshot && json_object_get(frame, "open")))
        person->asking = asking_of_frame(frame);
    bool is_settled = strcmp(type, "recorded") == 0 || (strcmp(type, "refused") == 0 && asking_of_frame(frame)) ||
                      (is_snapshot && json_object_get(frame, "answer"));
    if (is_settled) person->held_asking = 0;
    bool is_again = is_snapshot && person->held_asking && asking_of_frame(frame) == person->held_asking;
    if (is_again) send_answer(person);
}

void person_hears(struct stage *stage, struct person *person, const char *text)
{
    char words[512];
    json_t *frame = json_loads(text, 0, NULL);
    expect(frame);
    const char *type = json_string_value(json_object_get(frame, "type"));
    words_of_frame(text, words, sizeof words);
    if (words[0]) stage_note(stage, "%s < %s", person->name, words);
    page_turns(person, frame, type);
    json_decref(frame);
}
