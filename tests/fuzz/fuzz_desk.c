/* Any bytes at the desk: as a page's requests, and as the core's messages. The desk may refuse or close, never break;
 * and whatever a decoder of desk_core takes is written again as the same bytes. Input: pieces, each a kind (even: a
 * page says it; odd: the core does), a u16 size and the bytes. Corpus: tests/fuzz/corpus/desk. */
#include "base/expect.h"
#include "base/log.h"
#include "unit/desk/office.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct office *office;
static struct page pages[2];
static uint64_t sessions[2];

static void drop_office(void)
{
    office_drop(office);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    log_start("fuzz", (enum log_level)(LOG_LEVEL_ERROR + 1));
    office = office_make();
    for (int i = 0; i < 2; i++)
        sessions[i] = office_sign_in(office);
    struct bank_loading loading;
    uint8_t hash[BANK_HASH_SIZE] = {1};
    struct question question = {
        .kind = QUESTION_SINGLE, .options_count = 2, .key = 1, .text = "问题", .options = {"甲", "乙"}};
    office_check(bank_load_begin(&loading, office->desk.database, "a.csv", "a", hash, 1));
    bank_load_question(&loading, &question);
    office_check(bank_load_end(&loading, true));
    office_check(atexit(drop_office) == 0);
    return 0;
}

static uint8_t room[BUS_MESSAGE_MAX];

#define CHECK(name)                                                                                                    \
    {                                                                                                                  \
        struct name read;                                                                                              \
        if (name##_decode(message, &read)) {                                                                           \
            struct writer w = writer_over(room, sizeof room);                                                          \
            name##_encode(&w, &read);                                                                                  \
            expect(w.ok &&span_equal((struct span){w.data, w.size}, message));                                         \
        }                                                                                                              \
    }

static void check_create(struct span message)
{
    struct reader r;
    struct desk_create head;
    struct writer w = writer_over(room, sizeof room);
    if (!desk_create_begin(message, &r, &head)) return;
    desk_create_encode(&w, &head);
    for (uint16_t i = 0; i < head.askings_count; i++) {
        struct asking_rules asking;
        struct question question;
        if (!desk_question_decode(&r, &asking, &question)) return;
        desk_question_encode(&w, &asking, &question);
    }
    if (read_finished(&r)) expect(w.ok && span_equal((struct span){w.data, w.size}, message));
}

static void core_says(struct span message)
{
#define X(name) CHECK(name)
    DESK_CORE_MESSAGES(X)
#undef X
    check_create(message);
    if (!office->desk.link.channel) { /* closed by an earlier message: connected anew */
        office->desk.link.channel = &office->channel;
        office->desk.link.term = 0;
    }
    link_message(&office->desk, message);
    desk_rounds_flush(&office->desk);
}

static void page_says(struct page *page, struct span text)
{
    if (page->closed) {
        int which = page == &pages[1];
        page_close(office, page);
        page_open(office, page, sessions[which]);
    }
    page->is_slow = text.size > 0 && text.data[0] == ' '; /* some pages stop reading */
    request_take(&office->desk, page->watcher, text);
    desk_rounds_flush(&office->desk);
    if (!page->is_slow) watcher_written(&office->desk.watchers, page->watcher);
}

/* Each input meets the desk in the same state. */
static void begin(void)
{
    struct desk *desk = &office->desk;
    desk_rounds_finish(desk);
    memset(desk->commands, 0, sizeof desk->commands);
    desk->commands_last = 0;
    desk->now_ms = 100000;
    desk->link.channel = &office->channel;
    desk->link.term = 0;
    for (int i = 0; i < 2; i++)
        page_open(office, &pages[i], sessions[i]);
    CORE_SAYS(office, core_desk_welcome, {BUS_VERSION, 1, 0});
    CORE_SAYS(office, core_status, office_status(PHASE_OPEN, 1));
}

static void end(void)
{
    for (int i = 0; i < 2; i++)
        page_close(office, &pages[i]);
    for (uint32_t i = 0; i < office->heard_count; i++)
        free(office->heard[i].bytes);
    office->heard_count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_over(data, size);
    begin();
    while (r.ok && read_left(&r) > 3) {
        uint8_t kind = read_u8(&r);
        size_t wanted = read_u16(&r), left = read_left(&r);
        struct span piece = {r.data + r.offset, wanted < left ? wanted : left};
        r.offset += piece.size;
        if (kind & 1)
            core_says(piece);
        else
            page_says(&pages[kind >> 1 & 1], piece);
        office_wait(office, kind);
    }
    end();
    return 0;
}
