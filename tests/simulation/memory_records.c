#include "simulation/memory_records.h"

#include "base/expect.h"

#include <stdlib.h>
#include <string.h>

static struct memory_row *add(struct memory_records *memory, int kind)
{
    expect(memory->rows_count < MEMORY_ROWS_MAX);
    struct memory_row *row = &memory->rows[memory->rows_count];
    *row = (struct memory_row){.kind = kind, .seq = memory->rows_count + 1};
    memory->rows_count++;
    return row;
}

static void append_round(void *context, const struct round_record *record)
{
    struct memory_records *memory = context;
    expect(memory->rounds_count < MEMORY_ROUNDS_MAX && record->askings_count <= 8);
    struct memory_round *round = calloc(1, sizeof *round);
    round->record = *record;
    memcpy(round->askings, record->askings, record->askings_count * sizeof *record->askings);
    memcpy(round->questions, record->questions, record->askings_count * sizeof *record->questions);
    round->record.askings = round->askings;
    round->record.questions = round->questions;
    round->record.title = "模拟";
    round->record.unit = "协会";
    static const char *const communities[] = {"武昌府社区", "东湖社区"};
    expect(record->rules.communities_count <= 2);
    round->record.communities = communities;
    memory->rounds[memory->rounds_count++] = round;
}

static void append_control(void *context, const struct control *control)
{
    struct memory_records *memory = context;
    add(memory, ROW_CONTROL)->control = *control;
    if (control->at_ms > memory->at_ms) memory->at_ms = control->at_ms;
}

static void append_join(void *context, uint32_t round, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE], uint64_t at_ms, struct span name)
{
    struct memory_row *row = add(context, ROW_JOIN);
    (void)at_ms;
    if (name.size) memcpy(row->join.name, name.data, name.size);
    row->join.round = round;
    row->join.number = number;
    row->join.generation = generation;
    row->join.community = community;
    memcpy(row->join.nonce, nonce, NONCE_SIZE);
}

static void append_answer(void *context, const struct answer *answer, uint64_t at_ms)
{
    struct memory_records *memory = context;
    if (at_ms > memory->at_ms) memory->at_ms = at_ms;
    add(memory, ROW_ANSWER)->answer = *answer;
}

static void append_standing(
    void *context, uint32_t round, uint16_t asking, uint16_t rules_version, const uint8_t *packed, size_t size)
{
    struct memory_records *memory = context;
    (void)rules_version;
    expect(memory->standings_count < MEMORY_STANDINGS_MAX);
    struct memory_standing *standing = &memory->standings[memory->standings_count++];
    *standing = (struct memory_standing){.round = round, .asking = asking, .size = (uint32_t)size};
    standing->packed = malloc(size ? size : 1);
    memcpy(standing->packed, packed, size);
}

static void set_name(void *context, uint32_t round, uint32_t number, struct span name)
{
    struct memory_records *memory = context;
    for (uint32_t i = 0; i < memory->rows_count; i++) {
        struct memory_row *row = &memory->rows[i];
        if (row->kind != ROW_JOIN || row->join.round != round || row->join.number != number) continue;
        memset(row->join.name, 0, sizeof row->join.name);
        if (name.size) memcpy(row->join.name, name.data, name.size);
    }
}

static void append_picture(void *context, const char sha256[65], const char *type, struct span bytes)
{
    (void)context, (void)sha256, (void)type, (void)bytes;
}

static bool has_batch(void *context)
{
    struct memory_records *memory = context;
    return memory->rows_count > memory->rows_durable || memory->rounds_count > memory->rounds_durable ||
           memory->standings_count > memory->standings_durable;
}

static void cancel(void *context)
{
    struct memory_records *memory = context;
    while (memory->rounds_count > memory->rounds_durable)
        free(memory->rounds[--memory->rounds_count]);
    while (memory->standings_count > memory->standings_durable)
        free(memory->standings[--memory->standings_count].packed);
    memory->rows_count = memory->rows_durable;
}

static bool has_row_twice(const struct memory_records *memory, uint32_t at)
{
    const struct memory_row *row = &memory->rows[at];
    for (uint32_t i = 0; i < at; i++) {
        const struct memory_row *other = &memory->rows[i];
        if (other->kind != row->kind) continue;
        if (row->kind == ROW_ANSWER && other->answer.round == row->answer.round &&
            other->answer.asking == row->answer.asking && other->answer.participant == row->answer.participant)
            return true;
        if (row->kind == ROW_JOIN && other->join.round == row->join.round && other->join.number == row->join.number)
            return true;
    }
    return false;
}

static void make_durable(struct memory_records *memory)
{
    for (uint32_t i = memory->rows_durable; i < memory->rows_count; i++)
        if (has_row_twice(memory, i)) memory->has_doubled = true;
    memory->rows_durable = memory->rows_count;
    memory->rounds_durable = memory->rounds_count;
    memory->standings_durable = memory->standings_count;
}

static enum store_result commit(void *context)
{
    struct memory_records *memory = context;
    enum store_result result = memory->next_commit;
    memory->next_commit = STORE_OK;
    if (result == STORE_FULL) memory->refused_count++;
    if (result == STORE_OK || (result == STORE_BROKEN && memory->is_kept_when_broken))
        make_durable(memory);
    else
        cancel(memory);
    return result;
}

/* ---- reading ---- */

static uint64_t last_at_ms(void *context)
{
    return ((struct memory_records *)context)->at_ms;
}
static uint32_t last_round(void *context)
{
    return ((struct memory_records *)context)->rounds_durable;
}

static bool each_round(void *context, bool unended, on_round_fn on_round, void *with)
{
    struct memory_records *memory = context;
    (void)unended;
    for (uint32_t i = 0; i < memory->rounds_durable; i++)
        if (!on_round(with, &memory->rounds[i]->record)) break;
    return true;
}

static bool get_round(void *context, uint32_t round, on_round_fn on_round, void *with)
{
    struct memory_records *memory = context;
    for (uint32_t i = 0; i < memory->rounds_durable; i++)
        if (memory->rounds[i]->record.round == round) return on_round(with, &memory->rounds[i]->record) || true;
    return false;
}

static bool each_control(void *context, uint32_t round, on_control_fn on_control, void *with)
{
    struct memory_records *memory = context;
    for (uint32_t i = 0; i < memory->rows_durable; i++) {
        const struct memory_row *row = &memory->rows[i];
        if (row->kind == ROW_CONTROL && row->control.round == round && !on_control(with, row->seq, &row->control))
            break;
    }
    return true;
}

static bool each_participant(void *context, uint32_t round, on_participant_fn on_participant, void *with)
{
    struct memory_records *memory = context;
    for (uint32_t i = 0; i < memory->rows_durable; i++) {
        const struct memory_row *row = &memory->rows[i];
        if (row->kind == ROW_JOIN && row->join.round == round &&
            !on_participant(
                with, row->seq, row->join.number, row->join.generation, row->join.community, row->join.nonce))
            break;
    }
    return true;
}

const struct answer *memory_find_answer(
    const struct memory_records *memory, uint32_t round, uint16_t asking, uint32_t participant)
{
    for (uint32_t i = 0; i < memory->rows_durable; i++) {
        const struct memory_row *row = &memory->rows[i];
        if (row->kind == ROW_ANSWER && row->answer.round == round && row->answer.asking == asking &&
            row->answer.participant == participant)
            return &row->answer;
    }
    return NULL;
}

/* In order of participant, as the table's key gives them. */
static bool each_answer(
    void *context, uint32_t round, uint16_t asking, uint32_t from, on_answer_fn on_answer, void *with)
{
    for (uint32_t number = from; number < 64; number++) {
        const struct answer *answer = memory_find_answer(context, round, asking, number);
        if (answer && !on_answer(with, answer)) break;
    }
    return true;
}

static bool last_standing(
    void *context, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count)
{
    struct memory_records *memory = context;
    const struct memory_standing *best = NULL;
    for (uint32_t i = 0; i < memory->standings_durable; i++) {
        const struct memory_standing *standing = &memory->standings[i];
        if (standing->round != round || standing->asking > asking) continue;
        if (!best || standing->asking >= best->asking) best = standing;
    }
    if (!best) return false;
    *asking_out = best->asking;
    *count = best->size / STANDING_ENTRY_SIZE;
    *packed = malloc(best->size ? best->size : 1);
    memcpy(*packed, best->packed, best->size);
    return true;
}

static bool no_standing(
    void *context, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count)
{
    (void)context, (void)round, (void)asking, (void)asking_out, (void)packed, (void)count;
    return false;
}

static bool get_name(void *context, uint32_t round, uint32_t number, char *out)
{
    struct memory_records *memory = context;
    out[0] = '\0';
    for (uint32_t i = 0; i < memory->rows_durable; i++) {
        const struct memory_row *row = &memory->rows[i];
        if (row->kind == ROW_JOIN && row->join.round == round && row->join.number == number)
            memcpy(out, row->join.name, sizeof row->join.name);
    }
    return true;
}

static bool get_picture(void *context, const char sha256[65], char type[8], uint8_t **bytes, size_t *size)
{
    (void)context, (void)sha256, (void)type, (void)bytes, (void)size;
    return false;
}

struct memory_records *memory_records_create(void)
{
    struct memory_records *memory = calloc(1, sizeof *memory);
    expect(memory);
    return memory;
}

void memory_records_crash(struct memory_records *memory)
{
    cancel(memory);
    memory->next_commit = STORE_OK;
}

void memory_records_destroy(struct memory_records *memory)
{
    if (!memory) return;
    memory->rows_durable = memory->rounds_durable = memory->standings_durable = 0;
    cancel(memory);
    free(memory);
}

struct records memory_records_of(struct memory_records *memory)
{
    return (struct records){.context = memory,
        .append_round = append_round,
        .append_control = append_control,
        .append_join = append_join,
        .append_answer = append_answer,
        .append_standing = append_standing,
        .set_name = set_name,
        .append_picture = append_picture,
        .has_batch = has_batch,
        .commit = commit,
        .cancel = cancel,
        .last_at_ms = last_at_ms,
        .last_round = last_round,
        .each_round = each_round,
        .get_round = get_round,
        .each_control = each_control,
        .each_participant = each_participant,
        .each_answer = each_answer,
        .last_standing = last_standing,
        .get_name = get_name,
        .get_picture = get_picture};
}

struct records memory_records_in_full(struct memory_records *memory)
{
    struct records records = memory_records_of(memory);
    records.last_standing = no_standing;
    return records;
}
