/* After a scored asking is void its answers go back to the engine, which takes their points off: read in slices, so
 * that no turn is held up. */
#include "base/expect.h"
#include "core/state.h"

struct slice {
    struct turn *turn;
    struct unscore *unscore;
    uint32_t left;
};

static bool give_back(void *context, const struct answer *answer)
{
    struct slice *slice = context;
    if (slice->left == 0) return false;
    slice->left--;
    slice->unscore->from = answer->participant + 1;
    turn_step(slice->turn, &(struct event){.kind = EVENT_UNSCORE_ANSWER, .load_answer = *answer});
    return true;
}

void turn_unscore_add(struct turn *turn, uint32_t round, uint16_t asking)
{
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        if (turn->unscores[i].round) continue;
        turn->unscores[i] = (struct unscore){.round = round, .asking = asking};
        return;
    }
    expect(false && "room for every round's void");
}

void turn_unscore_slice(struct turn *turn, uint32_t answers_max)
{
    for (uint32_t i = 0; i < ROUNDS_MAX && !turn->is_broken; i++) {
        struct unscore *unscore = &turn->unscores[i];
        if (!unscore->round) continue;
        struct slice slice = {.turn = turn, .unscore = unscore, .left = answers_max};
        if (!turn->records->each_answer(
                turn->records->context, unscore->round, unscore->asking, unscore->from, give_back, &slice)) {
            turn->is_broken = true;
            return;
        }
        if (slice.left == 0) return; /* the rest in the next turn */
        struct event end = {
            .kind = EVENT_UNSCORE_END, .unscore_end = {.round = unscore->round, .asking = unscore->asking}};
        *unscore = (struct unscore){0};
        turn_step(turn, &end);
    }
}
