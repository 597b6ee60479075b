/* Role: what time brings. Input: the moment. Output: slices of walks, reports, beats, calls said again, readers and
 * silent connections dropped, statistics. Left to others: each of these in itself. */
#include "session/state.h"

#define BEATS_PER_TICK_MAX 1000

static void beat(struct sessions *s, struct slot *slot)
{
    if (!slot->is_open || slot->is_closing || slot->is_blocked) return;
    struct writer w = frame_writer(s);
    frame_write_beat(&w, slot_is_member(slot) ? slot_round(s, slot)->state.people : 0);
    tell(s, slot, &w);
}

/* Each slot has its moment in the interval, so that the beats of thousands do not come in one burst. As slots_used
 * never falls, that moment moves only forward: nobody waits longer than BEAT_MS.
 *
 * A lobby wants to see its people come: while the count changes, a small edge beats every two seconds and a larger one
 * more rarely, a millisecond for each slot (1% of a core), up to QUICK_SLOTS_MAX. Its slow beats come earlier than
 * BEAT_MS by as much as a quick round takes, since that may begin at any time. */
#define QUICK_MS_MIN    2000
#define QUICK_SLOTS_MAX 4000

static uint64_t beat_interval_ms(const struct sessions *s)
{
    if (s->slots_used > QUICK_SLOTS_MAX) return BEAT_MS;
    uint64_t quick_ms = s->slots_used > QUICK_MS_MIN ? s->slots_used : QUICK_MS_MIN;
    return s->is_beating_quick ? quick_ms : BEAT_MS - QUICK_SLOTS_MAX;
}

static void begin_beats(struct sessions *s)
{
    s->beat_cycle_ms = s->now_ms;
    s->beat_next = 0;
    s->is_beating_quick = s->has_count_changed && s->slots_used <= QUICK_SLOTS_MAX;
    s->has_count_changed = false;
}

static void beats(struct sessions *s)
{
    bool is_wanted_soon = s->has_count_changed && !s->is_beating_quick && s->slots_used <= QUICK_SLOTS_MAX;
    if (s->beat_cycle_ms == 0 || is_wanted_soon) begin_beats(s);
    uint64_t elapsed_ms = s->now_ms - s->beat_cycle_ms, interval_ms = beat_interval_ms(s);
    bool is_over = elapsed_ms >= interval_ms;
    uint32_t until = is_over ? s->slots_used : (uint32_t)(elapsed_ms * s->slots_used / interval_ms);
    for (uint32_t sent = 0; s->beat_next < until && sent < BEATS_PER_TICK_MAX; sent++)
        beat(s, &s->slots[s->beat_next++]);
    if (is_over && s->beat_next >= until) begin_beats(s);
}

static void look_after(struct sessions *s, struct slot *slot)
{
    bool has_stalled = slot->is_blocked && s->now_ms >= slot->blocked_ms + STALL_MS;
    bool is_mute = !slot->has_hello && s->now_ms >= slot->opened_ms + HELLO_MS_MAX;
    if (has_stalled || is_mute) {
        slot_close(s, slot, CLOSE_POLICY);
        return;
    }
    browser_hello_again(s, slot);
    call_repeat(s, slot);
}

static void tell_stats(struct sessions *s)
{
    if (!s->is_welcome) return;
    struct edge_stats stats = {.connections = s->open_count, .screens = s->screens_count, .blocked = s->blocked_count};
    struct writer w = writer_over(s->message_room, sizeof s->message_room);
    edge_stats_encode(&w, &stats);
    call_send(s, &w);
}

static void each_second(struct sessions *s)
{
    if (s->now_ms < s->second_ms + 1000) return;
    s->second_ms = s->now_ms;
    for (uint32_t i = 0; i < s->slots_used; i++)
        if (s->slots[i].is_open && !s->slots[i].is_closing) look_after(s, &s->slots[i]);
    tell_stats(s);
}

void sessions_tick(struct sessions *s, uint64_t now_ms)
{
    s->now_ms = now_ms;
    walk_reports(s);
    walk_slice(s);
    shown_flush(s);
    beats(s);
    each_second(s);
}
