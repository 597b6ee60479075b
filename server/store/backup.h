/* Copies of core.db that can be put back: what the backup and restore commands are made of. */
#ifndef JINGDA_STORE_BACKUP_H
#define JINGDA_STORE_BACKUP_H

#include "store/store.h"

/* All of these: false with one line in `message`, and nothing half-made under the target's name. */

/* Writes FOLDER/core.db, as it is at this moment, to the file `target`, which must not exist. The server may be
 * running. The copy is compact: what was deleted is not in it. It is on the disk when this returns. */
bool store_backup(const char *folder, const char *target, char message[256]);

/* True where `path` is a core.db of a version we know and sound from end to end. Opens it for reading only. */
bool store_check(const char *path, char message[256]);

/* Makes a copy of `source` the core.db of a folder that has none, where it is sound. Refuses while a core runs there.
 */
bool store_restore(const char *source, const char *folder, char message[256]);

#endif
