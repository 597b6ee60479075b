/* The invariants, watched from outside: what residents were told against what is durable, and against the world's own
 * clock.
 *
 *   told recorded, or joined           is in the durable rows, equal
 *   a durable answer                   is there once, was read by an edge, its time is the true one and inside the
 * limit refused as late or passed          was not read in time before the close the standing equals the recount of the
 * durable rows
 *
 * "Sure" is a participant whose clock nothing disturbed in that asking: no process died, no channel of the bus broke,
 * no phone was swapped with an answer under way, and who was there when it opened. For the others the rules grant
 * allowances, and only the bounds are checked. */
#include "simulation/world.h"

#include <stdio.h>
#include <string.h>

#define REPORT_MS_MAX 2000 /* from an edge to the core, which takes its messages as chance will have it */

static uint32_t credit_of(const struct resident *resident)
{
    return resident->round_trip_ms < CREDIT_MS_MAX ? resident->round_trip_ms : CREDIT_MS_MAX;
}

/* The true time of a reading after reading time and credit. */
static int64_t true_elapsed(const struct world *world, const struct resident *resident, uint16_t asking, uint64_t at_ms)
{
    return (int64_t)at_ms - (int64_t)resident->first_shown[asking] - world->rules.reading_ms - credit_of(resident);
}

static int participant_of(const struct world *world, const struct resident *resident)
{
    for (uint32_t i = 0; i < world->memory->rows_durable; i++) {
        const struct memory_row *row = &world->memory->rows[i];
        char nonce[NONCE_SIZE];
        if (row->kind != ROW_JOIN) continue;
        memcpy(nonce, row->join.nonce, NONCE_SIZE);
        if (memcmp(nonce, resident->nonce_bytes, NONCE_SIZE) == 0) return (int)row->join.number;
    }
    return -1;
}

/* ---- frames as they leave and enter the edges ---- */

static void told_recorded(struct world *world, const struct resident *resident, const char *text)
{
    int participant = participant_of(world, resident);
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    const struct answer *answer =
        participant < 0 ? NULL : memory_find_answer(world->memory, world->round, asking, (uint32_t)participant);
    world->recorded_frames++;
    if (!answer)
        world_fail(world, "told recorded, but asking %u of participant %d is not durable", asking, participant);
    else if (answer->choice != frame_number(text, "choice", -1))
        world_fail(world, "told another choice than the one that is durable");
}

static bool was_read_in_time(const struct world *world, const struct resident *resident, uint16_t asking)
{
    for (int i = 0; i < resident->readings_count[asking]; i++) {
        uint64_t at_ms = resident->readings[asking][i].at_ms;
        int64_t elapsed = true_elapsed(world, resident, asking, at_ms);
        bool is_before_close = !world->closed_at_ms[asking] || at_ms <= world->closed_at_ms[asking];
        if (elapsed >= 0 && elapsed <= world->limit_ms[asking] && is_before_close) return true;
    }
    return false;
}

static void look_at_rows(struct world *world);

static void told_refused(struct world *world, struct resident *resident, const char *text)
{
    char verdict[32] = "";
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    frame_text(text, "verdict", verdict, sizeof verdict);
    if (asking == 0 || asking > WORLD_ASKINGS) return;
    /* What was refused for another reason may be late when it is tried again. */
    if (strcmp(verdict, "try_again") == 0 || strcmp(verdict, "knocked_out") == 0)
        resident->is_start_unsure[asking] = true;
    bool is_too_late = strcmp(verdict, "late") == 0 || strcmp(verdict, "wrong_asking") == 0;
    if (!is_too_late || resident->is_start_unsure[asking]) return;
    look_at_rows(world); /* the asking may have become void in this very step */
    if (was_read_in_time(world, resident, asking))
        world_fail(world, "resident %d hears %s, but an answer to asking %u was read in time",
            (int)(resident - world->residents), verdict, asking);
}

static void shown(struct world *world, struct resident *resident, uint16_t asking, bool is_late_comer)
{
    if (asking == 0 || asking > WORLD_ASKINGS || resident->first_shown[asking]) return;
    resident->first_shown[asking] = world->now_ms;
    world_trace(world, "resident %d is shown asking %u", (int)(resident - world->residents), asking);
    if (is_late_comer) resident->is_start_unsure[asking] = true; /* starts at the end of the fan-out */
}

static void read_by_edge(struct world *world, struct resident *resident, const char *text)
{
    uint16_t asking = (uint16_t)frame_number(text, "asking", 0);
    int *count = &resident->readings_count[asking];
    world_trace(world, "resident %d says %s", (int)(resident - world->residents), text);
    if (*count == READINGS_MAX) return;
    resident->readings[asking][(*count)++] =
        (struct reading){.at_ms = world->now_ms, .choice = (unsigned)frame_number(text, "choice", 0)};
}

/* The clock runs from when the opening is handed over; whether the reader takes it is the reader's own matter. */
void check_handed_over(struct world *world, int index, const char *text)
{
    struct resident *resident = &world->residents[index];
    /* Whose connection changed while the asking opened may come to it late: the clock began at the end of the fan-out.
     */
    if (frame_is(text, "open"))
        shown(world, resident, (uint16_t)frame_number(text, "asking", 0), frame_number(text, "elapsed_ms", 0) > 0);
    uint16_t asking = frame_is(text, "snapshot") ? (uint16_t)frame_number(text, "open.asking", 0) : 0;
    if (asking == 0 || asking > WORLD_ASKINGS) return;
    /* It is on a second edge already, which may be quicker with the answer than the first one with its report. */
    uint64_t since_ms = world->now_ms - resident->first_shown[asking];
    bool is_unreported = since_ms < REPORT_MS_MAX && (uint64_t)frame_number(text, "open.elapsed_ms", 0) < since_ms;
    if (resident->first_shown[asking] && is_unreported) resident->is_start_unsure[asking] = true;
    shown(world, resident, asking, true);
}

void check_frame(struct world *world, int index, const char *text)
{
    struct resident *resident = &world->residents[index];
    if (frame_is(text, "recorded")) told_recorded(world, resident, text);
    if (frame_is(text, "joined") && participant_of(world, resident) < 0)
        world_fail(world, "told joined, but the participant is not durable");
    check_handed_over(world, index, text);
    if (frame_is(text, "refused")) told_refused(world, resident, text);
    if (frame_is(text, "answer")) read_by_edge(world, resident, text);
}

/* ---- rows as they become durable ---- */

static struct resident *resident_of(struct world *world, uint32_t participant)
{
    for (int i = 0; i < RESIDENTS; i++)
        if (participant_of(world, &world->residents[i]) == (int)participant) return &world->residents[i];
    return NULL;
}

static void answer_is_durable(struct world *world, const struct answer *answer)
{
    struct resident *resident = resident_of(world, answer->participant);
    if (!resident) {
        world_fail(world, "an answer of a participant that nobody is");
        return;
    }
    uint16_t asking = answer->asking;
    if (answer->elapsed_ms > world->limit_ms[asking] + OUTAGE_MS_MAX) world_fail(world, "a late answer was accepted");
    bool was_sent = false, is_true = false;
    for (int i = 0; i < resident->readings_count[asking]; i++) {
        if (resident->readings[asking][i].choice != answer->choice) continue;
        int64_t elapsed = true_elapsed(world, resident, asking, resident->readings[asking][i].at_ms);
        was_sent = true;
        if ((elapsed < 0 ? 0 : elapsed) == answer->elapsed_ms) is_true = true;
    }
    if (resident->is_start_unsure[asking]) return;
    if (!was_sent) world_fail(world, "an answer nobody sent was recorded");
    if (answer->elapsed_ms > world->limit_ms[asking]) world_fail(world, "a late answer was accepted");
    if (!is_true)
        world_fail(world, "asking %u, resident %d: %u ms recorded, but true is %lld", asking,
            (int)(resident - world->residents), answer->elapsed_ms,
            (long long)true_elapsed(world, resident, asking, resident->readings[asking][0].at_ms));
}

static void control_is_durable(struct world *world, const struct control *control)
{
    uint16_t asking = control->asking;
    world_trace(world, "durable: control %d asking %u value %u", control->kind, asking, control->value);
    if (control->kind == CONTROL_ASKING_OPENED) {
        world->asking_now = asking;
        world->limit_ms[asking] = world->askings[asking - 1].limit_ms;
    }
    if (control->kind == CONTROL_ASKING_EXTENDED) world->limit_ms[asking] = control->value;
    if (control->kind == CONTROL_ASKING_CLOSED) world->closed_at_ms[asking] = control->at_ms - CLOCK_OFFSET;
    /* An answer on its way to a void asking is told so, however early it was read. */
    if (control->kind == CONTROL_ASKING_VOIDED) world->closed_at_ms[asking] = 1;
    if (control->kind == CONTROL_ASKING_REOPENED)
        for (int i = 0; i < RESIDENTS; i++)
            world->residents[i].is_start_unsure[asking] = true;
    if (control->kind == CONTROL_ASKING_SCORED || control->kind == CONTROL_ASKING_VOIDED ||
        control->kind == CONTROL_REMOVED)
        world->is_standing_to_check = true;
}

static void look_at_rows(struct world *world)
{
    if (world->memory->has_doubled) world_fail(world, "an answer or a participant stands in the records twice");
    for (; world->rows_seen < world->memory->rows_durable; world->rows_seen++) {
        const struct memory_row *row = &world->memory->rows[world->rows_seen];
        if (row->kind == ROW_ANSWER) answer_is_durable(world, &row->answer);
        if (row->kind == ROW_CONTROL) control_is_durable(world, &row->control);
    }
}

void check_reveals(struct world *world)
{
    for (; world->reveals_seen < world->memory->rows_durable; world->reveals_seen++) {
        const struct memory_row *row = &world->memory->rows[world->reveals_seen];
        if (row->kind == ROW_CONTROL && row->control.kind == CONTROL_ASKING_REVEALED)
            world->hash_at_reveal[row->control.asking] = world->edge_bytes_hash;
    }
}

void check_step(struct world *world)
{
    char why[200] = "";
    look_at_rows(world);
    if (!world->is_standing_to_check || !world->is_core_up) return;
    world->is_standing_to_check = false;
    if (!recount_agrees(world, why, sizeof why)) world_fail(world, "%s", why);
}

void check_hurt(struct world *world)
{
    look_at_rows(world);
    for (int i = 0; i < RESIDENTS; i++)
        world->residents[i].is_start_unsure[world->asking_now] = true;
    world->is_standing_to_check = true; /* what comes back must agree too */
}

void check_end(struct world *world)
{
    if (!world_is_over(world)) {
        world_fail(world, "the round did not end after the faults were over");
        return;
    }
    for (int i = 0; i < RESIDENTS; i++) {
        const struct resident *resident = &world->residents[i];
        int participant = participant_of(world, resident);
        for (uint16_t asking = 1; asking <= WORLD_ASKINGS; asking++) {
            if (!resident->recorded[asking]) continue;
            const struct answer *answer =
                memory_find_answer(world->memory, world->round, asking, (uint32_t)participant);
            if (!answer || answer->choice != resident->recorded[asking])
                world_fail(world, "resident %d holds a receipt for an answer that is not there", i);
        }
    }
    char why[200] = "";
    if (!recount_agrees(world, why, sizeof why)) world_fail(world, "at the end: %s", why);
}
