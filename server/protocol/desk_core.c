/* Role: the bytes of the messages between desk and core, each writer beside its reader. Input: a struct, or a received
 * message. Output: the message, or the struct with spans into the received bytes. Left to others: framing (bus), and
 * whether what is asked makes sense now (engine).
 *
 * Layout: u16 kind, then the struct's fields in order, little-endian; bool and enum are one byte; a span is a u32 size
 * and its bytes. A reader refuses a missing or left-over byte, an enum that is none of its words, a bool that is
 * neither 0 nor 1, and a text that is too long, is not UTF-8 or holds a zero byte. */
#include "protocol/desk_core.h"

#include "base/expect.h"
#include "model/text.h"

#include <string.h>

#define COMMUNITIES_SIZE_MAX (COMMUNITIES_MAX * (4 * COMMUNITY_CHARS_MAX + 1))

static struct reader message_reader(struct span bytes, enum desk_core_kind kind)
{
    struct reader r = reader_over(bytes.data, bytes.size);
    if (read_u16(&r) != kind) r.ok = false;
    return r;
}

static bool read_bool(struct reader *r)
{
    uint8_t value = read_u8(r);
    if (value > 1) r->ok = false;
    return value == 1;
}

/* One of `first` .. `last`; the first where it is none of them. */
static uint8_t read_enum(struct reader *r, uint8_t first, uint8_t last)
{
    uint8_t value = read_u8(r);
    if (value >= first && value <= last) return value;
    r->ok = false;
    return first;
}

static struct span read_text(struct reader *r, size_t size_max)
{
    struct span text = read_span(r, size_max);
    if (!text_is_utf8(text) || (text.size && memchr(text.data, 0, text.size))) r->ok = false;
    return r->ok ? text : (struct span){NULL, 0};
}

void desk_hello_encode(struct writer *w, const struct desk_hello *message)
{
    write_u16(w, DESK_HELLO);
    write_u16(w, message->version_min);
    write_u16(w, message->version_max);
}

bool desk_hello_decode(struct span bytes, struct desk_hello *message)
{
    struct reader r = message_reader(bytes, DESK_HELLO);
    message->version_min = read_u16(&r);
    message->version_max = read_u16(&r);
    return read_finished(&r) && message->version_min <= message->version_max;
}

static void control_encode(struct writer *w, const struct control *control)
{
    write_u8(w, (uint8_t)control->kind);
    write_u32(w, control->round);
    write_u16(w, control->asking);
    write_u32(w, control->participant);
    write_u32(w, control->value);
    write_u64(w, control->at_ms);
    write_u32(w, control->actor);
}

static void control_decode(struct reader *r, struct control *control)
{
    control->kind = (enum control_kind)read_enum(r, CONTROL_ROUND_OPENED, CONTROL_ROUND_ENDED);
    control->round = read_u32(r);
    control->asking = read_u16(r);
    control->participant = read_u32(r);
    control->value = read_u32(r);
    control->at_ms = read_u64(r);
    control->actor = read_u32(r);
}

void desk_command_encode(struct writer *w, const struct desk_command *message)
{
    write_u16(w, DESK_COMMAND);
    write_u64(w, message->id);
    control_encode(w, &message->control);
}

bool desk_command_decode(struct span bytes, struct desk_command *message)
{
    struct reader r = message_reader(bytes, DESK_COMMAND);
    message->id = read_u64(&r);
    control_decode(&r, &message->control);
    return read_finished(&r);
}

void desk_rename_encode(struct writer *w, const struct desk_rename *message)
{
    write_u16(w, DESK_RENAME);
    write_u64(w, message->id);
    write_u32(w, message->round);
    write_u32(w, message->participant);
    write_u32(w, message->actor);
    write_span(w, message->name);
}

bool desk_rename_decode(struct span bytes, struct desk_rename *message)
{
    struct reader r = message_reader(bytes, DESK_RENAME);
    message->id = read_u64(&r);
    message->round = read_u32(&r);
    message->participant = read_u32(&r);
    message->actor = read_u32(&r);
    message->name = read_text(&r, 4 * NAME_CHARS_MAX);
    return read_finished(&r);
}

void desk_picture_encode(struct writer *w, const struct desk_picture *message)
{
    write_u16(w, DESK_PICTURE);
    write_span(w, message->name);
    write_span(w, message->bytes);
}

bool desk_picture_decode(struct span bytes, struct desk_picture *message)
{
    struct reader r = message_reader(bytes, DESK_PICTURE);
    message->name = read_text(&r, PICTURE_NAME_MAX);
    message->bytes = read_span(&r, PICTURE_SIZE_MAX);
    return read_finished(&r) && message->name.size > 0 && message->bytes.size > 0;
}

void desk_create_encode(struct writer *w, const struct desk_create *head)
{
    write_u16(w, DESK_CREATE);
    write_u64(w, head->id);
    write_u32(w, head->actor);
    write_span(w, head->title);
    write_span(w, head->unit);
    rules_encode(w, &head->rules);
    write_u16(w, head->askings_count);
    write_span(w, head->communities);
}

/* `count` names that are not empty, each ended by a zero byte. */
static bool communities_are_whole(struct span names, uint16_t count)
{
    size_t offset = 0;
    for (uint16_t i = 0; i < count; i++) {
        const uint8_t *name = names.data + offset;
        const uint8_t *end = offset < names.size ? memchr(name, 0, names.size - offset) : NULL;
        if (!end || end == name) return false;
        struct span text = {name, (size_t)(end - name)};
        if (text.size > 4 * COMMUNITY_CHARS_MAX || !text_is_utf8(text)) return false;
        offset += text.size + 1;
    }
    return offset == names.size;
}

bool desk_create_begin(struct span bytes, struct reader *r, struct desk_create *head)
{
    *r = message_reader(bytes, DESK_CREATE);
    head->id = read_u64(r);
    head->actor = read_u32(r);
    head->title = read_text(r, 4 * TITLE_CHARS_MAX);
    head->unit = read_text(r, 4 * UNIT_CHARS_MAX);
    if (!rules_decode(r, &head->rules)) r->ok = false;
    head->askings_count = read_u16(r);
    head->communities = read_span(r, COMMUNITIES_SIZE_MAX);
    if (head->askings_count < 1 || head->askings_count > ASKINGS_MAX) r->ok = false;
    return r->ok && communities_are_whole(head->communities, head->rules.communities_count);
}

static void text_encode(struct writer *w, const char *text)
{
    write_span(w, span_of_text(text));
}

/* Into an array of `size` bytes, ended by a zero. */
static void text_decode(struct reader *r, char *out, size_t size)
{
    struct span text = read_text(r, size - 1);
    if (text.size) memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}

void desk_question_encode(struct writer *w, const struct asking_rules *rules, const struct question *question)
{
    expect(question->options_count <= OPTIONS_MAX);
    asking_rules_encode(w, rules);
    write_u8(w, (uint8_t)question->kind);
    write_u8(w, question->difficulty);
    write_u8(w, question->options_count);
    write_u16(w, question->key);
    write_u16(w, question->seconds);
    write_u16(w, question->points);
    text_encode(w, question->text);
    for (uint8_t i = 0; i < question->options_count; i++)
        text_encode(w, question->options[i]);
    text_encode(w, question->explanation);
    text_encode(w, question->source);
    text_encode(w, question->category);
    text_encode(w, question->picture);
    text_encode(w, question->picture_alt);
    write_u8(w, question->is_sample);
}

bool desk_question_decode(struct reader *r, struct asking_rules *rules, struct question *question)
{
    memset(question, 0, sizeof *question);
    if (!asking_rules_decode(r, rules)) r->ok = false;
    question->kind = (enum question_kind)read_enum(r, QUESTION_SINGLE, QUESTION_POLL);
    question->difficulty = read_enum(r, 0, 3);
    question->options_count = read_enum(r, 0, OPTIONS_MAX);
    question->key = read_u16(r);
    question->seconds = read_u16(r);
    question->points = read_u16(r);
    text_decode(r, question->text, sizeof question->text);
    for (uint8_t i = 0; i < question->options_count; i++)
        text_decode(r, question->options[i], sizeof question->options[i]);
    text_decode(r, question->explanation, sizeof question->explanation);
    text_decode(r, question->source, sizeof question->source);
    text_decode(r, question->category, sizeof question->category);
    text_decode(r, question->picture, sizeof question->picture);
    text_decode(r, question->picture_alt, sizeof question->picture_alt);
    question->is_sample = read_bool(r);
    return r->ok;
}

void core_desk_welcome_encode(struct writer *w, const struct core_desk_welcome *message)
{
    write_u16(w, CORE_DESK_WELCOME);
    write_u16(w, message->version);
    write_u64(w, message->term);
    write_u64(w, (uint64_t)message->clock_offset_ms);
}

bool core_desk_welcome_decode(struct span bytes, struct core_desk_welcome *message)
{
    struct reader r = message_reader(bytes, CORE_DESK_WELCOME);
    message->version = read_u16(&r);
    message->term = read_u64(&r);
    message->clock_offset_ms = (int64_t)read_u64(&r);
    int64_t most = (int64_t)TIME_MS_MAX;
    return read_finished(&r) && message->clock_offset_ms >= -most && message->clock_offset_ms <= most;
}

void core_done_encode(struct writer *w, const struct core_done *message)
{
    write_u16(w, CORE_DONE);
    write_u64(w, message->id);
    write_u8(w, (uint8_t)message->error);
    write_u32(w, message->round);
    write_u32(w, message->code);
}

bool core_done_decode(struct span bytes, struct core_done *message)
{
    struct reader r = message_reader(bytes, CORE_DONE);
    message->id = read_u64(&r);
    message->error = (enum command_error)read_enum(&r, COMMAND_DONE, COMMAND_ERRORS - 1);
    message->round = read_u32(&r);
    message->code = read_u32(&r);
    return read_finished(&r);
}

void core_status_encode(struct writer *w, const struct core_status *message)
{
    write_u16(w, CORE_STATUS);
    write_u32(w, message->round);
    write_u32(w, message->code);
    write_u8(w, (uint8_t)message->phase);
    write_u8(w, message->is_paused);
    write_u8(w, message->is_auto);
    write_u8(w, message->is_locked);
    write_u8(w, message->are_names_hidden);
    write_u8(w, message->can_extend);
    write_u8(w, (uint8_t)message->scene);
    write_u16(w, message->asking);
    write_u16(w, message->askings_count);
    write_u32(w, message->people);
    write_u32(w, message->connected);
    write_u32(w, message->awaiting);
    write_u32(w, message->answered);
    write_u32(w, message->right);
    for (int i = 0; i < OPTIONS_MAX; i++)
        write_u32(w, message->counts[i]);
    write_u32(w, message->elapsed_ms);
    write_u32(w, message->reading_ms);
    write_u32(w, message->limit_ms);
    write_u32(w, message->fanout_ms);
    for (int i = 0; i < 4; i++)
        write_u64(w, message->voided[i]);
    for (int i = 0; i < 4; i++)
        write_u64(w, message->reopened[i]);
}

bool core_status_decode(struct span bytes, struct core_status *message)
{
    struct reader r = message_reader(bytes, CORE_STATUS);
    message->round = read_u32(&r);
    message->code = read_u32(&r);
    message->phase = (enum phase)read_enum(&r, PHASE_LOBBY, PHASE_ENDED);
    message->is_paused = read_bool(&r);
    message->is_auto = read_bool(&r);
    message->is_locked = read_bool(&r);
    message->are_names_hidden = read_bool(&r);
    message->can_extend = read_bool(&r);
    message->scene = (enum scene)read_enum(&r, SCENE_QUESTION, SCENE_LEADERBOARD);
    message->asking = read_u16(&r);
    message->askings_count = read_u16(&r);
    message->people = read_u32(&r);
    message->connected = read_u32(&r);
    message->awaiting = read_u32(&r);
    message->answered = read_u32(&r);
    message->right = read_u32(&r);
    for (int i = 0; i < OPTIONS_MAX; i++)
        message->counts[i] = read_u32(&r);
    message->elapsed_ms = read_u32(&r);
    message->reading_ms = read_u32(&r);
    message->limit_ms = read_u32(&r);
    message->fanout_ms = read_u32(&r);
    for (int i = 0; i < 4; i++)
        message->voided[i] = read_u64(&r);
    for (int i = 0; i < 4; i++)
        message->reopened[i] = read_u64(&r);
    return read_finished(&r) && message->asking <= message->askings_count && message->askings_count <= ASKINGS_MAX;
}

void core_health_encode(struct writer *w, const struct core_health *message)
{
    write_u16(w, CORE_HEALTH);
    write_u8(w, message->edges_up);
    write_u8(w, message->edges_expected);
    write_u32(w, message->connections);
    write_u32(w, message->screens);
    write_u32(w, message->blocked);
    write_u32(w, message->commit_us);
    write_u32(w, message->turn_us);
    write_u64(w, message->answers_total);
    write_u8(w, message->is_disk_full);
    write_u64(w, message->edges_mask);
    for (int i = 0; i < EDGES_MAX; i++)
        if (message->edges_mask >> i & 1) write_u32(w, message->connected[i]);
}

bool core_health_decode(struct span bytes, struct core_health *message)
{
    struct reader r = message_reader(bytes, CORE_HEALTH);
    message->edges_up = read_u8(&r);
    message->edges_expected = read_u8(&r);
    message->connections = read_u32(&r);
    message->screens = read_u32(&r);
    message->blocked = read_u32(&r);
    message->commit_us = read_u32(&r);
    message->turn_us = read_u32(&r);
    message->answers_total = read_u64(&r);
    message->is_disk_full = read_bool(&r);
    message->edges_mask = read_u64(&r);
    for (int i = 0; i < EDGES_MAX; i++)
        message->connected[i] = message->edges_mask >> i & 1 ? read_u32(&r) : 0;
    return read_finished(&r);
}
