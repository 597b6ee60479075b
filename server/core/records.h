/* The durable records as the core uses them: core.db (records_store.c), or memory in the simulation. The meaning of
 * each function is that of its namesake in store/store.h. */
#ifndef JINGDA_CORE_RECORDS_H
#define JINGDA_CORE_RECORDS_H

#include "store/store.h"

typedef bool (*on_round_fn)(void *context, const struct round_record *record);
typedef bool (*on_control_fn)(void *context, uint64_t seq, const struct control *control);
typedef bool (*on_participant_fn)(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE]);
typedef bool (*on_answer_fn)(void *context, const struct answer *answer);

struct records {
    void *context; /* handed to each function */
    void (*append_round)(void *context, const struct round_record *record);
    void (*append_control)(void *context, const struct control *control);
    void (*append_join)(void *context, uint32_t round, uint32_t number, uint32_t generation, uint16_t community,
        const uint8_t nonce[NONCE_SIZE], uint64_t at_ms, struct span name);
    void (*append_answer)(void *context, const struct answer *answer, uint64_t at_ms);
    void (*append_standing)(
        void *context, uint32_t round, uint16_t asking, uint16_t rules_version, const uint8_t *packed, size_t size);
    void (*set_name)(void *context, uint32_t round, uint32_t number, struct span name);
    void (*append_picture)(void *context, const char sha256[65], const char *type, struct span bytes);
    bool (*has_batch)(void *context);
    enum store_result (*commit)(void *context);
    void (*cancel)(void *context);

    uint64_t (*last_at_ms)(void *context);
    uint32_t (*last_round)(void *context);
    bool (*each_round)(void *context, bool unended, on_round_fn on_round, void *with);
    bool (*get_round)(void *context, uint32_t round, on_round_fn on_round, void *with);
    bool (*each_control)(void *context, uint32_t round, on_control_fn on_control, void *with);
    bool (*each_participant)(void *context, uint32_t round, on_participant_fn on_participant, void *with);
    bool (*each_answer)(
        void *context, uint32_t round, uint16_t asking, uint32_t from, on_answer_fn on_answer, void *with);
    bool (*last_standing)(
        void *context, uint32_t round, uint16_t asking, uint16_t *asking_out, uint8_t **packed, uint32_t *count);
    bool (*get_name)(void *context, uint32_t round, uint32_t number, char *out);
    bool (*get_picture)(void *context, const char sha256[65], char type[8], uint8_t **bytes, size_t *size);
};

/* Over an open core.db, which stays the caller's. */
struct records records_of_store(struct store *store);

#endif
