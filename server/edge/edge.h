/* The edge process: the public port. TLS, static pages, the WebSockets of residents and screens. */
#ifndef JINGDA_EDGE_EDGE_H
#define JINGDA_EDGE_EDGE_H

#include <stdint.h>

struct edge_options {
    uint8_t index;
    int listener;                  /* inherited TCP listening descriptor, shared by all edges */
    const char *bus_address;       /* of the core, for edges */
    const char *web_folder;        /* web/dist: public.table and its files */
    const char *certificate, *key; /* PEM paths; opened before rights are dropped, read again on SIGHUP */
    const char *const *origins;    /* allowed, NULL-ended, such as "https://quiz.example:8443" */
    uint8_t ticket_key[80];        /* of the session tickets, shared by all edges (launch makes it) */
    int ticket_descriptor;         /* a file of those 80 bytes, read at the start and on SIGHUP; 0: ticket_key stands */
    uint32_t uid, gid;             /* to become; 0: stay who we are */
    uint32_t connections_per_address_max;
    uint8_t bus_secret[16]; /* by which the core tells us from other processes of our user */
    int ready_descriptor;   /* "ready\n" when it serves */
};

/* Runs until SIGTERM: then says goodbye to its browsers, and returns 0. Otherwise a status of sysexits.h. */
int edge_run(const struct edge_options *options);

#endif
