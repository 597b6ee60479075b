/* Role: decide which password is hashed next. Input: jobs. Output: the same jobs, done. Leaves to others: the hash
 * (passwords.c), who is known (devices.c), what follows from it (signin.c). */
#include "desk/hashing.h"

#include "base/expect.h"

#include <stddef.h>

static const struct hashing_line *line_of(const struct hashing *hashing, bool is_known)
{
    return is_known ? &hashing->known : &hashing->strangers;
}

bool hashing_has_room(const struct hashing *hashing, bool is_known)
{
    return line_of(hashing, is_known)->count < HASHING_WAITING_MAX;
}

bool hashing_is_idle(const struct hashing *hashing)
{
    return hashing->running + hashing->known.count + hashing->strangers.count == 0;
}

static struct hashing_job *take(struct hashing_line *line)
{
    struct hashing_job *job = line->first;
    line->first = job->next;
    if (!line->first) line->last = NULL;
    line->count--;
    return job;
}

/* NULL: nobody waits, or nobody may start. */
static struct hashing_job *take_next(struct hashing *hashing)
{
    if (hashing->running >= HASHING_AT_ONCE_MAX) return NULL;
    if (hashing->known.first) return take(&hashing->known);
    if (hashing->strangers.first && hashing->strangers_running < HASHING_STRANGERS_MAX)
        return take(&hashing->strangers);
    return NULL;
}

static void work(uv_work_t *request)
{
    struct hashing_job *job = request->data;
    job->work(job);
}

static void start(struct hashing *hashing);

static void after_work(uv_work_t *request, int status)
{
    struct hashing_job *job = request->data;
    struct hashing *hashing = job->hashing;
    (void)status;
    hashing->running--;
    if (!job->is_known) hashing->strangers_running--;
    job->done(job);
    start(hashing);
}

static void start(struct hashing *hashing)
{
    struct hashing_job *job;
    while ((job = take_next(hashing)) != NULL) {
        hashing->running++;
        if (!job->is_known) hashing->strangers_running++;
        job->request.data = job;
        expect(uv_queue_work(hashing->loop, &job->request, work, after_work) == 0);
    }
}

void hashing_add(struct hashing *hashing, struct hashing_job *job)
{
    struct hashing_line *line = job->is_known ? &hashing->known : &hashing->strangers;
    expect(line->count < HASHING_WAITING_MAX);
    job->hashing = hashing;
    job->next = NULL;
    if (line->last)
        line->last->next = job;
    else
        line->first = job;
    line->last = job;
    line->count++;
    start(hashing);
}
