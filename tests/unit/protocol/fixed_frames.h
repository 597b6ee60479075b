/* The fixed inputs behind tests/vectors/server_frames.jsonl: line n is frame n of this list. */
#ifndef TESTS_UNIT_PROTOCOL_FIXED_FRAMES_H
#define TESTS_UNIT_PROTOCOL_FIXED_FRAMES_H

#include "model/event.h"
#include "protocol/frames.h"

#include <string.h>

static inline struct question fixed_question(void)
{
    static struct question question;
    question = (struct question){.kind = QUESTION_MULTIPLE, .options_count = 3, .key = 5};
    strcpy(question.text, "下列哪些是\"可回收物\"?\n<b>&");
    strcpy(question.options[0], "旧报纸");
    strcpy(question.options[1], "剩菜");
    strcpy(question.options[2], "C:\\易拉罐");
    strcpy(question.explanation, "报纸和金属可以再生。");
    strcpy(question.source, "《生活垃圾分类标志》GB/T 19095");
    strcpy(question.category, "环保");
    strcpy(question.picture, "00ff.png");
    strcpy(question.picture_alt, "三个桶");
    return question;
}

#define FIXED_QUESTION_FRAME    "{\"type\":\"question\",\"asking\":2}"
#define FIXED_REVEALED_FRAME    "{\"type\":\"revealed\",\"asking\":2}"
#define FIXED_LEADERBOARD_FRAME "{\"type\":\"leaderboard\",\"asking\":2}"

static inline struct core_round fixed_round(enum phase phase)
{
    return (struct core_round){.round = 9,
        .code = 4711,
        .phase = phase,
        .names = NAMES_OPTIONAL,
        .rank_shown = RANK_EACH,
        .scoring = SCORING_ACCURACY,
        .asking = 2,
        .askings_count = 20,
        .people = 128,
        .reading_ms = 5000,
        .limit_ms = 30000,
        .title = span_of_text("科普竞答"),
        .unit = span_of_text("区科协"),
        .communities = span_of_text("[\"东街\",\"西\\\"街\"]"),
        .question = span_of_text(FIXED_QUESTION_FRAME),
        .revealed = span_of_text(FIXED_REVEALED_FRAME),
        .leaderboard = span_of_text(FIXED_LEADERBOARD_FRAME)};
}

static inline struct core_attached fixed_attached(void)
{
    return (struct core_attached){.participant = 0,
        .community = 1,
        .token = span_of_text("AbC-_123"),
        .name = span_of_text("王＊英"),
        .has_answer = true,
        .answer_asking = 2,
        .choice = 4,
        .elapsed_ms = 3210,
        .credit_ms = 40,
        .receipt = span_of_text("7K3M-Q2ZD"),
        .standing = {.participant = 0, .asking = 1, .points = 10, .gained = 10, .rights = 1, .rank = 3, .of = 128}};
}

static inline void write_lobby_frames(struct writer *w, size_t number)
{
    struct core_round round = fixed_round(PHASE_LOBBY);
    struct core_attached attached = fixed_attached();
    struct core_attached nobody = {.community = COMMUNITY_NONE, .token = span_of_text("t")};
    if (number == 0) frame_write_round(w, &round);
    if (number == 1) frame_write_joined(w, &attached);
    if (number == 2) frame_write_joined(w, &nobody);
    round.asking = 0;
    round.question = round.revealed = round.leaderboard = (struct span){NULL, 0};
    if (number == 3) frame_write_snapshot(w, &round, &nobody, false, 0, 0);
}

static inline void write_asking_frames(struct writer *w, size_t number)
{
    struct question question = fixed_question();
    struct core_recorded recorded = {
        .asking = 2, .choice = 4, .elapsed_ms = 3210, .credit_ms = 40, .receipt = span_of_text("7K3M-Q2ZD")};
    struct core_refused late = {.verdict = VERDICT_LATE, .asking = 2};
    struct core_refused first = {.verdict = VERDICT_ALREADY_ANSWERED,
        .asking = 2,
        .has_first = true,
        .choice = 4,
        .elapsed_ms = 3210,
        .credit_ms = 40,
        .receipt = span_of_text("7K3M-Q2ZD")};
    struct core_refused code = {.verdict = VERDICT_UNKNOWN_CODE};
    static const uint32_t counts[OPTIONS_MAX] = {100, 0, 27};
    if (number == 4) frame_write_question(w, 2, 20, &question, 10, 5000, 30000);
    if (number == 5) frame_write_open(w, 2, 5000, 30000, 0);
    if (number == 6) frame_write_recorded(w, &recorded);
    if (number == 7) frame_write_refused(w, &late);
    if (number == 8) frame_write_refused(w, &first);
    if (number == 9) frame_write_refused(w, &code);
    if (number == 10) frame_write_extended(w, 2, 45000);
    if (number == 11) frame_write_asking(w, "closed", 2);
    if (number == 12) frame_write_asking(w, "voided", 2);
    if (number == 13) frame_write_revealed(w, 2, &question, 127, 100, counts);
    if (number == 14) frame_write_revealed(w, 2, &question, 127, FRAME_RIGHT_UNTOLD, NULL);
}

static inline void write_standing_frames(struct writer *w, size_t number)
{
    struct own_standing shown = {.asking = 2, .points = 4000000000, .gained = 0, .rights = 2, .rank = 1, .of = 128};
    struct own_standing kept = {.asking = 2, .points = 20, .gained = 10, .rights = 2, .of = 128, .is_out = true};
    static const struct leaderboard_row rows[] = {{1, "王＊英", "东街", 20, 4100}, {2, "居民028", "", 10, 0}};
    static const struct community_row communities[] = {{1, "东街", 64, 155}};
    if (number == 15) frame_write_standing(w, &shown);
    if (number == 16) frame_write_standing(w, &kept);
    if (number == 17) frame_write_leaderboard(w, 2, rows, 2, 128, communities, 1);
    if (number == 18) frame_write_leaderboard(w, 2, NULL, 0, 0, NULL, 0);
}

static inline void write_plain_frames(struct writer *w, size_t number)
{
    if (number == 19) frame_write_scene(w, SCENE_LEADERBOARD);
    if (number == 20) frame_write_scene(w, SCENE_QUESTION);
    if (number == 21) frame_write_plain(w, "paused");
    if (number == 22) frame_write_plain(w, "resumed");
    if (number == 23) frame_write_plain(w, "ended");
    if (number == 24) frame_write_plain(w, "pong");
    if (number == 25) frame_write_renamed(w, span_of_text("李＊"));
    if (number == 26) frame_write_beat(w, 340000);
    if (number == 27) frame_write_bye(w, 1500);
}

static inline void write_snapshots(struct writer *w, size_t number)
{
    struct core_attached attached = fixed_attached();
    struct core_round open = fixed_round(PHASE_OPEN), closing = fixed_round(PHASE_CLOSING);
    struct core_round revealed = fixed_round(PHASE_REVEALED), ended = fixed_round(PHASE_ENDED);
    if (number == 28) frame_write_snapshot(w, &open, &attached, false, 32000, 1200);
    if (number == 29) frame_write_snapshot(w, &open, NULL, true, 30000, 900);
    if (number == 30) frame_write_snapshot(w, &closing, &attached, false, 30000, 0);
    revealed.is_voided = revealed.is_reopened = true;
    revealed.scene = SCENE_LEADERBOARD;
    if (number == 31) frame_write_snapshot(w, &revealed, NULL, true, 30000, 0);
    revealed.is_paused = true;
    attached.has_answer = false;
    attached.standing.rank = 0;
    attached.standing.is_out = true;
    if (number == 32) frame_write_snapshot(w, &revealed, &attached, false, 30000, 0);
    ended.rank_shown = RANK_END;
    ended.scoring = SCORING_SPEED;
    if (number == 33) frame_write_snapshot(w, &ended, &attached, false, 30000, 0);
}

#define FIXED_FRAMES 34

static inline void fixed_frame(struct writer *w, size_t number)
{
    write_lobby_frames(w, number);
    write_asking_frames(w, number);
    write_standing_frames(w, number);
    write_plain_frames(w, number);
    write_snapshots(w, number);
}

#endif
