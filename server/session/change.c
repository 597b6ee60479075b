/* Role: what a round's new state makes due to each of its members. Input: the state, what was known before, the core's
 * word for what changed. Output: due bits, and a walk that tells them. Left to others: making and sending the frames.
 *
 * The word alone is not enough: a core that died may have committed a step and told nobody. So a state that comes
 * without a word is compared with what was known. */
#include "session/state.h"

static const uint16_t due_to_resident[] = {
    [CHANGE_OPENED] = DUE_QUESTION | DUE_OPEN,
    [CHANGE_REOPENED] = DUE_QUESTION | DUE_OPEN,
    [CHANGE_EXTENDED] = DUE_EXTENDED,
    [CHANGE_CLOSE] = DUE_CLOSED,
    [CHANGE_REVEALED] = DUE_REVEALED,
    [CHANGE_VOIDED] = DUE_VOIDED,
    [CHANGE_PAUSED] = DUE_PAUSE,
    [CHANGE_RESUMED] = DUE_PAUSE,
    [CHANGE_ENDED] = DUE_ENDED,
};

static const uint16_t due_to_screen[] = {
    [CHANGE_OPENED] = DUE_QUESTION | DUE_OPEN,
    [CHANGE_REOPENED] = DUE_SNAPSHOT,
    [CHANGE_EXTENDED] = DUE_EXTENDED,
    [CHANGE_CLOSE] = DUE_CLOSED,
    [CHANGE_REVEALED] = DUE_REVEALED | DUE_LEADERBOARD,
    [CHANGE_VOIDED] = DUE_VOIDED,
    [CHANGE_PAUSED] = DUE_PAUSE,
    [CHANGE_RESUMED] = DUE_PAUSE,
    [CHANGE_LOCKED] = DUE_SNAPSHOT, /* a wall must not invite whom the round refuses */
    [CHANGE_NAMES] = DUE_LEADERBOARD,
    [CHANGE_SCENE] = DUE_LEADERBOARD | DUE_SCENE,
    [CHANGE_STANDING] = DUE_LEADERBOARD,
    [CHANGE_ENDED] = DUE_LEADERBOARD | DUE_ENDED,
};

static const uint16_t due_to_looker[] = {
    [CHANGE_LOCKED] = DUE_ROUND,
    [CHANGE_ENDED] = DUE_ENDED,
};

#define BITS(table, change) ((size_t)(change) < sizeof(table) / sizeof(table)[0] ? (table)[change] : 0)

/* The last word that must not be taken as OPENED: what has no frame of its own comes as a snapshot. */
enum told_as { TOLD_BY_WORD, TOLD_AS_OPENED, TOLD_AS_REOPENED, TOLD_AS_SNAPSHOT, TOLD_NOTHING };

/* What the scoring changes is nobody's matter before the reveal: closing or closed, answers are no longer taken. */
static enum phase phase_told(enum phase phase)
{
    return phase == PHASE_CLOSING ? PHASE_CLOSED : phase;
}

static enum told_as compare(const struct core_round *now, const struct core_round *before)
{
    bool is_other_opening = now->asking != before->asking || now->opened_at_ms != before->opened_at_ms;
    if (now->phase == PHASE_OPEN && is_other_opening)
        return now->asking == before->asking ? TOLD_AS_REOPENED : TOLD_AS_OPENED;
    bool is_same = now->asking == before->asking && phase_told(now->phase) == phase_told(before->phase) &&
                   now->scene == before->scene && now->is_paused == before->is_paused &&
                   now->is_locked == before->is_locked && now->is_voided == before->is_voided &&
                   now->is_reopened == before->is_reopened && now->limit_ms == before->limit_ms;
    return is_same ? TOLD_NOTHING : TOLD_AS_SNAPSHOT;
}

static enum told_as judge(const struct round_known *round, const struct core_round *before)
{
    switch (round->state.change) {
    case CHANGE_OPENED: return TOLD_AS_OPENED;
    case CHANGE_REOPENED: return TOLD_AS_REOPENED;
    case CHANGE_NONE: return before ? compare(&round->state, before) : TOLD_NOTHING;
    case CHANGE_EXTENDED:
    case CHANGE_CLOSE:
    case CHANGE_REVEALED:
    case CHANGE_VOIDED:
    case CHANGE_PAUSED:
    case CHANGE_RESUMED:
    case CHANGE_LOCKED:
    case CHANGE_NAMES:
    case CHANGE_SCENE:
    case CHANGE_STANDING:
    case CHANGE_ENDED: return TOLD_BY_WORD;
    }
    return TOLD_NOTHING;
}

static uint16_t snapshot_of(const struct slot *slot, const struct core_round *state)
{
    if (slot->role != ROLE_LOOKER) return DUE_SNAPSHOT;
    return state->phase == PHASE_ENDED ? DUE_ENDED : DUE_ROUND;
}

static uint16_t bits_for(const struct slot *slot, const struct core_round *state, enum told_as told)
{
    enum change change = told == TOLD_AS_OPENED     ? CHANGE_OPENED
                         : told == TOLD_AS_REOPENED ? CHANGE_REOPENED
                                                    : state->change;
    if (told == TOLD_NOTHING) return 0;
    if (told == TOLD_AS_SNAPSHOT) return snapshot_of(slot, state);
    /* an earlier asking was voided: what concerns anybody comes as the new standing */
    if (change == CHANGE_VOIDED && !state->is_voided) return 0;
    if (slot->role == ROLE_RESIDENT) {
        bool has_answered = told == TOLD_AS_REOPENED && slot->answered_asking == state->asking;
        return has_answered ? 0 : BITS(due_to_resident, change);
    }
    return slot->role == ROLE_SCREEN ? BITS(due_to_screen, change) : BITS(due_to_looker, change);
}

/* What is due already and what comes to it. Who has not even seen the opening when the next step comes gets the whole
 * state; so does who is blocked and missed something. A new opening makes old news void. */
static void add_due(struct slot *slot, uint16_t bits)
{
    if (bits == 0 || slot->due & DUE_SNAPSHOT) return;
    if (bits & (DUE_SNAPSHOT | DUE_OPEN))
        slot->due = bits;
    else if (slot->due & DUE_OPEN && bits & DUE_EXTENDED)
        return; /* the opening will carry the new limit */
    else if (slot->due & DUE_OPEN || (slot->is_blocked && slot->due))
        slot->due = DUE_SNAPSHOT;
    else
        slot->due |= bits;
}

/* A new clock for all, or for those who have no answer recorded. */
static void forget_start(struct slot *slot, const struct core_round *state, enum told_as told)
{
    if (told != TOLD_AS_OPENED && told != TOLD_AS_REOPENED) return;
    if (told == TOLD_AS_REOPENED && slot->answered_asking == state->asking) return;
    if (told == TOLD_AS_REOPENED) slot->start_asking = 0;
    slot->opening_asking = 0;
    slot->allowance_ms = 0;
}

void round_change(struct sessions *s, struct round_known *round, const struct core_round *before)
{
    const struct core_round *state = &round->state;
    enum told_as told = judge(round, before);
    for (uint32_t i = 0; i < round->members_count; i++) {
        struct slot *slot = &s->slots[round->members[i]];
        forget_start(slot, state, told);
        add_due(slot, bits_for(slot, state, told));
    }
    if (state->phase == PHASE_CLOSING) {
        round->is_drain_due = true;
        round->drain_asking = state->asking;
        round->drain_ms = s->now_ms;
    }
    if (told == TOLD_AS_OPENED || told == TOLD_AS_REOPENED) round_shuffle(s, round);
    round->is_opening = state->phase == PHASE_OPEN && (told != TOLD_BY_WORD || round->is_opening);
    walk_begin(round);
}
