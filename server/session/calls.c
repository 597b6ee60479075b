/* Role: what a slot asks of the core, until it is answered. Input: slots, the core coming and going. Output: LOOK,
 * RESUME, JOIN, ANSWER, DETACH. Left to others: what the answers mean.
 *
 * A call waits while no core is there. It goes to one core, again to at most two later ones, and is then refused, so
 * that no request can kill the core for ever; to a core that is there but silent it goes once more after REPEAT_MS. */
#include "session/state.h"

#include <string.h>

void call_send(struct sessions *s, const struct writer *w)
{
    if (w->ok) s->port.to_core(s->port.context, (struct span){w->data, w->size});
}

static struct writer message_writer(struct sessions *s)
{
    return writer_over(s->message_room, sizeof s->message_room);
}

void call_detach(struct sessions *s, const struct edge_detach *detach)
{
    if (!s->is_welcome) return; /* a core that comes learns only of those who are still there */
    struct writer w = message_writer(s);
    edge_detach_encode(&w, detach);
    call_send(s, &w);
}

void call_done(struct call *call)
{
    *call = (struct call){0};
}

/* ---- LOOK and RESUME ---- */

static void write_resume(struct sessions *s, struct writer *w, const struct slot *slot)
{
    struct edge_resume resume = {.slot = slot_number(s, slot),
        .generation = slot->generation,
        .code = slot->code,
        .token = {(const uint8_t *)slot->token, slot->token_size},
        .is_same_connection = slot_is_member(slot)};
    if (slot_is_member(slot) && slot->start_asking) {
        resume.start_asking = slot->start_asking;
        resume.start_ms = engine_ms(s, slot->start_ms);
        if (slot_round(s, slot)->state.asking == slot->start_asking) resume.allowance_ms = slot->allowance_ms;
    }
    edge_resume_encode(w, &resume);
}

static void send_attach(struct sessions *s, struct slot *slot)
{
    struct writer w = message_writer(s);
    if (slot->role == ROLE_RESIDENT)
        write_resume(s, &w, slot);
    else
        edge_look_encode(&w, &(struct edge_look){slot_number(s, slot), slot->generation, slot->code});
    slot->attach.sent_ms = s->now_ms;
    call_send(s, &w);
}

void call_attach(struct sessions *s, struct slot *slot)
{
    if (slot->attach.is_due) return;
    slot->attach = (struct call){.is_due = true, .sends = s->is_welcome};
    if (s->is_welcome) send_attach(s, slot);
}

/* ---- JOIN and ANSWER ---- */

static void write_join(struct sessions *s, struct writer *w, const struct slot *slot)
{
    const struct request *request = &slot->request;
    struct edge_join join = {.slot = slot_number(s, slot),
        .generation = slot->generation,
        .code = slot->code,
        .community = request->join.community,
        .name = {(const uint8_t *)request->join.name, request->join.name_size}};
    memcpy(join.nonce, request->join.nonce, NONCE_SIZE);
    edge_join_encode(w, &join);
}

static void write_answer(struct sessions *s, struct writer *w, const struct slot *slot, const struct request *request)
{
    bool has_start = request->answer.elapsed_ms != UINT32_MAX;
    struct edge_answer answer = {.slot = slot_number(s, slot),
        .generation = slot->generation,
        .round = slot_round(s, slot)->state.round,
        .participant = slot->participant,
        .asking = request->answer.asking,
        .choice = request->answer.choice,
        .start_ms = has_start ? engine_ms(s, request->answer.start_ms) : 0,
        .elapsed_ms = request->answer.elapsed_ms,
        .credit_ms = request->answer.credit_ms};
    edge_answer_encode(w, &answer);
}

static void send_request(struct sessions *s, struct slot *slot)
{
    if (!slot->request.is_join && !slot_is_resident(slot)) {
        call_done(&slot->request.call); /* it has left the round in which it answered */
        return;
    }
    struct writer w = message_writer(s);
    if (slot->request.is_join)
        write_join(s, &w, slot);
    else
        write_answer(s, &w, slot, &slot->request);
    slot->request.call.sent_ms = s->now_ms;
    call_send(s, &w);
}

void call_request(struct sessions *s, struct slot *slot)
{
    slot->request.call = (struct call){.is_due = true, .sends = s->is_welcome};
    if (s->is_welcome) send_request(s, slot);
}

void call_beside(struct sessions *s, struct slot *slot, const struct request *request)
{
    if (!s->is_welcome) return;
    struct writer w = message_writer(s);
    write_answer(s, &w, slot, request);
    call_send(s, &w);
}

/* ---- again ---- */

static void attach_again(struct sessions *s, struct slot *slot)
{
    if (!slot->attach.is_due && !slot_is_member(slot)) return;
    if (!slot->attach.is_due) slot->attach = (struct call){.is_due = true};
    if (slot->attach.sends == SENDS_MAX) {
        tell_refused(s, slot, &(struct core_refused){.verdict = VERDICT_TRY_AGAIN});
        if (slot->is_open) slot_close(s, slot, CLOSE_TRY_LATER);
        return;
    }
    slot->attach.sends++;
    slot->attach.is_repeated = false;
    send_attach(s, slot);
}

static void request_again(struct sessions *s, struct slot *slot)
{
    struct call *call = &slot->request.call;
    if (!call->is_due) return;
    if (call->sends == SENDS_MAX) {
        uint16_t asking = slot->request.is_join ? 0 : slot->request.answer.asking;
        call_done(call);
        tell_refused(s, slot, &(struct core_refused){.verdict = VERDICT_TRY_AGAIN, .asking = asking});
        return;
    }
    call->sends++;
    call->is_repeated = false;
    send_request(s, slot);
}

/* All attachments before all requests: the core must know who asks. */
void calls_again(struct sessions *s)
{
    for (uint32_t i = 0; i < s->slots_used; i++)
        if (s->slots[i].is_open && !s->slots[i].is_closing) attach_again(s, &s->slots[i]);
    for (uint32_t i = 0; i < s->slots_used; i++)
        if (s->slots[i].is_open && !s->slots[i].is_closing) request_again(s, &s->slots[i]);
}

static bool is_overdue(const struct sessions *s, const struct call *call)
{
    return call->is_due && call->sends > 0 && !call->is_repeated && s->now_ms >= call->sent_ms + REPEAT_MS;
}

void call_repeat(struct sessions *s, struct slot *slot)
{
    if (!s->is_welcome) return;
    if (is_overdue(s, &slot->attach)) {
        slot->attach.is_repeated = true;
        send_attach(s, slot);
    }
    if (is_overdue(s, &slot->request.call)) {
        slot->request.call.is_repeated = true;
        send_request(s, slot);
    }
}

void call_nudge(struct sessions *s, struct slot *slot)
{
    slot->attach.is_repeated = slot->request.call.is_repeated = false;
    call_repeat(s, slot);
}
