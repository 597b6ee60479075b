/* A rig for the engine's tests: it does what the core does (append, commit, step the facts, stream answers back) over a
 * log in memory, writes every effect down as a word a person can read, and replays the log into other engines.
 *
 * Times: the rig's clock starts at 1,000,000 ms. A resident `r` joins with a nonce made of r; `at(edge, slot)` is a
 * connection. rig_heard gives what has been heard since the last rig_heard. */
#ifndef JINGDA_TESTS_ENGINE_RIG_H
#define JINGDA_TESTS_ENGINE_RIG_H

#include "base/expect.h"
#include "engine/engine.h"
#include "model/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define A 1
#define B 2
#define C 4
#define D 8

#define ROUND      1
#define LOG_MAX    20000
#define HEARD_SIZE 8000
#define READING    5000
#define LIMIT      20000

enum logged_kind { LOGGED_CONTROL, LOGGED_JOIN, LOGGED_ANSWER, LOGGED_STANDING };

struct logged {
    enum logged_kind kind;
    struct control control;
    struct effect join;
    struct answer answer;
    uint32_t standing_round, standing_count;
    uint16_t standing_asking;
    uint8_t *packed;
};

struct rig {
    struct engine *engine;
    struct engine_limits limits;
    uint64_t now_ms;
    struct effects effects;
    char heard[HEARD_SIZE], told[HEARD_SIZE];
    struct logged *log;
    uint32_t log_count, log_durable;
    struct control controls[256];
    uint32_t controls_count;
    struct rules rules;
    struct asking_rules askings[8];
    uint16_t askings_count;
    bool is_batch_held;  /* commits only by rig_commit */
    bool does_disk_fail; /* the next commits fail */
    bool is_stream_held; /* answers are streamed back only by rig_stream */
    uint32_t unscore_round;
    uint16_t unscore_asking;
};

static inline struct attach at(uint8_t edge, uint32_t slot)
{
    return (struct attach){.edge = edge, .slot = slot, .generation = 1};
}

/* ---- effects in words ---- */

__attribute__((format(printf, 2, 3))) static inline void rig_note(struct rig *rig, const char *format, ...)
{
    size_t used = strlen(rig->heard);
    va_list arguments;
    if (used > 0 && used + 2 < HEARD_SIZE) {
        memcpy(rig->heard + used, "; ", 3);
        used += 2;
    }
    va_start(arguments, format);
    (void)vsnprintf(rig->heard + used, HEARD_SIZE - used, format, arguments);
    va_end(arguments);
}

static inline const char *control_word(enum control_kind kind)
{
    static const char *const words[] = {"?", "announced", "opened", "extended", "closed", "scored", "revealed",
        "voided", "reopened", "paused", "resumed", "locked", "names_hidden", "pace", "removed", "renamed", "scene",
        "ended"};
    return words[kind];
}

static inline void rig_note_control(struct rig *rig, const struct effect *effect)
{
    const struct control *control = &effect->control.control;
    char by[32] = "", value[32] = "", who[32] = "";
    if (effect->control.command_id)
        (void)snprintf(by, sizeof by, " #%llu", (unsigned long long)effect->control.command_id);
    if (control->value) (void)snprintf(value, sizeof value, " =%u", control->value);
    if (control->participant != PARTICIPANT_NONE) (void)snprintf(who, sizeof who, " p%u", control->participant);
    rig_note(rig, "append %s %u%s%s%s", control_word(control->kind), control->asking, value, who, by);
}

static inline void rig_note_effect(struct rig *rig, const struct effect *effect)
{
    static const char *const changes[] = {"none", "opened", "reopened", "extended", "close", "revealed", "voided",
        "paused", "resumed", "locked", "names", "scene", "standing", "ended"};
    const struct attach *to = &effect->attached.attach;
    switch (effect->kind) {
    case EFFECT_APPEND_CONTROL: rig_note_control(rig, effect); break;
    case EFFECT_APPEND_JOIN: rig_note(rig, "append join p%u", effect->join.number); break;
    case EFFECT_APPEND_ANSWER:
        rig_note(rig, "append answer p%u %u c%u %ums -%ums", effect->answer.participant, effect->answer.asking,
            effect->answer.choice, effect->answer.elapsed_ms, effect->answer.credit_ms);
        break;
    case EFFECT_APPEND_STANDING: rig_note(rig, "append standing %u", effect->standing.asking); break;
    case EFFECT_ATTACHED: rig_note(rig, "attached p%u e%u.%u", effect->attached.participant, to->edge, to->slot); break;
    case EFFECT_RECORDED:
        rig_note(rig, "recorded %u c%u e%u.%u", effect->recorded.answer.asking, effect->recorded.answer.choice,
            effect->recorded.attach.edge, effect->recorded.attach.slot);
        break;
    case EFFECT_REFUSED:
        rig_note(rig, "refused e%u.%u %s", effect->refused.attach.edge, effect->refused.attach.slot,
            verdict_name(effect->refused.verdict));
        if (effect->refused.has_first) rig_note(rig, "first c%u", effect->refused.first.choice);
        break;
    case EFFECT_RENAMED: rig_note(rig, "renamed p%u e%u.%u", effect->attached.participant, to->edge, to->slot); break;
    case EFFECT_SUBSCRIBE: rig_note(rig, "subscribe %llx", (unsigned long long)effect->publish.edges); break;
    case EFFECT_PUBLISH:
        rig_note(rig, "publish %s %llx", changes[effect->publish.change], (unsigned long long)effect->publish.edges);
        break;
    case EFFECT_STANDINGS: rig_note(rig, "standings %llx", (unsigned long long)effect->publish.edges); break;
    case EFFECT_COMMAND_REFUSED:
        rig_note(rig, "command #%llu %s", (unsigned long long)effect->command_refused.id,
            command_error_name(effect->command_refused.error));
        break;
    case EFFECT_UNSCORE: rig_note(rig, "unscore %u", effect->unscore.asking); break;
    }
}

/* What has been heard since the last call. */
static inline const char *rig_heard(struct rig *rig)
{
    memcpy(rig->told, rig->heard, HEARD_SIZE);
    rig->heard[0] = '\0';
    return rig->told;
}

#define assert_heard(rig, words) assert_string_equal(rig_heard(rig), words)

/* ---- the core's part ---- */

static inline void rig_step(struct rig *rig, struct event event);

static inline struct logged *rig_append(struct rig *rig, enum logged_kind kind)
{
    expect(rig->log_count < LOG_MAX);
    struct logged *logged = &rig->log[rig->log_count++];
    memset(logged, 0, sizeof *logged);
    logged->kind = kind;
    return logged;
}

static inline void rig_append_standing(struct rig *rig, const struct effect *effect)
{
    struct logged *logged = rig_append(rig, LOGGED_STANDING);
    logged->standing_round = effect->standing.round;
    logged->standing_asking = effect->standing.asking;
    logged->standing_count = engine_standing_count(rig->engine, effect->standing.round);
    logged->packed = calloc(logged->standing_count + 1, STANDING_ENTRY_SIZE);
    expect(logged->packed);
    engine_standing(rig->engine, effect->standing.round, logged->packed);
}

static inline void rig_stream(struct rig *rig)
{
    uint32_t round = rig->unscore_round, count = rig->log_durable;
    uint16_t asking = rig->unscore_asking;
    rig->unscore_round = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct logged *logged = &rig->log[i];
        if (logged->kind != LOGGED_ANSWER || logged->answer.round != round || logged->answer.asking != asking) continue;
        rig_step(rig, (struct event){.kind = EVENT_UNSCORE_ANSWER, .load_answer = logged->answer});
    }
    rig_step(rig, (struct event){.kind = EVENT_UNSCORE_END, .unscore_end = {.round = round, .asking = asking}});
}

static inline void rig_perform(struct rig *rig)
{
    for (uint32_t i = 0; i < rig->effects.count; i++) {
        const struct effect *effect = &rig->effects.items[i];
        rig_note_effect(rig, effect);
        if (effect->kind == EFFECT_APPEND_CONTROL) {
            rig_append(rig, LOGGED_CONTROL)->control = effect->control.control;
            rig->controls[rig->controls_count++] = effect->control.control;
        } else if (effect->kind == EFFECT_APPEND_JOIN) {
            rig_append(rig, LOGGED_JOIN)->join = *effect;
        } else if (effect->kind == EFFECT_APPEND_ANSWER) {
            rig_append(rig, LOGGED_ANSWER)->answer = effect->answer;
        } else if (effect->kind == EFFECT_APPEND_STANDING) {
            rig_append_standing(rig, effect);
        } else if (effect->kind == EFFECT_UNSCORE) {
            rig->unscore_round = effect->unscore.round;
            rig->unscore_asking = effect->unscore.asking;
        }
    }
}

static inline void rig_commit(struct rig *rig)
{
    while (rig->log_count > rig->log_durable) {
        uint32_t controls_count = rig->controls_count;
        struct control controls[256];
        memcpy(controls, rig->controls, sizeof controls);
        rig->controls_count = 0;
        if (rig->does_disk_fail) {
            while (rig->log_count > rig->log_durable)
                free(rig->log[--rig->log_count].packed);
            rig_step(rig, (struct event){.kind = EVENT_BATCH_FAILED});
            return;
        }
        rig->log_durable = rig->log_count;
        rig_step(rig, (struct event){.kind = EVENT_BATCH_COMMITTED});
        for (uint32_t i = 0; i < controls_count; i++)
            rig_step(rig, (struct event){.kind = EVENT_CONTROL, .control = controls[i]});
    }
}

static inline void rig_step(struct rig *rig, struct event event)
{
    event.now_ms = rig->now_ms;
    engine_step(rig->engine, &event, &rig->effects);
    rig_perform(rig);
    bool is_inner = event.kind == EVENT_BATCH_COMMITTED || event.kind == EVENT_CONTROL;
    if (!is_inner && (rig->controls_count > 0 || !rig->is_batch_held)) rig_commit(rig);
    if (!is_inner && rig->unscore_round && !rig->is_stream_held) rig_stream(rig);
}

/* ---- life ---- */

static inline struct engine *rig_engine(const struct rig *rig)
{
    struct engine *engine = engine_create(&rig->limits);
    expect(engine);
    return engine;
}

static inline void rig_announce(struct rig *rig, uint32_t round)
{
    expect(engine_round_add(rig->engine, round, &rig->rules, rig->askings, rig->askings_count));
    struct control control = {
        .kind = CONTROL_ROUND_OPENED, .round = round, .participant = PARTICIPANT_NONE, .at_ms = rig->now_ms};
    rig_append(rig, LOGGED_CONTROL)->control = control;
    rig->log_durable = rig->log_count;
    rig_step(rig, (struct event){.kind = EVENT_CONTROL, .control = control});
}

/* Three single choices, the right one A, 10 points; change rules and askings before rig_open. */
static inline struct rig *rig_new(void)
{
    struct rig *rig = calloc(1, sizeof *rig);
    expect(rig);
    rig->log = calloc(LOG_MAX, sizeof *rig->log);
    rig->effects.items = calloc(EFFECTS_MAX, sizeof *rig->effects.items);
    rig->effects.capacity = EFFECTS_MAX;
    expect(rig->log && rig->effects.items);
    rig->limits = (struct engine_limits){.participants_max = 2000, .rounds_max = 4, .hash_seed = 5};
    rig->now_ms = 1000000;
    rig->rules = rules_default();
    rig->rules.limit_ms = LIMIT;
    rig->askings_count = 3;
    for (int i = 0; i < 8; i++)
        rig->askings[i] = (struct asking_rules){.kind = QUESTION_SINGLE,
            .options_count = 4,
            .key = A,
            .points = 10,
            .limit_ms = LIMIT,
            .reading_ms = READING};
    return rig;
}

/* An engine that has recovered an empty log, with one round and edge 0 up. */
static inline void rig_open(struct rig *rig)
{
    rig->engine = rig_engine(rig);
    rig_step(rig, (struct event){.kind = EVENT_RECOVERED});
    rig->now_ms += GRACE_MS;
    rig_step(rig, (struct event){.kind = EVENT_TICK});
    rig_announce(rig, ROUND);
    rig_step(rig, (struct event){.kind = EVENT_EDGE_UP, .edge.edge = 0});
    (void)rig_heard(rig);
}

static inline struct rig *rig_opened(void)
{
    struct rig *rig = rig_new();
    rig_open(rig);
    return rig;
}

static inline void rig_free(struct rig *rig)
{
    engine_destroy(rig->engine);
    for (uint32_t i = 0; i < rig->log_count; i++)
        free(rig->log[i].packed);
    free(rig->log);
    free(rig->effects.items);
    free(rig);
}

#endif
