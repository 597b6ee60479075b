/* What the desk says: commands become controls, a new round is checked and frozen, names and pictures are kept. Every
 * request with an id is answered once, by DONE. */
#include "base/expect.h"
#include "base/log.h"
#include "core/state.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

static void send_done(struct turn *turn, struct bus_channel *desk, const struct core_done *done)
{
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_done_encode(&w, done);
    expect(w.ok);
    (void)bus_send(desk, (struct span){w.data, w.size});
}

void turn_answer_desk(struct turn *turn, enum command_error error, uint32_t round, uint32_t code)
{
    struct command command = turn->command;
    turn->command = (struct command){0};
    if (!command.desk) return;
    send_done(
        turn, command.desk, &(struct core_done){.id = command.desk_id, .error = error, .round = round, .code = code});
}

static void refuse(struct turn *turn, struct peer *peer, uint64_t id, enum command_error error)
{
    send_done(turn, peer->channel, &(struct core_done){.id = id, .error = error});
}

static bool take_hello(struct turn *turn, struct peer *peer, struct span message)
{
    struct desk_hello hello;
    if (!desk_hello_decode(message, &hello) || hello.version_min > BUS_VERSION || hello.version_max < BUS_VERSION_MIN)
        return false;
    peer->has_said_hello = true;
    struct core_desk_welcome welcome = {
        .version = BUS_VERSION, .term = turn->options.term, .clock_offset_ms = turn->options.clock_offset_ms};
    struct writer w = writer_over(turn->scratch, BUS_MESSAGE_MAX);
    core_desk_welcome_encode(&w, &welcome);
    (void)bus_send(peer->channel, (struct span){w.data, w.size});
    memset(turn->sent, 0, sizeof turn->sent); /* it knows nothing yet: tell everything */
    return true;
}

/* ---- commands ---- */

static bool is_for_the_desk(enum control_kind kind)
{
    switch (kind) {
    case CONTROL_ASKING_OPENED:
    case CONTROL_ASKING_EXTENDED:
    case CONTROL_ASKING_CLOSED:
    case CONTROL_ASKING_REVEALED:
    case CONTROL_ASKING_VOIDED:
    case CONTROL_PAUSED:
    case CONTROL_RESUMED:
    case CONTROL_LOCKED:
    case CONTROL_NAMES_HIDDEN:
    case CONTROL_PACE:
    case CONTROL_REMOVED:
    case CONTROL_RENAMED:
    case CONTROL_SCENE:
    case CONTROL_ROUND_ENDED: return true;
    case CONTROL_ROUND_OPENED:
    case CONTROL_ASKING_SCORED:
    case CONTROL_ASKING_REOPENED: return false; /* the server's own */
    }
    return false;
}

static void run_command(struct turn *turn, struct peer *peer, uint64_t desk_id, const struct control *control)
{
    turn_unscore_slice(turn, UINT32_MAX); /* a void that is under way is finished first */
    turn_flush(turn);                     /* nothing open: the control will be committed by itself */
    if (turn->is_broken) return;
    if (!book_find(&turn->book, control->round)) {
        refuse(turn, peer, desk_id, COMMAND_UNKNOWN_ROUND);
        return;
    }
    turn->command = (struct command){.id = ++turn->commands_last, .desk = peer->channel, .desk_id = desk_id};
    turn_step(turn, &(struct event){.kind = EVENT_COMMAND, .command = {.id = turn->command.id, .control = *control}});
    /* Refused or done by now, but for the void of a scored asking, which goes on in slices. */
}

static bool take_command(struct turn *turn, struct peer *peer, struct span message)
{
    struct desk_command command;
    if (!desk_command_decode(message, &command)) return false;
    if (!is_for_the_desk(command.control.kind) || command.control.kind == CONTROL_RENAMED)
        refuse(turn, peer, command.id, COMMAND_BAD_REQUEST);
    else
        run_command(turn, peer, command.id, &command.control);
    return true;
}

static bool take_rename(struct turn *turn, struct peer *peer, struct span message)
{
    struct desk_rename rename;
    if (!desk_rename_decode(message, &rename)) return false;
    struct span name = text_trim(rename.name);
    if (!text_is_clean(name) || text_chars(name) > NAME_CHARS_MAX) {
        refuse(turn, peer, rename.id, COMMAND_BAD_REQUEST);
        return true;
    }
    turn->rename_name = name;
    run_command(turn, peer, rename.id,
        &(struct control){
            .kind = CONTROL_RENAMED, .round = rename.round, .participant = rename.participant, .actor = rename.actor});
    turn->rename_name = (struct span){NULL, 0};
    return true;
}

/* ---- pictures ---- */

/* "64 hex digits.type" into its two parts. */
static bool split_picture(struct span name, char sha256[65], char type[8])
{
    if (name.size < 66 || name.size > 64 + 1 + 4 || name.data[64] != '.') return false;
    for (size_t i = 0; i < 64; i++)
        if (!name.data[i] || !strchr("0123456789abcdef", name.data[i])) return false;
    memcpy(sha256, name.data, 64);
    sha256[64] = '\0';
    memset(type, 0, 8);
    memcpy(type, name.data + 65, name.size - 65);
    return strcmp(type, "png") == 0 || strcmp(type, "jpg") == 0 || strcmp(type, "webp") == 0;
}

static bool take_picture(struct turn *turn, struct span message)
{
    struct desk_picture picture;
    char sha256[65], type[8];
    if (!desk_picture_decode(message, &picture) || !split_picture(picture.name, sha256, type)) return false;
    if (picture.bytes.size == 0 || picture.bytes.size > PICTURE_SIZE_MAX) return false;
    turn->records->append_picture(turn->records->context, sha256, type, picture.bytes);
    turn_flush(turn);
    return true;
}

static bool picture_is_here(struct turn *turn, const char *name)
{
    char sha256[65], type[8], held[8] = "";
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!split_picture(span_of_text(name), sha256, type)) return false;
    if (!turn->records->get_picture(turn->records->context, sha256, held, &bytes, &size)) return false;
    free(bytes);
    return strcmp(held, type) == 0;
}

/* ---- a new round ---- */

struct creation {
    struct desk_create head;
    struct asking_rules *askings;
    struct question *questions;
    const char *communities[COMMUNITIES_MAX];
    char title[4 * TITLE_CHARS_MAX + 1], unit[4 * UNIT_CHARS_MAX + 1];
};

static bool copy_text(struct span text, size_t chars_max, char *out, size_t size)
{
    if (!text_is_clean(text) || text_chars(text) > chars_max || text.size >= size) return false;
    memcpy(out, text.data ? text.data : (const uint8_t *)"", text.size);
    out[text.size] = '\0';
    return true;
}

static bool split_communities(struct creation *creation)
{
    struct span all = creation->head.communities;
    size_t at = 0;
    for (uint16_t i = 0; i < creation->head.rules.communities_count; i++) {
        const uint8_t *end = at < all.size ? memchr(all.data + at, 0, all.size - at) : NULL;
        if (!end) return false;
        struct span name = {all.data + at, (size_t)(end - all.data) - at};
        if (name.size == 0 || !text_is_clean(name) || text_chars(name) > COMMUNITY_CHARS_MAX) return false;
        creation->communities[i] = (const char *)name.data;
        at += name.size + 1;
    }
    return at == all.size;
}

/* Whether everything in it is inside the limits and fits together. */
static bool creation_is_fine(struct turn *turn, struct creation *creation)
{
    const struct desk_create *head = &creation->head;
    if (!rules_are_valid(&head->rules) || head->askings_count == 0 || head->askings_count > ASKINGS_MAX) return false;
    if (!copy_text(head->title, TITLE_CHARS_MAX, creation->title, sizeof creation->title)) return false;
    if (!copy_text(head->unit, UNIT_CHARS_MAX, creation->unit, sizeof creation->unit)) return false;
    if (creation->title[0] == '\0' || !split_communities(creation)) return false;
    for (uint16_t i = 0; i < head->askings_count; i++) {
        const struct asking_rules *asking = &creation->askings[i];
        const struct question *question = &creation->questions[i];
        if (!asking_rules_are_valid(asking) || question_check(question) != QUESTION_FINE) return false;
        if (asking->kind != question->kind || asking->options_count != question->options_count) return false;
        if (asking->key != question->key) return false;
        if (question->picture[0] && !picture_is_here(turn, question->picture)) return false;
    }
    return true;
}

static uint32_t free_code(struct turn *turn)
{
    uint32_t code;
    do
        code = 100000 + random_below(&turn->random, 900000);
    while (book_find_code(&turn->book, code) || book_is_over(&turn->book, code));
    return code;
}

/* The engine forgets an ended round when residents of another need its room: its code is over then. */
void turn_forget(struct turn *turn, uint32_t round)
{
    const struct book_round *book = book_find(&turn->book, round);
    if (!book) return;
    book_note_over(&turn->book, book->code);
    engine_round_drop(turn->engine, round);
    book_drop(&turn->book, round);
}

/* An ended round that is still shown gives its place to a new one. */
static void make_room(struct turn *turn)
{
    uint32_t held = 0, oldest_ended = 0;
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        if (!turn->book.rounds[i]) continue;
        uint32_t round = turn->book.rounds[i]->round;
        struct round_view view;
        if (!engine_round_view(turn->engine, round, &view)) {
            turn_forget(turn, round);
            continue;
        }
        held++;
        if (view.phase == PHASE_ENDED && (!oldest_ended || round < oldest_ended)) oldest_ended = round;
    }
    if (held >= turn->options.rounds_max && oldest_ended) turn_forget(turn, oldest_ended);
}

static void create_round(struct turn *turn, struct peer *peer, struct creation *creation)
{
    const struct desk_create *head = &creation->head;
    uint32_t number = turn->records->last_round(turn->records->context) + 1;
    struct round_record record = {.round = number,
        .code = free_code(turn),
        .created_ms = turn->now_ms,
        .seed = random_next(&turn->random),
        .rules = head->rules,
        .title = creation->title,
        .unit = creation->unit,
        .communities = creation->communities,
        .askings_count = head->askings_count,
        .askings = creation->askings,
        .questions = creation->questions};
    make_room(turn);
    if (!book_add(&turn->book, &record)) {
        refuse(turn, peer, head->id, COMMAND_TOO_MANY_ROUNDS);
        return;
    }
    if (!engine_round_add(turn->engine, number, &head->rules, creation->askings, head->askings_count)) {
        book_drop(&turn->book, number);
        refuse(turn, peer, head->id, COMMAND_TOO_MANY_ROUNDS);
        return;
    }
    struct control opened = {.kind = CONTROL_ROUND_OPENED,
        .round = number,
        .participant = PARTICIPANT_NONE,
        .at_ms = turn->now_ms,
        .actor = head->actor};
    turn->command = (struct command){.id = ++turn->commands_last, .desk = peer->channel, .desk_id = head->id};
    turn->created_round = number;
    turn->records->append_round(turn->records->context, &record);
    turn->records->append_control(turn->records->context, &opened);
    turn->controls[turn->controls_count] = opened;
    turn->control_commands[turn->controls_count++] = turn->command.id;
    turn_flush(turn);
    log_info("round %u is open with code %u", number, record.code);
}

static bool take_create(struct turn *turn, struct peer *peer, struct span message)
{
    struct creation creation = {0};
    struct reader r;
    if (!desk_create_begin(message, &r, &creation.head)) return false;
    uint16_t count = creation.head.askings_count;
    creation.askings = calloc((size_t)count + 1, sizeof *creation.askings);
    creation.questions = calloc((size_t)count + 1, sizeof *creation.questions);
    expect(creation.askings && creation.questions);
    bool is_whole = count <= ASKINGS_MAX;
    for (uint16_t i = 0; is_whole && i < count; i++)
        is_whole = desk_question_decode(&r, &creation.askings[i], &creation.questions[i]);
    is_whole = is_whole && read_finished(&r);

    turn_unscore_slice(turn, UINT32_MAX);
    turn_flush(turn);
    if (is_whole && !turn->is_broken) {
        if (creation_is_fine(turn, &creation))
            create_round(turn, peer, &creation);
        else
            refuse(turn, peer, creation.head.id, COMMAND_BAD_REQUEST);
    }
    free(creation.askings);
    free(creation.questions);
    return is_whole;
}

bool turn_from_desk(struct turn *turn, struct peer *peer, struct span message)
{
    uint16_t kind = message_kind(message);
    if (kind != DESK_HELLO && !peer->has_said_hello) return false;
    switch (kind) {
    case DESK_HELLO: return take_hello(turn, peer, message);
    case DESK_COMMAND: return take_command(turn, peer, message);
    case DESK_RENAME: return take_rename(turn, peer, message);
    case DESK_CREATE: return take_create(turn, peer, message);
    case DESK_PICTURE: return take_picture(turn, message);
    default: return true; /* newer than we are: skipped */
    }
}
