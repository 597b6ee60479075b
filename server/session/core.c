/* Role: what the core says. Input: messages. Output: changed slots and rounds, frames. Left to others: the walk that
 * tells a round's change. A reply whose slot has been used again since is dropped. */
#include "session/state.h"

#include <string.h>

static bool take_welcome(struct sessions *s, struct span message)
{
    struct core_welcome welcome;
    if (!core_welcome_decode(message, &welcome)) return false;
    if (welcome.version < BUS_VERSION_MIN || welcome.version > BUS_VERSION) return false;
    if (welcome.term < s->term) return true; /* a core that has been replaced: nothing is said to it */
    s->term = welcome.term;
    s->offset_ms = welcome.clock_offset_ms;
    s->is_welcome = true;
    calls_again(s);
    return true;
}

static bool take_round(struct sessions *s, struct span message)
{
    struct core_round state, before;
    bool was_known;
    if (!core_round_decode(message, &state)) return false;
    struct round_known *round = round_learn(s, &state, &before, &was_known);
    if (!round) return false; /* more rounds than can run */
    round_change(s, round, was_known ? &before : NULL);
    return true;
}

static bool take_picture(struct sessions *s, struct span message)
{
    struct core_picture picture;
    if (!core_picture_decode(message, &picture)) return false;
    s->port.picture(s->port.context, picture.name, picture.bytes);
    return true;
}

static bool take_count(struct sessions *s, struct span message)
{
    struct core_count count;
    if (!core_count_decode(message, &count)) return false;
    struct round_known *round = round_find(s, count.round);
    if (!round || round->state.people == count.people) return true;
    round->state.people = count.people;
    s->has_count_changed = true;
    return true;
}

/* ---- looked ---- */

static void enter(struct sessions *s, struct slot *slot, struct round_known *round)
{
    if (slot_is_member(slot) && slot_round(s, slot) != round) round_leave(s, slot, true);
    if (!slot_is_member(slot)) round_join(s, round, slot);
}

static bool take_looked(struct sessions *s, struct span message)
{
    struct core_looked looked;
    if (!core_looked_decode(message, &looked)) return false;
    struct slot *slot = slot_of_reply(s, looked.slot, looked.generation);
    struct round_known *round = round_find(s, looked.round);
    if (!slot || !round || round->state.code != slot->code) return true;
    if (slot->role != ROLE_LOOKER && slot->role != ROLE_SCREEN) return true;
    call_done(&slot->attach);
    if (slot->role == ROLE_LOOKER && round->state.phase == PHASE_ENDED) { /* nothing to come in to */
        slot->wants_state = false;
        tell_refused(s, slot, &(struct core_refused){.verdict = VERDICT_ROUND_OVER});
        return true;
    }
    enter(s, slot, round);
    if (slot->wants_state) slot->due = DUE_SNAPSHOT;
    slot->wants_state = false;
    tell_due(s, slot);
    return true;
}

/* ---- attached ---- */

static bool is_wanted(const struct slot *slot, const struct round_known *round)
{
    bool is_joining = slot->request.call.is_due && slot->request.is_join;
    return round->state.code == slot->code && (slot->role == ROLE_RESIDENT || is_joining);
}

static void detach(struct sessions *s, const struct core_attached *attached)
{
    call_detach(s, &(struct edge_detach){attached->slot, attached->generation, attached->round, attached->participant});
}

/* Of two starts the earlier is the truth: one was told here, the other may be on a connection before this one. */
static void take_start(struct sessions *s, struct slot *slot, const struct core_attached *attached)
{
    uint16_t asking = slot_round(s, slot)->state.asking;
    if (asking == 0 || attached->start_asking != asking) return;
    int64_t start_ms = (int64_t)attached->start_ms - s->offset_ms;
    if (slot->start_asking == asking && slot->start_ms <= start_ms) return;
    if (slot->start_asking == asking) slot->due = DUE_SNAPSHOT; /* the page counts from a later one */
    slot->start_asking = asking;
    slot->start_ms = start_ms;
}

static void take_own(struct sessions *s, struct slot *slot, const struct core_attached *attached)
{
    const struct core_round *state = &slot_round(s, slot)->state;
    slot->participant = attached->participant;
    slot->token_size = (uint8_t)attached->token.size;
    if (attached->token.size) memcpy(slot->token, attached->token.data, attached->token.size);
    take_start(s, slot, attached);
    if (attached->has_answer) slot->answered_asking = attached->answer_asking;
    bool is_other_limit = slot->allowance_ms != attached->allowance_ms && state->phase == PHASE_OPEN;
    bool is_other_standing = slot->standing_asking != attached->standing.asking;
    if (is_other_limit || is_other_standing) slot->due = DUE_SNAPSHOT;
    slot->allowance_ms = attached->allowance_ms;
    slot->standing_asking = attached->standing.asking;
}

static void tell_attached(struct sessions *s, struct slot *slot, const struct core_attached *attached)
{
    if (slot->is_blocked) {
        if (slot->wants_joined || slot->wants_state) slot->due = DUE_SNAPSHOT;
        return; /* it will ask again when it can be told */
    }
    bool is_due = slot->wants_state || slot->wants_joined || slot->due & DUE_SNAPSHOT;
    if (slot->wants_joined) {
        struct writer w = frame_writer(s);
        frame_write_joined(&w, attached);
        tell(s, slot, &w);
    }
    slot->wants_joined = slot->wants_state = false;
    if (is_due && !slot->is_closing) tell_snapshot(s, slot, attached);
}

static bool take_attached(struct sessions *s, struct span message)
{
    struct core_attached attached;
    if (!core_attached_decode(message, &attached)) return false;
    struct slot *slot = slot_of_reply(s, attached.slot, attached.generation);
    struct round_known *round = round_find(s, attached.round);
    if (!slot || !round || !is_wanted(slot, round)) {
        detach(s, &attached); /* it left before it had come in */
        return true;
    }
    call_done(&slot->attach);
    if (slot->request.is_join) call_done(&slot->request.call);
    bool is_another = slot->role != ROLE_RESIDENT || slot->participant != attached.participant;
    if (is_another) round_leave(s, slot, true);
    slot->role = ROLE_RESIDENT;
    enter(s, slot, round);
    take_own(s, slot, &attached);
    tell_attached(s, slot, &attached);
    slot_start_unread(s, slot);
    return true;
}

/* ---- answers to answers ---- */

static void answer_done(struct slot *slot, uint16_t asking)
{
    if (!slot->request.is_join && slot->request.answer.asking == asking) call_done(&slot->request.call);
}

static bool take_recorded(struct sessions *s, struct span message)
{
    struct core_recorded recorded;
    if (!core_recorded_decode(message, &recorded)) return false;
    struct slot *slot = slot_of_reply(s, recorded.slot, recorded.generation);
    if (!slot || !slot_is_resident(slot)) return true;
    answer_done(slot, recorded.asking);
    slot->answered_asking = recorded.asking;
    struct writer w = frame_writer(s);
    frame_write_recorded(&w, &recorded);
    tell(s, slot, &w);
    return true;
}

/* A refusal that names no asking concerns how the browser came in, or puts it out. */
static void refuse_attach(struct sessions *s, struct slot *slot, enum verdict verdict)
{
    if (slot->request.is_join) call_done(&slot->request.call);
    bool is_out = slot->attach.is_due || verdict == VERDICT_REMOVED || verdict == VERDICT_NEWER_CONNECTION;
    if (!is_out) return;
    round_leave(s, slot, false); /* the core holds it attached no more */
    slot->role = ROLE_NONE;
    slot->wants_joined = slot->wants_state = false;
    call_done(&slot->attach);
    call_done(&slot->request.call);
}

static bool take_refused(struct sessions *s, struct span message)
{
    struct core_refused refused;
    if (!core_refused_decode(message, &refused)) return false;
    struct slot *slot = slot_of_reply(s, refused.slot, refused.generation);
    if (!slot) return true;
    bool is_kept = refused.asking == 0 && refused.verdict == VERDICT_TRY_AGAIN && slot_is_member(slot) &&
                   slot->attach.is_due && !slot->wants_joined;
    if (is_kept) { /* our own RESUME: it goes again by itself, nobody asked for it */
        slot->attach.is_repeated = false;
        slot->attach.sent_ms = s->now_ms;
        return true;
    }
    if (refused.asking)
        answer_done(slot, refused.asking);
    else
        refuse_attach(s, slot, refused.verdict);
    if (refused.has_first) slot->answered_asking = refused.asking;
    tell_refused(s, slot, &refused);
    return true;
}

static bool take_renamed(struct sessions *s, struct span message)
{
    struct core_renamed renamed;
    if (!core_renamed_decode(message, &renamed)) return false;
    struct slot *slot = slot_of_reply(s, renamed.slot, renamed.generation);
    if (!slot || !slot_is_resident(slot)) return true;
    struct writer w = frame_writer(s);
    frame_write_renamed(&w, renamed.name);
    tell(s, slot, &w);
    return true;
}

bool sessions_core_message(struct sessions *s, struct span message, uint64_t now_ms)
{
    s->now_ms = now_ms;
    uint16_t kind = message_kind(message);
    if (kind == CORE_WELCOME) return take_welcome(s, message);
    if (!s->is_welcome) return true;
    switch (kind) {
    case CORE_ROUND: return take_round(s, message);
    case CORE_PICTURE: return take_picture(s, message);
    case CORE_LOOKED: return take_looked(s, message);
    case CORE_ATTACHED: return take_attached(s, message);
    case CORE_RECORDED: return take_recorded(s, message);
    case CORE_REFUSED: return take_refused(s, message);
    case CORE_STANDINGS: return walk_keep_piece(s, message);
    case CORE_RENAMED: return take_renamed(s, message);
    case CORE_COUNT: return take_count(s, message);
    default: return true; /* a newer core's word */
    }
}
