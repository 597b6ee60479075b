/* Role: write answers so that a commit is small, and read them in order of participant all the same.
 * Input: answers as they arrive; an asking. Output: rows of the open batch; answers to a callback.
 * Leaves to others: the batch (store.c), the other records (append.c, read.c).
 *
 * Rows stand in the order of arrival within their asking, so that a batch of answers is a few new pages at the end and
 * not one changed page for each answer (schema.c has the numbers). What a key of participants would give is made here:
 * the check that nobody answers twice (once.h), and the order in which they are read, for which an asking is loaded
 * whole: 340,000 answers are 11 MB and a tenth of a second, once for all its slices. */
#include "base/expect.h"
#include "base/log.h"
#include "store/store_private.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- writing ---- */

static int compare_held(const void *left, const void *right)
{
    const struct held_answer *a = left, *b = right;
    if (a->answer.round != b->answer.round) return a->answer.round < b->answer.round ? -1 : 1;
    if (a->answer.asking != b->answer.asking) return a->answer.asking < b->answer.asking ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* The set of an asking, filled with those whose answers stand in the database. NULL where they could not be read. */
static struct once_set *set_of(struct store *store, uint32_t round, uint16_t asking)
{
    struct once_set *set = once_find(&store->once, round, asking);
    if (set) return set;
    set = once_make(&store->once, round, asking);
    sqlite3_stmt *statement = statement_of(store, EACH_ANSWERER);
    bind_numbers(statement, (const int64_t[]){round, asking}, 2);
    while (database_row(&store->database, statement)) {
        int64_t participant = sqlite3_column_int64(statement, 0);
        if (participant >= 0 && participant < PARTICIPANTS_MAX) (void)once_add(set, (uint32_t)participant);
    }
    sqlite3_reset(statement);
    if (store->database.failure == STORE_OK) return set;
    once_finish(&store->once); /* a set that was filled half says nothing */
    return NULL;
}

static void refuse_second(struct store *store, const struct answer *answer)
{
    char text[120];
    snprintf(text, sizeof text, "participant %u of round %u has answered asking %u already", answer->participant,
        answer->round, answer->asking);
    database_refuse(&store->database, text);
}

static void write_one(struct store *store, const struct held_answer *held)
{
    const struct answer *answer = &held->answer;
    sqlite3_stmt *statement = statement_of(store, ADD_ANSWER);
    bind_numbers(statement,
        (const int64_t[]){answer->round, answer->asking, (int64_t)held->seq, answer->participant, answer->elapsed_ms,
            answer->credit_ms, answer->choice},
        7);
    (void)database_step(&store->database, statement);
}

void held_write(struct store *store)
{
    qsort(store->held, store->held_count, sizeof store->held[0], compare_held);
    for (; store->held_written < store->held_count && store->database.failure == STORE_OK; store->held_written++) {
        const struct held_answer *held = &store->held[store->held_written];
        struct once_set *set = set_of(store, held->answer.round, held->answer.asking);
        if (!set) break;
        if (!once_add(set, held->answer.participant)) {
            refuse_second(store, &held->answer);
            break;
        }
        write_one(store, held);
    }
}

void held_forget(struct store *store, bool is_committed)
{
    if (!is_committed && store->has_held_before) once_finish(&store->once); /* filled anew from what is durable */
    for (uint32_t i = 0; i < store->held_written && !is_committed; i++) {
        const struct answer *answer = &store->held[i].answer;
        struct once_set *set = once_find(&store->once, answer->round, answer->asking);
        if (set) once_remove(set, answer->participant);
    }
    store->held_count = store->held_written = 0;
    store->has_held_before = false;
}

void held_add(struct store *store, const struct answer *answer, uint64_t seq)
{
    expect(answer->participant < PARTICIPANTS_MAX);
    if (store->held_count == TURN_EVENTS_MAX) { /* more than a turn brings: written now, and still one batch */
        held_write(store);
        store->held_count = store->held_written = 0;
        store->has_held_before = true;
    }
    store->held[store->held_count++] = (struct held_answer){.answer = *answer, .seq = seq};
}

/* ---- reading ---- */

void answer_order_finish(struct answer_order *order)
{
    free(order->rows);
    *order = (struct answer_order){0};
}

static bool last_seq_of(struct store *store, uint32_t round, uint16_t asking, uint64_t *seq)
{
    sqlite3_stmt *statement = statement_of(store, GET_LAST_ANSWER);
    bind_numbers(statement, (const int64_t[]){round, asking}, 2);
    *seq = database_row(&store->database, statement) ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    return sqlite3_reset(statement) == SQLITE_OK;
}

static void order_add(struct answer_order *order, uint32_t *capacity, const struct held_answer *row)
{
    if (order->count == *capacity) {
        *capacity = *capacity * 2 + 1024;
        order->rows = realloc(order->rows, *capacity * sizeof order->rows[0]);
        expect(order->rows);
    }
    order->rows[order->count++] = *row;
}

/* The rows as they stand: in order of arrival. */
static bool order_read(struct store *store, struct answer_order *order)
{
    sqlite3_stmt *statement = statement_of(store, EACH_ANSWER);
    bind_numbers(statement, (const int64_t[]){order->round, order->asking}, 2);
    uint32_t capacity = 0;
    bool is_whole = true;
    while (is_whole && database_row(&store->database, statement)) {
        int64_t participant = sqlite3_column_int64(statement, 1);
        is_whole = participant >= 0 && participant < PARTICIPANTS_MAX;
        struct held_answer row = {.seq = (uint64_t)sqlite3_column_int64(statement, 0),
            .answer = {.round = order->round,
                .asking = order->asking,
                .participant = (uint32_t)participant,
                .elapsed_ms = (uint32_t)sqlite3_column_int64(statement, 2),
                .credit_ms = (uint16_t)sqlite3_column_int64(statement, 3),
                .choice = (choice_set)sqlite3_column_int64(statement, 4)}};
        if (is_whole) order_add(order, &capacity, &row);
        order->last_seq = row.seq;
    }
    return sqlite3_reset(statement) == SQLITE_OK && is_whole;
}

/* By participant, in linear time: the numbers are dense. False where one stands there twice. */
static bool order_sort(struct answer_order *order)
{
    uint32_t places_count = 0, sorted = 0;
    bool is_once = true;
    for (uint32_t i = 0; i < order->count; i++)
        if (order->rows[i].answer.participant >= places_count) places_count = order->rows[i].answer.participant + 1;
    uint32_t *places = calloc(places_count + 1, sizeof *places);
    struct held_answer *rows = malloc((order->count + 1) * sizeof *rows);
    expect(places && rows);
    for (uint32_t i = 0; i < order->count; i++) {
        uint32_t *place = &places[order->rows[i].answer.participant];
        if (*place != 0) is_once = false;
        *place = i + 1;
    }
    for (uint32_t participant = 0; participant < places_count; participant++)
        if (places[participant] != 0) rows[sorted++] = order->rows[places[participant] - 1];
    free(places);
    free(order->rows);
    order->rows = rows;
    order->count = sorted;
    return is_once;
}

/* Loads an asking where it is not loaded, or has grown since. */
static bool order_load(struct store *store, struct answer_order *order, uint32_t round, uint16_t asking)
{
    uint64_t last_seq;
    if (!last_seq_of(store, round, asking, &last_seq)) return false;
    if (order->rows && order->round == round && order->asking == asking && order->last_seq == last_seq) return true;
    answer_order_finish(order);
    order->round = round;
    order->asking = asking;
    bool is_whole = order_read(store, order) && order_sort(order);
    if (is_whole) return true;
    log_error("core.db: the answers to asking %u of round %u cannot be read, or one stands there twice", asking, round);
    answer_order_finish(order);
    return false;
}

/* The first row whose participant is not below `from`. */
static uint32_t order_find(const struct answer_order *order, uint32_t from)
{
    uint32_t low = 0, high = order->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (order->rows[middle].answer.participant < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool store_each_answer(struct store *store, uint32_t round, uint16_t asking, uint32_t from,
    bool (*on_answer)(void *context, const struct answer *answer), void *context)
{
    if (!order_load(store, &store->order, round, asking)) return false;
    /* Taken out for the walk: the callback may read another asking. */
    struct answer_order order = store->order;
    store->order = (struct answer_order){0};
    uint32_t index = order_find(&order, from);
    bool goes_on = true;
    for (; goes_on && index < order.count; index++)
        goes_on = on_answer(context, &order.rows[index].answer);

    answer_order_finish(&store->order);
    if (goes_on)
        answer_order_finish(&order); /* read to its end */
    else
        store->order = order; /* for the next slice */
    return true;
}

static bool batch_of(struct store *store, uint64_t seq, uint64_t *at_ms)
{
    sqlite3_stmt *statement = statement_of(store, GET_BATCH_OF);
    bind_numbers(statement, (const int64_t[]){(int64_t)seq}, 1);
    bool is_found = database_row(&store->database, statement);
    *at_ms = is_found ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    return sqlite3_reset(statement) == SQLITE_OK && is_found;
}

bool store_get_answer(struct store *store, uint32_t round, uint16_t asking, uint32_t participant, struct answer *answer,
    uint64_t *seq, uint64_t *at_ms)
{
    if (!order_load(store, &store->order, round, asking)) return false;
    uint32_t index = order_find(&store->order, participant);
    if (index == store->order.count || store->order.rows[index].answer.participant != participant) return false;
    *answer = store->order.rows[index].answer;
    *seq = store->order.rows[index].seq;
    return batch_of(store, *seq, at_ms);
}
