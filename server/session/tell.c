/* Role: frames to one browser. Input: a slot and what is due to it, made of its round's newest state. Output: writes
 * through the port, starts of clocks. Left to others: deciding what is due. A blocked reader is never written to: what
 * it misses becomes due bits.
 *
 * A clock starts when the opening frame is handed over, whether the kernel takes it or not: a reader whose buffers are
 * full has filled them itself, by not reading, and may have the question from another connection meanwhile. (It was
 * when the kernel had taken it: up to STALL_MS for whoever stopped reading in time.) */
#include "session/state.h"

struct writer frame_writer(struct sessions *s)
{
    return writer_over(s->frame_room + SESSION_HEAD_ROOM, FRAME_ROOM_SIZE);
}

static void send_span(struct sessions *s, struct slot *slot, struct span frame)
{
    switch (s->port.to_browser(s->port.context, slot_number(s, slot), frame)) {
    case SENT_WHOLE: return;
    case SENT_LATER:
        slot->is_blocked = true;
        slot->blocked_ms = s->now_ms;
        s->blocked_count++;
        return;
    case SENT_FAILED: slot->is_closing = true; return;
    }
}

void tell(struct sessions *s, struct slot *slot, const struct writer *frame)
{
    if (slot->is_closing || !frame->ok) return;
    if (slot->is_blocked) {
        if (slot_is_member(slot)) slot->due = DUE_SNAPSHOT;
        return;
    }
    send_span(s, slot, (struct span){frame->data, frame->size});
}

void tell_refused(struct sessions *s, struct slot *slot, const struct core_refused *refused)
{
    struct writer w = frame_writer(s);
    frame_write_refused(&w, refused);
    tell(s, slot, &w);
    if (!verdict_ends_connection(refused->verdict) || !slot->is_open) return;
    slot_close(s, slot, refused->verdict == VERDICT_BAD_FRAME ? CLOSE_NOT_A_FRAME : CLOSE_POLICY);
}

static void slot_started(struct sessions *s, struct slot *slot, uint16_t asking, uint64_t at_ms)
{
    slot->start_asking = asking;
    slot->start_ms = (int64_t)at_ms;
    shown_add(s, slot_round(s, slot)->state.round, asking, slot->participant, at_ms);
}

/* ---- clocks ---- */

static uint32_t elapsed_since(struct sessions *s, int64_t start_ms)
{
    int64_t elapsed = (int64_t)moment(s) - start_ms;
    return elapsed < 0 ? 0 : elapsed > UINT32_MAX ? UINT32_MAX : (uint32_t)elapsed;
}

/* A resident's since the own start; a screen's since the asking opened. */
static uint32_t elapsed_of(struct sessions *s, const struct slot *slot, const struct core_round *state)
{
    if (slot->role == ROLE_RESIDENT) return slot->start_asking == state->asking ? elapsed_since(s, slot->start_ms) : 0;
    return elapsed_since(s, (int64_t)state->opened_at_ms - s->offset_ms);
}

static bool is_first_showing(const struct slot *slot, const struct core_round *state)
{
    return slot->role == ROLE_RESIDENT && state->phase == PHASE_OPEN && slot->start_asking != state->asking;
}

/* Sends a frame that opens the asking to whom it has not been open: the clock starts with it. */
static void tell_opening(struct sessions *s, struct slot *slot, const struct writer *frame, bool is_first)
{
    uint16_t asking = slot_round(s, slot)->state.asking;
    tell(s, slot, frame);
    if (slot->is_closing) return;
    if (slot->is_blocked) slot->opening_asking = asking;
    if (is_first) slot_started(s, slot, asking, moment(s));
}

void slot_start_unread(struct sessions *s, struct slot *slot)
{
    if (!slot->is_blocked || slot->is_closing || !slot_is_resident(slot)) return;
    const struct core_round *state = &slot_round(s, slot)->state;
    if (is_first_showing(slot, state)) slot_started(s, slot, state->asking, moment(s));
}

/* An opening that waited says less than has passed by now: it is said once more. */
void tell_time_again(struct sessions *s, struct slot *slot)
{
    uint16_t asking = slot->opening_asking;
    slot->opening_asking = 0;
    if (asking == 0 || !slot_is_resident(slot) || slot->due & DUE_SNAPSHOT) return;
    const struct core_round *state = &slot_round(s, slot)->state;
    bool is_open = state->phase == PHASE_OPEN && state->asking == asking && slot->answered_asking != asking;
    if (is_open) slot->due |= DUE_OPEN;
}

/* ---- the whole state ---- */

void tell_snapshot(struct sessions *s, struct slot *slot, const struct core_attached *own)
{
    const struct core_round *state = &slot_round(s, slot)->state;
    slot->due = slot->is_blocked ? DUE_SNAPSHOT : 0;
    if (slot->is_blocked) return;
    bool is_screen = slot->role == ROLE_SCREEN;
    bool is_first = is_first_showing(slot, state);
    struct writer w = frame_writer(s);
    frame_write_snapshot(&w, state, own, is_screen, state->limit_ms + slot->allowance_ms, elapsed_of(s, slot, state));
    tell_opening(s, slot, &w, is_first);
}

/* A resident's own part is known to the core alone: its reply to RESUME makes the snapshot. */
static uint32_t tell_state(struct sessions *s, struct slot *slot)
{
    if (slot->role == ROLE_RESIDENT) {
        call_attach(s, slot);
        return 0;
    }
    if (slot->role == ROLE_SCREEN) {
        tell_snapshot(s, slot, NULL);
        return 1;
    }
    slot->due = 0;
    struct writer w = frame_writer(s);
    frame_write_round(&w, &slot_round(s, slot)->state);
    tell(s, slot, &w);
    return 1;
}

/* ---- step by step ---- */

static void tell_ready_made(struct sessions *s, struct slot *slot, struct span frame)
{
    if (frame.size) send_span(s, slot, frame);
}

static void tell_open(struct sessions *s, struct slot *slot, const struct core_round *state)
{
    bool is_first = is_first_showing(slot, state);
    struct writer w = frame_writer(s);
    frame_write_open(
        &w, state->asking, state->reading_ms, state->limit_ms + slot->allowance_ms, elapsed_of(s, slot, state));
    tell_opening(s, slot, &w, is_first);
}

static void tell_step(struct sessions *s, struct slot *slot, enum due step)
{
    const struct core_round *state = &slot_round(s, slot)->state;
    struct writer w = frame_writer(s);
    switch (step) {
    case DUE_SNAPSHOT: return;
    case DUE_QUESTION: tell_ready_made(s, slot, state->question); return;
    case DUE_OPEN: tell_open(s, slot, state); return;
    case DUE_REVEALED: tell_ready_made(s, slot, state->revealed); return;
    case DUE_LEADERBOARD: tell_ready_made(s, slot, state->leaderboard); return;
    case DUE_EXTENDED: frame_write_extended(&w, state->asking, state->limit_ms + slot->allowance_ms); break;
    case DUE_CLOSED: frame_write_asking(&w, "closed", state->asking); break;
    case DUE_VOIDED: frame_write_asking(&w, "voided", state->asking); break;
    case DUE_SCENE: frame_write_scene(&w, state->scene); break;
    case DUE_PAUSE: frame_write_plain(&w, state->is_paused ? "paused" : "resumed"); break;
    case DUE_ROUND: frame_write_round(&w, state); break;
    case DUE_ENDED: frame_write_plain(&w, "ended"); break;
    }
    tell(s, slot, &w);
}

uint32_t tell_due(struct sessions *s, struct slot *slot)
{
    uint32_t sent = 0;
    while (slot->due && slot_is_member(slot) && !slot->is_blocked && !slot->is_closing) {
        if (slot->due & DUE_SNAPSHOT) return sent + tell_state(s, slot);
        unsigned due = slot->due;
        unsigned step = due & (~due + 1u);
        slot->due = (uint16_t)(due & ~step);
        tell_step(s, slot, (enum due)step);
        sent++;
    }
    return sent;
}
