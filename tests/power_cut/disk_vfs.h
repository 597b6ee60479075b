/* The disk as a SQLite VFS named DISK_VFS, with the locks and the shared memory that WAL needs in locking_mode NORMAL.
 */
#ifndef JINGDA_TESTS_DISK_VFS_H
#define JINGDA_TESTS_DISK_VFS_H

#include "power_cut/disk.h"

#define DISK_VFS "power_cut"

/* One disk at a time; the VFS is registered at the first call. */
void disk_vfs_use(struct disk *disk);

#endif
