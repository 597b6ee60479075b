/* Role: the frames that an edge makes for one browser. Input: the round's public state and what is the participant's
 * own. Output: JSON in the caller's writer; w->ok tells whether it fitted. Left to others: when which frame is due.
 * docs/protocol.md, "To the browser". */
#include "protocol/json_put.h"

static void put_true(struct writer *w, const char *key)
{
    json_key(w, key);
    json_bool(w, true);
}

static void put_code(struct writer *w, uint32_t code)
{
    char digits[6];
    for (size_t i = sizeof digits; i-- > 0; code /= 10)
        digits[i] = (char)('0' + code % 10);
    json_put_text(w, "code", (struct span){(const uint8_t *)digits, sizeof digits});
}

static void put_receipt(struct writer *w, struct span code, uint32_t elapsed_ms, uint16_t credit_ms)
{
    json_key(w, "receipt");
    json_open(w, '{');
    json_put_text(w, "code", code);
    json_put_number(w, "elapsed_ms", elapsed_ms);
    json_put_number(w, "credit_ms", credit_ms);
    json_close(w, '}');
}

static const char *names_word(enum names_rule names)
{
    switch (names) {
    case NAMES_NONE: return "none";
    case NAMES_OPTIONAL: return "optional";
    case NAMES_REQUIRED: return "required";
    }
    return "";
}

static const char *rank_word(enum rank_shown rank)
{
    switch (rank) {
    case RANK_NEVER: return "never";
    case RANK_EACH: return "each";
    case RANK_END: return "end";
    }
    return "";
}

static const char *scoring_word(enum scoring scoring)
{
    switch (scoring) {
    case SCORING_ACCURACY: return "accuracy";
    case SCORING_SPEED: return "speed";
    case SCORING_KNOCKOUT: return "knockout";
    }
    return "";
}

static const char *scene_word(enum scene scene)
{
    return scene == SCENE_LEADERBOARD ? "leaderboard" : "question";
}

/* What the page shows; a draining asking is closed to it. */
static const char *phase_word(const struct core_round *round)
{
    if (round->phase == PHASE_ENDED) return "ended";
    if (round->is_paused) return "paused";
    switch (round->phase) {
    case PHASE_LOBBY: return "lobby";
    case PHASE_OPEN: return "open";
    case PHASE_CLOSING:
    case PHASE_CLOSED: return "closed";
    case PHASE_REVEALED: return "revealed";
    case PHASE_ENDED: break;
    }
    return "ended";
}

static void put_community(struct writer *w, uint16_t community)
{
    json_put_number(w, "community", community == COMMUNITY_NONE ? -1 : community);
}

void frame_write_round(struct writer *w, const struct core_round *round)
{
    json_begin(w, "round");
    put_code(w, round->code);
    json_put_text(w, "title", round->title);
    json_put_text(w, "unit", round->unit);
    json_put_string(w, "names", names_word(round->names));
    json_key(w, "communities");
    json_raw(w, round->communities.size ? round->communities : span_of_text("[]"));
    json_key(w, "locked");
    json_bool(w, round->is_locked);
    json_put_number(w, "people", round->people);
    json_close(w, '}');
}

void frame_write_joined(struct writer *w, const struct core_attached *attached)
{
    json_begin(w, "joined");
    json_put_text(w, "token", attached->token);
    json_put_number(w, "participant", (int64_t)attached->participant + 1);
    json_put_text(w, "name", attached->name);
    put_community(w, attached->community);
    json_close(w, '}');
}

static void put_open(struct writer *w, uint16_t asking, uint32_t reading_ms, uint32_t limit_ms, uint32_t elapsed_ms)
{
    json_put_number(w, "asking", asking);
    json_put_number(w, "reading_ms", reading_ms);
    json_put_number(w, "limit_ms", limit_ms);
    json_put_number(w, "elapsed_ms", elapsed_ms);
}

static void put_standing(struct writer *w, const struct own_standing *standing, bool is_told_again)
{
    json_put_number(w, "asking", standing->asking);
    json_put_number(w, "points", standing->points);
    json_key(w, "gained");
    if (is_told_again)
        json_nothing(w);
    else
        json_number(w, standing->gained);
    json_put_number(w, "rights", standing->rights);
    json_key(w, "rank");
    if (standing->rank)
        json_number(w, standing->rank);
    else
        json_nothing(w);
    json_put_number(w, "of", standing->of);
    json_key(w, "out");
    json_bool(w, standing->is_out);
}

static void put_own(struct writer *w, const struct core_round *round, const struct core_attached *own)
{
    json_put_number(w, "participant", (int64_t)own->participant + 1);
    json_put_text(w, "name", own->name);
    put_community(w, own->community);
    if (own->has_answer && own->answer_asking == round->asking) {
        json_key(w, "answer");
        json_open(w, '{');
        json_put_number(w, "choice", own->choice);
        put_receipt(w, own->receipt, own->elapsed_ms, own->credit_ms);
        json_close(w, '}');
    }
    if (own->standing.asking == 0) return;
    json_key(w, "standing");
    json_open(w, '{');
    put_standing(w, &own->standing, true);
    json_close(w, '}');
}

/* A frame that the core made, as a member; it keeps its `type`, which a page ignores there. */
static void put_frame(struct writer *w, const char *key, struct span frame)
{
    if (frame.size == 0) return;
    json_key(w, key);
    json_raw(w, frame);
}

void frame_write_snapshot(struct writer *w, const struct core_round *round, const struct core_attached *own,
    bool is_screen, uint32_t limit_ms, uint32_t elapsed_ms)
{
    json_begin(w, "snapshot");
    put_code(w, round->code);
    json_put_text(w, "title", round->title);
    json_put_text(w, "unit", round->unit);
    json_put_string(w, "phase", phase_word(round));
    json_put_number(w, "askings", round->askings_count);
    json_put_number(w, "asking", round->asking);
    json_put_number(w, "people", round->people);
    json_put_string(w, "rank_shown", rank_word(round->rank_shown));
    json_put_string(w, "scoring", scoring_word(round->scoring));
    if (is_screen) json_put_string(w, "scene", scene_word(round->scene));
    if (own) put_own(w, round, own);
    put_frame(w, "question", round->question);
    if (round->phase == PHASE_OPEN) {
        json_key(w, "open");
        json_open(w, '{');
        put_open(w, round->asking, round->reading_ms, limit_ms, elapsed_ms);
        json_close(w, '}');
    }
    if (round->phase == PHASE_REVEALED || round->phase == PHASE_ENDED) put_frame(w, "revealed", round->revealed);
    if (is_screen) put_frame(w, "leaderboard", round->leaderboard);
    if (is_screen && round->is_locked) put_true(w, "locked");
    if (round->is_voided) put_true(w, "voided");
    if (round->is_reopened) put_true(w, "reopened");
    json_close(w, '}');
}

void frame_write_open(struct writer *w, uint16_t asking, uint32_t reading_ms, uint32_t limit_ms, uint32_t elapsed_ms)
{
    json_begin(w, "open");
    put_open(w, asking, reading_ms, limit_ms, elapsed_ms);
    json_close(w, '}');
}

void frame_write_recorded(struct writer *w, const struct core_recorded *recorded)
{
    json_begin(w, "recorded");
    json_put_number(w, "asking", recorded->asking);
    json_put_number(w, "choice", recorded->choice);
    put_receipt(w, recorded->receipt, recorded->elapsed_ms, recorded->credit_ms);
    json_close(w, '}');
}

void frame_write_refused(struct writer *w, const struct core_refused *refused)
{
    json_begin(w, "refused");
    json_put_string(w, "verdict", verdict_name(refused->verdict));
    if (refused->asking) json_put_number(w, "asking", refused->asking);
    if (refused->has_first) {
        json_put_number(w, "choice", refused->choice);
        put_receipt(w, refused->receipt, refused->elapsed_ms, refused->credit_ms);
    }
    json_close(w, '}');
}

void frame_write_extended(struct writer *w, uint16_t asking, uint32_t limit_ms)
{
    json_begin(w, "extended");
    json_put_number(w, "asking", asking);
    json_put_number(w, "limit_ms", limit_ms);
    json_close(w, '}');
}

void frame_write_asking(struct writer *w, const char *type, uint16_t asking)
{
    json_begin(w, type);
    json_put_number(w, "asking", asking);
    json_close(w, '}');
}

void frame_write_standing(struct writer *w, const struct own_standing *standing)
{
    json_begin(w, "standing");
    put_standing(w, standing, false);
    json_close(w, '}');
}

void frame_write_scene(struct writer *w, enum scene scene)
{
    json_begin(w, "scene");
    json_put_string(w, "show", scene_word(scene));
    json_close(w, '}');
}

void frame_write_plain(struct writer *w, const char *type)
{
    json_begin(w, type);
    json_close(w, '}');
}

void frame_write_renamed(struct writer *w, struct span name)
{
    json_begin(w, "renamed");
    json_put_text(w, "name", name);
    json_close(w, '}');
}

void frame_write_beat(struct writer *w, uint32_t people)
{
    json_begin(w, "beat");
    json_put_number(w, "people", people);
    json_close(w, '}');
}

void frame_write_bye(struct writer *w, uint32_t retry_ms)
{
    json_begin(w, "bye");
    json_put_number(w, "retry_ms", retry_ms);
    json_close(w, '}');
}
