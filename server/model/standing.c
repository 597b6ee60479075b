/* Standing: packing it, and putting participants in order. In: points and ticks by participant; out: the order and the
 * ranks, or bytes. Which answers earned the points is the engine's matter.
 *
 * The order is made by a least-significant-digit radix sort: number, then ticks, then points from the highest down;
 * each pass is stable, so that the last key decides first. A digit that is the same for everybody costs no pass.
 * Comparison sorts lost: qsort took 90 ms for 340,000, this takes about 5. */
#include "model/standing.h"

#include "base/expect.h"

#include <stddef.h>
#include <string.h>

#define DIGIT_BITS   11
#define DIGIT_VALUES (1u << DIGIT_BITS)

void standing_pack(const struct standing_entry *entries, uint32_t count, uint8_t *out)
{
    struct writer w = writer_over(out, (size_t)count * STANDING_ENTRY_SIZE);
    for (uint32_t i = 0; i < count; i++) {
        write_u32(&w, entries[i].participant);
        write_u32(&w, entries[i].points);
        write_u32(&w, entries[i].ticks);
        write_u16(&w, entries[i].rights);
        write_u16(&w, entries[i].out_at);
    }
    expect(w.ok && w.size == (size_t)count * STANDING_ENTRY_SIZE);
}

struct standing_entry standing_at(const uint8_t *packed, uint32_t index)
{
    struct reader r = reader_over(packed + (size_t)index * STANDING_ENTRY_SIZE, STANDING_ENTRY_SIZE);
    struct standing_entry entry;
    entry.participant = read_u32(&r);
    entry.points = read_u32(&r);
    entry.ticks = read_u32(&r);
    entry.rights = read_u16(&r);
    entry.out_at = read_u16(&r);
    return entry;
}

/* What one pass sorts by: `keys[number]`, or the number itself where `keys` is NULL; `flip` turns the order round. */
struct pass {
    const uint32_t *keys;
    uint32_t flip;
    unsigned shift;
};

static inline uint32_t digit_of(const struct pass *pass, uint32_t number)
{
    uint32_t key = pass->keys ? pass->keys[number] : number;
    return ((key ^ pass->flip) >> pass->shift) & (DIGIT_VALUES - 1);
}

/* One stable counting pass. False: every digit is the same and nothing was moved. */
static bool pass_run(const struct pass *pass, const uint32_t *from, uint32_t *to, uint32_t count)
{
    uint32_t starts[DIGIT_VALUES] = {0};
    for (uint32_t i = 0; i < count; i++)
        starts[digit_of(pass, from[i])]++;
    if (starts[digit_of(pass, from[0])] == count) return false;

    uint32_t sum = 0;
    for (uint32_t digit = 0; digit < DIGIT_VALUES; digit++) {
        uint32_t here = starts[digit];
        starts[digit] = sum;
        sum += here;
    }
    for (uint32_t i = 0; i < count; i++)
        to[starts[digit_of(pass, from[i])]++] = from[i];
    return true;
}

static bool is_ascending(const uint32_t *order, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (order[i - 1] >= order[i]) return false;
    return true;
}

static void fill_ranks(
    const uint32_t *order, uint32_t count, const uint32_t *points, const uint32_t *ticks, uint32_t *ranks)
{
    uint32_t rank = 1;
    for (uint32_t i = 0; i < count; i++) {
        bool is_tie = i > 0 && points[order[i]] == points[order[i - 1]] && ticks[order[i]] == ticks[order[i - 1]];
        if (!is_tie) rank = i + 1;
        ranks[order[i]] = rank;
    }
}

void standing_rank(
    uint32_t *order, uint32_t count, const uint32_t *points, const uint32_t *ticks, uint32_t *ranks, uint32_t *scratch)
{
    if (count == 0) return;
    const struct pass keys[] = {{NULL, 0, 0}, {ticks, 0, 0}, {points, UINT32_MAX, 0}};
    uint32_t *from = order, *to = scratch;
    for (size_t key = is_ascending(order, count) ? 1 : 0; key < 3; key++) {
        for (unsigned shift = 0; shift < 32; shift += DIGIT_BITS) {
            struct pass pass = keys[key];
            pass.shift = shift;
            if (!pass_run(&pass, from, to, count)) continue;
            uint32_t *swap = from;
            from = to;
            to = swap;
        }
    }
    if (from != order) memcpy(order, from, count * sizeof *order);
    fill_ranks(order, count, points, ticks, ranks);
}
