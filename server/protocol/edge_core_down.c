/* Role: the messages from the core to an edge, each writer beside its reader. Input, output: structs and bytes. Left to
 * others: what they do to a session. */
#include "model/name.h"
#include "protocol/edge_core_fields.h"

/* a JSON array of COMMUNITIES_MAX names, every character escaped at worst */
#define COMMUNITIES_SIZE_MAX ((size_t)COMMUNITIES_MAX * (8 * COMMUNITY_CHARS_MAX + 3) + 2)

static uint64_t read_time(struct reader *r)
{
    uint64_t time_ms = read_u64(r);
    if (time_ms > TIME_MS_MAX) r->ok = false;
    return time_ms;
}

void core_welcome_encode(struct writer *w, const struct core_welcome *message)
{
    write_u16(w, CORE_WELCOME);
    write_u16(w, message->version);
    write_u64(w, message->term);
    write_u64(w, (uint64_t)message->clock_offset_ms);
}

bool core_welcome_decode(struct span bytes, struct core_welcome *message)
{
    struct reader r = message_reader(bytes, CORE_WELCOME);
    message->version = read_u16(&r);
    message->term = read_u64(&r);
    message->clock_offset_ms = (int64_t)read_u64(&r);
    int64_t most = (int64_t)TIME_MS_MAX;
    return read_finished(&r) && message->clock_offset_ms >= -most && message->clock_offset_ms <= most;
}

static void write_round_numbers(struct writer *w, const struct core_round *message)
{
    write_u32(w, message->round);
    write_u32(w, message->code);
    write_u8(w, (uint8_t)message->change);
    write_u8(w, (uint8_t)message->phase);
    write_u8(w, message->is_paused);
    write_u8(w, message->is_locked);
    write_u8(w, message->is_reopened);
    write_u8(w, message->is_voided);
    write_u8(w, (uint8_t)message->scene);
    write_u8(w, (uint8_t)message->names);
    write_u8(w, (uint8_t)message->rank_shown);
    write_u8(w, (uint8_t)message->scoring);
    write_u16(w, message->asking);
    write_u16(w, message->askings_count);
    write_u32(w, message->people);
    write_u64(w, message->opened_at_ms);
    write_u32(w, message->reading_ms);
    write_u32(w, message->limit_ms);
    write_u64(w, message->shuffle_seed);
}

static void read_round_numbers(struct reader *r, struct core_round *message)
{
    message->round = read_u32(r);
    message->code = read_u32(r);
    message->change = (enum change)read_word(r, CHANGE_ENDED);
    message->phase = (enum phase)read_word(r, PHASE_ENDED);
    message->is_paused = read_flag(r);
    message->is_locked = read_flag(r);
    message->is_reopened = read_flag(r);
    message->is_voided = read_flag(r);
    message->scene = (enum scene)read_word(r, SCENE_LEADERBOARD);
    message->names = (enum names_rule)read_word(r, NAMES_REQUIRED);
    message->rank_shown = (enum rank_shown)read_word(r, RANK_END);
    message->scoring = (enum scoring)read_word(r, SCORING_KNOCKOUT);
    message->asking = read_u16(r);
    message->askings_count = read_u16(r);
    message->people = read_u32(r);
    message->opened_at_ms = read_time(r);
    message->reading_ms = read_u32(r);
    message->limit_ms = read_u32(r);
    message->shuffle_seed = read_u64(r);
}

void core_round_encode(struct writer *w, const struct core_round *message)
{
    write_u16(w, CORE_ROUND);
    write_round_numbers(w, message);
    write_span(w, message->title);
    write_span(w, message->unit);
    write_span(w, message->communities);
    write_span(w, message->question);
    write_span(w, message->revealed);
    write_span(w, message->leaderboard);
}

bool core_round_decode(struct span bytes, struct core_round *message)
{
    struct reader r = message_reader(bytes, CORE_ROUND);
    read_round_numbers(&r, message);
    message->title = read_text(&r, (size_t)4 * TITLE_CHARS_MAX);
    message->unit = read_text(&r, (size_t)4 * UNIT_CHARS_MAX);
    message->communities = read_json(&r, COMMUNITIES_SIZE_MAX, '[', ']');
    message->question = read_json(&r, QUESTION_FRAME_MAX, '{', '}');
    message->revealed = read_json(&r, QUESTION_FRAME_MAX, '{', '}');
    message->leaderboard = read_json(&r, QUESTION_FRAME_MAX, '{', '}');
    return read_finished(&r);
}

void core_picture_encode(struct writer *w, const struct core_picture *message)
{
    write_u16(w, CORE_PICTURE);
    write_span(w, message->name);
    write_span(w, message->bytes);
}

bool core_picture_decode(struct span bytes, struct core_picture *message)
{
    struct reader r = message_reader(bytes, CORE_PICTURE);
    message->name = read_text(&r, PICTURE_NAME_MAX);
    message->bytes = read_span(&r, (size_t)PICTURE_SIZE_MAX);
    return read_finished(&r);
}

void core_looked_encode(struct writer *w, const struct core_looked *message)
{
    write_u16(w, CORE_LOOKED);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->round);
}

bool core_looked_decode(struct span bytes, struct core_looked *message)
{
    struct reader r = message_reader(bytes, CORE_LOOKED);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->round = read_u32(&r);
    return read_finished(&r);
}

static void write_standing(struct writer *w, const struct own_standing *standing)
{
    write_u32(w, standing->participant);
    write_u16(w, standing->asking);
    write_u32(w, standing->points);
    write_u32(w, standing->gained);
    write_u16(w, standing->rights);
    write_u32(w, standing->rank);
    write_u32(w, standing->of);
    write_u8(w, standing->is_out);
}

static void read_standing(struct reader *r, struct own_standing *standing)
{
    standing->participant = read_u32(r);
    standing->asking = read_u16(r);
    standing->points = read_u32(r);
    standing->gained = read_u32(r);
    standing->rights = read_u16(r);
    standing->rank = read_u32(r);
    standing->of = read_u32(r);
    standing->is_out = read_flag(r);
}

void core_attached_encode(struct writer *w, const struct core_attached *message)
{
    write_u16(w, CORE_ATTACHED);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->round);
    write_u32(w, message->participant);
    write_u16(w, message->community);
    write_span(w, message->token);
    write_span(w, message->name);
    write_u16(w, message->start_asking);
    write_u64(w, message->start_ms);
    write_u32(w, message->allowance_ms);
    write_u8(w, message->has_answer);
    write_u16(w, message->answer_asking);
    write_u16(w, message->choice);
    write_u32(w, message->elapsed_ms);
    write_u16(w, message->credit_ms);
    write_span(w, message->receipt);
    write_standing(w, &message->standing);
}

bool core_attached_decode(struct span bytes, struct core_attached *message)
{
    struct reader r = message_reader(bytes, CORE_ATTACHED);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->round = read_u32(&r);
    message->participant = read_u32(&r);
    message->community = read_u16(&r);
    message->token = read_text(&r, TOKEN_TEXT_MAX);
    message->name = read_text(&r, NAME_SHOWN_SIZE);
    message->start_asking = read_u16(&r);
    message->start_ms = read_time(&r);
    message->allowance_ms = read_u32(&r);
    message->has_answer = read_flag(&r);
    message->answer_asking = read_u16(&r);
    message->choice = read_u16(&r);
    message->elapsed_ms = read_u32(&r);
    message->credit_ms = read_u16(&r);
    message->receipt = read_text(&r, RECEIPT_TEXT_MAX);
    read_standing(&r, &message->standing);
    return read_finished(&r);
}

void core_recorded_encode(struct writer *w, const struct core_recorded *message)
{
    write_u16(w, CORE_RECORDED);
    write_slot(w, message->slot, message->generation);
    write_u16(w, message->asking);
    write_u16(w, message->choice);
    write_u32(w, message->elapsed_ms);
    write_u16(w, message->credit_ms);
    write_span(w, message->receipt);
}

bool core_recorded_decode(struct span bytes, struct core_recorded *message)
{
    struct reader r = message_reader(bytes, CORE_RECORDED);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->asking = read_u16(&r);
    message->choice = read_u16(&r);
    message->elapsed_ms = read_u32(&r);
    message->credit_ms = read_u16(&r);
    message->receipt = read_text(&r, RECEIPT_TEXT_MAX);
    return read_finished(&r);
}

void core_refused_encode(struct writer *w, const struct core_refused *message)
{
    write_u16(w, CORE_REFUSED);
    write_slot(w, message->slot, message->generation);
    write_u8(w, (uint8_t)message->verdict);
    write_u16(w, message->asking);
    write_u8(w, message->has_first);
    write_u16(w, message->choice);
    write_u32(w, message->elapsed_ms);
    write_u16(w, message->credit_ms);
    write_span(w, message->receipt);
}

bool core_refused_decode(struct span bytes, struct core_refused *message)
{
    struct reader r = message_reader(bytes, CORE_REFUSED);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->verdict = (enum verdict)read_word(&r, VERDICTS - 1);
    message->asking = read_u16(&r);
    message->has_first = read_flag(&r);
    message->choice = read_u16(&r);
    message->elapsed_ms = read_u32(&r);
    message->credit_ms = read_u16(&r);
    message->receipt = read_text(&r, RECEIPT_TEXT_MAX);
    return read_finished(&r) && message->verdict != VERDICT_OK;
}

void core_standings_encode(struct writer *w, const struct core_standings *head, const struct standings_item *items)
{
    write_u16(w, CORE_STANDINGS);
    write_u32(w, head->round);
    write_u16(w, head->asking);
    write_u32(w, head->of);
    write_u32(w, head->count);
    for (uint32_t i = 0; i < head->count; i++) {
        write_slot(w, items[i].slot, items[i].generation);
        write_standing(w, &items[i].standing);
    }
}

#define STANDINGS_ITEM_SIZE 33

bool core_standings_begin(struct span bytes, struct reader *r, struct core_standings *head)
{
    *r = message_reader(bytes, CORE_STANDINGS);
    head->round = read_u32(r);
    head->asking = read_u16(r);
    head->of = read_u32(r);
    head->count = read_u32(r);
    if (head->count > STANDINGS_BATCH_MAX) return false;
    return r->ok && read_left(r) == (size_t)head->count * STANDINGS_ITEM_SIZE;
}

void core_standings_next(struct reader *r, struct standings_item *item)
{
    item->slot = read_u32(r);
    item->generation = read_u32(r);
    read_standing(r, &item->standing);
}

void core_renamed_encode(struct writer *w, const struct core_renamed *message)
{
    write_u16(w, CORE_RENAMED);
    write_slot(w, message->slot, message->generation);
    write_span(w, message->name);
}

bool core_renamed_decode(struct span bytes, struct core_renamed *message)
{
    struct reader r = message_reader(bytes, CORE_RENAMED);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->name = read_text(&r, NAME_SHOWN_SIZE);
    return read_finished(&r);
}

void core_count_encode(struct writer *w, const struct core_count *message)
{
    write_u16(w, CORE_COUNT);
    write_u32(w, message->round);
    write_u32(w, message->people);
}

bool core_count_decode(struct span bytes, struct core_count *message)
{
    struct reader r = message_reader(bytes, CORE_COUNT);
    message->round = read_u32(&r);
    message->people = read_u32(&r);
    return read_finished(&r);
}
