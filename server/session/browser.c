/* Role: what a browser says. Input: text frames with the moment at which they were read. Output: calls to the core, or
 * a refusal at once. Left to others: all that the core decides. */
#include "base/expect.h"
#include "session/state.h"

#include <string.h>

static void refuse(struct sessions *s, struct slot *slot, enum verdict verdict, uint16_t asking)
{
    tell_refused(s, slot, &(struct core_refused){.verdict = verdict, .asking = asking});
}

static void window_turn(struct slot *slot, uint64_t now_ms)
{
    if (now_ms < slot->window_ms + WINDOW_MS) return;
    slot->window_ms = now_ms;
    slot->frames_count = slot->states_count = 0;
}

static bool is_within_limit(struct slot *slot, uint64_t now_ms)
{
    window_turn(slot, now_ms);
    return ++slot->frames_count <= FRAMES_PER_10S_MAX;
}

/* A request of 40 bytes may ask for a state of 10 kB: not as often as it likes. */
static bool takes_state(struct slot *slot)
{
    if (slot->states_count >= STATES_MAX) return false;
    slot->states_count++;
    return true;
}

/* ---- hello ---- */

static enum role role_of(const struct frame *hello)
{
    return hello->is_screen ? ROLE_SCREEN : hello->has_token ? ROLE_RESIDENT : ROLE_LOOKER;
}

static bool is_same_hello(const struct slot *slot, const struct frame *hello)
{
    if (slot->role != role_of(hello) || slot->code != hello->code) return false;
    return slot->role != ROLE_RESIDENT ||
           span_equal((struct span){(const uint8_t *)slot->token, slot->token_size}, span_of_text(hello->token));
}

static void answer_hello(struct sessions *s, struct slot *slot)
{
    slot->is_waiting = !takes_state(slot);
    if (slot->is_waiting) return; /* one answer for all that come until the window is over */
    call_attach(s, slot);
    call_nudge(s, slot);
}

void browser_hello_again(struct sessions *s, struct slot *slot)
{
    if (!slot->is_waiting) return;
    window_turn(slot, s->now_ms);
    answer_hello(s, slot);
}

static void take_hello(struct sessions *s, struct slot *slot, const struct frame *hello)
{
    slot->has_hello = true;
    if (!is_same_hello(slot, hello)) {
        round_leave(s, slot, true);
        call_done(&slot->attach);
        call_done(&slot->request.call);
        slot->role = (uint8_t)role_of(hello);
        slot->code = hello->code;
        slot->token_size = 0;
        if (slot->role == ROLE_RESIDENT) {
            slot->token_size = (uint8_t)strlen(hello->token);
            memcpy(slot->token, hello->token, slot->token_size);
        }
    }
    slot->wants_joined = slot->role == ROLE_RESIDENT;
    slot->wants_state = true;
    answer_hello(s, slot);
}

/* ---- join ---- */

static bool is_same_join(const struct request *request, const struct frame *join)
{
    return request->call.is_due && request->is_join && request->join.community == join->community &&
           memcmp(request->join.nonce, join->nonce, NONCE_SIZE) == 0 &&
           span_equal(
               (struct span){(const uint8_t *)request->join.name, request->join.name_size}, span_of_text(join->name));
}

/* Whoever makes one nonce after another makes participants: a page keeps its nonce, one for each round it enters. */
static bool is_nonce_too_many(struct slot *slot, const struct frame *join)
{
    if (slot->nonces_count > 0 && memcmp(slot->nonce, join->nonce, NONCE_SIZE) == 0) return false;
    if (slot->nonces_count == NONCES_MAX) return true;
    slot->nonces_count++;
    memcpy(slot->nonce, join->nonce, NONCE_SIZE);
    return false;
}

static void take_join(struct sessions *s, struct slot *slot, const struct frame *join)
{
    if (slot->role == ROLE_NONE || slot->role == ROLE_SCREEN) {
        refuse(s, slot, VERDICT_UNKNOWN_CODE, 0); /* no hello has named a round to join */
        return;
    }
    if (is_same_join(&slot->request, join)) {
        call_nudge(s, slot);
        return;
    }
    if (is_nonce_too_many(slot, join)) {
        refuse(s, slot, VERDICT_TOO_MANY_FRAMES, 0);
        return;
    }
    if (!takes_state(slot)) {
        refuse(s, slot, VERDICT_TRY_AGAIN, 0);
        return;
    }
    struct request *request = &slot->request;
    request->is_join = true;
    memcpy(request->join.nonce, join->nonce, NONCE_SIZE);
    request->join.community = join->community;
    request->join.name_size = (uint8_t)strlen(join->name);
    memcpy(request->join.name, join->name, request->join.name_size);
    slot->wants_joined = true;
    call_request(s, slot);
}

/* ---- answer ---- */

static uint16_t credit_of(const struct sessions *s, const struct slot *slot)
{
    uint32_t round_trip_ms = s->port.round_trip_ms(s->port.context, slot_number(s, slot));
    return (uint16_t)(round_trip_ms < CREDIT_MS_MAX ? round_trip_ms : CREDIT_MS_MAX);
}

static uint32_t elapsed_at(const struct slot *slot, uint64_t now_ms)
{
    int64_t elapsed = (int64_t)now_ms - slot->start_ms;
    return elapsed < 0 ? 0 : elapsed >= UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)elapsed;
}

static bool is_same_answer(const struct request *request, const struct frame *answer)
{
    return request->call.is_due && !request->is_join && request->answer.asking == answer->asking &&
           request->answer.choice == answer->choice;
}

/* Open, and not shown to this one yet, on any connection that is known. */
static bool is_before_start(const struct slot *slot, const struct core_round *state, uint16_t asking)
{
    return state->phase == PHASE_OPEN && state->asking == asking && slot->start_asking != asking &&
           slot->answered_asking != asking;
}

/* The first choice that was read counts, also while no core is there to say so: another one goes to the core beside it
 * and not in its place, for the same refusal as later. */
static bool is_other_choice(const struct request *request, const struct frame *answer)
{
    return request->call.is_due && !request->is_join && request->answer.asking == answer->asking &&
           request->answer.choice != answer->choice;
}

static void take_answer(struct sessions *s, struct slot *slot, const struct frame *answer, uint64_t now_ms)
{
    if (!slot_is_resident(slot)) {
        refuse(s, slot, VERDICT_NOT_JOINED, answer->asking);
        return;
    }
    if (answer->asking == 0) {
        refuse(s, slot, VERDICT_WRONG_ASKING, 0);
        return;
    }
    if (is_same_answer(&slot->request, answer)) {
        call_nudge(s, slot);
        return;
    }
    if (is_before_start(slot, &slot_round(s, slot)->state, answer->asking)) {
        refuse(s, slot, VERDICT_TOO_EARLY, answer->asking);
        return;
    }
    bool has_start = slot->start_asking == answer->asking;
    struct request request = {.answer = {.asking = answer->asking,
                                  .choice = answer->choice,
                                  .credit_ms = credit_of(s, slot),
                                  .start_ms = has_start ? slot->start_ms : 0,
                                  .elapsed_ms = has_start ? elapsed_at(slot, now_ms) : UINT32_MAX}};
    if (is_other_choice(&slot->request, answer)) {
        call_beside(s, slot, &request);
        return;
    }
    slot->request = request;
    call_request(s, slot);
}

static void take_ping(struct sessions *s, struct slot *slot)
{
    if (slot->is_blocked) return; /* it is not there to hear */
    struct writer w = frame_writer(s);
    frame_write_plain(&w, "pong");
    tell(s, slot, &w);
}

void sessions_frame(struct sessions *s, uint32_t number, struct span text, uint64_t now_ms)
{
    s->now_ms = now_ms;
    expect(number < s->options.slots_max);
    struct slot *slot = &s->slots[number];
    if (!slot->is_open || slot->is_closing) return;
    if (!is_within_limit(slot, now_ms)) {
        refuse(s, slot, VERDICT_TOO_MANY_FRAMES, 0);
        return;
    }
    struct frame frame;
    enum verdict verdict = frame_read(text, &frame);
    if (verdict != VERDICT_OK) {
        refuse(s, slot, verdict, 0);
        return;
    }
    switch (frame.kind) {
    case FRAME_HELLO: take_hello(s, slot, &frame); return;
    case FRAME_JOIN: take_join(s, slot, &frame); return;
    case FRAME_ANSWER: take_answer(s, slot, &frame, now_ms); return;
    case FRAME_PING: take_ping(s, slot); return;
    }
}
