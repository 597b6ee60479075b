/* Role: a browser's frame to what it means. Input: the bytes of one text frame. Output: a struct frame, or the verdict
 * that refuses it. Left to others: whether the frame fits the moment. docs/protocol.md, "From the browser". */
#include "protocol/frames.h"
#include "protocol/json_read.h"

#include <string.h>

enum field {
    FIELD_TYPE,
    FIELD_ROUND,
    FIELD_TOKEN,
    FIELD_SCREEN,
    FIELD_NONCE,
    FIELD_NAME,
    FIELD_COMMUNITY,
    FIELD_ASKING,
    FIELD_CHOICE
};
#define FIELDS     9
#define BIT(field) (1u << (field))

static const struct {
    const char *key;
    enum json_value value;
} fields[FIELDS] = {
    [FIELD_TYPE] = {"type", JSON_TEXT},
    [FIELD_ROUND] = {"round", JSON_TEXT},
    [FIELD_TOKEN] = {"token", JSON_TEXT},
    [FIELD_SCREEN] = {"screen", JSON_TRUE},
    [FIELD_NONCE] = {"nonce", JSON_TEXT},
    [FIELD_NAME] = {"name", JSON_TEXT},
    [FIELD_COMMUNITY] = {"community", JSON_NUMBER},
    [FIELD_ASKING] = {"asking", JSON_NUMBER},
    [FIELD_CHOICE] = {"choice", JSON_NUMBER},
};

static const struct {
    const char *type;
    uint32_t needed, allowed;
} kinds[] = {
    [FRAME_HELLO] = {"hello", BIT(FIELD_ROUND), BIT(FIELD_TOKEN) | BIT(FIELD_SCREEN)},
    [FRAME_JOIN] = {"join", BIT(FIELD_NONCE), BIT(FIELD_NAME) | BIT(FIELD_COMMUNITY)},
    [FRAME_ANSWER] = {"answer", BIT(FIELD_ASKING) | BIT(FIELD_CHOICE), 0},
    [FRAME_PING] = {"ping", 0, 0},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* What stood in the object, before it is known which frame it is. */
struct members {
    uint32_t present;
    struct json_member of[FIELDS];
};

static bool collect(struct json_flat *json, struct members *members)
{
    struct json_member member;
    while (json_flat_next(json, &member)) {
        uint32_t field = 0;
        while (field < FIELDS && !span_equal(member.key, span_of_text(fields[field].key)))
            field++;
        if (field == FIELDS || members->present & BIT(field) || member.value != fields[field].value) return false;
        members->present |= BIT(field);
        members->of[field] = member;
    }
    return json->ok;
}

/* Copies with a closing zero. A zero inside, or more than `size_max` bytes, does not fit. */
static bool copy_text(struct span text, char *out, size_t size_max)
{
    if (text.size > size_max || (text.size && memchr(text.data, 0, text.size))) return false;
    if (text.size) memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}

static bool read_code(struct span text, uint32_t *code)
{
    *code = 0;
    for (size_t i = 0; i < text.size && text.size == 6; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        *code = *code * 10 + (uint32_t)(text.data[i] - '0');
    }
    return text.size == 6;
}

static int base64url_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* 22 characters hold 132 bits: the last four are zero, so that one nonce is spelled in one way (RFC 4648, 3.5). */
static bool read_nonce(struct span text, uint8_t nonce[NONCE_SIZE])
{
    if (text.size != 22) return false;
    uint32_t bits = 0;
    size_t held = 0, written = 0;
    for (size_t i = 0; i < text.size; i++) {
        int value = base64url_value(text.data[i]);
        if (value < 0) return false;
        bits = (bits << 6 | (uint32_t)value) & 0x3fff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        nonce[written++] = (uint8_t)(bits >> held);
    }
    return (bits & ((1u << held) - 1)) == 0;
}

static enum verdict read_hello(const struct members *members, struct frame *frame)
{
    if (!read_code(members->of[FIELD_ROUND].text, &frame->code)) return VERDICT_UNKNOWN_CODE;
    frame->is_screen = members->present & BIT(FIELD_SCREEN);
    frame->has_token = members->present & BIT(FIELD_TOKEN);
    bool is_token = copy_text(members->of[FIELD_TOKEN].text, frame->token, TOKEN_TEXT_MAX);
    return is_token ? VERDICT_OK : VERDICT_BAD_TOKEN;
}

static enum verdict read_join(const struct members *members, struct frame *frame)
{
    if (!read_nonce(members->of[FIELD_NONCE].text, frame->nonce)) return VERDICT_BAD_FRAME;
    if (!copy_text(members->of[FIELD_NAME].text, frame->name, sizeof frame->name - 1)) return VERDICT_BAD_NAME;
    frame->community = COMMUNITY_NONE;
    if (!(members->present & BIT(FIELD_COMMUNITY))) return VERDICT_OK;
    uint64_t community = members->of[FIELD_COMMUNITY].number;
    if (community >= COMMUNITIES_MAX) return VERDICT_BAD_COMMUNITY;
    frame->community = (uint16_t)community;
    return VERDICT_OK;
}

static uint16_t within_16_bits(uint64_t number)
{
    return number <= UINT16_MAX ? (uint16_t)number : 0;
}

enum verdict frame_read(struct span text, struct frame *frame)
{
    struct json_flat json;
    struct members members = {0};
    json_flat_begin(&json, text);
    if (!collect(&json, &members) || !(members.present & BIT(FIELD_TYPE))) return VERDICT_BAD_FRAME;

    size_t kind = 0;
    while (kind < KINDS && !span_equal(members.of[FIELD_TYPE].text, span_of_text(kinds[kind].type)))
        kind++;
    if (kind == KINDS) return VERDICT_BAD_FRAME;
    uint32_t present = members.present & ~BIT(FIELD_TYPE);
    if ((present & kinds[kind].needed) != kinds[kind].needed) return VERDICT_BAD_FRAME;
    if (present & ~(kinds[kind].needed | kinds[kind].allowed)) return VERDICT_BAD_FRAME;

    memset(frame, 0, sizeof *frame);
    frame->kind = (enum frame_kind)kind;
    switch (frame->kind) {
    case FRAME_HELLO: return read_hello(&members, frame);
    case FRAME_JOIN: return read_join(&members, frame);
    case FRAME_ANSWER:
        frame->asking = within_16_bits(members.of[FIELD_ASKING].number);
        frame->choice = within_16_bits(members.of[FIELD_CHOICE].number);
        return VERDICT_OK;
    case FRAME_PING: return VERDICT_OK;
    }
    return VERDICT_BAD_FRAME;
}
