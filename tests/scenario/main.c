/* Runs scenarios. A file holds the script and the golden trace in one:
 *
 *     # a comment, kept as it stands
 *     > wang answers B                        a command (script.c)
 *         7.230  wang < recorded 1 B, 2200 ms    what came of it, written by this program
 *
 *   scenario FILE...            runs each, and prints where the trace differs from the file
 *   scenario --update FILE...   writes the traces into the files */
#include "base/expect.h"
#include "base/log.h"
#include "scenario/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 2000

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = calloc(1, 1 << 20);
    expect(text);
    size_t size = fread(text, 1, (1 << 20) - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static bool is_kept(const char *line)
{
    return line[0] == '#' || line[0] == '>' || line[0] == '\0';
}

/* The file again, with the trace that the commands bring now. NULL: a command was not understood. */
static char *play(const char *path, const char *text)
{
    struct stage *stage = stage_create();
    char *copy = strdup(text), *rest = copy, *line;
    unsigned number = 0;
    bool is_fine = true;
    while (is_fine && (line = strsep(&rest, "\n"))) {
        number++;
        if (!is_kept(line) || (!rest && !*line)) continue;
        stage_write(stage, line);
        if (line[0] != '>') continue;
        is_fine = script_line(stage, line + 1);
        if (!is_fine) printf("%s:%u: not understood, or not possible now: %s\n", path, number, line);
    }
    char *trace = is_fine ? strdup(stage->trace ? stage->trace : "") : NULL;
    stage_destroy(stage);
    free(copy);
    return trace;
}

/* ---- the difference: the longest common lines stay, the others are told ---- */

static unsigned split(char *text, const char **lines)
{
    unsigned count = 0;
    char *line;
    while (count < LINES_MAX && (line = strsep(&text, "\n")))
        lines[count++] = line;
    return count;
}

static void print_difference(const char *expected, const char *got)
{
    static const char *old[LINES_MAX], *new[LINES_MAX];
    static uint16_t common[LINES_MAX + 1][LINES_MAX + 1];
    char *old_text = strdup(expected), *new_text = strdup(got);
    unsigned old_count = split(old_text, old), new_count = split(new_text, new);
    memset(common, 0, sizeof common);
    for (unsigned i = old_count; i-- > 0;)
        for (unsigned k = new_count; k-- > 0;) {
            uint16_t skip = common[i + 1][k] > common[i][k + 1] ? common[i + 1][k] : common[i][k + 1];
            common[i][k] = strcmp(old[i], new[k]) == 0 ? common[i + 1][k + 1] + 1 : skip;
        }
    const char *command = "";
    for (unsigned i = 0, k = 0; i < old_count || k < new_count;) {
        if (i < old_count && k < new_count && strcmp(old[i], new[k]) == 0) {
            if (old[i][0] == '>') command = old[i];
            i++, k++;
            continue;
        }
        if (*command) printf("  %s\n", command);
        command = "";
        if (k >= new_count || (i < old_count && common[i + 1][k] >= common[i][k + 1]))
            printf("- %s\n", old[i++]);
        else
            printf("+ %s\n", new[k++]);
    }
    free(old_text);
    free(new_text);
}

static bool run_file(const char *path, bool is_update)
{
    char *text = read_file(path);
    char *trace = text ? play(path, text) : NULL;
    bool is_same = trace && strcmp(text, trace) == 0, is_fine = is_same;
    if (!text) printf("%s: cannot be read\n", path);
    if (trace && !is_same && !is_update) {
        printf("%s: another trace (- expected, + got; --update writes it down)\n", path);
        print_difference(text, trace);
    }
    if (trace && !is_same && is_update) {
        FILE *file = fopen(path, "wb");
        is_fine = file && fputs(trace, file) >= 0;
        if (file) is_fine = fclose(file) == 0 && is_fine;
    }
    free(trace);
    free(text);
    return is_fine;
}

int main(int argc, char **argv)
{
    log_start("scenario", LOG_LEVEL_NONE);
    bool is_update = argc > 1 && strcmp(argv[1], "--update") == 0, is_fine = true;
    for (int i = is_update ? 2 : 1; i < argc; i++)
        if (!run_file(argv[i], is_update)) is_fine = false;
    return is_fine ? 0 : 1;
}
