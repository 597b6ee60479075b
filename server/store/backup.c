/* Role: copy core.db out of a data folder while it is in use, check a copy, and put one back.
 * Input: paths. Output: a whole file under the target's name, or none and a line that says why.
 * Leaves to others: the command line (tool/), desk.db and the keys beside it.
 *
 * VACUUM INTO rather than the backup API: it reads one snapshot without locking the writer out, starts never again when
 * the core commits meanwhile, and leaves out free pages, where deleted names could still stand. */
#include "store/backup.h"

#include "store/lock.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PART ".part"

static bool say(char message[256], const char *path, const char *text)
{
    snprintf(message, 256, "%.160s: %.80s", path, text);
    return false;
}

/* A file or a folder: what is in it is on the disk afterwards. */
static bool sync_path(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool is_synced = fsync(descriptor) == 0;
    close(descriptor);
    return is_synced;
}

static bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash) return sync_path(".");
    slash[slash == folder] = '\0';
    return sync_path(folder);
}

static bool vacuum_into(struct database *database, const char *target)
{
    /* query_only would refuse the copy too; core.db itself is open for reading only. */
    if (!database_run(database, "PRAGMA query_only = OFF")) return false;
    sqlite3_stmt *statement = database_prepare(database, "VACUUM INTO ?1");
    if (!statement) return false;
    sqlite3_bind_text(statement, 1, target, -1, SQLITE_STATIC);
    bool is_copied = database_step(database, statement);
    sqlite3_finalize(statement);
    return is_copied;
}

/* `from` to a new file `to`, by way of a name of its own until it is whole. */
static bool copy(const char *from, const char *to, char message[256])
{
    char part[PATH_MAX];
    int length = snprintf(part, sizeof part, "%s" PART, to);
    if (length < 0 || (size_t)length >= sizeof part) return say(message, to, "the path is too long");
    if (access(to, F_OK) == 0) return say(message, to, "exists already");

    struct database database;
    struct database_options options = {.path = from, .is_read_only = true};
    if (database_open(&database, &options, &core_schema) != STORE_OPENED) {
        memcpy(message, database.message, sizeof database.message);
        return false;
    }
    unlink(part); /* of a copy that was broken off */
    bool is_copied = vacuum_into(&database, part);
    if (!is_copied) memcpy(message, database.message, sizeof database.message);
    database_close(&database);

    if (is_copied) is_copied = store_check(part, message);
    if (is_copied && !(sync_path(part) && rename(part, to) == 0 && sync_folder_of(to)))
        is_copied = say(message, to, strerror(errno));
    unlink(part);
    return is_copied;
}

bool store_backup(const char *folder, const char *target, char message[256])
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/core.db", folder);
    if (length < 0 || (size_t)length >= sizeof path) return say(message, folder, "the path is too long");
    return copy(path, target, message);
}

static bool is_sound(struct database *database, const char *path, char message[256])
{
    sqlite3_stmt *statement = database_prepare(database, "PRAGMA integrity_check(1)");
    if (!statement) return say(message, path, sqlite3_errmsg(database->handle));
    bool is_fine = database_row(database, statement);
    const char *text = is_fine ? (const char *)sqlite3_column_text(statement, 0) : sqlite3_errmsg(database->handle);
    if (!text || strcmp(text, "ok") != 0) is_fine = say(message, path, text ? text : "no memory");
    sqlite3_finalize(statement);
    return is_fine;
}

bool store_check(const char *path, char message[256])
{
    struct database database;
    struct database_options options = {.path = path, .is_read_only = true};
    bool is_opened = database_open(&database, &options, &core_schema) == STORE_OPENED;
    if (!is_opened) memcpy(message, database.message, sizeof database.message);
    bool is_fine = is_opened && is_sound(&database, path, message);
    database_close(&database);
    return is_fine;
}

bool store_restore(const char *source, const char *folder, char message[256])
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/core.db", folder);
    if (length < 0 || (size_t)length >= sizeof path) return say(message, folder, "the path is too long");
    /* The log of another database would be replayed over the one that is put back. */
    char log[PATH_MAX + 8];
    snprintf(log, sizeof log, "%s-wal", path);
    if (access(log, F_OK) == 0) return say(message, log, "exists already");
    int lock;
    if (lock_take(folder, "core.lock", &lock, message) != STORE_OPENED) return false;
    bool is_restored = copy(source, path, message); /* which checks what it has made */
    lock_release(&lock);
    return is_restored;
}
