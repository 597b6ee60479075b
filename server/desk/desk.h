/* The desk process: the private port of organizers, hosts and administrators, and the only writer of desk.db. */
#ifndef JINGDA_DESK_DESK_H
#define JINGDA_DESK_DESK_H

#include <stdint.h>

struct desk_options {
    const char *folder;       /* data: desk.db, and core.db to read */
    int listener;             /* inherited TCP listening descriptor */
    const char *bus_address;  /* of the core, for the desk */
    const char *web_folder;   /* web/dist: desk.table and its files */
    const char *banks_folder; /* questions/: loaded at the start when new or changed */
    const char *certificate, *key;
    const char *const *origins; /* of the desk */
    const char *public_url;     /* of the residents, for links and QR codes: "https://quiz.example:8443" */
    int ready_descriptor;       /* "first TOKEN\n" while no account exists, then "ready\n"; or "error TEXT\n" */
};

/* Runs until SIGTERM and returns 0. Otherwise a status of sysexits.h. */
int desk_run(const struct desk_options *options);

#endif
