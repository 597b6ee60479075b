/* The one writer of a folder: an flock on a file of its own, held for the writer's life and dropped by the kernel when
 * the process dies, however it dies. The file itself is never deleted: a name that comes and goes is no lock. */
#ifndef JINGDA_STORE_LOCK_H
#define JINGDA_STORE_LOCK_H

#include "store/store.h"

/* Takes FOLDER/NAME, making the file where it is missing. *descriptor is -1 on failure and `message` says why. */
enum store_open_result lock_take(const char *folder, const char *name, int *descriptor, char message[256]);
/* Takes -1 too, and sets *descriptor to -1. */
void lock_release(int *descriptor);

#endif
