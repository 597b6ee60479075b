/* Pages of participant records. In: a round and a number; out: the record. All rounds draw on one pool, so that 64
 * small rounds and one of everybody fit the same memory. */
#include "engine/participants.h"

#include <string.h>

static uint32_t *page_table(const struct engine *engine, const struct round *round)
{
    return &engine->pages[(size_t)round->place * engine->pages_count];
}

struct participant *participants_get(const struct engine *engine, const struct round *round, uint32_t number)
{
    uint32_t ordinal = number / PAGE_PARTICIPANTS;
    if (ordinal >= round->pages_count) return NULL;
    size_t page = page_table(engine, round)[ordinal];
    return &engine->participants[page * PAGE_PARTICIPANTS + number % PAGE_PARTICIPANTS];
}

struct participant *participants_joined(const struct engine *engine, const struct round *round, uint32_t number)
{
    struct participant *p = participants_get(engine, round, number);
    return p && has_flag(p, PARTICIPANT_JOINED) ? p : NULL;
}

static void page_clear(struct engine *engine, size_t page)
{
    struct participant *records = &engine->participants[page * PAGE_PARTICIPANTS];
    memset(records, 0, PAGE_PARTICIPANTS * sizeof *records);
}

bool participants_reserve(struct engine *engine, struct round *round, uint32_t number)
{
    while (number / PAGE_PARTICIPANTS >= round->pages_count) {
        if (engine->pages_free_count == 0 || round->pages_count == engine->pages_count) return false;
        uint32_t page = engine->pages_free[--engine->pages_free_count];
        page_clear(engine, page);
        engine->page_place[page] = round->place;
        engine->page_ordinal[page] = round->pages_count;
        page_table(engine, round)[round->pages_count++] = page;
    }
    return true;
}

void participants_release(struct engine *engine, struct round *round)
{
    for (uint32_t number = 0; number < round->participants_count; number++) {
        const struct participant *p = participants_get(engine, round, number);
        if (!(p->flags & (PARTICIPANT_JOINED | PARTICIPANT_PENDING))) continue;
        index_remove(engine, round, number);
        engine->participants_used--;
    }
    while (round->pages_count > 0) {
        uint32_t page = page_table(engine, round)[--round->pages_count];
        engine->page_place[page] = PAGE_NONE;
        engine->pages_free[engine->pages_free_count++] = page;
    }
    round->participants_count = 0;
    round->standing_count = 0;
}

struct attach participant_attach(const struct participant *p)
{
    return (struct attach){.edge = p->edge, .slot = p->attach_slot, .generation = p->attach_generation};
}

bool participant_is_at(const struct participant *p, const struct attach *attach)
{
    return has_flag(p, PARTICIPANT_ATTACHED) && p->edge == attach->edge && p->attach_slot == attach->slot &&
           p->attach_generation == attach->generation;
}

void participant_note_edge(struct participant *p, uint8_t edge)
{
    expect(edge < EDGES_MAX);
    p->edges_of_asking[edge / 32] |= UINT32_C(1) << edge % 32;
}

bool participant_was_at(const struct participant *p, uint8_t edge)
{
    expect(edge < EDGES_MAX);
    return p->edges_of_asking[edge / 32] >> edge % 32 & 1;
}
