/* Role: the requests for tables over core.db, and for health. Input: a page's request. Output: a job for the reader,
 * and its rows as the reply. */
#include "base/expect.h"
#include "desk/inside.h"
#include "desk/tables.h"

static void on_read(struct desk *desk, struct reading_job *job)
{
    switch (job->outcome) {
    case READING_DONE: reply_ok(desk, job->watcher, job->request, json_incref(job->body)); return;
    case READING_FAILED: reply_error(desk, job->watcher, job->request, "core_away", NULL); return;
    case READING_UNKNOWN_ROUND: reply_error(desk, job->watcher, job->request, "unknown_round", NULL); return;
    }
}

static void ask_table(struct desk *desk, struct request *request, bool has_pages,
    void (*work)(struct reading *reading, struct reading_job *job))
{
    struct fields *fields = &request->fields;
    struct reading_job *job = reading_job_make();
    job->work = work;
    job->done = on_read;
    job->watcher = request->watcher->id;
    job->request = request->id;
    job->round = (uint32_t)field_number(fields, "round", 1, UINT32_MAX);
    if (has_pages) {
        job->from = (uint32_t)field_number_or(fields, "from", 0, PARTICIPANTS_MAX, 0);
        job->count = (uint32_t)field_number_or(fields, "count", 1, TABLE_ROWS_MAX, TABLE_ROWS_MAX);
        field_text(fields, "search", NAME_CHARS_MAX, false, job->search);
    }
    if (!fields_are_fine(fields)) {
        free(job);
        reply_field(desk, request->watcher->id, request->id, fields->fault);
    } else if (!reading_ask(&desk->reading, job)) {
        reply_error(desk, request->watcher->id, request->id, "busy", NULL);
    }
}

void ask_leaderboard(struct desk *desk, struct request *request)
{
    ask_table(desk, request, true, leaderboard_read);
}

void ask_people(struct desk *desk, struct request *request)
{
    ask_table(desk, request, true, people_read);
}

void ask_communities(struct desk *desk, struct request *request)
{
    ask_table(desk, request, false, communities_read);
}

void ask_health(struct desk *desk, struct request *request)
{
    const struct core_health *health = &desk->link.health;
    bool is_known = desk->link.is_up && desk->link.has_health;
    json_t *edges = json_array();
    for (int i = 0; i < EDGES_MAX && is_known && i < health->edges_expected; i++)
        json_array_append_new(edges, json_pack("{s:i, s:b, s:I}", "edge", i, "up", (int)(health->edges_mask >> i & 1),
                                         "connected", (json_int_t)health->connected[i]));
    json_t *body = json_pack("{s:o, s:b, s:I, s:I, s:I, s:b}", "edges", edges, "core", (int)desk->link.is_up,
        "commit_ms", is_known ? (json_int_t)(health->commit_us + 500) / 1000 : 0, "connected",
        is_known ? (json_int_t)health->connections : 0, "screens", is_known ? (json_int_t)health->screens : 0,
        "disk_full", (int)(is_known && health->is_disk_full));
    expect(body);
    reply_ok(desk, request->watcher->id, request->id, body);
}
