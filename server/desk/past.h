/* What core.db tells of rounds, running and played, as jobs of reading.h. */
#ifndef JINGDA_DESK_PAST_H
#define JINGDA_DESK_PAST_H

#include "desk/reading.h"

/* Sets `facts`, the log's status with counts in it. */
void facts_read(struct reading *reading, struct reading_job *job);
/* Sets `shares` of the askings from `from` to `count` (both from 1): per cent right of the answers, -1 for none. Needs
 * `askings`. */
void shares_read(struct reading *reading, struct reading_job *job);
/* Sets `body`: an array of the newest ROUNDS_LISTED_MAX rounds as their log tells them. */
void rounds_read(struct reading *reading, struct reading_job *job);

/* The phase's word on the desk: a pause shows as a phase of its own. */
const char *phase_word(const struct core_status *status);

#endif
