/* A whole desk without sockets: pages whose frames are kept, a core whose messages are written by hand, a core.db with
 * a played round and a running one. Time stands still unless a test moves it. */
#ifndef JINGDA_TESTS_DESK_OFFICE_H
#define JINGDA_TESTS_DESK_OFFICE_H

#include "desk/inside.h"
#include "folder.h"
#include "protocol/edge_core.h"
#include "store/banks.h"

#include <string.h>

#define PAGE_FRAMES_MAX 256
#define CORE_HEARD_MAX  64

struct page {
    struct watcher *watcher;
    json_t *frames[PAGE_FRAMES_MAX];
    uint32_t count, read;
    uint16_t closed;
    bool is_slow; /* takes nothing */
};

struct heard {
    uint8_t *bytes;
    size_t size;
};

struct office {
    struct folder folder;
    struct desk desk;
    struct desk_options options;
    struct account account;
    struct bus bus;
    struct bus_channel channel;
    struct heard heard[CORE_HEARD_MAX];
    uint32_t heard_count;
};

static inline void office_check(bool is_fine)
{
    if (!is_fine) abort();
}

/* ---- pages ---- */

static inline enum http_sent page_take(void *context, void *socket, struct span frame)
{
    struct page *page = socket;
    (void)context;
    json_t *json = json_loadb((const char *)frame.data, frame.size, JSON_REJECT_DUPLICATES, NULL);
    office_check(json != NULL);
    if (page->count < PAGE_FRAMES_MAX)
        page->frames[page->count++] = json;
    else
        json_decref(json);
    return page->is_slow ? HTTP_SENT_LATER : HTTP_SENT_WHOLE;
}

static inline void page_closed(void *context, void *socket, uint16_t code)
{
    (void)context;
    ((struct page *)socket)->closed = code;
}

static inline void page_open(struct office *office, struct page *page, uint64_t session_id)
{
    memset(page, 0, sizeof *page);
    struct session *session = session_use(&office->desk.sessions, session_id, office->desk.wall_ms);
    office_check(session != NULL);
    page->watcher = watcher_open(&office->desk.watchers, page, session);
    office_check(page->watcher != NULL);
}

static inline void page_close(struct office *office, struct page *page)
{
    if (page->watcher) {
        desk_round_unwatch(&office->desk, page->watcher, true);
        watcher_gone(&office->desk.watchers, page->watcher);
    }
    for (uint32_t i = 0; i < page->count; i++)
        json_decref(page->frames[i]);
    memset(page, 0, sizeof *page);
}

static inline void page_say(struct office *office, struct page *page, const char *text)
{
    request_take(&office->desk, page->watcher, span_of_text(text));
    desk_rounds_flush(&office->desk);
}

/* The next frame; NULL where there is none. Borrowed. */
static inline json_t *page_hear(struct page *page)
{
    return page->read < page->count ? page->frames[page->read++] : NULL;
}

/* The next reply, events passed over; NULL where there is none. */
static inline json_t *page_reply(struct page *page)
{
    json_t *frame;
    while ((frame = page_hear(page)) && !json_object_get(frame, "ok"))
        continue;
    return frame;
}

/* The newest state event; NULL where none came. */
static inline json_t *page_state(struct page *page)
{
    json_t *frame, *state = NULL;
    while ((frame = page_hear(page)))
        if (json_object_get(frame, "event")) state = json_object_get(frame, "state");
    return state;
}

/* Says it and returns the reply. */
static inline json_t *page_ask(struct office *office, struct page *page, const char *text)
{
    while (page_hear(page))
        continue;
    page_say(office, page, text);
    return page_reply(page);
}

static inline uint64_t office_sign_in(struct office *office)
{
    char cookie[SECRET_TEXT_SIZE];
    return session_open(&office->desk.sessions, &office->account, office->desk.wall_ms, cookie)->id;
}

/* ---- the core ---- */

static inline bool core_hears(struct bus_channel *channel, struct span message)
{
    struct office *office = channel->owner;
    if (office->heard_count == CORE_HEARD_MAX) return true;
    uint8_t *bytes = malloc(message.size);
    office_check(bytes != NULL);
    memcpy(bytes, message.data, message.size);
    office->heard[office->heard_count++] = (struct heard){bytes, message.size};
    return true;
}

static inline void core_closes(struct bus_channel *channel)
{
    (void)channel;
}

/* The last command that the desk sent. */
static inline struct desk_command core_last_command(struct office *office)
{
    struct desk_command command;
    office_check(office->heard_count > 0);
    struct heard *last = &office->heard[office->heard_count - 1];
    office_check(desk_command_decode((struct span){last->bytes, last->size}, &command));
    return command;
}

#define CORE_SAYS(office, name, ...)                                                                                   \
    do {                                                                                                               \
        uint8_t core_says_bytes[2048];                                                                                 \
        struct name core_says_message = __VA_ARGS__;                                                                   \
        struct writer core_says_writer = writer_over(core_says_bytes, sizeof core_says_bytes);                         \
        name##_encode(&core_says_writer, &core_says_message);                                                          \
        office_check(core_says_writer.ok);                                                                             \
        link_message(&(office)->desk, (struct span){core_says_bytes, core_says_writer.size});                          \
        desk_rounds_flush(&(office)->desk);                                                                            \
    } while (0)

static inline void office_wait(struct office *office, uint64_t ms)
{
    office->desk.now_ms += ms;
    office->desk.wall_ms += ms;
    commands_expire(&office->desk, false);
    desk_rounds_expire_leases(&office->desk);
    desk_rounds_flush(&office->desk);
}

/* ---- core.db: round 1 was played, round 2 runs ---- */

static const char *const office_communities[] = {"东湖", "南湖"};

static inline void office_write_round(struct store *store, uint32_t round)
{
    static struct question questions[3];
    static struct asking_rules askings[3];
    struct rules rules = rules_default();
    rules.communities_count = 2;
    for (int i = 0; i < 3; i++) {
        questions[i] = (struct question){.kind = i == 2 ? QUESTION_POLL : QUESTION_SINGLE,
            .options_count = 4,
            .key = i == 2 ? 0 : 1,
            .text = "问题",
            .options = {"甲", "乙", "丙", "丁"}};
        askings[i] = (struct asking_rules){.kind = questions[i].kind,
            .options_count = 4,
            .key = questions[i].key,
            .points = 10,
            .limit_ms = 20000,
            .reading_ms = 5000};
    }
    struct round_record record = {.round = round,
        .code = 100000 + round,
        .created_ms = 1000 * round,
        .rules = rules,
        .title = round == 1 ? "第一场" : "第二场",
        .unit = "区科协",
        .communities = office_communities,
        .askings_count = 3,
        .askings = askings,
        .questions = questions};
    store_append_round(store, &record);
    store_append_control(store, &(struct control){.kind = CONTROL_ROUND_OPENED, .round = round, .at_ms = 1000 * round});
}

static inline void office_write_control(
    struct store *store, uint32_t round, enum control_kind kind, uint16_t asking, uint32_t participant)
{
    struct control control = {
        .kind = kind, .round = round, .asking = asking, .participant = participant, .at_ms = 5000};
    store_append_control(store, &control);
}

/* Five people: 王秀英 and 李明 of 东湖, Anna and one without a name of 南湖, and 捣乱者, who was removed. */
static inline void office_write_people(struct store *store, uint32_t round)
{
    static const char *const names[] = {"王秀英", "李明", "Anna", "", "捣乱者"};
    for (uint32_t i = 0; i < 5; i++) {
        uint8_t nonce[NONCE_SIZE] = {(uint8_t)round, (uint8_t)i};
        store_append_join(store, round, i, 1, i < 2 ? 0 : 1, nonce, 2000, span_of_text(names[i]));
    }
}

static inline void office_write_history(struct store *store)
{
    office_write_round(store, 1);
    office_write_people(store, 1);
    for (uint16_t asking = 1; asking <= 3; asking++) {
        office_write_control(store, 1, CONTROL_ASKING_OPENED, asking, PARTICIPANT_NONE);
        /* the first is right for three of four, the second for one of four; the poll for nobody */
        for (uint32_t i = 0; i < 4; i++) {
            bool is_right = asking == 1 ? i < 3 : i < 1;
            store_append_answer(store,
                &(struct answer){.round = 1,
                    .asking = asking,
                    .participant = i,
                    .choice = is_right ? 1 : 2,
                    .elapsed_ms = 1000 * (i + 1)},
                3000);
        }
        office_write_control(store, 1, CONTROL_ASKING_CLOSED, asking, PARTICIPANT_NONE);
        office_write_control(store, 1, CONTROL_ASKING_SCORED, asking, PARTICIPANT_NONE);
        office_write_control(store, 1, CONTROL_ASKING_REVEALED, asking, PARTICIPANT_NONE);
    }
    office_write_control(store, 1, CONTROL_REMOVED, 0, 4);
    /* 20 points; then a tie of two with 10; then nothing */
    const struct standing_entry entries[] = {{0, 20, 30, 2, 0}, {1, 10, 40, 1, 0}, {2, 10, 40, 1, 0}, {3, 0, 0, 0, 1}};
    uint8_t packed[4 * STANDING_ENTRY_SIZE];
    standing_pack(entries, 4, packed);
    store_append_standing(store, 1, 3, RULES_VERSION, packed, sizeof packed);
    office_write_control(store, 1, CONTROL_ROUND_ENDED, 0, PARTICIPANT_NONE);

    office_write_round(store, 2);
    office_write_people(store, 2);
    office_check(store_commit(store) == STORE_OK);
}

/* ---- the office ---- */

static const char *const office_origins[] = {"https://localhost:8444", NULL};
static const struct bus_ops office_bus_ops = {.send = core_hears, .close = core_closes};

static inline struct office *office_make(void)
{
    struct office *office = calloc(1, sizeof *office);
    office_check(office != NULL);
    char message[256];
    folder_make(&office->folder);
    struct store *store = NULL;
    struct store_options store_options = {.folder = office->folder.path};
    office_check(store_open(&store_options, &store, message) == STORE_OPENED);
    office_write_history(store);
    store_close(store);

    struct desk *desk = &office->desk;
    office->options = (struct desk_options){
        .folder = office->folder.path, .origins = office_origins, .public_url = "https://quiz.example:8443"};
    desk->options = &office->options;
    desk->scratch = malloc(BUS_MESSAGE_MAX);
    desk->now_ms = 100000;
    desk->wall_ms = 1700000000000;
    desk->reading.desk = desk;
    desk->reading.folder = office->folder.path;
    desk->watchers.outlet = (struct watcher_outlet){.send = page_take, .close = page_closed};
    office_check(desk_database_open(office->folder.path, &desk->database, message) == STORE_OPENED);
    office->account = (struct account){.name = "张老师", .role = "organizer"};
    office_check(account_make_first(desk->database, &office->account, "张老师", 1) == ACCOUNT_MADE);
    office_check(sessions_start(&desk->sessions, desk->database, desk->wall_ms));
    office->bus.ops = &office_bus_ops;
    office->channel = (struct bus_channel){.bus = &office->bus, .owner = office};
    desk->link.channel = &office->channel;
    CORE_SAYS(office, core_desk_welcome, {BUS_VERSION, 1, 0});
    return office;
}

/* Round 2 as the core tells of it. */
static inline struct core_status office_status(enum phase phase, uint16_t asking)
{
    return (struct core_status){.round = 2,
        .code = 100002,
        .phase = phase,
        .asking = asking,
        .askings_count = 3,
        .people = 5,
        .limit_ms = 20000,
        .reading_ms = 5000};
}

static inline void office_drop(struct office *office)
{
    struct desk *desk = &office->desk;
    for (int i = 0; i < WATCHERS_MAX; i++)
        if (desk->watchers.items[i].id) watcher_gone(&desk->watchers, &desk->watchers.items[i]);
    reading_finish(&desk->reading);
    desk_rounds_finish(desk);
    desk_database_close(desk->database);
    free(desk->scratch);
    for (uint32_t i = 0; i < office->heard_count; i++)
        free(office->heard[i].bytes);
    folder_drop(&office->folder);
    free(office);
}

#endif
