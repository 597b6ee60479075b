/* Role: round.create. Input: a page's request. Output: the pictures and the round, on their way to the core. */
#include "base/expect.h"
#include "base/random.h"
#include "desk/create.h"
#include "desk/inside.h"
#include "store/banks.h"

#include <stdlib.h>
#include <string.h>

#define PICTURES_SIZE_MAX (BUS_QUEUE_MAX - 4 * BUS_MESSAGE_MAX) /* of one round: they wait in the bus's queue */

static bool find_question(void *context, uint32_t id, struct question *question)
{
    return bank_question(context, id, question);
}

static bool is_sent(const struct creation *creation, uint16_t index)
{
    for (uint16_t i = 0; i < index; i++)
        if (strcmp(creation->questions[i].picture, creation->questions[index].picture) == 0) return true;
    return false;
}

static bool send_picture(struct desk *desk, const char *name, size_t *sent)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!bank_picture(desk->database, name, &bytes, &size)) return false;
    struct writer w = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    desk_picture_encode(&w, &(struct desk_picture){.name = span_of_text(name), .bytes = {bytes, size}});
    *sent += size;
    bool is_on_its_way = *sent <= PICTURES_SIZE_MAX && link_send(desk, &w);
    free(bytes);
    return is_on_its_way;
}

static bool send_pictures(struct desk *desk, const struct creation *creation)
{
    size_t sent = 0;
    for (uint16_t i = 0; i < creation->askings_count; i++) {
        const char *name = creation->questions[i].picture;
        if (name[0] && !is_sent(creation, i) && !send_picture(desk, name, &sent)) return false;
    }
    return true;
}

static void send_creation(struct desk *desk, struct request *request, const struct creation *creation)
{
    uint64_t watcher = request->watcher->id;
    struct writer trial = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    creation_encode(&trial, creation, 0, 0);
    if (!trial.ok) {
        reply_error(desk, watcher, request->id, "too_large", NULL);
        return;
    }
    if (!desk->link.is_up) {
        reply_error(desk, watcher, request->id, "core_away", NULL);
        return;
    }
    if (!send_pictures(desk, creation)) {
        reply_error(desk, watcher, request->id, desk->link.is_up ? "too_large" : "core_away", NULL);
        return;
    }
    struct command_sent *command = command_make(desk, request);
    if (!command) return;
    command->is_create = true;
    uint64_t id = command->id;
    struct writer w = writer_over(desk->scratch, BUS_MESSAGE_MAX);
    creation_encode(&w, creation, id, request->watcher->account);
    if (link_send(desk, &w) || command->id != id) return;
    *command = (struct command_sent){0};
    reply_error(desk, watcher, request->id, "core_away", NULL);
}

void ask_create(struct desk *desk, struct request *request)
{
    struct creation *creation = calloc(1, sizeof *creation);
    expect(creation);
    uint64_t seed;
    random_secure(&seed, sizeof seed);
    if (creation_read(creation, &request->fields, find_question, desk->database, seed))
        send_creation(desk, request, creation);
    else
        reply_field(desk, request->watcher->id, request->id, request->fields.fault);
    free(creation);
}
