/* Role: one resident's part in the round: docs/protocol.md from the browser's side. Input: frames, its moment to
 * answer. Output: frames, and what is counted. Leaves to others: connections and time (crowd.c). */
#include "rehearse/crowd.h"

#include "base/clock.h"
#include "base/expect.h"
#include "protocol/json_put.h"

#include <string.h>

#define AGAIN_MS       300 /* after try_again */
#define BACK_MS        500 /* a phone that lost its network */
#define PROVE_FOR_EACH 1   /* ms between two who come back to compare, in one process */

static bool say(struct crowd *crowd, uint32_t index, const struct writer *w)
{
    expect(w->ok);
    if (wire_say(&crowd->residents[index].wire, &crowd->wires, (struct span){w->data, w->size})) return true;
    crowd->tally->dropped++;
    crowd_come_back(crowd, index, BACK_MS);
    return false;
}

void resident_opened(struct crowd *crowd, uint32_t index)
{
    uint8_t room[256];
    struct writer w = writer_over(room, sizeof room);
    struct resident *resident = &crowd->residents[index];
    json_begin(&w, "hello");
    json_put_string(&w, "round", crowd->options->code);
    if (resident->token[0]) json_put_string(&w, "token", resident->token);
    json_close(&w, '}');
    say(crowd, index, &w);
}

/* ---- reading ---- */

static uint64_t number_of(const json_t *frame, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(frame, key));
    return value > 0 ? (uint64_t)value : 0;
}

static const char *text_of(const json_t *frame, const char *key)
{
    const char *text = json_string_value(json_object_get(frame, key));
    return text ? text : "";
}

/* FNV-1a: enough to notice that a receipt is another one. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 1099511628211u;
    return hash;
}

static enum verdict verdict_of(const char *name)
{
    for (int i = 1; i < VERDICTS; i++) {
        if (strcmp(name, verdict_name((enum verdict)i)) == 0) return (enum verdict)i;
    }
    return VERDICT_BAD_FRAME;
}

static struct asking_tally *asking_tally(struct crowd *crowd, uint16_t asking)
{
    expect(asking <= ASKINGS_MAX);
    return &crowd->tally->askings[asking];
}

/* 0 where the server says what cannot be. */
static uint16_t asking_of(const json_t *frame)
{
    uint64_t asking = number_of(frame, "asking");
    return asking > ASKINGS_MAX ? 0 : (uint16_t)asking;
}

/* ---- joining ---- */

static void spell_nonce(const uint8_t nonce[NONCE_SIZE], char text[23])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < 22; i++) {
        int bit = i * 6;
        uint32_t pair = (uint32_t)nonce[bit / 8] << 8 | (bit / 8 + 1 < NONCE_SIZE ? nonce[bit / 8 + 1] : 0);
        text[i] = letters[pair >> (10 - bit % 8) & 63];
    }
    text[22] = 0;
}

static void hear_round(struct crowd *crowd, uint32_t index, const json_t *frame)
{
    struct resident *resident = &crowd->residents[index];
    if (resident->token[0]) return;
    uint8_t room[256];
    char nonce[23];
    struct writer w = writer_over(room, sizeof room);
    size_t communities = json_array_size(json_object_get(frame, "communities"));
    spell_nonce(resident->nonce, nonce);
    json_begin(&w, "join");
    json_put_string(&w, "nonce", nonce);
    if (strcmp(text_of(frame, "names"), "required") == 0) json_put_string(&w, "name", "演练");
    if (communities > 0) json_put_number(&w, "community", (crowd->first + index) % communities);
    json_close(&w, '}');
    say(crowd, index, &w);
}

static void hear_joined(struct crowd *crowd, struct resident *resident, const json_t *frame)
{
    const char *token = text_of(frame, "token");
    if (resident->stage != STAGE_AWAY || strlen(token) > TOKEN_TEXT_MAX) return;
    memcpy(resident->token, token, strlen(token) + 1);
    resident->stage = STAGE_PLAYING;
    resident->tries = 0;
    crowd->tally->joined++;
    crowd->tally->last_joined_us = clock_monotonic_us();
}

/* ---- answering ---- */

static choice_set choose(struct crowd *crowd)
{
    const struct asking_facts *facts = &crowd->facts;
    if (!facts->is_multiple) return (choice_set)(1u << random_below(&crowd->random, facts->options));
    return (choice_set)(1 + random_below(&crowd->random, (1u << facts->options) - 1));
}

static void learn_question(struct crowd *crowd, const json_t *question)
{
    uint16_t asking = asking_of(question);
    size_t options = json_array_size(json_object_get(question, "options"));
    if (asking == crowd->facts.asking || options < 1 || options > OPTIONS_MAX) return;
    const char *kind = text_of(question, "kind");
    crowd->facts =
        (struct asking_facts){asking, (uint8_t)options, strcmp(kind, "multiple") == 0, strcmp(kind, "poll") == 0};
}

static void begin_asking(struct resident *resident, uint16_t asking)
{
    if (resident->asking == asking) return;
    bool is_reveal_missed = resident->answer == ANSWER_ACKNOWLEDGED && resident->revealed_asking != resident->asking;
    bool is_fate_unknown = resident->answer == ANSWER_SENT;
    if (is_reveal_missed || is_fate_unknown) resident->is_uncounted = true;
    resident->asking = asking;
    resident->answer = ANSWER_NONE;
    resident->cut = CUT_NONE;
    resident->was_cut = false;
}

static void hear_question(struct crowd *crowd, struct resident *resident, const json_t *frame)
{
    uint16_t asking = asking_of(frame);
    learn_question(crowd, frame);
    if (asking == 0 || resident->asking == asking) return;
    begin_asking(resident, asking);
    struct asking_tally *tally = asking_tally(crowd, asking);
    tally->shown++;
    histogram_add(&tally->question, since_first(&crowd->shared->first_question_us[asking], clock_monotonic_us()));
}

static void plan_answer(struct crowd *crowd, uint32_t index, const json_t *open)
{
    struct resident *resident = &crowd->residents[index];
    bool is_ours = asking_of(open) == resident->asking && crowd->facts.asking == resident->asking;
    if (!is_ours || resident->answer != ANSWER_NONE) return;
    const struct rehearse_options *options = crowd->options;
    uint64_t reading_ms = number_of(open, "reading_ms"), elapsed_ms = number_of(open, "elapsed_ms");
    uint64_t wait_ms = reading_ms > elapsed_ms ? reading_ms - elapsed_ms + 20 : 0;
    uint32_t think_ms =
        options->think_min_ms + random_below(&crowd->random, options->think_max_ms - options->think_min_ms + 1);
    resident->choice = choose(crowd);
    resident->answer = ANSWER_PLANNED;
    if (random_below(&crowd->random, 100) < options->drop_per_cent)
        resident->cut = random_below(&crowd->random, 2) ? CUT_BEFORE : CUT_AFTER;
    timers_set(crowd->timers, index, clock_monotonic_ms() + wait_ms + think_ms);
}

static void cut_off(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    resident->cut = CUT_NONE;
    resident->was_cut = true;
    crowd->tally->cut++;
    crowd_come_back(crowd, index, BACK_MS + random_below(&crowd->random, BACK_MS));
}

void resident_due(struct crowd *crowd, uint32_t index)
{
    struct resident *resident = &crowd->residents[index];
    if (resident->answer != ANSWER_PLANNED && resident->answer != ANSWER_SENT) return;
    if (resident->cut == CUT_BEFORE) {
        cut_off(crowd, index);
        return;
    }
    struct asking_tally *tally = asking_tally(crowd, resident->asking);
    if (resident->answer == ANSWER_SENT) {
        tally->sent_again++;
    } else {
        resident->answer = ANSWER_SENT;
        resident->sent_us = clock_monotonic_us();
        tally->sent++;
        crowd->tally->answers_sent++;
        if (!tally->first_sent_us) tally->first_sent_us = resident->sent_us;
    }
    uint8_t room[128];
    struct writer w = writer_over(room, sizeof room);
    json_begin(&w, "answer");
    json_put_number(&w, "asking", resident->asking);
    json_put_number(&w, "choice", resident->choice);
    json_close(&w, '}');
    if (say(crowd, index, &w) && resident->cut == CUT_AFTER) cut_off(crowd, index);
}

/* A receipt for the asking at hand, however it came. */
static void take_receipt(struct crowd *crowd, struct resident *resident, const json_t *holder)
{
    uint64_t receipt = hash_of(text_of(json_object_get(holder, "receipt"), "code"));
    bool is_other_choice = number_of(holder, "choice") != resident->choice;
    if (resident->answer == ANSWER_ACKNOWLEDGED) {
        if (is_other_choice || receipt != resident->receipt) crowd->tally->proof.changed++;
        return;
    }
    if (resident->answer != ANSWER_SENT) {
        crowd->tally->proof.changed++; /* recorded what was never sent, or what was refused */
        return;
    }
    uint64_t now_us = clock_monotonic_us();
    struct asking_tally *tally = asking_tally(crowd, resident->asking);
    resident->answer = ANSWER_ACKNOWLEDGED;
    resident->receipt = receipt;
    tally->acknowledged++;
    tally->last_acknowledged_us = now_us;
    crowd->tally->answers_acknowledged++;
    crowd->tally->proof.receipts++;
    if (is_other_choice) crowd->tally->proof.changed++;
    if (!resident->was_cut) histogram_add(&tally->acknowledge, now_us - resident->sent_us);
}

static void refuse_answer(struct crowd *crowd, uint32_t index, enum verdict verdict, const json_t *frame)
{
    struct resident *resident = &crowd->residents[index];
    if (asking_of(frame) != resident->asking || resident->answer != ANSWER_SENT) return;
    if (verdict == VERDICT_ALREADY_ANSWERED) {
        take_receipt(crowd, resident, frame);
        return;
    }
    if (verdict == VERDICT_TRY_AGAIN || verdict == VERDICT_TOO_EARLY) {
        timers_set(crowd->timers, index, clock_monotonic_ms() + AGAIN_MS);
        return;
    }
    asking_tally(crowd, resident->asking)->refused[verdict]++;
    resident->answer = ANSWER_REFUSED;
}

static void hear_refused(struct crowd *crowd, uint32_t index, const json_t *frame)
{
    struct resident *resident = &crowd->residents[index];
    enum verdict verdict = verdict_of(text_of(frame, "verdict"));
    if (json_object_get(frame, "asking")) {
        refuse_answer(crowd, index, verdict, frame);
    } else if (verdict == VERDICT_TRY_AGAIN) {
        crowd_come_back(crowd, index, AGAIN_MS);
    } else {
        if (resident->stage == STAGE_PROVING)
            crowd->tally->proof.reread_failed++;
        else
            crowd->tally->refused[verdict]++;
        crowd_done(crowd, index);
    }
}

/* ---- reveals and standings ---- */

static void hear_revealed(struct crowd *crowd, struct resident *resident, const json_t *frame)
{
    uint16_t asking = asking_of(frame);
    if (asking == 0 || asking != resident->asking || resident->revealed_asking == asking) return;
    resident->revealed_asking = asking;
    bool is_right =
        resident->answer == ANSWER_ACKNOWLEDGED && !crowd->facts.is_poll && number_of(frame, "key") == resident->choice;
    if (is_right) resident->rights++;
    if (resident->answer == ANSWER_SENT) resident->is_uncounted = true; /* recorded or not: nobody said */
    asking_tally(crowd, asking)->server_answered = (uint32_t)number_of(frame, "answered");
    since_first(&crowd->shared->first_reveal_us[asking], clock_monotonic_us());
}

static void check_standing(struct crowd *crowd, struct resident *resident, const json_t *standing)
{
    bool is_checkable = !resident->is_uncounted && !crowd->is_any_voided && resident->asking > 0 &&
                        asking_of(standing) == resident->asking && resident->revealed_asking == resident->asking;
    if (!is_checkable) return;
    crowd->tally->proof.rights_checked++;
    if (number_of(standing, "rights") != resident->rights) crowd->tally->proof.rights_wrong++;
}

static void hear_standing(struct crowd *crowd, struct resident *resident, const json_t *frame)
{
    uint16_t asking = asking_of(frame);
    check_standing(crowd, resident, frame);
    bool is_first = asking > 0 && resident->revealed_asking == asking && resident->standing_asking != asking &&
                    json_is_integer(json_object_get(frame, "gained"));
    if (!is_first) return;
    resident->standing_asking = asking;
    histogram_add(&asking_tally(crowd, asking)->reveal,
        since_first(&crowd->shared->first_reveal_us[asking], clock_monotonic_us()));
}

/* ---- the whole state ---- */

static void compare_answer(struct crowd *crowd, struct resident *resident, const json_t *snapshot)
{
    const json_t *answer = json_object_get(snapshot, "answer");
    bool has_receipt = resident->answer == ANSWER_ACKNOWLEDGED;
    if (has_receipt) crowd->tally->proof.reread++;
    if (has_receipt && !answer) {
        resident->answer = ANSWER_LOST;
        crowd->tally->proof.lost++;
    }
    if (answer) take_receipt(crowd, resident, answer);
}

static void hear_snapshot(struct crowd *crowd, uint32_t index, const json_t *frame)
{
    struct resident *resident = &crowd->residents[index];
    const char *phase = text_of(frame, "phase");
    const json_t *question = json_object_get(frame, "question");
    uint16_t asking = asking_of(frame);
    uint32_t people = (uint32_t)number_of(frame, "people");
    if (people > crowd->shared->people_max) crowd->shared->people_max = people;
    resident->tries = 0;
    if (question) learn_question(crowd, question);
    if (json_is_true(json_object_get(frame, "voided"))) crowd->is_any_voided = true;
    if (asking > 0) {
        begin_asking(resident, asking);
        compare_answer(crowd, resident, frame);
    }
    const json_t *revealed = json_object_get(frame, "revealed");
    if (revealed) hear_revealed(crowd, resident, revealed);
    const json_t *standing = json_object_get(frame, "standing");
    if (standing && revealed) check_standing(crowd, resident, standing);
    if (strcmp(phase, "ended") == 0) {
        crowd_done(crowd, index);
        return;
    }
    if (strcmp(phase, "open") != 0) return;
    if (resident->answer == ANSWER_NONE)
        plan_answer(crowd, index, json_object_get(frame, "open"));
    else if (resident->answer == ANSWER_SENT || resident->answer == ANSWER_PLANNED)
        timers_set(crowd->timers, index, clock_monotonic_ms()); /* what the lost connection kept from going */
}

/* Whoever has not tapped by now cannot any more. */
static void hear_closed(struct crowd *crowd, uint32_t index, const json_t *frame)
{
    struct resident *resident = &crowd->residents[index];
    if (asking_of(frame) != resident->asking || resident->answer != ANSWER_PLANNED) return;
    resident->answer = ANSWER_NONE;
    timers_clear(crowd->timers, index);
}

static void hear_ended(struct crowd *crowd, uint32_t index)
{
    crowd->residents[index].stage = STAGE_PROVING;
    crowd_come_back(crowd, index, random_below(&crowd->random, crowd->count * PROVE_FOR_EACH + 1));
}

void resident_heard(struct crowd *crowd, uint32_t index, struct span text)
{
    struct resident *resident = &crowd->residents[index];
    json_t *frame = crowd_parse(crowd, text);
    const char *type = text_of(frame, "type");
    if (!frame)
        crowd->tally->broken++;
    else if (strcmp(type, "round") == 0)
        hear_round(crowd, index, frame);
    else if (strcmp(type, "joined") == 0)
        hear_joined(crowd, resident, frame);
    else if (strcmp(type, "snapshot") == 0)
        hear_snapshot(crowd, index, frame);
    else if (strcmp(type, "question") == 0)
        hear_question(crowd, resident, frame);
    else if (strcmp(type, "open") == 0)
        plan_answer(crowd, index, frame);
    else if (strcmp(type, "recorded") == 0 && asking_of(frame) == resident->asking)
        take_receipt(crowd, resident, frame);
    else if (strcmp(type, "refused") == 0)
        hear_refused(crowd, index, frame);
    else if (strcmp(type, "closed") == 0)
        hear_closed(crowd, index, frame);
    else if (strcmp(type, "revealed") == 0)
        hear_revealed(crowd, resident, frame);
    else if (strcmp(type, "standing") == 0)
        hear_standing(crowd, resident, frame);
    else if (strcmp(type, "voided") == 0)
        crowd->is_any_voided = true;
    else if (strcmp(type, "ended") == 0)
        hear_ended(crowd, index);
    else if (strcmp(type, "bye") == 0)
        crowd_come_back(crowd, index, (uint32_t)(number_of(frame, "retry_ms") % 60000));
    json_decref(frame);
}
