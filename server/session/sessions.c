/* Role: slots, from a connection's opening to its end, and the channel to the core. Input: what the edge's sockets and
 * bus do. Output: slots ready for the other files. Left to others: frames (browser.c), messages (core.c), time
 * (tick.c). */
#include "session/sessions.h"

#include "base/expect.h"
#include "session/state.h"

#include <stdlib.h>
#include <string.h>

struct sessions *sessions_create(const struct sessions_options *options, const struct sessions_port *port)
{
    struct sessions *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->options = *options;
    s->port = *port;
    s->slots = calloc(options->slots_max, sizeof *s->slots);
    s->free_slots = calloc(options->slots_max, sizeof *s->free_slots);
    s->frame_room = malloc(SESSION_HEAD_ROOM + FRAME_ROOM_SIZE);
    if (!s->slots || !s->free_slots || !s->frame_room) {
        sessions_destroy(s);
        return NULL;
    }
    /* the lowest number is handed out first, so that walks over slots_used stay short */
    for (uint32_t i = 0; i < options->slots_max; i++)
        s->free_slots[i] = options->slots_max - 1 - i;
    s->free_count = options->slots_max;
    return s;
}

void sessions_destroy(struct sessions *s)
{
    if (!s) return;
    for (size_t i = 0; i < ROUNDS_KNOWN_MAX; i++)
        if (s->rounds[i].block) round_forget(s, &s->rounds[i]);
    free(s->slots);
    free(s->free_slots);
    free(s->frame_room);
    free(s);
}

bool sessions_opened(struct sessions *s, uint64_t now_ms, uint32_t *number)
{
    s->now_ms = now_ms;
    if (s->free_count == 0) return false;
    *number = s->free_slots[--s->free_count];
    if (*number >= s->slots_used) s->slots_used = *number + 1;
    struct slot *slot = &s->slots[*number];
    uint32_t generation = slot->generation + 1;
    memset(slot, 0, sizeof *slot);
    slot->generation = generation;
    slot->is_open = true;
    slot->place = PLACE_NONE;
    slot->opened_ms = slot->window_ms = now_ms;
    s->open_count++;
    return true;
}

void sessions_closed(struct sessions *s, uint32_t number, uint64_t now_ms)
{
    s->now_ms = now_ms;
    expect(number < s->options.slots_max);
    struct slot *slot = &s->slots[number];
    expect(slot->is_open);
    round_leave(s, slot, true);
    if (slot->is_blocked) s->blocked_count--;
    slot->is_open = slot->is_blocked = false;
    s->open_count--;
    s->free_slots[s->free_count++] = number;
}

void sessions_written(struct sessions *s, uint32_t number, uint64_t now_ms)
{
    s->now_ms = now_ms;
    expect(number < s->options.slots_max);
    struct slot *slot = &s->slots[number];
    if (!slot->is_open || !slot->is_blocked) return;
    slot->is_blocked = false;
    s->blocked_count--;
    tell_time_again(s, slot);
    tell_due(s, slot);
}

struct slot *slot_of_reply(struct sessions *s, uint32_t number, uint32_t generation)
{
    if (number >= s->options.slots_max) return NULL;
    struct slot *slot = &s->slots[number];
    return slot->is_open && !slot->is_closing && slot->generation == generation ? slot : NULL;
}

void slot_close(struct sessions *s, struct slot *slot, uint16_t code)
{
    if (slot->is_closing) return;
    slot->is_closing = true;
    slot->due = 0;
    call_done(&slot->attach);
    call_done(&slot->request.call);
    s->port.close(s->port.context, slot_number(s, slot), code);
}

void sessions_core_opened(struct sessions *s, uint64_t now_ms)
{
    s->now_ms = now_ms;
    s->is_welcome = false;
    struct edge_hello hello = {
        .version_min = BUS_VERSION_MIN, .version_max = BUS_VERSION, .edge = s->options.edge, .boot = s->options.boot};
    memcpy(hello.secret, s->options.secret, sizeof hello.secret);
    struct writer w = writer_over(s->message_room, sizeof s->message_room);
    edge_hello_encode(&w, &hello);
    s->port.to_core(s->port.context, (struct span){w.data, w.size});
}

void sessions_core_lost(struct sessions *s, uint64_t now_ms)
{
    s->now_ms = now_ms;
    s->is_welcome = false;
    s->shown_count = 0; /* starts are kept in the slots, and told again by RESUME */
}

void sessions_goodbye(struct sessions *s, uint32_t retry_ms)
{
    for (uint32_t i = 0; i < s->slots_used; i++) {
        struct slot *slot = &s->slots[i];
        if (!slot->is_open || slot->is_closing) continue;
        struct writer w = frame_writer(s);
        frame_write_bye(&w, retry_ms);
        if (!slot->is_blocked) tell(s, slot, &w);
        if (slot->is_open) slot_close(s, slot, CLOSE_GOING_AWAY);
    }
}

uint32_t sessions_connected(const struct sessions *s)
{
    return s->open_count;
}
uint32_t sessions_screens(const struct sessions *s)
{
    return s->screens_count;
}
uint32_t sessions_blocked(const struct sessions *s)
{
    return s->blocked_count;
}
