/* The addresses under which the server is reached: printed, given to the desk for links, and allowed as origins. */
#ifndef JINGDA_LAUNCH_NAMES_H
#define JINGDA_LAUNCH_NAMES_H

#include "launch/options.h"
#include "launch/role.h"

#define NAMES_URL_SIZE 320

struct names {
    char residents[NAMES_URL_SIZE]; /* "https://HOST:PORT" */
    char desk[NAMES_URL_SIZE];
    char residents_origins[ROLE_ORIGINS_MAX][NAMES_URL_SIZE];
    char desk_origins[ROLE_ORIGINS_MAX][NAMES_URL_SIZE];
};

void names_choose(struct names *names, const struct launch_options *options);
/* The origins of a role point into `origins`. */
void names_give(struct role *role, const char origins[ROLE_ORIGINS_MAX][NAMES_URL_SIZE]);

#endif
