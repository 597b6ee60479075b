/* Every message between desk and core: what is written is read again the same, and nothing else is read. */
#include "protocol/desk_core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint8_t memory[BUS_MESSAGE_MAX];

static struct control a_control(void)
{
    return (struct control){.kind = CONTROL_ASKING_EXTENDED,
        .round = 7,
        .asking = 300,
        .participant = PARTICIPANT_NONE,
        .value = 45000,
        .at_ms = UINT64_C(0x0102030405060708),
        .actor = 9};
}

static struct core_status a_status(void)
{
    struct core_status status = {.round = 1,
        .code = 123456,
        .phase = PHASE_REVEALED,
        .is_paused = true,
        .is_auto = true,
        .is_locked = true,
        .are_names_hidden = true,
        .can_extend = true,
        .scene = SCENE_LEADERBOARD,
        .asking = 3,
        .askings_count = 20,
        .people = 340000,
        .connected = 339000,
        .awaiting = 11,
        .answered = 300000,
        .right = 200000,
        .elapsed_ms = 12345,
        .reading_ms = 5000,
        .limit_ms = 30000,
        .fanout_ms = 412};
    for (uint32_t i = 0; i < OPTIONS_MAX; i++)
        status.counts[i] = 1000 + i;
    for (uint64_t i = 0; i < 4; i++)
        status.voided[i] = i + 1, status.reopened[i] = 100 * i;
    return status;
}

static struct core_health a_health(void)
{
    struct core_health health = {.edges_up = 2,
        .edges_expected = 3,
        .connections = 1000,
        .screens = 2,
        .blocked = 5,
        .commit_us = 2100,
        .turn_us = 900,
        .answers_total = UINT64_C(1) << 40,
        .is_disk_full = true,
        .edges_mask = 1 | UINT64_C(1) << 63};
    health.connected[0] = 600;
    health.connected[63] = 400;
    return health;
}

static void hello_comes_back(void **state)
{
    (void)state;
    struct desk_hello sent = {1, 2}, got;
    struct writer w = writer_over(memory, sizeof memory);
    desk_hello_encode(&w, &sent);
    assert_true(w.ok && desk_hello_decode((struct span){w.data, w.size}, &got));
    assert_int_equal(got.version_min, 1);
    assert_int_equal(got.version_max, 2);
}

static void hello_of_an_upside_down_range_is_refused(void **state)
{
    (void)state;
    struct desk_hello sent = {2, 1}, got;
    struct writer w = writer_over(memory, sizeof memory);
    desk_hello_encode(&w, &sent);
    assert_false(desk_hello_decode((struct span){w.data, w.size}, &got));
}

static void assert_same_control(const struct control *a, const struct control *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->round, b->round);
    assert_int_equal(a->asking, b->asking);
    assert_int_equal(a->participant, b->participant);
    assert_int_equal(a->value, b->value);
    assert_int_equal(a->at_ms, b->at_ms);
    assert_int_equal(a->actor, b->actor);
}

static void every_command_comes_back(void **state)
{
    (void)state;
    for (int kind = CONTROL_ROUND_OPENED; kind <= CONTROL_ROUND_ENDED; kind++) {
        struct desk_command sent = {.id = UINT64_C(0xfffffffffffffff0), .control = a_control()}, got;
        sent.control.kind = (enum control_kind)kind;
        struct writer w = writer_over(memory, sizeof memory);
        desk_command_encode(&w, &sent);
        assert_true(w.ok && desk_command_decode((struct span){w.data, w.size}, &got));
        assert_int_equal(got.id, sent.id);
        assert_same_control(&got.control, &sent.control);
    }
}

static void command_of_an_unknown_control_is_refused(void **state)
{
    (void)state;
    for (int kind = 0; kind <= 255; kind += kind ? 237 : 18) { /* 0, 18, 255 */
        struct desk_command sent = {.id = 1, .control = a_control()}, got;
        sent.control.kind = (enum control_kind)kind;
        struct writer w = writer_over(memory, sizeof memory);
        desk_command_encode(&w, &sent);
        assert_false(desk_command_decode((struct span){w.data, w.size}, &got));
    }
}

static void rename_comes_back(void **state)
{
    (void)state;
    struct desk_rename sent = {.id = 4, .round = 5, .participant = 6, .actor = 7, .name = span_of_text("王秀英")}, got;
    struct writer w = writer_over(memory, sizeof memory);
    desk_rename_encode(&w, &sent);
    assert_true(w.ok && desk_rename_decode((struct span){w.data, w.size}, &got));
    assert_int_equal(got.id, 4);
    assert_int_equal(got.round, 5);
    assert_int_equal(got.participant, 6);
    assert_int_equal(got.actor, 7);
    assert_true(span_equal(got.name, sent.name));
}

static void rename_to_what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char too_long[4 * NAME_CHARS_MAX + 1] = {[0 ... 4 * NAME_CHARS_MAX] = 'a'};
    const struct span names[] = {
        {(const uint8_t *)"\xff\xfe", 2}, {(const uint8_t *)"a\0b", 3}, {(const uint8_t *)too_long, sizeof too_long}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct desk_rename sent = {.id = 1, .name = names[i]}, got;
        struct writer w = writer_over(memory, sizeof memory);
        desk_rename_encode(&w, &sent);
        assert_false(desk_rename_decode((struct span){w.data, w.size}, &got));
    }
}

static void largest_picture_comes_back(void **state)
{
    (void)state;
    uint8_t *bytes = calloc(1, PICTURE_SIZE_MAX + 1);
    bytes[PICTURE_SIZE_MAX - 1] = 77;
    char name[PICTURE_NAME_MAX + 1];
    memset(name, 'a', 64);
    memcpy(name + 64, ".webp", 6);
    struct desk_picture sent = {span_of_text(name), {bytes, PICTURE_SIZE_MAX}}, got;
    struct writer w = writer_over(memory, sizeof memory);
    desk_picture_encode(&w, &sent);
    assert_true(w.ok && desk_picture_decode((struct span){w.data, w.size}, &got));
    assert_true(span_equal(got.name, sent.name));
    assert_true(span_equal(got.bytes, sent.bytes));

    sent.bytes.size++;
    w = writer_over(memory, sizeof memory);
    desk_picture_encode(&w, &sent);
    assert_false(desk_picture_decode((struct span){w.data, w.size}, &got));
    free(bytes);
}

static void welcome_comes_back(void **state)
{
    (void)state;
    struct core_desk_welcome sent = {1, UINT64_C(1) << 50, -5}, got;
    struct writer w = writer_over(memory, sizeof memory);
    core_desk_welcome_encode(&w, &sent);
    assert_true(w.ok && core_desk_welcome_decode((struct span){w.data, w.size}, &got));
    assert_int_equal(got.version, 1);
    assert_int_equal(got.term, sent.term);
    assert_int_equal(got.clock_offset_ms, -5);
}

static void every_done_comes_back(void **state)
{
    (void)state;
    for (int error = 0; error <= COMMAND_ERRORS; error++) {
        struct core_done sent = {8, (enum command_error)error, 9, 100000}, got;
        struct writer w = writer_over(memory, sizeof memory);
        core_done_encode(&w, &sent);
        bool is_read = core_done_decode((struct span){w.data, w.size}, &got);
        assert_int_equal(is_read, error < COMMAND_ERRORS);
        if (!is_read) continue;
        assert_int_equal(got.id, 8);
        assert_int_equal(got.error, error);
        assert_int_equal(got.round, 9);
        assert_int_equal(got.code, 100000);
    }
}

/* No padding is compared: both sides are zeroed first. */
static void status_comes_back(void **state)
{
    (void)state;
    struct core_status sent, got;
    memset(&sent, 0, sizeof sent);
    memset(&got, 0, sizeof got);
    struct core_status values = a_status();
    memcpy(&sent, &values, sizeof sent);
    struct writer w = writer_over(memory, sizeof memory), again;
    core_status_encode(&w, &sent);
    assert_true(w.ok && core_status_decode((struct span){w.data, w.size}, &got));
    uint8_t bytes[1024];
    again = writer_over(bytes, sizeof bytes);
    core_status_encode(&again, &got);
    assert_int_equal(again.size, w.size);
    assert_memory_equal(bytes, memory, w.size);
    assert_int_equal(got.people, 340000);
    assert_int_equal(got.counts[7], 1007);
    assert_int_equal(got.reopened[3], 300);
    assert_int_equal(got.limit_ms, 30000);
}

static void status_of_an_asking_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct core_status sent = a_status(), got;
    sent.asking = 21;
    struct writer w = writer_over(memory, sizeof memory);
    core_status_encode(&w, &sent);
    assert_false(core_status_decode((struct span){w.data, w.size}, &got));
}

/* u16 kind, u32 round, u32 code, u8 phase, then five that are true or false. */
static void truth_that_is_neither_0_nor_1_is_refused(void **state)
{
    (void)state;
    struct core_status sent = a_status(), got;
    struct writer w = writer_over(memory, sizeof memory);
    core_status_encode(&w, &sent);
    for (size_t at = 11; at < 16; at++) {
        assert_int_equal(memory[at], 1);
        memory[at] = 2;
        assert_false(core_status_decode((struct span){w.data, w.size}, &got));
        memory[at] = 1;
    }
    assert_true(core_status_decode((struct span){w.data, w.size}, &got));
}

static void health_comes_back(void **state)
{
    (void)state;
    struct core_health sent = a_health(), got;
    struct writer w = writer_over(memory, sizeof memory);
    core_health_encode(&w, &sent);
    assert_true(w.ok && core_health_decode((struct span){w.data, w.size}, &got));
    assert_int_equal(got.answers_total, sent.answers_total);
    assert_true(got.is_disk_full);
    assert_int_equal(got.edges_mask, sent.edges_mask);
    assert_int_equal(got.connected[0], 600);
    assert_int_equal(got.connected[1], 0);
    assert_int_equal(got.connected[63], 400);
}

/* ---- a new round ---- */

static struct question a_question(void)
{
    struct question question = {.kind = QUESTION_MULTIPLE,
        .difficulty = 3,
        .options_count = 3,
        .key = 5,
        .seconds = 20,
        .points = 15,
        .text = "下列哪些是行星？",
        .options = {"金星", "月球", "火星"},
        .explanation = "月球是卫星。",
        .source = "《天文》第 3 页",
        .category = "天文",
        .picture = "aa.png",
        .picture_alt = "三颗星",
        .is_sample = true};
    return question;
}

static const struct asking_rules an_asking = {
    .kind = QUESTION_MULTIPLE, .options_count = 3, .key = 5, .points = 15, .limit_ms = 20000, .reading_ms = 5000};

static size_t write_create(const char *communities, size_t communities_size, uint16_t communities_count)
{
    struct desk_create head = {.id = 3,
        .actor = 4,
        .title = span_of_text("科学竞赛"),
        .unit = span_of_text("科协"),
        .rules = rules_default(),
        .askings_count = 2,
        .communities = {(const uint8_t *)communities, communities_size}};
    head.rules.communities_count = communities_count;
    struct question question = a_question();
    struct writer w = writer_over(memory, sizeof memory);
    desk_create_encode(&w, &head);
    for (int i = 0; i < 2; i++)
        desk_question_encode(&w, &an_asking, &question);
    assert_true(w.ok);
    return w.size;
}

static bool read_create(size_t size, struct desk_create *head, struct question *question)
{
    struct reader r;
    struct asking_rules asking;
    if (!desk_create_begin((struct span){memory, size}, &r, head)) return false;
    for (uint16_t i = 0; i < head->askings_count; i++)
        if (!desk_question_decode(&r, &asking, question)) return false;
    return read_finished(&r);
}

static void create_comes_back_with_its_questions(void **state)
{
    (void)state;
    struct desk_create head;
    struct question question, wanted = a_question();
    size_t size = write_create("东湖\0南湖", sizeof "东湖\0南湖", 2);
    assert_true(read_create(size, &head, &question));
    assert_int_equal(head.id, 3);
    assert_int_equal(head.actor, 4);
    assert_int_equal(head.askings_count, 2);
    assert_true(span_equal(head.title, span_of_text("科学竞赛")));
    assert_true(span_equal(head.unit, span_of_text("科协")));
    assert_int_equal(head.communities.size, sizeof "东湖\0南湖");
    assert_int_equal(head.rules.limit_ms, 30000);
    assert_memory_equal(&question, &wanted, sizeof wanted);
}

static void create_with_fewer_or_more_communities_than_said_is_refused(void **state)
{
    (void)state;
    struct desk_create head;
    struct question question;
    assert_false(read_create(write_create("东湖\0南湖", sizeof "东湖\0南湖", 1), &head, &question));
    assert_false(read_create(write_create("东湖\0南湖", sizeof "东湖\0南湖", 3), &head, &question));
    assert_false(read_create(write_create("东湖\0南湖", sizeof "东湖\0南湖" - 1, 2), &head, &question));
    assert_false(read_create(write_create("东湖\0\0", 8, 2), &head, &question));
}

/* ---- what is cut short, or longer than it is ---- */

typedef bool (*decoder)(struct span bytes);

#define DECODER(name)                                                                                                  \
    static bool read_##name(struct span bytes)                                                                         \
    {                                                                                                                  \
        struct name message;                                                                                           \
        return name##_decode(bytes, &message);                                                                         \
    }
DECODER(desk_hello)
DECODER(desk_command)
DECODER(desk_rename)
DECODER(desk_picture)
DECODER(core_desk_welcome)
DECODER(core_done)
DECODER(core_status)
DECODER(core_health)

static bool read_a_create(struct span bytes)
{
    struct desk_create head;
    struct question question;
    memcpy(memory, bytes.data, bytes.size);
    return read_create(bytes.size, &head, &question);
}

/* An exact copy on the heap, so that a read past the end is seen by the sanitizer. */
static bool reads(decoder decode, const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size + !size);
    if (size) memcpy(exact, bytes, size);
    bool is_read = decode((struct span){exact, size});
    free(exact);
    return is_read;
}

static void assert_strict(decoder decode, const struct writer *w)
{
    assert_true(w->ok);
    uint8_t *bytes = malloc(w->size + 1);
    memcpy(bytes, w->data, w->size);
    bytes[w->size] = 0;
    size_t size = w->size;
    assert_true(reads(decode, bytes, size));
    for (size_t cut = 0; cut < size; cut++)
        assert_false(reads(decode, bytes, cut));
    assert_false(reads(decode, bytes, size + 1));
    bytes[0] ^= 0x40; /* another kind */
    assert_false(reads(decode, bytes, size));
    free(bytes);
}

static void messages_cut_at_any_byte_are_refused(void **state)
{
    (void)state;
    struct writer w;
#define STRICT(name, ...)                                                                                              \
    do {                                                                                                               \
        struct name message = __VA_ARGS__;                                                                             \
        w = writer_over(memory, sizeof memory);                                                                        \
        name##_encode(&w, &message);                                                                                   \
        assert_strict(read_##name, &w);                                                                                \
    } while (0)
    STRICT(desk_hello, {1, 1});
    STRICT(desk_command, {1, a_control()});
    STRICT(desk_rename, {.id = 1, .name = span_of_text("王")});
    STRICT(desk_picture, {span_of_text("a.png"), {(const uint8_t *)"xyz", 3}});
    STRICT(core_desk_welcome, {1, 2, 3});
    STRICT(core_done, {1, COMMAND_TOO_LATE, 2, 3});
    STRICT(core_status, a_status());
    STRICT(core_health, a_health());
    size_t size = write_create("东湖\0南湖", sizeof "东湖\0南湖", 2);
    w = (struct writer){.data = memory, .size = size, .ok = true};
    assert_strict(read_a_create, &w);
}

static void full_writer_is_noticed(void **state)
{
    (void)state;
    uint8_t small[64];
    struct core_status status = a_status();
    struct writer w = writer_over(small, sizeof small);
    core_status_encode(&w, &status);
    assert_false(w.ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_comes_back),
        cmocka_unit_test(hello_of_an_upside_down_range_is_refused),
        cmocka_unit_test(every_command_comes_back),
        cmocka_unit_test(command_of_an_unknown_control_is_refused),
        cmocka_unit_test(rename_comes_back),
        cmocka_unit_test(rename_to_what_is_no_text_is_refused),
        cmocka_unit_test(largest_picture_comes_back),
        cmocka_unit_test(welcome_comes_back),
        cmocka_unit_test(every_done_comes_back),
        cmocka_unit_test(status_comes_back),
        cmocka_unit_test(status_of_an_asking_that_is_not_there_is_refused),
        cmocka_unit_test(truth_that_is_neither_0_nor_1_is_refused),
        cmocka_unit_test(health_comes_back),
        cmocka_unit_test(create_comes_back_with_its_questions),
        cmocka_unit_test(create_with_fewer_or_more_communities_than_said_is_refused),
        cmocka_unit_test(messages_cut_at_any_byte_are_refused),
        cmocka_unit_test(full_writer_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
