/* Role: what the core is asked to do, from the request to its DONE. Input: controls, names. Output: replies. Leaves to
 * others: who may ask (ask_drive.c), whether it can be done now (the core).
 *
 * A command that is not confirmed in five seconds, or whose channel broke, is answered core_away. It may have been done
 * all the same: the state that comes after tells. */
#include "desk/history.h"
#include "desk/inside.h"

#include <stdio.h>
#include <string.h>

struct command_sent *command_make(struct desk *desk, struct request *request)
{
    struct command_sent *command = NULL;
    for (int i = 0; i < COMMANDS_MAX && !command; i++)
        if (!desk->commands[i].id) command = &desk->commands[i];
    if (!desk->link.is_up || !command) {
        reply_error(desk, request->watcher->id, request->id, desk->link.is_up ? "busy" : "core_away", NULL);
        return NULL;
    }
    *command = (struct command_sent){.id = ++desk->commands_last,
        .watcher = request->watcher->id,
        .request = request->id,
        .until_ms = desk->now_ms + COMMAND_MS_MAX};
    return command;
}

static void give_up(struct desk *desk, struct command_sent *command)
{
    struct command_sent given_up = *command;
    *command = (struct command_sent){0};
    reply_error(desk, given_up.watcher, given_up.request, "core_away", NULL);
}

static void send_command(struct desk *desk, struct command_sent *command, const struct writer *w)
{
    uint64_t id = command->id;
    if (link_send(desk, w)) return;
    if (command->id == id) give_up(desk, command); /* unless the broken channel did so already */
}

void command_core(struct desk *desk, struct request *request, const struct control *control)
{
    struct command_sent *command = command_make(desk, request);
    if (!command) return;
    command->control = *control;
    struct writer w = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    desk_command_encode(&w, &(struct desk_command){.id = command->id, .control = *control});
    send_command(desk, command, &w);
}

void command_rename(struct desk *desk, struct request *request, const struct control *control, struct span name)
{
    struct command_sent *command = command_make(desk, request);
    if (!command) return;
    command->control = *control;
    struct desk_rename rename = {.id = command->id,
        .round = control->round,
        .participant = control->participant,
        .actor = control->actor,
        .name = name};
    struct writer w = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    desk_rename_encode(&w, &rename);
    send_command(desk, command, &w);
}

/* The next request may come before the core's next status: what was just done is known already. */
static void foresee(struct desk *desk, const struct control *control)
{
    struct desk_round *round = desk_round_find(desk, control->round);
    if (!round || !round->has_status || !round->facts) return;
    uint32_t removed = 0;
    struct core_status *status = &round->status;
    history_fold(status, control, round->facts->basics.askings, &removed);
    if (control->kind == CONTROL_ASKING_OPENED) {
        status->answered = status->right = status->elapsed_ms = 0;
        status->can_extend = false;
        memset(status->counts, 0, sizeof status->counts);
        round->status_ms = desk->now_ms;
    }
    desk_round_changed(desk, control->round, false);
}

static void created(struct desk *desk, const struct command_sent *command, const struct core_done *done)
{
    struct watcher *watcher = watcher_find(&desk->watchers, command->watcher);
    struct desk_round *round = desk_round_get(desk, done->round);
    if (watcher && round)
        lease_give(&round->lease,
            &(struct lease_seeker){.session = watcher->session, .watcher = watcher->id, .name = watcher->name});
    char code[16];
    snprintf(code, sizeof code, "%06u", done->code);
    reply_ok(desk, command->watcher, command->request,
        json_pack("{s:I, s:s}", "round", (json_int_t)done->round, "code", code));
}

void command_done(struct desk *desk, const struct core_done *done)
{
    struct command_sent command = {0};
    for (int i = 0; i < COMMANDS_MAX && !command.id; i++) {
        if (!done->id || desk->commands[i].id != done->id) continue;
        command = desk->commands[i];
        desk->commands[i] = (struct command_sent){0};
    }
    if (!command.id) return; /* answered already, as away */
    if (done->error != COMMAND_DONE) {
        reply_error(desk, command.watcher, command.request, command_error_name(done->error), NULL);
        return;
    }
    if (command.is_create) {
        created(desk, &command, done);
        return;
    }
    foresee(desk, &command.control);
    reply_ok(desk, command.watcher, command.request, NULL);
}

void commands_expire(struct desk *desk, bool all)
{
    for (int i = 0; i < COMMANDS_MAX; i++) {
        struct command_sent *command = &desk->commands[i];
        if (command->id && (all || desk->now_ms >= command->until_ms)) give_up(desk, command);
    }
}
