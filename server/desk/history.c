/* Role: fold a round's log into the status that the core would tell. Input: a record, its facts in order. Output: a
 * status without the numbers that are counted elsewhere. */
#include "desk/history.h"

struct core_status history_of_record(const struct round_record *record)
{
    return (struct core_status){.round = record->round,
        .code = record->code,
        .phase = PHASE_LOBBY,
        .is_auto = record->rules.is_auto,
        .askings_count = record->askings_count};
}

static void mark(uint64_t set[4], uint16_t asking)
{
    if (asking < 256) set[asking / 64] |= (uint64_t)1 << asking % 64;
}

bool history_is_voided(const struct core_status *status, uint16_t asking)
{
    return asking < 256 && status->voided[asking / 64] >> asking % 64 & 1;
}

static void open_asking(struct core_status *status, uint16_t asking, const struct asking_rules *askings)
{
    if (asking < 1 || asking > status->askings_count) return;
    status->phase = PHASE_OPEN;
    status->asking = asking;
    status->scene = SCENE_QUESTION;
    status->reading_ms = askings[asking - 1].reading_ms;
    status->limit_ms = askings[asking - 1].limit_ms;
}

void history_fold(
    struct core_status *status, const struct control *control, const struct asking_rules *askings, uint32_t *removed)
{
    switch (control->kind) {
    case CONTROL_ROUND_OPENED: break;
    case CONTROL_ASKING_OPENED: open_asking(status, control->asking, askings); break;
    case CONTROL_ASKING_EXTENDED: status->limit_ms = control->value; break;
    case CONTROL_ASKING_CLOSED: status->phase = PHASE_CLOSING; break;
    case CONTROL_ASKING_SCORED: status->phase = PHASE_CLOSED; break;
    case CONTROL_ASKING_REVEALED: status->phase = PHASE_REVEALED; break;
    case CONTROL_ASKING_VOIDED: mark(status->voided, control->asking); break;
    case CONTROL_ASKING_REOPENED:
        mark(status->reopened, control->asking);
        status->phase = PHASE_OPEN;
        break;
    case CONTROL_PAUSED: status->is_paused = true; break;
    case CONTROL_RESUMED: status->is_paused = false; break;
    case CONTROL_LOCKED: status->is_locked = control->value == 1; break;
    case CONTROL_NAMES_HIDDEN: status->are_names_hidden = control->value == 1; break;
    case CONTROL_PACE: status->is_auto = control->value == 1; break;
    case CONTROL_REMOVED: ++*removed; break;
    case CONTROL_RENAMED: break;
    case CONTROL_SCENE: status->scene = control->value == SCENE_LEADERBOARD ? SCENE_LEADERBOARD : SCENE_QUESTION; break;
    case CONTROL_ROUND_ENDED:
        status->phase = PHASE_ENDED;
        status->is_paused = false;
        break;
    }
}
