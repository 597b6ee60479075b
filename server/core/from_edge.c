/* What an edge says, as events of the engine. Roles come from the channel: an edge speaks for the browsers attached to
 * it and for nobody else; tokens, codes, names and communities are checked here. */
#include "base/expect.h"
#include "base/log.h"
#include "core/state.h"
#include "model/text.h"

#include <openssl/crypto.h>

static struct attach attach_of(const struct peer *peer, uint32_t slot, uint32_t generation)
{
    return (struct attach){.edge = peer->edge, .slot = slot, .generation = generation};
}

/* ---- edges coming and going ---- */

void turn_edge_gone(struct turn *turn, uint8_t edge)
{
    turn->edges[edge] = (struct edge_seat){0};
    turn_step(turn, &(struct event){.kind = EVENT_EDGE_LOST, .edge.edge = edge});
}

static bool take_hello(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_hello hello;
    if (!edge_hello_decode(message, &hello) || peer->has_said_hello || hello.edge >= EDGES_MAX) return false;
    /* Before anything else: a stranger with a name that is taken must not put the real edge out. */
    if (CRYPTO_memcmp(hello.secret, turn->options.edge_secret, EDGE_SECRET_SIZE) != 0) return false;
    if (hello.version_min > BUS_VERSION || hello.version_max < BUS_VERSION_MIN) return false;
    struct peer *before = turn->edges[hello.edge].peer;
    if (before) { /* the edge was started again before we noticed: its old channel is dead */
        struct bus_channel *channel = before->channel;
        turn_edge_gone(turn, hello.edge);
        *before = (struct peer){0};
        channel->owner = NULL;
        bus_close(channel);
    }
    peer->has_said_hello = true;
    peer->edge = hello.edge;
    turn->edges[hello.edge] = (struct edge_seat){.peer = peer, .boot = hello.boot};

    struct core_welcome welcome = {.version = hello.version_max < BUS_VERSION ? hello.version_max : BUS_VERSION,
        .term = turn->options.term,
        .clock_offset_ms = turn->options.clock_offset_ms};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_welcome_encode(&w, &welcome);
    turn_send(turn, peer->edge, &w);
    turn_step(turn, &(struct event){.kind = EVENT_EDGE_UP, .edge.edge = hello.edge});
    turn_send_pictures(turn, hello.edge);
    log_info("edge %u is up", hello.edge);
    return true;
}

/* ---- residents ---- */

/* The round behind a code, or NULL after the refusal has been sent. */
static const struct book_round *round_of_code(struct turn *turn, struct attach attach, uint32_t code)
{
    const struct book_round *round = book_find_code(&turn->book, code);
    if (!round) turn_refuse(turn, attach, book_is_over(&turn->book, code) ? VERDICT_ROUND_OVER : VERDICT_UNKNOWN_CODE);
    return round;
}

static bool take_look(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_look look;
    if (!edge_look_decode(message, &look)) return false;
    struct attach attach = attach_of(peer, look.slot, look.generation);
    const struct book_round *round = round_of_code(turn, attach, look.code);
    if (!round) return true;
    turn_step(turn, &(struct event){.kind = EVENT_WATCH, .watch = {.edge = peer->edge, .round = round->round}});

    struct core_looked looked = {.slot = look.slot, .generation = look.generation, .round = round->round};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_looked_encode(&w, &looked);
    turn_send(turn, peer->edge, &w);
    return true;
}

/* The name that will be kept; what the round does not want is not kept. */
static bool name_is_fine(const struct book_round *round, struct span typed, struct span *name)
{
    *name = text_trim(typed);
    if (round->rules.names == NAMES_NONE) {
        *name = (struct span){NULL, 0};
        return true;
    }
    if (name->size == 0) return round->rules.names != NAMES_REQUIRED;
    return text_is_clean(*name) && text_chars(*name) <= NAME_CHARS_MAX;
}

static bool take_join(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_join join;
    if (!edge_join_decode(message, &join)) return false;
    struct attach attach = attach_of(peer, join.slot, join.generation);
    const struct book_round *round = round_of_code(turn, attach, join.code);
    if (!round) return true;
    if (!name_is_fine(round, join.name, &turn->join_name)) {
        turn_refuse(turn, attach, VERDICT_BAD_NAME);
        return true;
    }
    uint16_t count = round->rules.communities_count;
    if (join.community != COMMUNITY_NONE && join.community >= count) {
        turn_refuse(turn, attach, VERDICT_BAD_COMMUNITY);
        return true;
    }
    struct event event = {
        .kind = EVENT_JOIN, .join = {.attach = attach, .round = round->round, .community = join.community}};
    for (int i = 0; i < NONCE_SIZE; i++)
        event.join.nonce[i] = join.nonce[i];
    turn_step(turn, &event);
    turn->join_name = (struct span){NULL, 0};
    return true;
}

static bool take_resume(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_resume resume;
    if (!edge_resume_decode(message, &resume)) return false;
    struct attach attach = attach_of(peer, resume.slot, resume.generation);
    const struct book_round *round = round_of_code(turn, attach, resume.code);
    if (!round) return true;
    struct token token;
    if (!token_read(turn->options.token_key, resume.token, &token) || token.round != round->round) {
        turn_refuse(turn, attach, VERDICT_BAD_TOKEN);
        return true;
    }
    turn_step(turn, &(struct event){.kind = EVENT_RESUME,
                        .resume = {.attach = attach,
                            .round = token.round,
                            .participant = token.participant,
                            .generation = token.generation,
                            .is_same_connection = resume.is_same_connection,
                            .start_asking = resume.start_asking,
                            .start_ms = resume.start_ms,
                            .allowance_ms = resume.allowance_ms}});
    return true;
}

static bool take_detach(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_detach detach;
    if (!edge_detach_decode(message, &detach)) return false;
    turn_step(turn, &(struct event){.kind = EVENT_DETACH,
                        .detach = {.attach = attach_of(peer, detach.slot, detach.generation),
                            .round = detach.round,
                            .participant = detach.participant}});
    return true;
}

static bool take_answer(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_answer answer;
    if (!edge_answer_decode(message, &answer)) return false;
    turn_step(turn, &(struct event){.kind = EVENT_ANSWER,
                        .answer = {.attach = attach_of(peer, answer.slot, answer.generation),
                            .round = answer.round,
                            .participant = answer.participant,
                            .asking = answer.asking,
                            .choice = answer.choice,
                            .start_ms = answer.start_ms,
                            .elapsed_ms = answer.elapsed_ms,
                            .credit_ms = answer.credit_ms}});
    return true;
}

static bool take_shown(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_shown shown;
    if (!edge_shown_decode(message, &shown, turn->starts)) return false;
    for (uint32_t i = 0; i < shown.count; i++)
        turn_step(turn, &(struct event){.kind = EVENT_SHOWN,
                            .shown = {.edge = peer->edge,
                                .round = shown.round,
                                .asking = shown.asking,
                                .participant = shown.starts[i].participant,
                                .start_ms = shown.starts[i].start_ms}});
    if (shown.is_end)
        turn_step(turn, &(struct event){.kind = EVENT_SHOWN_END,
                            .edge_asking = {.edge = peer->edge, .round = shown.round, .asking = shown.asking}});
    return true;
}

static bool take_drained(struct turn *turn, struct peer *peer, struct span message)
{
    struct edge_drained drained;
    if (!edge_drained_decode(message, &drained)) return false;
    turn_step(turn, &(struct event){.kind = EVENT_DRAINED,
                        .edge_asking = {.edge = peer->edge, .round = drained.round, .asking = drained.asking}});
    return true;
}

static bool take_stats(struct turn *turn, struct peer *peer, struct span message)
{
    return edge_stats_decode(message, &turn->edges[peer->edge].stats);
}

bool turn_from_edge(struct turn *turn, struct peer *peer, struct span message)
{
    uint16_t kind = message_kind(message);
    if (kind != EDGE_HELLO && !peer->has_said_hello) return false;
    switch (kind) {
    case EDGE_HELLO: return take_hello(turn, peer, message);
    case EDGE_LOOK: return take_look(turn, peer, message);
    case EDGE_JOIN: return take_join(turn, peer, message);
    case EDGE_RESUME: return take_resume(turn, peer, message);
    case EDGE_DETACH: return take_detach(turn, peer, message);
    case EDGE_ANSWER: return take_answer(turn, peer, message);
    case EDGE_SHOWN: return take_shown(turn, peer, message);
    case EDGE_DRAINED: return take_drained(turn, peer, message);
    case EDGE_STATS: return take_stats(turn, peer, message);
    default: return true; /* newer than we are: skipped */
    }
}
