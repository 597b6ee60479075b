/* Role: make batches of records, and compare a store with what was appended.
 * Leaves to others: commits, cuts and verdicts (power_cut.c).
 *
 * The comparison goes over the store's own reading functions, against records that were kept here; a second look with
 * plain SQL (power_cut.c) covers what those functions do not show. */
#include "power_cut/world.h"

#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* The state after a number of records: for each thing the record that says what it is, or NONE. */
struct state {
    bool has_round;
    uint64_t seq;
    uint64_t at_ms;
    uint32_t controls_count;
    uint32_t controls[WORLD_RECORDS_MAX];
    uint64_t control_seqs[WORLD_RECORDS_MAX];
    uint32_t people_count;
    uint32_t joins[WORLD_PEOPLE_MAX];
    uint64_t join_seqs[WORLD_PEOPLE_MAX];
    uint32_t names[WORLD_PEOPLE_MAX];
    uint32_t answers[WORLD_ASKINGS][WORLD_PEOPLE_MAX];
    uint64_t answer_seqs[WORLD_ASKINGS][WORLD_PEOPLE_MAX];
    uint32_t standings[WORLD_ASKINGS];
    uint32_t term;
};

uint32_t world_end(const struct world *world, uint32_t batches)
{
    return batches == 0 ? 0 : world->ends[batches - 1];
}

static void state_add(struct state *state, const struct world *world, uint32_t index)
{
    const struct record *record = &world->records[index];
    switch (record->kind) {
    case RECORD_ROUND: state->has_round = true; return;
    case RECORD_NAME: state->names[record->number] = index; return;
    case RECORD_TERM: state->term = index; return;
    case RECORD_STANDING: state->standings[record->number] = index; return;
    case RECORD_CONTROL:
        state->controls[state->controls_count] = index;
        state->control_seqs[state->controls_count++] = ++state->seq;
        break;
    case RECORD_JOIN:
        expect(record->number == state->people_count);
        state->joins[state->people_count] = state->names[state->people_count] = index;
        state->join_seqs[state->people_count++] = ++state->seq;
        break;
    case RECORD_ANSWER:
        state->answers[record->answer.asking][record->answer.participant] = index;
        state->answer_seqs[record->answer.asking][record->answer.participant] = ++state->seq;
        break;
    }
    if (record->at_ms > state->at_ms) state->at_ms = record->at_ms;
}

/* What there is after the first `count` records. */
static struct state *state_after(const struct world *world, uint32_t count)
{
    struct state *state = world->state;
    state->has_round = false;
    state->seq = state->at_ms = 0;
    state->controls_count = state->people_count = 0;
    state->term = NONE;
    memset(state->answers, 0xff, sizeof state->answers);
    memset(state->standings, 0xff, sizeof state->standings);
    for (uint32_t i = 0; i < count; i++)
        state_add(state, world, i);
    return state;
}

struct world *world_create(void)
{
    struct world *world = calloc(1, sizeof *world);
    expect(world);
    world->state = calloc(1, sizeof *world->state);
    expect(world->state);
    return world;
}

void world_destroy(struct world *world)
{
    free(world->state);
    free(world);
}

/* ---- the same bytes whenever they are asked for ---- */

static void name_of(uint32_t chance, char out[4 * NAME_CHARS_MAX + 1])
{
    if (chance % 5 == 0)
        out[0] = '\0'; /* none, or deleted */
    else
        snprintf(out, 4 * NAME_CHARS_MAX + 1, "居民%u", chance);
}

static void nonce_of(uint32_t chance, uint8_t out[NONCE_SIZE])
{
    for (uint32_t i = 0; i < NONCE_SIZE; i++)
        out[i] = (uint8_t)(chance >> (i % 4 * 8)) ^ (uint8_t)i;
}

static size_t standing_of(uint32_t chance, uint8_t **out)
{
    size_t size = (size_t)STANDING_ENTRY_SIZE * (chance % 700);
    *out = malloc(size + 1);
    expect(*out);
    for (size_t i = 0; i < size; i++)
        (*out)[i] = (uint8_t)(chance + i * 7);
    return size;
}

/* ---- appending ---- */

static struct record *add(struct world *world, enum record_kind kind, struct random *random, uint64_t at_ms)
{
    expect(world->records_count < WORLD_RECORDS_MAX);
    struct record *record = &world->records[world->records_count++];
    *record = (struct record){.kind = kind, .at_ms = at_ms, .chance = random_below(random, 1u << 30)};
    return record;
}

static void append_round(struct world *world, struct store *store, struct random *random, uint64_t at_ms)
{
    struct question question = {.kind = QUESTION_SINGLE, .options_count = 2, .key = 1};
    snprintf(question.text, sizeof question.text, "水在标准大气压下的沸点是多少？");
    snprintf(question.options[0], sizeof question.options[0], "100 ℃");
    snprintf(question.options[1], sizeof question.options[1], "90 ℃");
    struct asking_rules asking = {
        .kind = QUESTION_SINGLE, .options_count = 2, .key = 1, .points = 10, .limit_ms = 30000, .reading_ms = 5000};
    struct round_record round = {.round = WORLD_ROUND,
        .code = 123456,
        .created_ms = at_ms,
        .title = "断电",
        .unit = "科协",
        .askings_count = 1,
        .askings = &asking,
        .questions = &question,
        .rules = {.version = RULES_VERSION, .limit_ms = 30000, .reading_ms = 5000, .points = 10}};
    (void)add(world, RECORD_ROUND, random, at_ms);
    store_append_round(store, &round);
}

static void append_control(struct world *world, struct store *store, struct random *random, uint64_t at_ms)
{
    struct record *record = add(world, RECORD_CONTROL, random, at_ms);
    record->control = (struct control){.kind = (enum control_kind)(1 + record->chance % 16),
        .round = WORLD_ROUND,
        .asking = (uint16_t)(record->chance % 200),
        .participant = record->chance % 3 == 0 ? PARTICIPANT_NONE : record->chance,
        .value = random_below(random, UINT32_MAX),
        .at_ms = at_ms,
        .actor = random_below(random, 9)};
    store_append_control(store, &record->control);
}

static void append_join(
    struct world *world, struct store *store, struct random *random, uint64_t at_ms, uint32_t number)
{
    struct record *record = add(world, RECORD_JOIN, random, at_ms);
    record->number = number;
    char name[4 * NAME_CHARS_MAX + 1];
    uint8_t nonce[NONCE_SIZE];
    name_of(record->chance, name);
    nonce_of(record->chance, nonce);
    store_append_join(store, WORLD_ROUND, number, record->chance % 4, (uint16_t)(record->chance % 100), nonce, at_ms,
        span_of_text(name));
}

static void append_answer(
    struct world *world, struct store *store, struct random *random, uint64_t at_ms, uint32_t asking, uint32_t number)
{
    struct record *record = add(world, RECORD_ANSWER, random, at_ms);
    record->answer = (struct answer){.round = WORLD_ROUND,
        .asking = (uint16_t)asking,
        .participant = number,
        .choice = (choice_set)(1 + record->chance % 255),
        .elapsed_ms = random_below(random, 600000),
        .credit_ms = (uint16_t)random_below(random, 201)};
    store_append_answer(store, &record->answer, at_ms);
}

static void append_beside(
    struct world *world, struct store *store, struct random *random, uint64_t at_ms, uint32_t people)
{
    uint32_t which = random_below(random, 3);
    if (which == 0) {
        struct record *record = add(world, RECORD_TERM, random, at_ms);
        uint8_t term[8];
        struct writer w = writer_over(term, sizeof term);
        write_u64(&w, record->chance);
        store_set_value(store, "term", (struct span){term, sizeof term});
    } else if (which == 1 && people > 0) {
        struct record *record = add(world, RECORD_NAME, random, at_ms);
        record->number = random_below(random, people);
        char name[4 * NAME_CHARS_MAX + 1];
        name_of(record->chance, name);
        store_set_name(store, WORLD_ROUND, record->number, span_of_text(name));
    } else {
        struct record *record = add(world, RECORD_STANDING, random, at_ms);
        record->number = random_below(random, WORLD_ASKINGS);
        uint8_t *packed;
        size_t size = standing_of(record->chance, &packed);
        store_append_standing(store, WORLD_ROUND, (uint16_t)record->number, RULES_VERSION, packed, size);
        free(packed);
    }
}

void world_append(struct world *world, struct store *store, struct random *random, uint64_t at_ms)
{
    struct state *state = state_after(world, world->records_count);
    if (!state->has_round) append_round(world, store, random, at_ms);
    append_control(world, store, random, at_ms);

    uint32_t people = state->people_count, joins = random_below(random, 12);
    for (uint32_t i = 0; i < joins && people < WORLD_PEOPLE_MAX; i++)
        append_join(world, store, random, at_ms, people++);

    uint32_t asking = random_below(random, WORLD_ASKINGS), answers = people > 0 ? random_below(random, 40) : 0;
    for (uint32_t i = 0; i < answers; i++) {
        uint32_t number = random_below(random, people);
        if (state->answers[asking][number] != NONE) continue;
        state->answers[asking][number] = world->records_count;
        append_answer(world, store, random, at_ms, asking, number);
    }
    if (random_below(random, 3) == 0) append_beside(world, store, random, at_ms, people);
}

/* ---- comparing ---- */

struct comparison {
    const struct world *world;
    const struct state *state;
    struct store *store;
    uint32_t seen;
    uint32_t asking;
    char *reason;
    bool is_equal;
};

static bool differs(struct comparison *c, const char *what, uint32_t index)
{
    if (c->is_equal) snprintf(c->reason, 128, "%s %u differs or should not be there", what, index);
    c->is_equal = false;
    return false;
}

static bool on_round(void *context, const struct round_record *record)
{
    struct comparison *c = context;
    c->seen++;
    bool is_same = c->state->has_round && record->round == WORLD_ROUND && record->code == 123456 &&
                   record->askings_count == 1 && strcmp(record->questions[0].options[1], "90 ℃") == 0;
    return is_same || differs(c, "round", record->round);
}

static bool on_control(void *context, uint64_t seq, const struct control *control)
{
    struct comparison *c = context;
    uint32_t index = c->seen++;
    if (index >= c->state->controls_count) return differs(c, "control", index);
    const struct control *wanted = &c->world->records[c->state->controls[index]].control;
    bool is_same = seq == c->state->control_seqs[index] && control->kind == wanted->kind &&
                   control->round == wanted->round && control->asking == wanted->asking &&
                   control->participant == wanted->participant && control->value == wanted->value &&
                   control->at_ms == wanted->at_ms && control->actor == wanted->actor;
    return is_same || differs(c, "control", index);
}

static bool on_participant(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE])
{
    struct comparison *c = context;
    uint32_t index = c->seen++;
    if (index >= c->state->people_count) return differs(c, "participant", index);
    uint32_t chance = c->world->records[c->state->joins[index]].chance;
    uint8_t wanted_nonce[NONCE_SIZE];
    char wanted_name[4 * NAME_CHARS_MAX + 1], name[4 * NAME_CHARS_MAX + 1];
    nonce_of(chance, wanted_nonce);
    name_of(c->world->records[c->state->names[index]].chance, wanted_name);
    bool is_same = number == index && seq == c->state->join_seqs[index] && generation == chance % 4 &&
                   community == chance % 100 && memcmp(nonce, wanted_nonce, NONCE_SIZE) == 0 &&
                   store_get_name(c->store, WORLD_ROUND, number, name) && strcmp(name, wanted_name) == 0;
    return is_same || differs(c, "participant", index);
}

static bool on_answer(void *context, const struct answer *answer)
{
    struct comparison *c = context;
    uint32_t number = answer->participant;
    if (number >= WORLD_PEOPLE_MAX || c->state->answers[c->asking][number] == NONE)
        return differs(c, "answer of", number);
    c->seen++;
    const struct record *record = &c->world->records[c->state->answers[c->asking][number]];
    const struct answer *wanted = &record->answer;
    struct answer again;
    uint64_t seq, at_ms;
    bool is_same =
        answer->round == WORLD_ROUND && answer->asking == wanted->asking && answer->choice == wanted->choice &&
        answer->elapsed_ms == wanted->elapsed_ms && answer->credit_ms == wanted->credit_ms &&
        store_get_answer(c->store, WORLD_ROUND, answer->asking, number, &again, &seq, &at_ms) &&
        seq == c->state->answer_seqs[c->asking][number] && at_ms == record->at_ms && again.choice == wanted->choice;
    return is_same || differs(c, "answer of", number);
}

static void compare_answers(struct comparison *c)
{
    for (c->asking = 0; c->asking < WORLD_ASKINGS && c->is_equal; c->asking++) {
        uint32_t wanted = 0;
        for (uint32_t i = 0; i < WORLD_PEOPLE_MAX; i++)
            wanted += c->state->answers[c->asking][i] != NONE;
        c->seen = 0;
        bool is_read = store_each_answer(c->store, WORLD_ROUND, (uint16_t)c->asking, 0, on_answer, c);
        if (!is_read || c->seen != wanted) (void)differs(c, "number of answers to", c->asking);
    }
}

static void compare_beside(struct comparison *c)
{
    uint8_t term[8], *packed = NULL, *wanted = NULL;
    bool has_term = store_get_value(c->store, "term", term, sizeof term);
    if (has_term != (c->state->term != NONE)) (void)differs(c, "term", 0);
    if (has_term && c->is_equal) {
        struct reader r = reader_over(term, sizeof term);
        if (read_u64(&r) != c->world->records[c->state->term].chance) (void)differs(c, "term", 1);
    }
    uint32_t last = NONE, count = 0;
    uint16_t asking = 0;
    for (uint32_t i = 0; i < WORLD_ASKINGS; i++)
        if (c->state->standings[i] != NONE) last = i;
    bool has_standing = store_last_standing(c->store, WORLD_ROUND, 0xffff, &asking, &packed, &count);
    if (has_standing != (last != NONE) || (has_standing && asking != last)) (void)differs(c, "standing", asking);
    if (has_standing && c->is_equal) {
        size_t size = standing_of(c->world->records[c->state->standings[last]].chance, &wanted);
        if (size != (size_t)count * STANDING_ENTRY_SIZE || memcmp(packed, wanted, size) != 0)
            (void)differs(c, "standing", asking);
    }
    free(packed);
    free(wanted);
}

bool world_equals(const struct world *world, uint32_t count, struct store *store, char reason[128])
{
    struct state *state = state_after(world, count);
    struct comparison c = {.world = world, .state = state, .store = store, .reason = reason, .is_equal = true};
    if (store_last_seq(store) != state->seq || store_last_at_ms(store) != state->at_ms)
        (void)differs(&c, "end of the log", (uint32_t)store_last_seq(store));
    if (!store_each_round(store, false, on_round, &c) || c.seen != state->has_round) (void)differs(&c, "rounds", 0);
    c.seen = 0;
    bool is_read = store_each_control(store, WORLD_ROUND, on_control, &c);
    if (!is_read || c.seen != state->controls_count) (void)differs(&c, "number of controls", c.seen);
    c.seen = 0;
    is_read = store_each_participant(store, WORLD_ROUND, on_participant, &c);
    if (!is_read || c.seen != state->people_count) (void)differs(&c, "number of participants", c.seen);
    if (c.is_equal) compare_answers(&c);
    if (c.is_equal) compare_beside(&c);
    return c.is_equal;
}
