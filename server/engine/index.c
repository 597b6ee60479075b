/* The index from (round, nonce) to participant: open addressing with linear probes, sized once. Nonces are strangers'
 * bytes, so the hash is SipHash-1-3 under limits.hash_seed (Aumasson and Bernstein 2012); removal shifts the followers
 * back, so that no tombstones gather over a year of rounds. */
#include "engine/participants.h"

#include <string.h>

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = ROTATE(v[1], 13) ^ v[0], v[0] = ROTATE(v[0], 32);
    v[2] += v[3], v[3] = ROTATE(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = ROTATE(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = ROTATE(v[1], 17) ^ v[2], v[2] = ROTATE(v[2], 32);
}

static uint32_t hash_of(const struct engine *engine, const struct round *round, const uint8_t nonce[NONCE_SIZE])
{
    const uint64_t key[2] = {engine->limits.hash_seed, ~engine->limits.hash_seed};
    uint64_t v[4] = {key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573)};
    uint64_t words[3] = {0, 0, UINT64_C(20) << 56 | round->number};
    memcpy(words, nonce, NONCE_SIZE);
    for (size_t i = 0; i < 3; i++) {
        v[3] ^= words[i];
        sip_round(v);
        v[0] ^= words[i];
    }
    v[2] ^= 0xff;
    for (size_t i = 0; i < 3; i++)
        sip_round(v);
    return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

/* The place where this nonce stands or, where it does not, the empty one where it would. */
static uint32_t slot_of(const struct engine *engine, const struct round *round, const uint8_t nonce[NONCE_SIZE])
{
    uint32_t slot = hash_of(engine, round, nonce) & engine->index_mask;
    for (; engine->index[slot]; slot = (slot + 1) & engine->index_mask) {
        uint32_t record = engine->index[slot] - 1;
        if (engine->page_place[record / PAGE_PARTICIPANTS] != round->place) continue;
        if (memcmp(engine->participants[record].nonce, nonce, NONCE_SIZE) == 0) break;
    }
    return slot;
}

uint32_t index_find(const struct engine *engine, const struct round *round, const uint8_t nonce[NONCE_SIZE])
{
    uint32_t slot = slot_of(engine, round, nonce);
    if (!engine->index[slot]) return PARTICIPANT_NONE;
    uint32_t record = engine->index[slot] - 1;
    return engine->page_ordinal[record / PAGE_PARTICIPANTS] * PAGE_PARTICIPANTS + record % PAGE_PARTICIPANTS;
}

void index_enter(struct engine *engine, const struct round *round, uint32_t number)
{
    const struct participant *p = participants_get(engine, round, number);
    uint32_t slot = slot_of(engine, round, p->nonce);
    expect(engine->index[slot] == 0);
    engine->index[slot] = (uint32_t)(p - engine->participants) + 1;
}

static uint32_t home_of(const struct engine *engine, uint32_t record)
{
    const struct round *round = &engine->rounds[engine->page_place[record / PAGE_PARTICIPANTS]];
    return hash_of(engine, round, engine->participants[record].nonce) & engine->index_mask;
}

void index_remove(struct engine *engine, const struct round *round, uint32_t number)
{
    const struct participant *p = participants_get(engine, round, number);
    uint32_t hole = slot_of(engine, round, p->nonce);
    expect(engine->index[hole] != 0);
    uint32_t mask = engine->index_mask;
    for (uint32_t slot = (hole + 1) & mask; engine->index[slot]; slot = (slot + 1) & mask) {
        /* An entry may move back to the hole unless its home lies after the hole. */
        uint32_t home = home_of(engine, engine->index[slot] - 1);
        if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
        engine->index[hole] = engine->index[slot];
        hole = slot;
    }
    engine->index[hole] = 0;
}
