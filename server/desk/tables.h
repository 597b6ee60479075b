/* The organizers' tables over core.db, as jobs of reading.h. Each sets the job's `body`. */
#ifndef JINGDA_DESK_TABLES_H
#define JINGDA_DESK_TABLES_H

#include "desk/reading.h"

#define TABLE_ROWS_MAX 100 /* of one page */

/* From `job->from` in rank order, `job->count` rows; with `job->search` only those whose name holds it, or who have
 * that number. */
void leaderboard_read(struct reading *reading, struct reading_job *job);
/* Participants by number. */
void people_read(struct reading *reading, struct reading_job *job);
/* Communities by points per head. */
void communities_read(struct reading *reading, struct reading_job *job);

#endif
