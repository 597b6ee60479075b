/* The rules of a round. Role: say what a choice is worth, and whether rules are in bounds; in: rules, a choice, a time;
 * out: points in integers, or bytes for the log. Whether the answer came in time is the engine's matter. */
#include "model/rules.h"

#include <stddef.h>

#define SPEED_FREE_MS 500 /* nobody is faster than this by merit */

struct rules rules_default(void)
{
    return (struct rules){
        .version = RULES_VERSION,
        .scoring = SCORING_ACCURACY,
        .multiple = MULTIPLE_ALL,
        .names = NAMES_OPTIONAL,
        .rank_shown = RANK_EACH,
        .distribution = DISTRIBUTION_ALL,
        .limit_ms = 30000,
        .reading_ms = 5000,
        .explain_ms = 8000,
        .points = 10,
    };
}

static bool time_is_valid(uint32_t limit_ms, uint32_t reading_ms)
{
    return limit_ms >= LIMIT_MS_MIN && limit_ms <= LIMIT_MS_MAX && reading_ms <= READING_MS_MAX;
}

static bool between(unsigned value, unsigned last)
{
    return value <= last;
}

bool rules_are_valid(const struct rules *rules)
{
    return rules->version >= 1 && rules->version <= RULES_VERSION && between(rules->scoring, SCORING_KNOCKOUT) &&
           between(rules->multiple, MULTIPLE_SHARE) && between(rules->names, NAMES_REQUIRED) &&
           between(rules->rank_shown, RANK_END) && between(rules->distribution, DISTRIBUTION_NONE) &&
           time_is_valid(rules->limit_ms, rules->reading_ms) && rules->explain_ms <= EXPLAIN_MS_MAX &&
           rules->points >= 1 && rules->points <= POINTS_MAX && rules->communities_count <= COMMUNITIES_MAX;
}

static unsigned bits_count(choice_set set)
{
    unsigned count = 0;
    for (unsigned rest = set; rest; rest &= rest - 1)
        count++;
    return count;
}

static bool key_is_valid(const struct asking_rules *asking)
{
    if (asking->key >> asking->options_count) return false;
    switch (asking->kind) {
    case QUESTION_SINGLE:
    case QUESTION_TRUE_FALSE: return bits_count(asking->key) == 1;
    case QUESTION_MULTIPLE: return asking->key != 0;
    case QUESTION_POLL: return asking->key == 0;
    }
    return false;
}

bool asking_rules_are_valid(const struct asking_rules *asking)
{
    return between(asking->kind, QUESTION_POLL) && asking->options_count >= 2 && asking->options_count <= OPTIONS_MAX &&
           key_is_valid(asking) && asking->points <= POINTS_MAX && time_is_valid(asking->limit_ms, asking->reading_ms);
}

void rules_encode(struct writer *w, const struct rules *rules)
{
    write_u16(w, rules->version);
    write_u8(w, (uint8_t)rules->scoring);
    write_u8(w, (uint8_t)rules->multiple);
    write_u8(w, (uint8_t)rules->names);
    write_u8(w, (uint8_t)rules->rank_shown);
    write_u8(w, (uint8_t)rules->distribution);
    write_u8(w, rules->is_shuffled);
    write_u8(w, rules->is_auto);
    write_u32(w, rules->limit_ms);
    write_u32(w, rules->reading_ms);
    write_u32(w, rules->explain_ms);
    write_u16(w, rules->points);
    write_u16(w, rules->communities_count);
}

/* One byte that is 0 or 1; anything else fails the reader. */
static bool flag_decode(struct reader *r)
{
    uint8_t value = read_u8(r);
    if (value > 1) r->ok = false;
    return value == 1;
}

bool rules_decode(struct reader *r, struct rules *rules)
{
    rules->version = read_u16(r);
    rules->scoring = (enum scoring)read_u8(r);
    rules->multiple = (enum multiple_rule)read_u8(r);
    rules->names = (enum names_rule)read_u8(r);
    rules->rank_shown = (enum rank_shown)read_u8(r);
    rules->distribution = (enum distribution_rule)read_u8(r);
    rules->is_shuffled = flag_decode(r);
    rules->is_auto = flag_decode(r);
    rules->limit_ms = read_u32(r);
    rules->reading_ms = read_u32(r);
    rules->explain_ms = read_u32(r);
    rules->points = read_u16(r);
    rules->communities_count = read_u16(r);
    return r->ok && rules_are_valid(rules);
}

void asking_rules_encode(struct writer *w, const struct asking_rules *asking)
{
    write_u8(w, (uint8_t)asking->kind);
    write_u8(w, asking->options_count);
    write_u16(w, asking->key);
    write_u16(w, asking->points);
    write_u32(w, asking->limit_ms);
    write_u32(w, asking->reading_ms);
}

bool asking_rules_decode(struct reader *r, struct asking_rules *asking)
{
    asking->kind = (enum question_kind)read_u8(r);
    asking->options_count = read_u8(r);
    asking->key = read_u16(r);
    asking->points = read_u16(r);
    asking->limit_ms = read_u32(r);
    asking->reading_ms = read_u32(r);
    return r->ok && asking_rules_are_valid(asking);
}

bool rules_is_right(const struct asking_rules *asking, choice_set choice)
{
    return asking->kind != QUESTION_POLL && choice == asking->key;
}

static uint32_t points_of_choice(const struct rules *rules, const struct asking_rules *asking, choice_set choice)
{
    if (asking->kind == QUESTION_POLL) return 0;
    if (asking->kind != QUESTION_MULTIPLE || rules->multiple == MULTIPLE_ALL)
        return rules_is_right(asking, choice) ? asking->points : 0;

    uint32_t of = bits_count(asking->key);
    uint32_t good = bits_count(choice & asking->key);
    uint32_t bad = bits_count(choice & (choice_set)~asking->key);
    if (good <= bad) return 0;
    return (2 * asking->points * (good - bad) + of) / (2 * of);
}

/* P * (1 - e / 2T) = P * (2T - e) / 2T, half up. */
static uint32_t points_of_speed(uint32_t points, uint32_t limit_ms, uint32_t elapsed_ms)
{
    uint64_t whole = 2 * (uint64_t)limit_ms;
    uint64_t spent = elapsed_ms > SPEED_FREE_MS ? elapsed_ms - SPEED_FREE_MS : 0;
    if (spent > limit_ms) spent = limit_ms;
    return (uint32_t)((2 * (uint64_t)points * (whole - spent) + whole) / (2 * whole));
}

uint32_t rules_points(
    const struct rules *rules, const struct asking_rules *asking, choice_set choice, uint32_t elapsed_ms)
{
    uint32_t points = points_of_choice(rules, asking, choice);
    if (rules->scoring == SCORING_SPEED) return points_of_speed(points, asking->limit_ms, elapsed_ms);
    return points;
}

bool rules_choice_is_valid(const struct asking_rules *asking, choice_set choice)
{
    if (choice == 0 || choice >> asking->options_count) return false;
    return asking->kind == QUESTION_MULTIPLE || bits_count(choice) == 1;
}
