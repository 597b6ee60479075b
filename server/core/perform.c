/* Effects: what the engine asked for is appended, sent or noted. Nothing here decides. */
#include "base/expect.h"
#include "core/state.h"

#include <stdlib.h>
#include <string.h>

void turn_send(struct turn *turn, uint8_t edge, const struct writer *w)
{
    expect(w->ok);
    struct peer *peer = turn->edges[edge].peer;
    if (!peer) return; /* it died: its residents will come back and ask again */
    (void)bus_send(peer->channel, (struct span){w->data, w->size});
}

/* ---- to one browser ---- */

static void send_refused(struct turn *turn, struct attach attach, const struct core_refused *refused)
{
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_refused_encode(&w, refused);
    turn_send(turn, attach.edge, &w);
}

void turn_refuse(struct turn *turn, struct attach attach, enum verdict verdict)
{
    send_refused(
        turn, attach, &(struct core_refused){.slot = attach.slot, .generation = attach.generation, .verdict = verdict});
}

static void refused(struct turn *turn, const struct effect *effect)
{
    char code[RECEIPT_TEXT_SIZE] = "";
    struct core_refused message = {.slot = effect->refused.attach.slot,
        .generation = effect->refused.attach.generation,
        .verdict = effect->refused.verdict,
        .asking = effect->refused.asking,
        .has_first = effect->refused.has_first};
    if (message.has_first) {
        receipt_write(turn->options.token_key, &effect->refused.first, code);
        message.choice = effect->refused.first.choice;
        message.elapsed_ms = effect->refused.first.elapsed_ms;
        message.credit_ms = effect->refused.first.credit_ms;
    }
    message.receipt = span_of_text(code);
    send_refused(turn, effect->refused.attach, &message);
}

static void recorded(struct turn *turn, const struct effect *effect)
{
    const struct answer *answer = &effect->recorded.answer;
    char code[RECEIPT_TEXT_SIZE];
    receipt_write(turn->options.token_key, answer, code);
    struct core_recorded message = {.slot = effect->recorded.attach.slot,
        .generation = effect->recorded.attach.generation,
        .asking = answer->asking,
        .choice = answer->choice,
        .elapsed_ms = answer->elapsed_ms,
        .credit_ms = answer->credit_ms,
        .receipt = span_of_text(code)};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_recorded_encode(&w, &message);
    turn_send(turn, effect->recorded.attach.edge, &w);
    turn->answers_total++;
}

static void own_name(struct turn *turn, uint32_t round, uint32_t participant, char shown[NAME_SHOWN_SIZE])
{
    char name[4 * NAME_CHARS_MAX + 1] = "";
    (void)turn->records->get_name(turn->records->context, round, participant, name);
    name_shown(span_of_text(name), participant, false, shown);
}

static void attached(struct turn *turn, const struct effect *effect)
{
    uint32_t round = effect->attached.round;
    struct attach attach = effect->attached.attach;
    struct round_view view;
    struct participant_view own;
    const struct book_round *book = book_find(&turn->book, round);
    expect(book && engine_round_view(turn->engine, round, &view));
    expect(engine_participant_view(turn->engine, round, effect->attached.participant, &own));

    char token[TOKEN_TEXT_SIZE], receipt[RECEIPT_TEXT_SIZE] = "", name[NAME_SHOWN_SIZE];
    token_write(turn->options.token_key, (struct token){round, own.number, own.generation}, token);
    own_name(turn, round, own.number, name);
    if (own.has_answer) receipt_write(turn->options.token_key, &own.answer, receipt);

    struct core_attached message = {.slot = attach.slot,
        .generation = attach.generation,
        .round = round,
        .participant = own.number,
        .community = own.community,
        .token = span_of_text(token),
        .name = span_of_text(name),
        .start_asking = own.has_start ? view.asking : 0,
        .start_ms = own.start_ms,
        .allowance_ms = own.allowance_ms,
        .has_answer = own.has_answer,
        .answer_asking = own.answer.asking,
        .choice = own.answer.choice,
        .elapsed_ms = own.answer.elapsed_ms,
        .credit_ms = own.answer.credit_ms,
        .receipt = span_of_text(receipt),
        .standing = turn_own_standing(book, &view, &own, engine_standing_count(turn->engine, round))};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_attached_encode(&w, &message);
    turn_send(turn, attach.edge, &w);
}

static void renamed(struct turn *turn, const struct effect *effect)
{
    char name[NAME_SHOWN_SIZE];
    own_name(turn, effect->attached.round, effect->attached.participant, name);
    struct core_renamed message = {.slot = effect->attached.attach.slot,
        .generation = effect->attached.attach.generation,
        .name = span_of_text(name)};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_renamed_encode(&w, &message);
    turn_send(turn, effect->attached.attach.edge, &w);
}

/* ---- into the batch ---- */

static void append_control(struct turn *turn, const struct effect *effect)
{
    expect(turn->controls_count < CONTROLS_MAX);
    struct control control = effect->control.control;
    control.at_ms = turn->now_ms;
    turn->records->append_control(turn->records->context, &control);
    if (control.kind == CONTROL_RENAMED)
        turn->records->set_name(turn->records->context, control.round, control.participant, turn->rename_name);
    turn->controls[turn->controls_count] = control;
    turn->control_commands[turn->controls_count++] = effect->control.command_id;
}

static void append_join(struct turn *turn, const struct effect *effect)
{
    turn->records->append_join(turn->records->context, effect->join.round, effect->join.number, effect->join.generation,
        effect->join.community, effect->join.nonce, turn->now_ms, turn->join_name);
    turn->appended++;
}

static void append_answer(struct turn *turn, const struct effect *effect)
{
    turn->records->append_answer(turn->records->context, &effect->answer, turn->now_ms);
    turn->appended++;
}

static void append_standing(struct turn *turn, const struct effect *effect)
{
    uint32_t round = effect->standing.round;
    size_t size = (size_t)engine_standing_count(turn->engine, round) * STANDING_ENTRY_SIZE;
    uint8_t *packed = malloc(size ? size : 1);
    expect(packed);
    engine_standing(turn->engine, round, packed);
    turn->records->append_standing(turn->records->context, round, effect->standing.asking,
        engine_rules(turn->engine, round)->version, packed, size);
    free(packed);
}

void turn_perform(struct turn *turn)
{
    for (uint32_t i = 0; i < turn->effects.count; i++) {
        const struct effect *effect = &turn->effects.items[i];
        switch (effect->kind) {
        case EFFECT_APPEND_CONTROL: append_control(turn, effect); break;
        case EFFECT_APPEND_JOIN: append_join(turn, effect); break;
        case EFFECT_APPEND_ANSWER: append_answer(turn, effect); break;
        case EFFECT_APPEND_STANDING: append_standing(turn, effect); break;
        case EFFECT_ATTACHED: attached(turn, effect); break;
        case EFFECT_RECORDED: recorded(turn, effect); break;
        case EFFECT_REFUSED: refused(turn, effect); break;
        case EFFECT_RENAMED: renamed(turn, effect); break;
        case EFFECT_SUBSCRIBE:
        case EFFECT_PUBLISH:
            turn_publish(turn, effect->publish.round, effect->publish.edges,
                effect->kind == EFFECT_SUBSCRIBE ? CHANGE_NONE : effect->publish.change);
            break;
        case EFFECT_STANDINGS: turn_send_standings(turn, effect->publish.round, effect->publish.edges); break;
        case EFFECT_COMMAND_REFUSED:
            if (effect->command_refused.id == turn->command.id)
                turn_answer_desk(turn, effect->command_refused.error, 0, 0);
            break;
        case EFFECT_UNSCORE: turn_unscore_add(turn, effect->unscore.round, effect->unscore.asking); break;
        }
    }
}
