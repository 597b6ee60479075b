/* What a round has come to, from its facts in the log: for rounds that the core does not run any more, and while it is
 * away. */
#ifndef JINGDA_DESK_HISTORY_H
#define JINGDA_DESK_HISTORY_H

#include "protocol/desk_core.h"
#include "store/store.h"

/* The state before the first fact. */
struct core_status history_of_record(const struct round_record *record);
/* One fact, in the log's order. People, answers and counts are not in the log and stay as they are, but for those that
 * were removed, counted in `*removed`. */
void history_fold(
    struct core_status *status, const struct control *control, const struct asking_rules *askings, uint32_t *removed);
bool history_is_voided(const struct core_status *status, uint16_t asking);

#endif
