/* The records of core.db behind core/records.h: names only, no logic. */
#include "core/records.h"

static void append_round(void *store, const struct round_record *record)
{
    store_append_round(store, record);
}
static void append_control(void *store, const struct control *control)
{
    store_append_control(store, control);
}

static void append_join(void *store, uint32_t round, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE], uint64_t at_ms, struct span name)
{
    store_append_join(store, round, number, generation, community, nonce, at_ms, name);
}

static void append_answer(void *store, const struct answer *answer, uint64_t at_ms)
{
    store_append_answer(store, answer, at_ms);
}

static void append_standing(
    void *store, uint32_t round, uint16_t asking, uint16_t rules_version, const uint8_t *packed, size_t size)
{
    store_append_standing(store, round, asking, rules_version, packed, size);
}

static void set_name(void *store, uint32_t round, uint32_t number, struct span name)
{
    store_set_name(store, round, number, name);
}

static void append_picture(void *store, const char sha256[65], const char *type, struct span bytes)
{
    store_append_picture(store, sha256, type, bytes);
}

static bool has_batch(void *store)
{
    return store_has_batch(store);
}
static enum store_result commit(void *store)
{
    return store_commit(store);
}
static void cancel(void *store)
{
    store_cancel(store);
}
static uint64_t last_at_ms(void *store)
{
    return store_last_at_ms(store);
}
static uint32_t last_round(void *store)
{
    return store_last_round(store);
}

static bool each_round(void *store, bool unended, on_round_fn on_round, void *with)
{
    return store_each_round(store, unended, on_round, with);
}

static bool get_round(void *store, uint32_t round, on_round_fn on_round, void *with)
{
    return store_get_round(store, round, on_round, with);
}

static bool each_control(void *store, uint32_t round, on_control_fn on_control, void *with)
{
    return store_each_control(store, round, on_control, with);
}

static bool each_participant(void *store, uint32_t round, on_participant_fn on_participant, void *with)
{
    return store_each_participant(store, round, on_participant, with);
}

static bool each_answer(void *store, uint32_t round, uint16_t asking, uint32_t from, on_answer_fn on_answer, void *with)
{
    return store_each_answer(store, round, asking, from, on_answer, with);
}

static bool last_standing(
    void *store, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count)
{
    return store_last_standing(store, round, asking, asking_out, packed, count);
}

static bool get_name(void *store, uint32_t round, uint32_t number, char *out)
{
    return store_get_name(store, round, number, out);
}

static bool get_picture(void *store, const char sha256[65], char type[8], uint8_t **bytes, size_t *size)
{
    return store_get_picture(store, sha256, type, bytes, size);
}

struct records records_of_store(struct store *store)
{
    return (struct records){.context = store,
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
