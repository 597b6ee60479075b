/* Places for rounds. In: a round's number, rules and askings; out: its place. An ended round keeps its place, for those
 * who come back to look at the result, until another needs the place or its participants' records. */
#include "engine/rounds.h"

#include "engine/participants.h"

#include <string.h>

struct round *rounds_find(const struct engine *engine, uint32_t number)
{
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (round->is_used && round->number == number) return round;
    }
    return NULL;
}

struct round *rounds_announced(const struct engine *engine, uint32_t number)
{
    struct round *round = rounds_find(engine, number);
    return round && round->is_announced ? round : NULL;
}

static void round_forget(struct engine *engine, struct round *round)
{
    expect(round->pending_count == 0);
    participants_release(engine, round);
    uint32_t place = round->place;
    memset(round, 0, sizeof *round);
    round->place = place;
}

bool rounds_evict(struct engine *engine)
{
    struct round *oldest = NULL;
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        struct round *round = &engine->rounds[place];
        if (!round->is_used || round->phase != PHASE_ENDED || round->pending_count > 0) continue;
        if (!oldest || round->ended_at_ms < oldest->ended_at_ms) oldest = round;
    }
    if (oldest) round_forget(engine, oldest);
    return oldest != NULL;
}

static struct round *free_place(struct engine *engine)
{
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++)
        if (!engine->rounds[place].is_used) return &engine->rounds[place];
    return NULL;
}

bool engine_round_add(struct engine *engine, uint32_t number, const struct rules *rules,
    const struct asking_rules *askings, uint16_t askings_count)
{
    if (!rules_are_valid(rules) || askings_count < 1 || askings_count > ASKINGS_MAX) return false;
    for (uint16_t i = 0; i < askings_count; i++)
        if (!asking_rules_are_valid(&askings[i])) return false;
    if (rounds_find(engine, number)) return false;

    struct round *round = free_place(engine);
    if (!round && rounds_evict(engine)) round = free_place(engine);
    if (!round) return false;
    round->is_used = true;
    round->number = number;
    round->rules = *rules;
    round->is_auto = rules->is_auto;
    round->askings_count = askings_count;
    memcpy(&engine->askings[(size_t)round->place * ASKINGS_MAX], askings, askings_count * sizeof *askings);
    return true;
}

void engine_round_drop(struct engine *engine, uint32_t number)
{
    struct round *round = rounds_find(engine, number);
    if (round) round_forget(engine, round);
}

uint32_t rounds_take_participant(struct engine *engine, struct round *round, const uint8_t nonce[NONCE_SIZE],
    uint32_t number, enum participant_flag flag)
{
    while (engine->participants_used >= engine->limits.participants_max)
        if (!rounds_evict(engine)) return PARTICIPANT_NONE;
    while (!participants_reserve(engine, round, number))
        if (!rounds_evict(engine)) return PARTICIPANT_NONE;

    struct participant *p = participants_get(engine, round, number);
    memcpy(p->nonce, nonce, NONCE_SIZE);
    /* A blank record may hold what was loaded ahead: a standing's points, an answer. */
    p->flags = (uint16_t)(flag | (p->flags & PARTICIPANT_ANSWERED));
    if (phase_has_asking(round->phase)) p->flags |= PARTICIPANT_JOINED_LATE;
    p->generation = 1;
    p->start_ms = START_UNKNOWN;
    p->edge = EDGE_NONE;
    if (number >= round->participants_count) round->participants_count = number + 1;
    engine->participants_used++;
    index_enter(engine, round, number);
    return number;
}

uint32_t engine_room(const struct engine *engine)
{
    uint32_t used = 0;
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++)
        if (engine->rounds[place].phase != PHASE_ENDED) used += engine->rounds[place].participants_count;
    return engine->limits.participants_max - used;
}

bool rounds_standing_is_public(const struct round *round)
{
    if (round->scored == 0 || round->phase == PHASE_ENDED) return round->scored != 0;
    return round->revealed >= round->scored || bit_is_set(round->voided, round->scored);
}
