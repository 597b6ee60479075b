/* The tables of core.db. */
#ifndef JINGDA_STORE_SCHEMA_H
#define JINGDA_STORE_SCHEMA_H

#include "store/database.h"

extern const struct database_schema core_schema;

#endif
