/* Looking at the engine: rounds, participants, standings, for the core's snapshots and the desk. In: numbers; out:
 * copies. Nothing here changes anything. What may be told to whom is the caller's matter, but for `is_out`, which hides
 * a knockout until its asking has been revealed. */
#include "engine/output.h"
#include "engine/participants.h"
#include "engine/pending.h"
#include "engine/rounds.h"
#include "engine/score.h"
#include "engine/starts.h"

#include <string.h>

static void view_asking(const struct engine *engine, const struct round *round, struct round_view *view)
{
    if (round->asking == 0) return;
    view->is_reopened = bit_is_set(round->reopened, round->asking);
    view->is_voided = bit_is_set(round->voided, round->asking);
    view->opened_at_ms = round->opened_at_ms;
    view->reading_ms = asking_of(engine, round, round->asking)->reading_ms;
    view->limit_ms = round->limit_ms;
    view->can_extend = round->phase == PHASE_OPEN && round->limit_ms < LIMIT_MS_MAX &&
                       engine->now_ms < starts_first_end_ms(engine, round);
    view->fanout_ms = (uint32_t)(round->last_shown_ms - round->opened_at_ms);
}

bool engine_round_view(const struct engine *engine, uint32_t number, struct round_view *view)
{
    const struct round *round = rounds_find(engine, number);
    if (!round) return false;
    *view = (struct round_view){.round = number,
        .phase = round->phase,
        .is_paused = round->is_paused,
        .is_auto = round->is_auto,
        .is_locked = round->is_locked,
        .are_names_hidden = round->are_names_hidden,
        .scene = round->scene,
        .asking = round->asking,
        .askings_count = round->askings_count,
        .people = round->tally.people,
        .connected = round->tally.connected,
        .awaiting = round->tally.awaited,
        .answered = round->tally.answered,
        .right = round->tally.right,
        .edges = round->edges,
        .scored = round->scored,
        .is_standing_public = rounds_standing_is_public(round)};
    memcpy(view->counts, round->tally.counts, sizeof view->counts);
    memcpy(view->voided, round->voided, sizeof view->voided);
    memcpy(view->reopened, round->reopened, sizeof view->reopened);
    view_asking(engine, round, view);
    return true;
}

bool engine_round_at(const struct engine *engine, uint32_t index, uint32_t *number)
{
    for (uint32_t place = 0; place < engine->limits.rounds_max; place++) {
        if (!engine->rounds[place].is_used || index-- > 0) continue;
        *number = engine->rounds[place].number;
        return true;
    }
    return false;
}

const struct rules *engine_rules(const struct engine *engine, uint32_t number)
{
    const struct round *round = rounds_find(engine, number);
    return round ? &round->rules : NULL;
}

const struct asking_rules *engine_asking_rules(const struct engine *engine, uint32_t number, uint16_t asking)
{
    const struct round *round = rounds_find(engine, number);
    bool is_there = round && asking >= 1 && asking <= round->askings_count;
    return is_there ? asking_of(engine, round, asking) : NULL;
}

static bool is_out_shown(const struct round *round, const struct participant *p)
{
    return p->out_at != 0 && (p->out_at < round->scored || rounds_standing_is_public(round));
}

bool engine_participant_view(
    const struct engine *engine, uint32_t number, uint32_t participant, struct participant_view *view)
{
    const struct round *round = rounds_find(engine, number);
    const struct participant *p = round ? participants_get(engine, round, participant) : NULL;
    if (!p || !(p->flags & (PARTICIPANT_JOINED | PARTICIPANT_PENDING))) return false;
    *view = (struct participant_view){.number = participant,
        .generation = p->generation,
        .community = p->community,
        .is_removed = has_flag(p, PARTICIPANT_REMOVED),
        .is_out = is_out_shown(round, p),
        .is_attached = has_flag(p, PARTICIPANT_ATTACHED),
        .is_pending = has_flag(p, PARTICIPANT_PENDING),
        .attach = participant_attach(p),
        .points = p->points,
        .ticks = p->ticks,
        .rank = p->rank,
        .rights = p->rights,
        .out_at = p->out_at,
        .gained = p->gained,
        .has_answer = has_flag(p, PARTICIPANT_ANSWERED),
        .allowance_ms = p->allowance_ms};
    if (view->has_answer) view->answer = answer_of(round, participant, p);
    view->has_start = phase_has_asking(round->phase) && starts_get(round, p, &view->start_ms);
    return true;
}

uint32_t engine_participants_count(const struct engine *engine, uint32_t number)
{
    const struct round *round = rounds_find(engine, number);
    return round ? round->participants_count : 0;
}

uint32_t engine_standing_count(const struct engine *engine, uint32_t number)
{
    const struct round *round = rounds_find(engine, number);
    return round ? score_count(engine, round) : 0;
}

bool engine_standing_at(const struct engine *engine, uint32_t number, uint32_t index, struct standing_entry *entry)
{
    const struct round *round = rounds_find(engine, number);
    if (!round || index >= score_count(engine, round)) return false;
    *entry = score_entry(engine, round, index);
    return true;
}

void engine_standing(const struct engine *engine, uint32_t number, uint8_t *out)
{
    const struct round *round = rounds_find(engine, number);
    uint32_t count = round ? score_count(engine, round) : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct standing_entry entry = score_entry(engine, round, i);
        standing_pack(&entry, 1, out + (size_t)i * STANDING_ENTRY_SIZE);
    }
}
