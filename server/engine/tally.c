/* The counts of a round, kept as a sum over its participants so that nobody has to walk through 340,000 of them to tell
 * how many have answered. In: a participant before and after a change; out: round->tally. */
#include "engine/tally.h"

#include "engine/participants.h"
#include "model/rules.h"

#include <string.h>

static void tally_change(const struct engine *engine, struct round *round, const struct participant *p, uint32_t by)
{
    if (!is_in(p)) return;
    struct tally *tally = &round->tally;
    bool is_attached = has_flag(p, PARTICIPANT_ATTACHED);
    tally->people += by;
    if (is_attached) tally->connected += by;
    if (has_flag(p, PARTICIPANT_AWAITED)) tally->awaited += by;
    if (has_flag(p, PARTICIPANT_ANSWERED)) {
        const struct asking_rules *asking = asking_of(engine, round, round->asking);
        tally->answered += by;
        if (rules_is_right(asking, p->choice)) tally->right += by;
        for (unsigned option = 0; option < asking->options_count; option++)
            if (p->choice >> option & 1) tally->counts[option] += by;
    } else if (p->out_at == 0) {
        tally->unanswered += by;
        if (is_attached) tally->expected += by;
        if (is_attached && p->start_ms == START_UNKNOWN) tally->unstarted += by;
    }
}

void tally_take_out(const struct engine *engine, struct round *round, const struct participant *p)
{
    tally_change(engine, round, p, UINT32_MAX); /* minus one */
}

void tally_put_back(const struct engine *engine, struct round *round, const struct participant *p)
{
    tally_change(engine, round, p, 1);
}

void tally_recount(const struct engine *engine, struct round *round)
{
    memset(&round->tally, 0, sizeof round->tally);
    for (uint32_t number = 0; number < round->participants_count; number++)
        tally_put_back(engine, round, participants_get(engine, round, number));
}
