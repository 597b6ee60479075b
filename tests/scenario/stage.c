/* The stage itself: memory, time, and the trace. */
#include "scenario/stage.h"

#include "base/expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage *stage_create(void)
{
    struct stage *stage = calloc(1, sizeof *stage);
    expect(stage);
    stage->now_ms = START_MS;
    stage->edges_count = 2;
    stage->memory = memory_records_create();
    stage->hub = bus_memory_hub_create();
    stage->rules = rules_default();
    stage->rules.communities_count = 2;
    return stage;
}

static void person_forget(struct person *person)
{
    free(person->waiting);
    while (person->outbox) {
        struct outgoing *next = person->outbox->next;
        free(person->outbox);
        person->outbox = next;
    }
}

void stage_destroy(struct stage *stage)
{
    for (unsigned i = 0; i < STAGE_EDGES; i++) {
        if (!stage->edges[i].is_up) continue;
        sessions_destroy(stage->edges[i].sessions);
        bus_destroy(stage->edges[i].bus);
    }
    bus_destroy(stage->host_bus);
    if (stage->turn) {
        bus_destroy(stage->core_bus);
        turn_destroy(stage->turn);
    }
    for (unsigned i = 0; i < stage->people_count; i++)
        person_forget(&stage->people[i]);
    bus_memory_hub_destroy(stage->hub);
    memory_records_destroy(stage->memory);
    free(stage->trace);
    free(stage);
}

void stage_write(struct stage *stage, const char *line)
{
    size_t size = strlen(line);
    while (stage->trace_size + size + 2 > stage->trace_capacity) {
        stage->trace_capacity = stage->trace_capacity ? 2 * stage->trace_capacity : 4096;
        stage->trace = realloc(stage->trace, stage->trace_capacity);
        expect(stage->trace);
    }
    memcpy(stage->trace + stage->trace_size, line, size);
    stage->trace_size += size;
    stage->trace[stage->trace_size++] = '\n';
    stage->trace[stage->trace_size] = '\0';
}

void stage_note(struct stage *stage, const char *format, ...)
{
    char line[1024];
    uint64_t ms = stage->now_ms - START_MS;
    int used = snprintf(line, sizeof line, "%5llu.%03u  ", (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, sizeof line - (size_t)used, format, arguments);
    va_end(arguments);
    stage_write(stage, line);
}

static void look_at_rows(struct stage *stage)
{
    char words[256];
    for (; stage->rows_seen < stage->memory->rows_durable; stage->rows_seen++) {
        words_of_row(stage, &stage->memory->rows[stage->rows_seen], words, sizeof words);
        stage_note(stage, "durable: %s", words);
    }
}

void stage_run(struct stage *stage, uint64_t ms)
{
    for (; ms > 0; ms--) {
        stage->now_ms++;
        people_turn(stage);
        processes_turn(stage);
        look_at_rows(stage);
    }
}
