/* Loading the banks that lie in a folder as files into desk.db. */
#ifndef JINGDA_DESK_BANKS_H
#define JINGDA_DESK_BANKS_H

#include "store/desk_database.h"

#define BANK_FILES_MAX    200 /* in the folder */
#define PICTURE_FILES_MAX 5000

struct banks_loaded {
    uint32_t files, loaded, faulty;
};

/* Each *.csv of `folder` that is new or has changed, its pictures included, replaces what desk.db held of it; a file
 * with a fault loads nothing, and every fault is logged with line and column. False: desk.db or memory failed. */
bool banks_load(struct desk_database *database, const char *folder, uint64_t now_ms, struct banks_loaded *loaded);

#endif
