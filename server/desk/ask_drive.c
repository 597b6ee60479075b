/* Role: the requests of whoever drives a round. Input: a page's request. Output: a control for the core, or why not.
 * Leaves to others: whether the round is in a phase for it, which only the core knows for sure. */
#include "desk/inside.h"
#include "model/text.h"

/* The round, where this connection holds its lease and it still runs; NULL: refused already, for bad fields too. */
static struct desk_round *driven(struct desk *desk, struct request *request)
{
    uint32_t number = (uint32_t)field_number(&request->fields, "round", 1, UINT32_MAX);
    uint64_t watcher = request->watcher->id;
    if (!fields_are_fine(&request->fields)) {
        reply_field(desk, watcher, request->id, request->fields.fault);
        return NULL;
    }
    struct desk_round *round = desk_round_find(desk, number);
    const struct core_status *status = round ? desk_round_status(round) : NULL;
    const char *refused = NULL;
    if (!desk->link.is_up)
        refused = "core_away";
    else if (!status)
        refused = "unknown_round";
    else if (status->phase == PHASE_ENDED)
        refused = "round_over";
    else if (!lease_is_of(&round->lease, watcher))
        refused = "lease_needed";
    if (!refused) return round;
    reply_error(desk, watcher, request->id, refused, NULL);
    return NULL;
}

static struct control control_of(const struct request *request, const struct desk_round *round, enum control_kind kind)
{
    return (struct control){
        .kind = kind, .round = round->round, .participant = PARTICIPANT_NONE, .actor = request->watcher->account};
}

/* A control about the round as a whole. */
static void drive(struct desk *desk, struct request *request, enum control_kind kind, uint32_t value)
{
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    struct control control = control_of(request, round, kind);
    control.value = value;
    command_core(desk, request, &control);
}

/* A control about the current asking. */
static void drive_asking(struct desk *desk, struct request *request, enum control_kind kind, uint32_t value)
{
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    struct control control = control_of(request, round, kind);
    control.asking = desk_round_status(round)->asking;
    control.value = value;
    if (control.asking == 0)
        reply_error(desk, request->watcher->id, request->id, "wrong_phase", NULL);
    else
        command_core(desk, request, &control);
}

static void open_next(struct desk *desk, struct request *request, bool is_first)
{
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    const struct core_status *status = desk_round_status(round);
    struct control control = control_of(request, round, CONTROL_ASKING_OPENED);
    control.asking = (uint16_t)(status->asking + 1);
    if ((status->asking == 0) != is_first || control.asking > status->askings_count)
        reply_error(desk, request->watcher->id, request->id, "wrong_phase", NULL);
    else
        command_core(desk, request, &control);
}

void ask_start(struct desk *desk, struct request *request)
{
    open_next(desk, request, true);
}

void ask_next(struct desk *desk, struct request *request)
{
    open_next(desk, request, false);
}

void ask_close(struct desk *desk, struct request *request)
{
    drive_asking(desk, request, CONTROL_ASKING_CLOSED, 1);
}

void ask_extend(struct desk *desk, struct request *request)
{
    uint32_t ms = (uint32_t)field_number(&request->fields, "ms", 1000, LIMIT_MS_MAX);
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    const struct core_status *status = desk_round_status(round);
    if (status->phase != PHASE_OPEN) {
        reply_error(desk, request->watcher->id, request->id, "wrong_phase", NULL);
        return;
    }
    if (status->limit_ms + ms > LIMIT_MS_MAX) {
        reply_field(desk, request->watcher->id, request->id, "ms");
        return;
    }
    struct control control = control_of(request, round, CONTROL_ASKING_EXTENDED);
    control.asking = status->asking;
    control.value = status->limit_ms + ms;
    command_core(desk, request, &control);
}

void ask_reveal(struct desk *desk, struct request *request)
{
    drive_asking(desk, request, CONTROL_ASKING_REVEALED, 0);
}

void ask_scene(struct desk *desk, struct request *request)
{
    int scene = field_word_or(&request->fields, "show", scene_words, -1);
    if (scene < 0) field_fault(&request->fields, "show");
    drive(desk, request, CONTROL_SCENE, (uint32_t)scene);
}

void ask_pause(struct desk *desk, struct request *request)
{
    drive(desk, request, CONTROL_PAUSED, 0);
}

void ask_resume(struct desk *desk, struct request *request)
{
    drive(desk, request, CONTROL_RESUMED, 0);
}

void ask_void(struct desk *desk, struct request *request)
{
    uint16_t asking = (uint16_t)field_number(&request->fields, "asking", 1, ASKINGS_MAX);
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    struct control control = control_of(request, round, CONTROL_ASKING_VOIDED);
    control.asking = asking;
    if (asking > desk_round_status(round)->asking)
        reply_field(desk, request->watcher->id, request->id, "asking");
    else
        command_core(desk, request, &control);
}

void ask_lock(struct desk *desk, struct request *request)
{
    bool locked = field_bool(&request->fields, "locked");
    drive(desk, request, CONTROL_LOCKED, locked);
}

void ask_hide_names(struct desk *desk, struct request *request)
{
    bool hidden = field_bool(&request->fields, "hidden");
    drive(desk, request, CONTROL_NAMES_HIDDEN, hidden);
}

void ask_pace(struct desk *desk, struct request *request)
{
    bool is_auto = field_bool(&request->fields, "auto");
    drive(desk, request, CONTROL_PACE, is_auto);
}

void ask_end(struct desk *desk, struct request *request)
{
    drive(desk, request, CONTROL_ROUND_ENDED, 0);
}

void ask_remove(struct desk *desk, struct request *request)
{
    uint32_t participant = (uint32_t)field_number(&request->fields, "participant", 0, PARTICIPANTS_MAX - 1);
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    struct control control = control_of(request, round, CONTROL_REMOVED);
    control.participant = participant;
    command_core(desk, request, &control);
}

/* An empty name takes the name away: 居民028 is shown then. */
void ask_rename(struct desk *desk, struct request *request)
{
    char name[4 * NAME_CHARS_MAX + 1];
    uint32_t participant = (uint32_t)field_number(&request->fields, "participant", 0, PARTICIPANTS_MAX - 1);
    if (!json_object_get(request->fields.object, "name")) field_fault(&request->fields, "name");
    field_text(&request->fields, "name", NAME_CHARS_MAX, false, name);
    struct desk_round *round = driven(desk, request);
    if (!round) return;
    struct control control = control_of(request, round, CONTROL_RENAMED);
    control.participant = participant;
    command_rename(desk, request, &control, span_of_text(name));
}
