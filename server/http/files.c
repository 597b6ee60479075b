/* Role: the static files, in memory. Input: a table file (lines: PATH FILE TYPE CACHE) and the files it names, with .br
 * and .gz beside them. Output: a table sorted by path.
 * Leaves to others: serving. Names are exact: no folder is ever listed, no link followed, no path put together from
 * what a stranger asked. */
#include "http/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX      1024
#define FILE_SIZE_MAX  (16 * 1024 * 1024)
#define TABLE_SIZE_MAX (256 * 1024)

/* The whole file; NULL data with errno where it cannot be read. Ends with a zero byte that is not counted. */
static struct span read_whole(const char *path, size_t size_max)
{
    struct span whole = {NULL, 0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return whole;
    struct stat about;
    uint8_t *bytes = NULL;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= 0 && (size_t)about.st_size <= size_max)
        bytes = malloc((size_t)about.st_size + 1);
    else
        errno = EFBIG;
    size_t size = 0;
    while (bytes && size < (size_t)about.st_size) {
        ssize_t got = read(file, bytes + size, (size_t)about.st_size - size);
        if (got <= 0) break;
        size += (size_t)got;
    }
    close(file);
    if (bytes) {
        bytes[size] = 0;
        whole = (struct span){bytes, size};
    }
    return whole;
}

static struct span read_beside(const char *folder, const char *file, const char *suffix)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s%s", folder, file, suffix);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return (struct span){NULL, 0};
    }
    return read_whole(path, FILE_SIZE_MAX);
}

/* One line, its words ended by zero bytes in place. */
static bool read_line(const char *folder, char *line, struct http_static *file, char message[256])
{
    char *save = NULL;
    char *path = strtok_r(line, " ", &save), *name = strtok_r(NULL, " ", &save);
    char *type = strtok_r(NULL, " ", &save), *cache = strtok_r(NULL, " ", &save);
    if (!cache || path[0] != '/') {
        snprintf(message, 256, "a line needs PATH FILE TYPE CACHE: %.100s", line);
        return false;
    }
    *file = (struct http_static){.path = path, .type = type, .is_immutable = strcmp(cache, "immutable") == 0};
    file->bytes = read_beside(folder, name, "");
    if (!file->bytes.data) {
        snprintf(message, 256, "%.100s/%.100s: %s", folder, name, strerror(errno));
        return false;
    }
    file->brotli = read_beside(folder, name, ".br");
    file->gzip = read_beside(folder, name, ".gz");
    return true;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct http_static *)a)->path, ((const struct http_static *)b)->path);
}

static bool read_lines(const char *folder, char *text, struct http_static *files, uint32_t *count, char message[256])
{
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (*count == FILES_MAX) {
            snprintf(message, 256, "the table names more than %d files", FILES_MAX);
            return false;
        }
        if (!read_line(folder, line, &files[*count], message)) return false;
        (*count)++;
    }
    return true;
}

static void free_span(struct span bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

bool http_load_table(
    const char *folder, const char *table, struct http_static **files, uint32_t *count, char message[256])
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, table);
    struct span text = read_whole(path, TABLE_SIZE_MAX);
    *files = calloc(FILES_MAX, sizeof **files);
    *count = 0;
    if (!text.data || !*files) {
        snprintf(message, 256, "%.200s: %s (are the pages built?)", path, strerror(errno));
    } else if (read_lines(folder, (char *)(uintptr_t)text.data, *files, count, message)) {
        /* Text and files are kept for the process's life, the table points into both: NOLINTNEXTLINE(*-unix.Malloc) */
        qsort(*files, *count, sizeof **files, by_path);
        return true;
    }
    for (uint32_t i = 0; *files && i < *count; i++) {
        free_span((*files)[i].bytes);
        free_span((*files)[i].brotli);
        free_span((*files)[i].gzip);
    }
    free_span(text);
    free(*files);
    *files = NULL;
    *count = 0;
    return false;
}

void http_serve_files(struct http_server *server, const struct http_static *files, uint32_t count)
{
    server->files = files;
    server->files_count = count;
}

const struct http_static *files_find(const struct http_server *server, struct span path)
{
    uint32_t low = 0, high = server->files_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct http_static *file = &server->files[middle];
        size_t size = strlen(file->path);
        int order = memcmp(file->path, path.data, size < path.size ? size : path.size);
        if (order == 0) order = size < path.size ? -1 : size > path.size;
        if (order == 0) return file;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
