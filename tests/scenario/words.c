/* Frames and durable facts, as a person would put them. */
#include "scenario/stage.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct line {
    char *out;
    size_t size, used;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line->out + line->used, line->size - line->used, format, arguments);
    va_end(arguments);
    line->used += (size_t)size;
    if (line->used >= line->size) line->used = line->size - 1;
}

static long number(const json_t *frame, const char *key)
{
    return (long)json_integer_value(json_object_get(frame, key));
}
static const char *text(const json_t *frame, const char *key)
{
    const char *value = json_string_value(json_object_get(frame, key));
    return value ? value : "";
}

void words_of_choice(unsigned choice, char out[16])
{
    unsigned used = 0;
    for (unsigned i = 0; i < OPTIONS_MAX; i++)
        if (choice >> i & 1) out[used++] = (char)('A' + (int)i);
    out[used] = '\0';
}

static void add_choice(struct line *line, const json_t *frame, const char *key)
{
    char letters[16];
    words_of_choice((unsigned)number(frame, key), letters);
    add(line, " %s", letters);
}

static void add_receipt(struct line *line, const json_t *receipt)
{
    if (!receipt) return;
    add(line, ", %ld ms", number(receipt, "elapsed_ms"));
    if (number(receipt, "credit_ms")) add(line, " after a credit of %ld ms", number(receipt, "credit_ms"));
}

static void add_open(struct line *line, const json_t *open)
{
    add(line, "open %ld: %ld ms to read, %ld ms to answer", number(open, "asking"), number(open, "reading_ms"),
        number(open, "limit_ms"));
    if (number(open, "elapsed_ms")) add(line, ", %ld ms are over", number(open, "elapsed_ms"));
}

static void add_standing(struct line *line, const json_t *standing)
{
    add(line, "standing after %ld: %ld points", number(standing, "asking"), number(standing, "points"));
    if (json_is_integer(json_object_get(standing, "gained"))) add(line, " (+%ld)", number(standing, "gained"));
    add(line, ", %ld right", number(standing, "rights"));
    if (json_is_integer(json_object_get(standing, "rank")))
        add(line, ", rank %ld of %ld", number(standing, "rank"), number(standing, "of"));
    if (json_is_true(json_object_get(standing, "out"))) add(line, ", out");
}

static void add_revealed(struct line *line, const json_t *revealed)
{
    add(line, "revealed %ld: right is", number(revealed, "asking"));
    add_choice(line, revealed, "key");
    add(line, ", %ld answered", number(revealed, "answered"));
    if (json_is_integer(json_object_get(revealed, "right"))) add(line, ", %ld right", number(revealed, "right"));
}

static void add_leaderboard(struct line *line, const json_t *leaderboard)
{
    size_t index;
    json_t *row;
    add(line, "leaderboard after %ld:", number(leaderboard, "asking"));
    json_array_foreach(json_object_get(leaderboard, "rows"), index, row) add(line, "%s %ld. %s %ld points %ld ms",
        index ? ";" : "", number(row, "rank"), text(row, "name"), number(row, "points"), number(row, "ms"));
}

static void add_snapshot(struct line *line, const json_t *frame)
{
    const json_t *open = json_object_get(frame, "open"), *answer = json_object_get(frame, "answer");
    const json_t *standing = json_object_get(frame, "standing"), *revealed = json_object_get(frame, "revealed");
    const json_t *leaderboard = json_object_get(frame, "leaderboard");
    add(line, "snapshot: %s, asking %ld of %ld", text(frame, "phase"), number(frame, "asking"),
        number(frame, "askings"));
    if (json_object_get(frame, "reopened")) add(line, ", opened again");
    if (json_object_get(frame, "voided")) add(line, ", void");
    if (open) add(line, "; "), add_open(line, open);
    if (answer) {
        add(line, "; recorded");
        add_choice(line, answer, "choice");
        add_receipt(line, json_object_get(answer, "receipt"));
    }
    if (revealed) add(line, "; "), add_revealed(line, revealed);
    if (standing) add(line, "; "), add_standing(line, standing);
    if (leaderboard) add(line, "; "), add_leaderboard(line, leaderboard);
}

static void add_refused(struct line *line, const json_t *frame)
{
    add(line, "refused: %s", text(frame, "verdict"));
    if (number(frame, "asking")) add(line, ", asking %ld", number(frame, "asking"));
    if (!json_object_get(frame, "choice")) return;
    add(line, ", the first was");
    add_choice(line, frame, "choice");
}

static void add_frame(struct line *line, const json_t *frame, const char *type)
{
    if (strcmp(type, "beat") == 0) return;
    if (strcmp(type, "round") == 0)
        add(line, "round: %s", text(frame, "title"));
    else if (strcmp(type, "joined") == 0)
        add(line, "joined as %ld, %s", number(frame, "participant"), text(frame, "name"));
    else if (strcmp(type, "snapshot") == 0)
        add_snapshot(line, frame);
    else if (strcmp(type, "question") == 0)
        add(line, "question %ld of %ld", number(frame, "asking"), number(frame, "askings"));
    else if (strcmp(type, "open") == 0)
        add_open(line, frame);
    else if (strcmp(type, "recorded") == 0) {
        add(line, "recorded %ld", number(frame, "asking"));
        add_choice(line, frame, "choice");
        add_receipt(line, json_object_get(frame, "receipt"));
    } else if (strcmp(type, "refused") == 0)
        add_refused(line, frame);
    else if (strcmp(type, "extended") == 0)
        add(line, "extended %ld: %ld ms to answer", number(frame, "asking"), number(frame, "limit_ms"));
    else if (strcmp(type, "revealed") == 0)
        add_revealed(line, frame);
    else if (strcmp(type, "standing") == 0)
        add_standing(line, frame);
    else if (strcmp(type, "leaderboard") == 0)
        add_leaderboard(line, frame);
    else if (strcmp(type, "scene") == 0)
        add(line, "scene %s", text(frame, "show"));
    else if (json_object_get(frame, "asking"))
        add(line, "%s %ld", type, number(frame, "asking"));
    else
        add(line, "%s", type);
}

void words_of_frame(const char *bytes, char *out, size_t size)
{
    struct line line = {out, size, 0};
    json_t *frame = json_loads(bytes, 0, NULL);
    out[0] = '\0';
    add_frame(&line, frame, text(frame, "type"));
    json_decref(frame);
}

/* ---- what is durable ---- */

const char *control_word(enum control_kind kind)
{
    static const char *const words[] = {"?", "the round is open", "opened", "extended", "closed", "scored", "revealed",
        "void", "opened again", "paused", "resumed", "locked", "names", "pace", "removed", "renamed", "scene", "ended"};
    return words[kind];
}

static const char *name_of_number(struct stage *stage, uint32_t number)
{
    for (uint32_t i = 0; i < stage->memory->rows_count; i++) {
        const struct memory_row *row = &stage->memory->rows[i];
        if (row->kind != ROW_JOIN || row->join.number != number) continue;
        const struct person *person = person_of_nonce(stage, row->join.nonce);
        return person ? person->name : "?";
    }
    return "?";
}

static void add_control(struct stage *stage, struct line *line, const struct control *control)
{
    bool is_of_asking = control->kind >= CONTROL_ASKING_OPENED && control->kind <= CONTROL_ASKING_REOPENED;
    if (control->participant != PARTICIPANT_NONE && control->kind >= CONTROL_REMOVED)
        add(line, "%s %s", name_of_number(stage, control->participant), control_word(control->kind));
    else if (is_of_asking)
        add(line, "asking %u %s", control->asking, control_word(control->kind));
    else
        add(line, "%s", control_word(control->kind));
    if (control->kind == CONTROL_ASKING_CLOSED && control->value) add(line, " early");
    if (control->kind == CONTROL_ASKING_SCORED && control->value) add(line, ": a fault kept somebody from answering");
    if (control->kind == CONTROL_ASKING_EXTENDED) add(line, " to %u ms", control->value);
    bool has_value = control->kind >= CONTROL_LOCKED && control->kind <= CONTROL_PACE;
    if (has_value || control->kind == CONTROL_SCENE) add(line, " %u", control->value);
}

void words_of_row(struct stage *stage, const struct memory_row *row, char *out, size_t size)
{
    struct line line = {out, size, 0};
    char letters[16];
    out[0] = '\0';
    if (row->kind == ROW_CONTROL) add_control(stage, &line, &row->control);
    if (row->kind == ROW_JOIN)
        add(&line, "%s joins as %u", name_of_number(stage, row->join.number), row->join.number + 1);
    if (row->kind != ROW_ANSWER) return;
    words_of_choice(row->answer.choice, letters);
    add(&line, "%s answers %u with %s, %u ms", name_of_number(stage, row->answer.participant), row->answer.asking,
        letters, row->answer.elapsed_ms);
}
