/* A hash over what is durable of a round. In: its records; out: 64 bits. It leaves out what edges and timers hold
 * (attachments, starts, outages, barriers) and what was gained last, which no standing keeps; and joins and answers
 * that are only pending. FNV-1a over fields, each as eight bytes. */
#include "engine/participants.h"
#include "engine/rounds.h"

static void mix(uint64_t *hash, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        *hash = (*hash ^ (value >> (8 * i) & 0xff)) * UINT64_C(0x100000001b3);
}

static void mix_participant(uint64_t *hash, uint32_t number, const struct participant *p)
{
    mix(hash, number);
    for (unsigned i = 0; i < NONCE_SIZE; i++)
        mix(hash, p->nonce[i]);
    mix(hash, (uint64_t)p->generation << 32 | p->community);
    mix(hash, has_flag(p, PARTICIPANT_REMOVED));
    mix(hash, (uint64_t)p->points << 32 | p->ticks);
    mix(hash, (uint64_t)p->rank << 32 | (uint32_t)p->rights << 16 | p->out_at);
    if (!has_flag(p, PARTICIPANT_ANSWERED)) return;
    mix(hash, (uint64_t)p->elapsed_ms << 32 | (uint32_t)p->choice << 16 | p->credit_ms);
}

static void mix_round(uint64_t *hash, const struct round *round)
{
    mix(hash, round->number);
    mix(hash, round->is_announced | round->is_paused << 1 | round->is_auto << 2 | round->is_locked << 3 |
                  round->are_names_hidden << 4);
    mix(hash, (uint64_t)round->phase << 32 | (uint32_t)round->scene);
    mix(hash, (uint64_t)round->asking << 32 | (uint32_t)round->scored << 16 | round->revealed);
    mix(hash, round->limit_ms);
    mix(hash, round->opened_at_ms);
    mix(hash, round->due_ms);
    mix(hash, round->ended_at_ms);
    for (unsigned i = 0; i < 4; i++) {
        mix(hash, round->scored_bits[i]);
        mix(hash, round->voided[i]);
        mix(hash, round->reopened[i]);
    }
}

uint64_t engine_digest(const struct engine *engine, uint32_t number)
{
    const struct round *round = rounds_find(engine, number);
    if (!round) return 0;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    mix_round(&hash, round);
    for (uint32_t i = 0; i < round->participants_count; i++) {
        const struct participant *p = participants_joined(engine, round, i);
        if (p) mix_participant(&hash, i, p);
    }
    mix(&hash, round->standing_count);
    for (uint32_t i = 0; i < round->standing_count; i++)
        mix(&hash, participants_get(engine, round, i)->ordered);
    return hash;
}
