/* Recovery: the engine is brought to where the log ends. For each round that has not ended, then for each that ended
 * within a day and still fits: its participants, controls and answers are stepped in the order of the log.
 *
 * The last standing stands in for the answers of the askings before its own, so that only those of the standing's
 * asking (what it brought to each is not in a standing) and of later ones are read. Then RECOVERED starts the clocks
 * again. */
#include "base/expect.h"
#include "base/log.h"
#include "core/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVER_KEPT_MS (24u * 3600u * 1000u)

struct logged {
    uint64_t seq;
    struct control control;
};

struct recovery {
    struct turn *turn;
    char *message; /* of 256 bytes */
    uint64_t now_ms;
    bool is_fine;
    uint32_t ended[ROUNDS_MAX]; /* the newest rounds that ended within a day, in order of number */
    uint32_t ended_count, rounds_count, participants_count; /* the latter two: loaded */
    /* of the round that is being read */
    uint32_t round;
    struct logged *controls;
    uint32_t controls_count, controls_capacity, controls_next;
    uint16_t unread_asking;   /* opened, its answers not stepped yet; 0: none */
    uint16_t standing_asking; /* answers up to here stand in the loaded standing */
};

static bool note_control(void *context, uint64_t seq, const struct control *control)
{
    struct recovery *recovery = context;
    if (recovery->controls_count == recovery->controls_capacity) {
        uint32_t capacity = recovery->controls_capacity ? 2 * recovery->controls_capacity : 64;
        struct logged *more = realloc(recovery->controls, capacity * sizeof *more);
        if (!more) return recovery->is_fine = false;
        recovery->controls = more;
        recovery->controls_capacity = capacity;
    }
    recovery->controls[recovery->controls_count++] = (struct logged){seq, *control};
    return true;
}

static void step(struct recovery *recovery, struct event *event)
{
    struct turn *turn = recovery->turn;
    event->now_ms = recovery->now_ms;
    engine_step(turn->engine, event, &turn->effects);
    expect(turn->effects.count == 0 || event->kind == EVENT_RECOVERED);
}

static bool load_answer(void *context, const struct answer *answer)
{
    step(context, &(struct event){.kind = EVENT_LOAD_ANSWER, .load_answer = *answer});
    return true;
}

static bool unscore_answer(void *context, const struct answer *answer)
{
    step(context, &(struct event){.kind = EVENT_UNSCORE_ANSWER, .load_answer = *answer});
    return true;
}

static void read_answers(struct recovery *recovery, uint16_t asking, on_answer_fn on_answer)
{
    const struct records *records = recovery->turn->records;
    if (!records->each_answer(records->context, recovery->round, asking, 0, on_answer, recovery))
        recovery->is_fine = false;
}

/* An asking's answers are stepped as late as can be: who gave one may have joined after it opened. */
static void read_unread(struct recovery *recovery)
{
    if (recovery->unread_asking) read_answers(recovery, recovery->unread_asking, load_answer);
    recovery->unread_asking = 0;
}

static bool ends_answering(const struct control *control, uint16_t asking)
{
    if (control->kind == CONTROL_ASKING_SCORED || control->kind == CONTROL_ROUND_ENDED) return true;
    return control->kind == CONTROL_ASKING_VOIDED && control->asking == asking;
}

static void step_control(struct recovery *recovery, const struct control *control)
{
    struct turn *turn = recovery->turn;
    struct book_round *book = book_find(&turn->book, control->round);
    if (control->kind == CONTROL_ASKING_REVEALED && book) book->revealed_asking = control->asking;
    if (ends_answering(control, recovery->unread_asking)) read_unread(recovery);
    step(recovery, &(struct event){.kind = EVENT_CONTROL, .control = *control});
    if (control->kind == CONTROL_ASKING_OPENED && control->asking >= recovery->standing_asking)
        recovery->unread_asking = control->asking;
    uint16_t unscored = engine_needs_unscore(turn->engine, control->round);
    if (!unscored) return;
    read_answers(recovery, unscored, unscore_answer);
    step(recovery,
        &(struct event){.kind = EVENT_UNSCORE_END, .unscore_end = {.round = control->round, .asking = unscored}});
}

static void step_controls_before(struct recovery *recovery, uint64_t seq)
{
    while (recovery->controls_next < recovery->controls_count && recovery->controls[recovery->controls_next].seq < seq)
        step_control(recovery, &recovery->controls[recovery->controls_next++].control);
}

static void load_standing(struct recovery *recovery)
{
    const struct records *records = recovery->turn->records;
    uint8_t *packed = NULL;
    uint32_t count = 0;
    uint16_t asking = 0;
    if (!records->last_standing(records->context, recovery->round, UINT16_MAX, &asking, &packed, &count)) return;
    step(
        recovery, &(struct event){.kind = EVENT_LOAD_STANDING,
                      .load_standing = {.round = recovery->round, .asking = asking, .count = count, .packed = packed}});
    recovery->standing_asking = asking;
    free(packed);
}

static bool load_participant(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE])
{
    struct recovery *recovery = context;
    step_controls_before(recovery, seq);
    struct event event = {.kind = EVENT_LOAD_PARTICIPANT,
        .load_participant = {
            .round = recovery->round, .number = number, .generation = generation, .community = community}};
    memcpy(event.load_participant.nonce, nonce, NONCE_SIZE);
    step(recovery, &event);
    return true;
}

/* ---- one round ---- */

static const struct control *find_end(const struct recovery *recovery)
{
    for (uint32_t i = 0; i < recovery->controls_count; i++)
        if (recovery->controls[i].control.kind == CONTROL_ROUND_ENDED) return &recovery->controls[i].control;
    return NULL;
}

static bool count_participant(void *context, uint64_t seq, uint32_t number, uint32_t generation, uint16_t community,
    const uint8_t nonce[NONCE_SIZE])
{
    (void)seq, (void)number, (void)generation, (void)community, (void)nonce;
    ++*(uint32_t *)context;
    return true;
}

/* Without pushing out what is loaded already. */
static bool fits(struct recovery *recovery)
{
    const struct records *records = recovery->turn->records;
    const struct turn_options *options = &recovery->turn->options;
    uint32_t count = 0, room = options->participants_max - recovery->participants_count;
    if (!records->each_participant(records->context, recovery->round, count_participant, &count)) return false;
    bool has_room = count <= room && recovery->rounds_count < options->rounds_max;
    if (has_room) {
        recovery->participants_count += count;
        recovery->rounds_count++;
    } else {
        snprintf(recovery->message, 256,
            "round %u has %u residents, and there is room for %u and %u more rounds: start with a larger --residents",
            recovery->round, count, room, options->rounds_max - recovery->rounds_count);
    }
    return has_room;
}

static bool load_round(struct recovery *recovery, const struct round_record *record)
{
    struct turn *turn = recovery->turn;
    const struct records *records = turn->records;
    if (!book_add(&turn->book, record) ||
        !engine_round_add(turn->engine, record->round, &record->rules, record->askings, record->askings_count))
        return false;
    load_standing(recovery);
    if (!records->each_participant(records->context, record->round, load_participant, recovery))
        recovery->is_fine = false;
    step_controls_before(recovery, UINT64_MAX);
    read_unread(recovery);
    return recovery->is_fine;
}

static bool read_controls(struct recovery *recovery, uint32_t round)
{
    const struct records *records = recovery->turn->records;
    recovery->round = round;
    recovery->controls_count = recovery->controls_next = 0;
    recovery->standing_asking = recovery->unread_asking = 0;
    if (!records->each_control(records->context, round, note_control, recovery)) recovery->is_fine = false;
    return recovery->is_fine;
}

static void note_ended(struct recovery *recovery, uint32_t round)
{
    if (recovery->ended_count == ROUNDS_MAX) {
        memmove(recovery->ended, recovery->ended + 1, (ROUNDS_MAX - 1) * sizeof *recovery->ended);
        recovery->ended_count--;
    }
    recovery->ended[recovery->ended_count++] = round;
}

/* The first pass: every round that runs must fit. What has ended is noted for the second, or is over. */
static bool load_running(void *context, const struct round_record *record)
{
    struct recovery *recovery = context;
    if (!read_controls(recovery, record->round)) return false;
    const struct control *end = find_end(recovery);
    if (end) book_note_over(&recovery->turn->book, record->code);
    if (end && end->at_ms + OVER_KEPT_MS > recovery->now_ms) note_ended(recovery, record->round);
    if (end || recovery->controls_count == 0) return true;
    recovery->is_fine = fits(recovery) && load_round(recovery, record);
    return recovery->is_fine;
}

/* The second pass, newest first: what ended today is shown on as long as it takes nobody's room. */
static bool load_ended(void *context, const struct round_record *record)
{
    struct recovery *recovery = context;
    if (read_controls(recovery, record->round) && fits(recovery)) recovery->is_fine = load_round(recovery, record);
    return recovery->is_fine;
}

bool turn_recover(struct turn *turn, uint64_t now_ms, char message[256])
{
    const struct records *records = turn->records;
    struct recovery recovery = {.turn = turn, .message = message, .now_ms = now_ms, .is_fine = true};
    turn->now_ms = now_ms;
    snprintf(message, 256, "core.db cannot be read back whole");
    if (!records->each_round(records->context, false, load_running, &recovery)) recovery.is_fine = false;
    while (recovery.is_fine && recovery.ended_count > 0)
        recovery.is_fine =
            records->get_round(records->context, recovery.ended[--recovery.ended_count], load_ended, &recovery) &&
            recovery.is_fine;
    free(recovery.controls);
    if (!recovery.is_fine) return false;

    uint64_t last_ms = records->last_at_ms(records->context);
    turn_step(turn, &(struct event){.kind = EVENT_RECOVERED,
                        .recovered = {.gap_ms = last_ms && last_ms < now_ms ? now_ms - last_ms : 0,
                            .edges_expected = turn->options.edges_expected}});
    return !turn->is_broken;
}
