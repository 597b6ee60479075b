/* The frames of tests/vectors: written here byte for byte as they stand there, and read as it is said there. */
#include "protocol/json_read.h"
#include "unit/protocol/fixed_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The next line without its end, or an empty span at the end. */
static struct span next_line(FILE *file, char *line, size_t capacity)
{
    if (!fgets(line, (int)capacity, file)) return (struct span){NULL, 0};
    return (struct span){(const uint8_t *)line, strcspn(line, "\n")};
}

static FILE *open_vectors(const char *name)
{
    FILE *file = fopen(name, "r");
    if (!file) fail_msg("%s is not there; run from the project's root", name);
    return file;
}

static void server_frames_are_written_as_they_stand(void **state)
{
    (void)state;
    static char line[8192], room[8192];
    FILE *file = open_vectors("tests/vectors/server_frames.jsonl");
    for (size_t number = 0; number < FIXED_FRAMES; number++) {
        struct span expected = next_line(file, line, sizeof line);
        struct writer w = writer_over(room, sizeof room);
        fixed_frame(&w, number);
        assert_true(w.ok);
        if (!span_equal(expected, (struct span){w.data, w.size}))
            fail_msg("line %zu:\n%.*s\nis written as\n%.*s", number + 1, (int)expected.size, line, (int)w.size, room);
    }
    assert_int_equal(next_line(file, line, sizeof line).size, 0);
    fclose(file);
}

/* One line of browser_frames.jsonl, taken apart. */
struct vector {
    struct json_flat json; /* holds the texts */
    struct span frame, verdict, kind, token, nonce, name;
    uint64_t code, community, asking, choice;
    bool is_screen;
};

static void read_vector(struct span line, struct vector *vector)
{
    struct json_member member;
    *vector = (struct vector){.community = COMMUNITY_NONE};
    json_flat_begin(&vector->json, line);
    while (json_flat_next(&vector->json, &member)) {
        if (span_equal(member.key, span_of_text("frame"))) vector->frame = member.text;
        if (span_equal(member.key, span_of_text("verdict"))) vector->verdict = member.text;
        if (span_equal(member.key, span_of_text("kind"))) vector->kind = member.text;
        if (span_equal(member.key, span_of_text("token"))) vector->token = member.text;
        if (span_equal(member.key, span_of_text("nonce"))) vector->nonce = member.text;
        if (span_equal(member.key, span_of_text("name"))) vector->name = member.text;
        if (span_equal(member.key, span_of_text("code"))) vector->code = member.number;
        if (span_equal(member.key, span_of_text("community"))) vector->community = member.number;
        if (span_equal(member.key, span_of_text("asking"))) vector->asking = member.number;
        if (span_equal(member.key, span_of_text("choice"))) vector->choice = member.number;
        if (span_equal(member.key, span_of_text("screen"))) vector->is_screen = true;
    }
    assert_true(vector->json.ok);
}

static void check_meaning(const struct vector *vector, const struct frame *frame)
{
    static const char *const kinds[] = {"hello", "join", "answer", "ping"};
    assert_true(span_equal(vector->kind, span_of_text(kinds[frame->kind])));
    assert_int_equal(vector->code, frame->code);
    assert_int_equal(vector->is_screen, frame->is_screen);
    assert_int_equal(vector->token.size > 0, frame->has_token);
    assert_true(span_equal(vector->token, span_of_text(frame->token)));
    assert_true(span_equal(vector->name, span_of_text(frame->name)));
    assert_int_equal(vector->asking, frame->asking);
    assert_int_equal(vector->choice, frame->choice);
    if (frame->kind != FRAME_JOIN) return;
    char hex[2 * NONCE_SIZE + 1];
    for (size_t i = 0; i < NONCE_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", frame->nonce[i]);
    assert_true(span_equal(vector->nonce, span_of_text(hex)));
    assert_int_equal(vector->community, frame->community);
}

static void browser_frames_mean_what_is_said(void **state)
{
    (void)state;
    static char line[FRAME_MAX + 2];
    FILE *file = open_vectors("tests/vectors/browser_frames.jsonl");
    size_t count = 0;
    for (struct span text = next_line(file, line, sizeof line); text.size; text = next_line(file, line, sizeof line)) {
        struct vector vector;
        struct frame frame;
        read_vector(text, &vector);
        enum verdict verdict = frame_read(vector.frame, &frame);
        if (!span_equal(vector.verdict, span_of_text(verdict_name(verdict))))
            fail_msg("%.*s is %s", (int)text.size, line, verdict_name(verdict));
        if (verdict == VERDICT_OK) check_meaning(&vector, &frame);
        count++;
    }
    assert_true(count >= 20);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_frames_are_written_as_they_stand),
        cmocka_unit_test(browser_frames_mean_what_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
