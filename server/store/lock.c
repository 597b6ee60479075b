/* Role: keep a second writer out of a data folder.
 * Input: the folder and the lock's name. Output: a descriptor that holds the lock, or why there is none.
 * Leaves to others: what is protected by it (store.c, and what else writes a file of that folder). */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static enum store_open_result result_of_errno(int error)
{
    if (error == EWOULDBLOCK) return STORE_LOCKED;
    if (error == EACCES || error == EPERM || error == EROFS) return STORE_READ_ONLY;
    if (error == ENOSPC || error == EDQUOT) return STORE_NO_SPACE;
    return STORE_IO;
}

enum store_open_result lock_take(const char *folder, const char *name, int *descriptor, char message[256])
{
    *descriptor = -1;
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        snprintf(message, 256, "%.200s: the path is too long", folder);
        return STORE_IO;
    }

    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0) {
        *descriptor = file;
        return STORE_OPENED;
    }
    enum store_open_result result = result_of_errno(errno);
    if (result == STORE_LOCKED)
        snprintf(message, 256, "%.180s is held by another process: is the server running already?", path);
    else
        snprintf(message, 256, "%.200s: %s", path, strerror(errno));
    if (file >= 0) close(file);
    return result;
}

void lock_release(int *descriptor)
{
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}
