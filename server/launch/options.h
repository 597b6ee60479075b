/* What an operator may set, from four places: flags over JINGDA_* of the environment over a file over the defaults. */
#ifndef JINGDA_LAUNCH_OPTIONS_H
#define JINGDA_LAUNCH_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LAUNCH_EDGES_MAX 64

struct launch_options {
    char data[PATH_MAX], web[PATH_MAX], banks[PATH_MAX];
    char certificate[PATH_MAX], key[PATH_MAX];
    char config[PATH_MAX]; /* "": none */
    char address[64], desk_address[64];
    char host[256];     /* "": the first address that is not loopback */
    char edge_user[64]; /* "": jingda-edge or nobody, where we may become them */
    uint32_t port, desk_port;
    uint32_t residents;
    uint32_t edges; /* 0: as many as the residents and the processors want */
    uint32_t per_address;
    bool is_check_only;
    bool is_help;
    bool is_file_at_fault; /* after a refusal: it is the file, not the command line */
};

/* Reads all four. `argv` is what follows `serve`; `environment` is NAME=VALUE strings, NULL-ended. False: `message`
 * says in one line what is wrong and where. */
bool launch_options_read(
    struct launch_options *options, int argc, char *const *argv, char *const *environment, char message[512]);

/* The flags with their meaning and default. */
void launch_options_help(FILE *out);
/* Every value as it is used, one `name = value` a line: what a file would say. */
void launch_options_print(FILE *out, const struct launch_options *options);

#endif
