/* What people, edges and hosts do in the engine's tests, one line each; and looking at the result. */
#ifndef JINGDA_TESTS_ENGINE_PLAY_H
#define JINGDA_TESTS_ENGINE_PLAY_H

#include "unit/engine/rig.h"

/* ---- residents ---- */

static inline void join_round(struct rig *rig, uint32_t round, uint32_t who, struct attach attach)
{
    struct event event = {.kind = EVENT_JOIN, .join = {.attach = attach, .round = round, .community = COMMUNITY_NONE}};
    memcpy(event.join.nonce, &who, sizeof who);
    rig_step(rig, event);
}

static inline void join(struct rig *rig, uint32_t who, struct attach attach)
{
    join_round(rig, ROUND, who, attach);
}

/* Residents 0 .. count - 1 join at edge 0; resident n is participant n at slot n. */
static inline void join_all(struct rig *rig, uint32_t count)
{
    for (uint32_t who = 0; who < count; who++)
        join(rig, who, at(0, who));
    (void)rig_heard(rig);
}

static inline void resume(struct rig *rig, uint32_t participant, struct attach attach)
{
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = attach, .round = ROUND, .participant = participant, .generation = 1}});
}

/* The edge kept the connection over a restart of the core; start_ms 0: it knows no start. */
static inline void resume_same(
    struct rig *rig, uint32_t participant, struct attach attach, uint16_t asking, uint64_t start_ms)
{
    rig_step(rig, (struct event){.kind = EVENT_RESUME,
                      .resume = {.attach = attach,
                          .round = ROUND,
                          .participant = participant,
                          .generation = 1,
                          .is_same_connection = true,
                          .start_asking = start_ms ? asking : 0,
                          .start_ms = start_ms}});
}

static inline void detach(struct rig *rig, uint32_t participant, struct attach attach)
{
    rig_step(rig,
        (struct event){.kind = EVENT_DETACH, .detach = {.attach = attach, .round = ROUND, .participant = participant}});
}

struct given {
    uint32_t participant;
    struct attach attach;
    uint16_t asking;
    choice_set choice;
    uint64_t start_ms;
    uint32_t raw_ms; /* reading time included */
    uint16_t credit_ms;
};

static inline void answer_with(struct rig *rig, struct given given)
{
    rig_step(rig, (struct event){.kind = EVENT_ANSWER,
                      .answer = {.attach = given.attach,
                          .round = ROUND,
                          .participant = given.participant,
                          .asking = given.asking,
                          .choice = given.choice,
                          .start_ms = given.start_ms,
                          .elapsed_ms = given.raw_ms,
                          .credit_ms = given.credit_ms}});
}

static inline struct round_view look(const struct rig *rig)
{
    struct round_view view;
    expect(engine_round_view(rig->engine, ROUND, &view));
    return view;
}

/* `elapsed_ms` after the reading time, counted from the opening; no credit. */
static inline void answer(
    struct rig *rig, uint32_t participant, struct attach attach, choice_set choice, uint32_t elapsed_ms)
{
    struct round_view view = look(rig);
    answer_with(rig, (struct given){.participant = participant,
                         .attach = attach,
                         .asking = view.asking,
                         .choice = choice,
                         .start_ms = view.opened_at_ms,
                         .raw_ms = READING + elapsed_ms});
}

/* ---- edges ---- */

static inline void edge_up(struct rig *rig, uint8_t edge)
{
    rig_step(rig, (struct event){.kind = EVENT_EDGE_UP, .edge.edge = edge});
}

static inline void edge_lost(struct rig *rig, uint8_t edge)
{
    rig_step(rig, (struct event){.kind = EVENT_EDGE_LOST, .edge.edge = edge});
}

static inline void watch(struct rig *rig, uint8_t edge)
{
    rig_step(rig, (struct event){.kind = EVENT_WATCH, .watch = {.edge = edge, .round = ROUND}});
}

static inline void shown(struct rig *rig, uint8_t edge, uint32_t participant, uint64_t start_ms)
{
    rig_step(rig, (struct event){.kind = EVENT_SHOWN,
                      .shown = {.edge = edge,
                          .round = ROUND,
                          .asking = look(rig).asking,
                          .participant = participant,
                          .start_ms = start_ms}});
}

static inline void shown_end(struct rig *rig, uint8_t edge)
{
    rig_step(rig, (struct event){.kind = EVENT_SHOWN_END,
                      .edge_asking = {.edge = edge, .round = ROUND, .asking = look(rig).asking}});
}

static inline void drained(struct rig *rig, uint8_t edge)
{
    rig_step(rig, (struct event){.kind = EVENT_DRAINED,
                      .edge_asking = {.edge = edge, .round = ROUND, .asking = look(rig).asking}});
}

/* ---- the host and the clock ---- */

static inline void command_control(struct rig *rig, uint64_t id, struct control control)
{
    rig_step(rig, (struct event){.kind = EVENT_COMMAND, .command = {.id = id, .control = control}});
}

static inline void command(struct rig *rig, enum control_kind kind, uint32_t value)
{
    command_control(
        rig, 7, (struct control){.kind = kind, .round = ROUND, .participant = PARTICIPANT_NONE, .value = value});
}

static inline void command_asking(struct rig *rig, enum control_kind kind, uint16_t asking)
{
    command_control(
        rig, 7, (struct control){.kind = kind, .round = ROUND, .participant = PARTICIPANT_NONE, .asking = asking});
}

static inline void command_participant(struct rig *rig, enum control_kind kind, uint32_t participant)
{
    command_control(rig, 7, (struct control){.kind = kind, .round = ROUND, .participant = participant});
}

static inline void tick(struct rig *rig)
{
    rig_step(rig, (struct event){.kind = EVENT_TICK});
}

static inline void wait_ms(struct rig *rig, uint64_t ms)
{
    rig->now_ms += ms;
    tick(rig);
}

/* Opens the next asking; edge 0 has shown it at once. */
static inline void open_asking(struct rig *rig)
{
    command(rig, CONTROL_ASKING_OPENED, 0);
    shown_end(rig, 0);
    (void)rig_heard(rig);
}

/* Closes it early; edge 0 drains, and it is scored. */
static inline void close_asking(struct rig *rig)
{
    command(rig, CONTROL_ASKING_CLOSED, 0);
    drained(rig, 0);
    tick(rig);
    (void)rig_heard(rig);
}

static inline void reveal_asking(struct rig *rig)
{
    command(rig, CONTROL_ASKING_REVEALED, 0);
    (void)rig_heard(rig);
}

/* A whole asking: participant n answers choices[n] (0: nothing) after (n + 1) seconds. */
static inline void play_asking(struct rig *rig, const choice_set *choices, uint32_t count)
{
    open_asking(rig);
    for (uint32_t who = 0; who < count; who++)
        if (choices[who]) answer(rig, who, at(0, who), choices[who], 1000 * (who + 1));
    close_asking(rig);
    reveal_asking(rig);
}

/* ---- looking ---- */

static inline struct participant_view see(const struct rig *rig, uint32_t participant)
{
    struct participant_view view;
    expect(engine_participant_view(rig->engine, ROUND, participant, &view));
    return view;
}

#define assert_phase(rig, expected) assert_string_equal(phase_name(look(rig).phase), expected)

/* ---- the log once more ---- */

static inline void replay_step(struct rig *rig, struct engine *engine, struct event event)
{
    event.now_ms = rig->now_ms;
    engine_step(engine, &event, &rig->effects);
    assert_int_equal(rig->effects.count, 0); /* loading asks for nothing */
}

static inline void replay_answers(struct rig *rig, struct engine *engine, uint16_t asking, enum event_kind kind)
{
    for (uint32_t i = 0; i < rig->log_durable; i++) {
        const struct logged *logged = &rig->log[i];
        if (logged->kind == LOGGED_ANSWER && logged->answer.round == ROUND && logged->answer.asking == asking)
            replay_step(rig, engine, (struct event){.kind = kind, .load_answer = logged->answer});
    }
}

/* An asking's answers are read at its opening, or (is_late) when nothing of it can follow any more. */
struct replay {
    struct engine *engine;
    uint16_t standing_asking; /* answers of earlier ones stand in the loaded standing */
    uint16_t unread;          /* is_late: the asking whose answers have still to be read */
    bool is_late;
};

static inline void replay_unread(struct rig *rig, struct replay *replay)
{
    if (replay->unread) replay_answers(rig, replay->engine, replay->unread, EVENT_LOAD_ANSWER);
    replay->unread = 0;
}

static inline void replay_control(struct rig *rig, struct replay *replay, const struct control *control)
{
    bool is_last = control->kind == CONTROL_ASKING_SCORED || control->kind == CONTROL_ASKING_OPENED;
    if (is_last) replay_unread(rig, replay);
    replay_step(rig, replay->engine, (struct event){.kind = EVENT_CONTROL, .control = *control});
    if (control->kind == CONTROL_ASKING_OPENED && control->asking >= replay->standing_asking)
        replay->unread = control->asking;
    if (!replay->is_late) replay_unread(rig, replay);
    uint16_t asking = engine_needs_unscore(replay->engine, ROUND);
    if (!asking) return;
    replay_answers(rig, replay->engine, asking, EVENT_UNSCORE_ANSWER);
    replay_step(rig, replay->engine,
        (struct event){.kind = EVENT_UNSCORE_END, .unscore_end = {.round = ROUND, .asking = asking}});
}

/* A new engine from the durable log; with its last standing, or from the answers alone. */
static inline struct engine *replay_log(struct rig *rig, bool is_from_standing, bool is_late)
{
    struct engine *engine = rig_engine(rig);
    expect(engine_round_add(engine, ROUND, &rig->rules, rig->askings, rig->askings_count));
    struct replay replay = {.engine = engine, .is_late = is_late};
    const struct logged *standing = NULL;
    for (uint32_t i = 0; is_from_standing && i < rig->log_durable; i++)
        if (rig->log[i].kind == LOGGED_STANDING && rig->log[i].standing_round == ROUND) standing = &rig->log[i];
    if (standing) {
        replay.standing_asking = standing->standing_asking;
        replay_step(rig, engine,
            (struct event){.kind = EVENT_LOAD_STANDING,
                .load_standing = {.round = ROUND,
                    .asking = standing->standing_asking,
                    .count = standing->standing_count,
                    .packed = standing->packed}});
    }
    for (uint32_t i = 0; i < rig->log_durable; i++) {
        const struct logged *logged = &rig->log[i];
        if (logged->kind == LOGGED_CONTROL && logged->control.round == ROUND)
            replay_control(rig, &replay, &logged->control);
        if (logged->kind != LOGGED_JOIN || logged->join.join.round != ROUND) continue;
        struct event event = {.kind = EVENT_LOAD_PARTICIPANT,
            .load_participant = {.round = ROUND,
                .number = logged->join.join.number,
                .generation = logged->join.join.generation,
                .community = logged->join.join.community}};
        memcpy(event.load_participant.nonce, logged->join.join.nonce, NONCE_SIZE);
        replay_step(rig, engine, event);
    }
    replay_unread(rig, &replay);
    return engine;
}

/* The live state, the whole replay, and standing plus tail are one. */
static inline void assert_replays(struct rig *rig)
{
    for (int way = 0; way < 4; way++) {
        struct engine *engine = replay_log(rig, way & 1, way & 2);
        assert_true(engine_digest(engine, ROUND) == engine_digest(rig->engine, ROUND));
        engine_destroy(engine);
    }
}

/* The core is killed and comes back after `gap_ms`, expecting `edges` edges: everything that was not durable is gone.
 */
static inline void restart_core(struct rig *rig, uint64_t gap_ms, uint32_t edges)
{
    while (rig->log_count > rig->log_durable)
        free(rig->log[--rig->log_count].packed);
    rig->controls_count = 0;
    rig->unscore_round = 0;
    rig->now_ms += gap_ms;
    struct engine *engine = replay_log(rig, true, true);
    engine_destroy(rig->engine);
    rig->engine = engine;
    (void)rig_heard(rig);
    rig_step(rig, (struct event){.kind = EVENT_RECOVERED, .recovered = {.gap_ms = gap_ms, .edges_expected = edges}});
}

#endif
