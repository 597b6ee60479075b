/* An independent recount: points, ticks, ranks and knockouts from the durable rows alone, written after the rules of
 * the documentation and sharing no code with the engine. */
#include "simulation/world.h"

#include <stdio.h>
#include <string.h>

#define NUMBERS 64

struct counted {
    bool is_joined, is_removed, is_ranked;
    uint16_t joined_while; /* the asking that was open when it joined; 0: none */
    uint16_t out_at;
    uint32_t points[WORLD_ASKINGS + 1], ticks[WORLD_ASKINGS + 1], rights[WORLD_ASKINGS + 1];
    const struct answer *answers[WORLD_ASKINGS + 1];
};

static unsigned bits(unsigned set)
{
    unsigned count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

static uint32_t points_of(const struct game *game, unsigned asking, const struct answer *answer)
{
    const struct asking_rules *rules = &game->askings[asking - 1];
    if (rules->kind == QUESTION_POLL) return 0;
    double points = answer->choice == rules->key ? rules->points : 0;
    if (rules->kind == QUESTION_MULTIPLE && game->rules.multiple == MULTIPLE_SHARE) {
        int good = (int)bits(answer->choice & rules->key) - (int)bits(answer->choice & ~(unsigned)rules->key);
        points = good > 0 ? (double)rules->points * good / bits(rules->key) : 0;
        points = (double)(uint32_t)(points + 0.5); /* whole points, before what the time takes of them */
    }
    if (game->rules.scoring == SCORING_SPEED) {
        /* T is the limit as it was frozen: time that the host adds does not change what an answer is worth. */
        double limit = rules->limit_ms, e = (double)answer->elapsed_ms - 500;
        e = e < 0 ? 0 : e > limit ? limit : e;
        points *= 1 - e / (2 * limit);
    }
    return (uint32_t)(points + 0.5 + 1e-9);
}

static void score(const struct game *game, struct counted *all, uint16_t asking, bool is_fault)
{
    const struct asking_rules *rules = &game->askings[asking - 1];
    for (int i = 0; i < NUMBERS; i++) {
        struct counted *one = &all[i];
        if (!one->is_joined || one->is_removed) continue;
        one->is_ranked = true;
        const struct answer *answer = one->answers[asking];
        bool is_right = answer && rules->kind != QUESTION_POLL && answer->choice == rules->key;
        if (answer) {
            one->points[asking] = points_of(game, asking, answer);
            one->ticks[asking] = one->points[asking] ? answer->elapsed_ms / 100 : 0;
            one->rights[asking] = is_right;
        }
        bool is_excused = !answer && (is_fault || one->joined_while == asking);
        if (game->rules.scoring == SCORING_KNOCKOUT && rules->kind != QUESTION_POLL && !is_right && !is_excused &&
            !one->out_at)
            one->out_at = asking;
    }
}

static void take_back(struct counted *all, uint16_t asking)
{
    for (int i = 0; i < NUMBERS; i++) {
        all[i].points[asking] = all[i].ticks[asking] = all[i].rights[asking] = 0;
        if (all[i].out_at == asking) all[i].out_at = 0;
    }
}

static uint32_t row_round(const struct memory_row *row)
{
    if (row->kind == ROW_JOIN) return row->join.round;
    return row->kind == ROW_ANSWER ? row->answer.round : row->control.round;
}

static void count_rows(const struct world *world, const struct game *game, struct counted *all)
{
    uint16_t open = 0;
    for (uint32_t i = 0; i < world->memory->rows_durable; i++) {
        const struct memory_row *row = &world->memory->rows[i];
        const struct control *control = &row->control;
        if (row_round(row) != game->round) continue;
        if (row->kind == ROW_JOIN) {
            all[row->join.number].is_joined = true;
            all[row->join.number].joined_while = open;
        } else if (row->kind == ROW_ANSWER) {
            all[row->answer.participant].answers[row->answer.asking] = &row->answer;
        } else if (control->kind == CONTROL_ASKING_OPENED) {
            open = control->asking;
        } else if (control->kind == CONTROL_ASKING_SCORED) {
            score(game, all, control->asking, control->value != 0);
            open = 0;
        } else if (control->kind == CONTROL_ASKING_VOIDED) {
            take_back(all, control->asking);
            if (control->asking == open) open = 0;
        } else if (control->kind == CONTROL_REMOVED) {
            all[control->participant].is_removed = true;
        }
    }
}

static uint64_t sum(const uint32_t *values)
{
    uint64_t total = 0;
    for (int i = 1; i <= WORLD_ASKINGS; i++)
        total += values[i];
    return total;
}

static uint32_t rank_of(const struct counted *all, int index)
{
    uint32_t rank = 1;
    for (int i = 0; i < NUMBERS; i++) {
        if (!all[i].is_ranked || all[i].is_removed) continue;
        uint64_t mine = sum(all[index].points), theirs = sum(all[i].points);
        if (theirs > mine || (theirs == mine && sum(all[i].ticks) < sum(all[index].ticks))) rank++;
    }
    return rank;
}

bool recount_agrees(const struct world *world, const struct game *game, char *why, size_t size)
{
    struct counted all[NUMBERS];
    const struct engine *engine = turn_engine(world->turn);
    memset(all, 0, sizeof all);
    count_rows(world, game, all);
    uint32_t ranked = 0;
    for (int i = 0; i < NUMBERS; i++)
        ranked += all[i].is_ranked && !all[i].is_removed;
    if (engine_standing_count(engine, game->round) != ranked) {
        snprintf(why, size, "the standing has %u entries, the recount %u", engine_standing_count(engine, game->round),
            ranked);
        return false;
    }
    for (uint32_t i = 0; i < ranked; i++) {
        struct standing_entry entry;
        struct participant_view view;
        if (!engine_standing_at(engine, game->round, i, &entry)) return false;
        if (!engine_participant_view(engine, game->round, entry.participant, &view)) return false;
        const struct counted *one = &all[entry.participant];
        if (entry.points != sum(one->points) || entry.ticks != sum(one->ticks) || entry.rights != sum(one->rights) ||
            entry.out_at != one->out_at || view.rank != rank_of(all, (int)entry.participant)) {
            snprintf(why, size,
                "participant %u: standing %u points %u ticks %u rights out %u rank %u, recount %llu %llu %llu %u %u",
                entry.participant, entry.points, entry.ticks, entry.rights, entry.out_at, view.rank,
                (unsigned long long)sum(one->points), (unsigned long long)sum(one->ticks),
                (unsigned long long)sum(one->rights), one->out_at, rank_of(all, (int)entry.participant));
            return false;
        }
    }
    return true;
}
