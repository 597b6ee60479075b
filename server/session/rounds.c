/* Role: the table of rounds that this edge knows, and who belongs to each. Input: states from the core, slots coming
 * and going. Output: copies that outlive the message, dense lists of members. Left to others: what anybody is told.
 *
 * A round's block holds its texts and its frames; before each frame stand SESSION_HEAD_ROOM bytes that the transport
 * may write over. */
#include "base/expect.h"
#include "base/random.h"
#include "session/state.h"

#include <stdlib.h>
#include <string.h>

struct round_known *round_find(struct sessions *s, uint32_t round)
{
    for (size_t i = 0; i < ROUNDS_KNOWN_MAX; i++)
        if (s->rounds[i].block && s->rounds[i].state.round == round) return &s->rounds[i];
    return NULL;
}

void round_forget(struct sessions *s, struct round_known *round)
{
    while (round->members_count > 0)
        round_leave(s, &s->slots[round->members[round->members_count - 1]], false);
    walk_drop_pieces(s, round);
    free(round->members);
    free(round->block);
    *round = (struct round_known){0};
}

/* A free place, or that of a round which is over: an empty one first. */
static struct round_known *place_for_new(struct sessions *s)
{
    struct round_known *ended = NULL;
    for (size_t i = 0; i < ROUNDS_KNOWN_MAX; i++) {
        struct round_known *round = &s->rounds[i];
        if (!round->block) return round;
        bool is_better = round->state.phase == PHASE_ENDED && (!ended || round->members_count < ended->members_count);
        if (is_better) ended = round;
    }
    if (ended) round_forget(s, ended);
    return ended;
}

static void copy_span(uint8_t **at, struct span *bytes, size_t head_room)
{
    *at += head_room;
    if (bytes->size) memcpy(*at, bytes->data, bytes->size);
    bytes->data = *at;
    *at += bytes->size;
}

static void copy_state(struct round_known *round, const struct core_round *state)
{
    size_t size = state->title.size + state->unit.size + state->communities.size + state->question.size +
                  state->revealed.size + state->leaderboard.size + (size_t)3 * SESSION_HEAD_ROOM + 1;
    uint8_t *block = malloc(size);
    expect(block);
    uint8_t *at = block;
    round->state = *state;
    copy_span(&at, &round->state.title, 0);
    copy_span(&at, &round->state.unit, 0);
    copy_span(&at, &round->state.communities, 0);
    copy_span(&at, &round->state.question, SESSION_HEAD_ROOM);
    copy_span(&at, &round->state.revealed, SESSION_HEAD_ROOM);
    copy_span(&at, &round->state.leaderboard, SESSION_HEAD_ROOM);
    free(round->block);
    round->block = block;
}

struct round_known *round_learn(
    struct sessions *s, const struct core_round *state, struct core_round *before, bool *was_known)
{
    struct round_known *round = round_find(s, state->round);
    *was_known = round != NULL;
    if (!round) round = place_for_new(s);
    if (!round) return NULL;
    *before = round->state;
    copy_state(round, state);
    /* only numbers of what was known are compared; its texts are gone */
    before->title = before->unit = before->communities = (struct span){NULL, 0};
    before->question = before->revealed = before->leaderboard = (struct span){NULL, 0};
    return round;
}

static void make_room(struct round_known *round)
{
    if (round->members_count < round->members_capacity) return;
    round->members_capacity = round->members_capacity ? 2 * round->members_capacity : 16;
    round->members = realloc(round->members, round->members_capacity * sizeof *round->members);
    expect(round->members);
}

void round_join(struct sessions *s, struct round_known *round, struct slot *slot)
{
    expect(!slot_is_member(slot));
    make_room(round);
    slot->place = (uint16_t)(round - s->rounds);
    slot->member = round->members_count;
    round->members[round->members_count++] = slot_number(s, slot);
    if (slot->role == ROLE_SCREEN) s->screens_count++;
}

/* The last member takes the place that is left. A walk goes down from the end, so that whoever moves was visited
 * already, or has yet to be. */
static void remove_member(struct sessions *s, struct round_known *round, uint32_t index)
{
    uint32_t last = --round->members_count;
    if (round->walk_left > last) round->walk_left = last;
    if (index == last) return;
    round->members[index] = round->members[last];
    s->slots[round->members[index]].member = index;
}

void round_leave(struct sessions *s, struct slot *slot, bool tells_core)
{
    if (!slot_is_member(slot)) return;
    if (tells_core && slot->role == ROLE_RESIDENT)
        call_detach(s, &(struct edge_detach){.slot = slot_number(s, slot),
                           .generation = slot->generation,
                           .round = slot_round(s, slot)->state.round,
                           .participant = slot->participant});
    if (slot->role == ROLE_SCREEN) s->screens_count--;
    remove_member(s, slot_round(s, slot), slot->member);
    slot->place = PLACE_NONE;
    slot->due = 0;
    slot->start_asking = slot->opening_asking = slot->answered_asking = slot->standing_asking = 0;
    slot->allowance_ms = 0;
    if (!slot->request.is_join) call_done(&slot->request.call); /* an answer belongs to who it was in that round */
}

void round_shuffle(struct sessions *s, struct round_known *round)
{
    struct random random = random_from_seed(s->options.seed ^ round->state.shuffle_seed);
    for (uint32_t i = round->members_count; i > 1; i--) {
        uint32_t k = random_below(&random, i);
        uint32_t swapped = round->members[i - 1];
        round->members[i - 1] = round->members[k];
        round->members[k] = swapped;
    }
    for (uint32_t i = 0; i < round->members_count; i++)
        s->slots[round->members[i]].member = i;
}
