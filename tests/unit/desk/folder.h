/* A folder of its own for a test, and its end. */
#ifndef JINGDA_TESTS_DESK_FOLDER_H
#define JINGDA_TESTS_DESK_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[64];
};

static inline void folder_make(struct folder *folder)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/jingda-desk-XXXXXX");
    if (!mkdtemp(folder->path)) abort();
}

static inline int folder_drop_one(const char *path, const struct stat *stat, int kind, struct FTW *place)
{
    (void)stat, (void)kind, (void)place;
    return remove(path);
}

static inline void folder_drop(struct folder *folder)
{
    if (nftw(folder->path, folder_drop_one, 8, FTW_DEPTH | FTW_PHYS) != 0) abort();
}

static inline void folder_write(const struct folder *folder, const char *name, const void *bytes, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) abort();
}

#endif
