/* Scenarios: each *.txt is a script and its golden trace in one, to be read by a person. Lines that begin with "> " are
 * commands, lines that begin with "#" are for the reader, the others are what happened. `scenario FILE...` plays them
 * and fails at the first line that differs; `scenario --update FILE...` writes down what happens now. */
#include "base/log.h"
#include "scenario/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 131072

static char before[FILE_MAX], after[2 * FILE_MAX];

static bool read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) return false;
    size_t size = fread(before, 1, sizeof before - 1, file);
    before[size] = '\0';
    fclose(file);
    return size > 0;
}

/* The script played anew: the comments and commands of `before` with what happens now between. */
static bool play(const char *path)
{
    static char copy[FILE_MAX];
    size_t used = 0;
    struct stage *stage = stage_create();
    snprintf(copy, sizeof copy, "%s", before);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
        bool is_command = strncmp(line, "> ", 2) == 0;
        if (!is_command && line[0] != '#') continue;
        used += (size_t)snprintf(after + used, sizeof after - used, "%s\n", line);
        if (!is_command) continue;
        stage->trace_size = 0;
        stage->trace[0] = '\0';
        if (!stage_command(stage, line + 2)) {
            printf("%s: what is \"%s\"?\n", path, line);
            stage_destroy(stage);
            return false;
        }
        used += (size_t)snprintf(after + used, sizeof after - used, "%s", stage->trace);
    }
    stage_destroy(stage);
    return true;
}

static bool is_same(const char *path)
{
    if (strcmp(before, after) == 0) return true;
    const char *a = before, *b = after;
    unsigned number = 1;
    while (*a && *b) {
        size_t a_size = strcspn(a, "\n"), b_size = strcspn(b, "\n");
        if (a_size != b_size || strncmp(a, b, a_size) != 0) break;
        a += a_size + (a[a_size] == '\n');
        b += b_size + (b[b_size] == '\n');
        number++;
    }
    printf("%s:%u: expected: %.*s\n%s:%u: happened: %.*s\n", path, number, (int)strcspn(a, "\n"), a, path, number,
        (int)strcspn(b, "\n"), b);
    return false;
}

int main(int argc, char **argv)
{
    bool is_update = argc > 1 && strcmp(argv[1], "--update") == 0, is_fine = true;
    log_start("scenario", LOG_LEVEL_NONE);
    for (int i = is_update ? 2 : 1; i < argc; i++) {
        if (!read_file(argv[i]) || !play(argv[i])) return 1;
        if (is_update) {
            FILE *file = fopen(argv[i], "w");
            if (!file || fputs(after, file) < 0 || fclose(file) != 0) return 1;
        } else if (!is_same(argv[i])) {
            is_fine = false;
        }
    }
    return is_fine ? 0 : 1;
}
