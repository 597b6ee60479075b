/* Role: numbers for Prometheus. Input: the desk's state. Output: its text format, version 0.0.4. Nothing in it is about
 * a person. */
#include "base/expect.h"
#include "desk/inside.h"

#include <stdio.h>

static void metric(FILE *out, const char *name, const char *type, const char *help, uint64_t value)
{
    fprintf(out, "# HELP jingda_%s %s\n# TYPE jingda_%s %s\njingda_%s %llu\n", name, help, name, type, name,
        (unsigned long long)value);
}

static void core_metrics(FILE *out, const struct core_health *health)
{
    metric(out, "edges_up", "gauge", "Edges connected to the core.", health->edges_up);
    metric(out, "edges_expected", "gauge", "Edges that should be.", health->edges_expected);
    metric(out, "connections", "gauge", "Residents' and screens' connections.", health->connections);
    metric(out, "screens", "gauge", "Screens connected.", health->screens);
    metric(out, "readers_blocked", "gauge", "Connections that take nothing now.", health->blocked);
    metric(out, "commit_microseconds", "gauge", "The slowest commit of the last second.", health->commit_us);
    metric(out, "turn_microseconds", "gauge", "The slowest turn of the core in the last second.", health->turn_us);
    metric(out, "answers_total", "counter", "Answers recorded since the core started.", health->answers_total);
    metric(out, "disk_full", "gauge", "1 while records are refused for want of room.", health->is_disk_full);
}

char *metrics_text(struct desk *desk)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    expect(out);
    uint32_t running = 0;
    for (int i = 0; i < DESK_ROUNDS_MAX; i++) {
        const struct desk_round *round = &desk->rounds.items[i];
        running += round->round && round->has_status && round->status.phase != PHASE_ENDED;
    }
    metric(out, "core_up", "gauge", "1 while the core is connected.", desk->link.is_up);
    metric(out, "core_term", "gauge", "Raised at each start of the core.", desk->link.term);
    metric(out, "rounds_running", "gauge", "Rounds that have not ended.", running);
    metric(out, "desk_sessions", "gauge", "Organizers signed in.", sessions_count(&desk->sessions));
    metric(out, "desk_watchers", "gauge", "Organizers' connections.", watchers_count(&desk->watchers));
    metric(out, "desk_requests_total", "counter", "Requests of organizers' pages.", desk->requests_total);
    metric(out, "desk_refusals_total", "counter", "Of them refused.", desk->refusals_total);
    metric(out, "desk_signins_total", "counter", "Times somebody signed in.", desk->signins_total);
    metric(out, "desk_reading_jobs", "gauge", "Tables waiting to be read.", desk->reading.waiting);
    if (desk->link.has_health) core_metrics(out, &desk->link.health);
    expect(fclose(out) == 0);
    return text;
}
