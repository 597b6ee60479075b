/* What a rehearsal found, for people and for scripts. docs/rehearse.md names the fields. */
#ifndef JINGDA_REHEARSE_REPORT_H
#define JINGDA_REHEARSE_REPORT_H

#include "rehearse/options.h"
#include "rehearse/tally.h"

#include <jansson.h>
#include <stdio.h>

struct report {
    const struct rehearse_options *options;
    const struct tally *tally; /* of all processes */
    uint32_t joined;
    uint32_t people_max;
    bool is_whole; /* every resident saw the round's end, or was not let in */
    uint64_t started_us;
    double crowd_cpu_seconds;
};

struct report_proof {
    uint32_t lost, changed, rights_wrong;
    bool is_alone; /* nobody but the crowd took part, so that `doubled` can be told */
    uint32_t doubled;
};

struct report_proof report_prove(const struct report *report);
/* True where the rehearsal came to its end and nothing was lost, doubled or changed as far as it can be seen. */
bool report_is_clean(const struct report *report);
void report_print(FILE *out, const struct report *report);
/* The caller's, to be given back with json_decref. */
json_t *report_json(const struct report *report);

#endif
