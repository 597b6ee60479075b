/* What `jingda rehearse` was asked for. */
#ifndef JINGDA_REHEARSE_OPTIONS_H
#define JINGDA_REHEARSE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define REHEARSE_RESIDENTS_MAX 1000000
#define REHEARSE_HOST_MAX      253
#define REHEARSE_MESSAGE_SIZE  400

struct rehearse_options {
    bool is_help;
    char host[REHEARSE_HOST_MAX + 1];
    uint16_t port;
    char code[7]; /* of the round that a person runs */
    uint32_t residents;
    uint32_t arrive_s; /* connecting is spread over so long; 0: a stampede */
    uint32_t think_min_ms, think_max_ms;
    uint32_t drop_per_cent;   /* of the residents, in each question */
    uint32_t most_s;          /* ends by itself after so long, come what may */
    const char *host_allowed; /* NULL: loopback only */
    const char *report;       /* NULL: none */
};

/* The words after `rehearse`. False: `message` says in one line what is wrong. Texts are borrowed from `argv`. */
bool rehearse_options_read(struct rehearse_options *options, int argc, char *const *argv,
    char message[REHEARSE_MESSAGE_SIZE]) __attribute__((warn_unused_result));

#endif
