/* Role: banks and pictures out of the file system. Input: a path. Output: what bank_read makes of the file, with the
 * pictures looked at. Left to others: where questions and pictures are kept. */
#include "bank/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* At most `capacity` bytes of a regular file; false with errno set. Opened without waiting, so that a pipe of that
 * name cannot hold us up. */
static bool read_beginning(const char *path, uint8_t *memory, size_t capacity, size_t *size)
{
    *size = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return false;
    struct stat status;
    bool is_read = fstat(descriptor, &status) == 0;
    if (is_read && !S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        is_read = false;
    }
    while (is_read && *size < capacity) {
        ssize_t taken = read(descriptor, memory + *size, capacity - *size);
        if (taken == 0) break;
        if (taken > 0)
            *size += (size_t)taken;
        else if (errno != EINTR)
            is_read = false;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return is_read;
}

static bool picture_path(const char *bank_path, const char *name, char *out, size_t capacity)
{
    const char *slash = strrchr(bank_path, '/');
    int folder_size = slash ? (int)(slash + 1 - bank_path) : 0;
    int written = snprintf(out, capacity, "%.*spictures/%s", folder_size, bank_path, name);
    return written > 0 && (size_t)written < capacity;
}

enum bank_reason bank_picture_read(
    const char *path, const char *name, uint8_t *memory, size_t *size, struct picture *out, uint32_t *number)
{
    char file[PATH_MAX];
    *size = 0;
    *number = 0;
    if (strchr(name, '/') || name[0] == '.' || !picture_path(path, name, file, sizeof file))
        return BANK_PICTURE_NAME_BAD;
    if (!read_beginning(file, memory, PICTURE_SIZE_MAX + 1, size)) return BANK_PICTURE_NOT_FOUND;
    return picture_check(name, (struct span){memory, *size}, out, number);
}

/* The caller's listener, and what looking at pictures needs. */
struct file_reading {
    const struct bank_listener *listener;
    const char *path;
    uint8_t *picture_memory;
};

static void pass_question(void *context, const struct question *question, size_t line)
{
    struct file_reading *reading = context;
    if (reading->listener->on_question) reading->listener->on_question(reading->listener->context, question, line);
}

static void pass_fault(void *context, const struct bank_fault *fault)
{
    struct file_reading *reading = context;
    if (reading->listener->on_fault) reading->listener->on_fault(reading->listener->context, fault);
}

static enum bank_reason look_at_picture(void *context, const char *name, uint32_t *number)
{
    struct file_reading *reading = context;
    struct picture picture;
    size_t size;
    return bank_picture_read(reading->path, name, reading->picture_memory, &size, &picture, number);
}

enum bank_file_verdict bank_file_read(
    const char *path, const struct bank_listener *listener, struct bank_summary *summary)
{
    *summary = (struct bank_summary){0};
    enum bank_file_verdict verdict = BANK_FILE_UNREADABLE;
    size_t size;
    uint8_t *memory = malloc(BANK_FILE_SIZE_MAX + 1); /* untouched pages cost nothing */
    uint8_t *picture_memory = malloc(PICTURE_SIZE_MAX + 1);
    if (memory && picture_memory && read_beginning(path, memory, BANK_FILE_SIZE_MAX + 1, &size)) {
        struct file_reading reading = {listener, path, picture_memory};
        struct bank_listener own = {pass_question, pass_fault, look_at_picture, &reading};
        bool is_fine = bank_read((struct span){memory, size}, &own, summary);
        verdict = is_fine ? BANK_FILE_FINE : BANK_FILE_FAULTY;
    }
    int error = errno;
    free(picture_memory);
    free(memory);
    errno = error;
    return verdict;
}
