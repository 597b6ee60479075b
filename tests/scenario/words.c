/* The words of a script:
 *
 *   round SCORING LIMIT_MS QUESTIONS     the host opens a lobby; A is right everywhere, four options, 10 points
 *   join N at E · back N at E · cut N    a resident comes in at an edge, comes back with the token, loses the network
 *   answer N LETTERS                     to the asking that is open
 *   host open|close|reveal|end|pause|resume|lock · host void K|extend MS|remove N
 *   kill core · start core · kill edge E · start edge E
 *   disk full                            the next commit finds no room
 *   wait MS */
#include "scenario/words.h"

#include "base/expect.h"
#include "engine/engine.h"
#include "protocol/desk_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_MS 100

static uint8_t room[BUS_MESSAGE_MAX];

static void send_to_core(struct stage *stage, const struct writer *w)
{
    expect(w->ok);
    if (stage->host) (void)bus_send(stage->host, (struct span){w->data, w->size});
}

static bool open_round(struct stage *stage, const char *scoring, uint32_t limit_ms, uint16_t questions)
{
    static const char *const scorings[] = {"accuracy", "speed", "knockout"};
    struct desk_create head = {
        .id = ++stage->host_ids, .title = span_of_text("T"), .unit = span_of_text("U"), .rules = rules_default()};
    head.rules.limit_ms = limit_ms;
    head.rules.reading_ms = 0;
    head.askings_count = questions;
    for (int i = 0; i < 3; i++)
        if (strcmp(scoring, scorings[i]) == 0) head.rules.scoring = (enum scoring)i;
    struct writer w = writer_over(room, sizeof room);
    desk_create_encode(&w, &head);
    for (uint16_t i = 0; i < questions; i++) {
        struct asking_rules asking = {QUESTION_SINGLE, 4, 1, 10, limit_ms, 0};
        struct question question = {.kind = QUESTION_SINGLE, .options_count = 4, .key = 1};
        snprintf(question.text, sizeof question.text, "Q%u", i + 1);
        for (int k = 0; k < 4; k++)
            snprintf(question.options[k], sizeof question.options[k], "%c", 'a' + k);
        desk_question_encode(&w, &asking, &question);
    }
    send_to_core(stage, &w);
    return true;
}

static bool host(struct stage *stage, const char *word, uint32_t value)
{
    static const struct {
        const char *word;
        enum control_kind kind;
    } verbs[] = {{"open", CONTROL_ASKING_OPENED}, {"close", CONTROL_ASKING_CLOSED}, {"reveal", CONTROL_ASKING_REVEALED},
        {"end", CONTROL_ROUND_ENDED}, {"pause", CONTROL_PAUSED}, {"resume", CONTROL_RESUMED}, {"lock", CONTROL_LOCKED},
        {"void", CONTROL_ASKING_VOIDED}, {"extend", CONTROL_ASKING_EXTENDED}, {"remove", CONTROL_REMOVED}};
    struct round_view view = {0};
    if (stage->turn) (void)engine_round_view(turn_engine(stage->turn), stage->round, &view);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(word, verbs[i].word) != 0) continue;
        struct control control = {.kind = verbs[i].kind,
            .round = stage->round,
            .asking = view.asking,
            .participant = PARTICIPANT_NONE,
            .value = value};
        if (control.kind == CONTROL_ASKING_OPENED) control.asking++;
        if (control.kind == CONTROL_ASKING_VOIDED) control.asking = (uint16_t)value;
        if (control.kind == CONTROL_REMOVED) control.participant = value - 1;
        if (control.kind == CONTROL_LOCKED || control.kind == CONTROL_ASKING_CLOSED) control.value = 1;
        struct desk_command message = {.id = ++stage->host_ids, .control = control};
        struct writer w = writer_over(room, sizeof room);
        desk_command_encode(&w, &message);
        send_to_core(stage, &w);
        return true;
    }
    return false;
}

static void says(struct stage *stage, int resident, const char *text)
{
    struct stage_resident *one = &stage->residents[resident];
    if (one->edge < 0) return;
    sessions_frame(
        stage->edges[one->edge].sessions, one->slot, (struct span){(const uint8_t *)text, strlen(text)}, stage->now_ms);
}

static bool connect_resident(struct stage *stage, int resident, uint8_t edge, bool has_token)
{
    char text[256];
    struct stage_resident *one = &stage->residents[resident];
    if (!stage->edges[edge].is_up) return false;
    if (!sessions_opened(stage->edges[edge].sessions, stage->now_ms, &one->slot)) return false;
    one->edge = edge;
    stage->edges[edge].resident_of_slot[one->slot] = resident;
    snprintf(text, sizeof text, "{\"type\":\"hello\",\"round\":\"%06u\"%s%s%s}", stage->code,
        has_token ? ",\"token\":\"" : "", has_token ? one->token : "", has_token ? "\"" : "");
    says(stage, resident, text);
    stage_pass(stage, 20);
    if (has_token) return true;
    snprintf(text, sizeof text, "{\"type\":\"join\",\"nonce\":\"nonceOfResident%06dA\"}", resident);
    says(stage, resident, text);
    return true;
}

static bool answer(struct stage *stage, int resident, const char *letters)
{
    char text[128];
    struct round_view view;
    unsigned choice = 0;
    static uint16_t asking = 1; /* what is on the page, while no core can be asked */
    for (; *letters; letters++)
        choice |= 1u << (*letters - 'A');
    if (stage->turn && engine_round_view(turn_engine(stage->turn), stage->round, &view)) asking = view.asking;
    snprintf(text, sizeof text, "{\"type\":\"answer\",\"asking\":%u,\"choice\":%u}", asking, choice);
    says(stage, resident, text);
    return true;
}

static void cut(struct stage *stage, int resident)
{
    struct stage_resident *one = &stage->residents[resident];
    if (one->edge < 0) return;
    sessions_closed(stage->edges[one->edge].sessions, one->slot, stage->now_ms);
    stage->edges[one->edge].resident_of_slot[one->slot] = -1;
    one->edge = -1;
}

static bool run(struct stage *stage, const char *line)
{
    char word[32] = "";
    unsigned number = 0, other = 0;
    if (sscanf(line, "round %31s %u %u", word, &number, &other) == 3)
        return open_round(stage, word, number, (uint16_t)other);
    if (sscanf(line, "join %u at %u", &number, &other) == 2)
        return connect_resident(stage, (int)number, (uint8_t)other, false);
    if (sscanf(line, "back %u at %u", &number, &other) == 2)
        return connect_resident(stage, (int)number, (uint8_t)other, true);
    if (sscanf(line, "answer %u %31s", &number, word) == 2) return answer(stage, (int)number, word);
    if (sscanf(line, "cut %u", &number) == 1) return cut(stage, (int)number), true;
    if (sscanf(line, "host %31s %u", word, &number) >= 1) return host(stage, word, number);
    if (strcmp(line, "kill core") == 0) return stage_core_kill(stage), true;
    if (strcmp(line, "start core") == 0) return stage_core_start(stage), true;
    if (sscanf(line, "kill edge %u", &number) == 1) return stage_edge_kill(stage, (uint8_t)number), true;
    if (sscanf(line, "start edge %u", &number) == 1) return stage_edge_start(stage, (uint8_t)number), true;
    if (strcmp(line, "disk full") == 0) return stage->memory->next_commit = STORE_FULL, true;
    if (sscanf(line, "wait %u", &number) == 1) return stage_pass(stage, number), true;
    return false;
}

bool stage_command(struct stage *stage, const char *line)
{
    bool is_known = run(stage, line);
    if (is_known && strncmp(line, "wait", 4) != 0) stage_pass(stage, SETTLE_MS);
    return is_known;
}
