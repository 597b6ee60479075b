/* LOAD_PARTICIPANT, LOAD_ANSWER, LOAD_STANDING. In: records of the store, in the order that engine.h asks for; out: the
 * state as it was. What does not fit is our own bug: the store has checked its bytes. */
#include "engine/load.h"

#include "engine/participants.h"
#include "engine/rounds.h"
#include "engine/tally.h"

void load_participant(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_find(engine, event->load_participant.round);
    expect(round);
    uint32_t number = event->load_participant.number;
    expect(number < engine->limits.participants_max && !participants_joined(engine, round, number));
    expect(event->load_participant.generation <= UINT16_MAX);
    number = rounds_take_participant(engine, round, event->load_participant.nonce, number, PARTICIPANT_JOINED);
    expect(number != PARTICIPANT_NONE);
    struct participant *p = participants_get(engine, round, number);
    p->generation = (uint16_t)event->load_participant.generation;
    p->community = event->load_participant.community;
    tally_put_back(engine, round, p);
}

void load_answer(struct engine *engine, const struct event *event)
{
    const struct answer *answer = &event->load_answer;
    struct round *round = rounds_find(engine, answer->round);
    expect(round && answer->asking == round->asking && !bit_is_set(round->scored_bits, answer->asking));
    expect(answer->participant < engine->limits.participants_max && answer->credit_ms <= CREDIT_MS_MAX);
    bool has_room = participants_reserve(engine, round, answer->participant);
    struct participant *p = participants_get(engine, round, answer->participant);
    expect(has_room && !has_flag(p, PARTICIPANT_ANSWERED));
    if (has_flag(p, PARTICIPANT_REMOVED)) return;
    tally_take_out(engine, round, p);
    p->flags |= PARTICIPANT_ANSWERED;
    p->choice = answer->choice;
    p->elapsed_ms = answer->elapsed_ms;
    p->credit_ms = (uint8_t)answer->credit_ms;
    bool is_lower = p->credit_lowest_ms == 0 || p->credit_ms < p->credit_lowest_ms;
    if (p->credit_ms && is_lower) p->credit_lowest_ms = p->credit_ms;
    tally_put_back(engine, round, p);
}

void load_standing(struct engine *engine, const struct event *event)
{
    struct round *round = rounds_find(engine, event->load_standing.round);
    expect(round && event->load_standing.asking <= round->askings_count);
    round->loaded = event->load_standing.asking;
    round->standing_count = event->load_standing.count;

    uint32_t rank = 0;
    struct standing_entry before = {0};
    for (uint32_t i = 0; i < round->standing_count; i++) {
        struct standing_entry entry = standing_at(event->load_standing.packed, i);
        expect(entry.participant < engine->limits.participants_max);
        bool has_room = participants_reserve(engine, round, entry.participant > i ? entry.participant : i);
        expect(has_room && entry.rights <= ASKINGS_MAX && entry.out_at <= ASKINGS_MAX);
        bool is_tie = i > 0 && entry.points == before.points && entry.ticks == before.ticks;
        if (!is_tie) rank = i + 1;
        struct participant *p = participants_get(engine, round, entry.participant);
        p->points = entry.points;
        p->ticks = entry.ticks;
        p->rights = (uint8_t)entry.rights;
        p->out_at = (uint8_t)entry.out_at;
        p->rank = rank;
        participants_get(engine, round, i)->ordered = entry.participant;
        before = entry;
    }
    tally_recount(engine, round);
}
