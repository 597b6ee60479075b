/* The frames between a browser and an edge, `jingda.v1` of docs/protocol.md: JSON text, written and read here alone.
 *
 * Reading is strict and bounded: one flat object, at most FRAME_MAX bytes, known keys once each, whole numbers, valid
 * UTF-8, no duplicate key, nothing after the end. */
#ifndef JINGDA_PROTOCOL_FRAMES_H
#define JINGDA_PROTOCOL_FRAMES_H

#include "base/bytes.h"
#include "model/question.h"
#include "protocol/edge_core.h"

enum frame_kind { FRAME_HELLO, FRAME_JOIN, FRAME_ANSWER, FRAME_PING };

/* A browser's frame. Texts are unescaped copies. */
struct frame {
    enum frame_kind kind;
    uint32_t code;  /* hello */
    bool is_screen; /* hello */
    bool has_token; /* hello */
    char token[TOKEN_TEXT_MAX + 1];
    uint8_t nonce[NONCE_SIZE];         /* join */
    uint16_t community;                /* join; COMMUNITY_NONE */
    char name[4 * NAME_CHARS_MAX + 1]; /* join; longer names come out as VERDICT_BAD_NAME */
    uint16_t asking;                   /* answer; 0 where the number is outside 16 bits */
    choice_set choice;                 /* answer; 0 where the number is outside 16 bits */
};

/* VERDICT_OK, or VERDICT_BAD_FRAME, VERDICT_UNKNOWN_CODE (code not six digits), VERDICT_BAD_NAME (too long or not
 * text), VERDICT_BAD_TOKEN (too long to be one), VERDICT_BAD_COMMUNITY (beyond any list). `frame->kind` is set except
 * for VERDICT_BAD_FRAME. */
enum verdict frame_read(struct span text, struct frame *frame) __attribute__((warn_unused_result));

/* Where the edge serves a round's pictures: this and the picture's name. */
#define PICTURE_PATH "/picture/"

/* JSON building over a bounded writer: strings are escaped, and text that is not UTF-8 fails the writer. */
void json_open(struct writer *w, char bracket);   /* '{' or '[' */
void json_close(struct writer *w, char bracket);  /* '}' or ']' */
void json_key(struct writer *w, const char *key); /* commas come by themselves */
void json_text(struct writer *w, struct span text);
void json_number(struct writer *w, int64_t value);
void json_bool(struct writer *w, bool value);
void json_nothing(struct writer *w);               /* null; jansson has the name json_null */
void json_raw(struct writer *w, struct span json); /* a value, ready made */

/* Made by the core, the same bytes for all. */
void frame_write_question(struct writer *w, uint16_t asking, uint16_t askings, const struct question *question,
    uint16_t points, uint32_t reading_ms, uint32_t limit_ms);
/* counts NULL: the rules keep the distribution back; right FRAME_RIGHT_UNTOLD: null is written. */
#define FRAME_RIGHT_UNTOLD UINT32_MAX
void frame_write_revealed(struct writer *w, uint16_t asking, const struct question *question, uint32_t answered,
    uint32_t right, const uint32_t *counts);
struct leaderboard_row {
    uint32_t rank;
    const char *name, *community;
    uint32_t points, ms;
};
struct community_row {
    uint32_t rank;
    const char *name;
    uint32_t people, mean_tenths;
};
void frame_write_leaderboard(struct writer *w, uint16_t asking, const struct leaderboard_row *rows, uint32_t rows_count,
    uint32_t of, const struct community_row *communities, uint32_t communities_count);

/* Made by the edge. */
void frame_write_round(struct writer *w, const struct core_round *round);
void frame_write_joined(struct writer *w, const struct core_attached *attached);
/* `own` NULL for a screen or a stranger; `elapsed_ms` since the own clock's start (a screen's: since it opened). */
void frame_write_snapshot(struct writer *w, const struct core_round *round, const struct core_attached *own,
    bool is_screen, uint32_t limit_ms, uint32_t elapsed_ms);
void frame_write_open(struct writer *w, uint16_t asking, uint32_t reading_ms, uint32_t limit_ms, uint32_t elapsed_ms);
void frame_write_recorded(struct writer *w, const struct core_recorded *recorded);
void frame_write_refused(struct writer *w, const struct core_refused *refused);
void frame_write_extended(struct writer *w, uint16_t asking, uint32_t limit_ms);
void frame_write_asking(struct writer *w, const char *type, uint16_t asking); /* closed, voided */
void frame_write_standing(struct writer *w, const struct own_standing *standing);
void frame_write_scene(struct writer *w, enum scene scene);
void frame_write_plain(struct writer *w, const char *type); /* paused, resumed, ended, pong */
void frame_write_renamed(struct writer *w, struct span name);
void frame_write_beat(struct writer *w, uint32_t people);
void frame_write_bye(struct writer *w, uint32_t retry_ms);

#endif
