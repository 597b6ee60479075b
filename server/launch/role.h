/* What launch tells a child, as words of its command line, and the descriptors it leaves open for it at fixed numbers.
 * Written by launch, read by main.c in the child. Nothing secret stands in here: everyone may read a command line. */
#ifndef JINGDA_LAUNCH_ROLE_H
#define JINGDA_LAUNCH_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#define ROLE_PREFIX      "role:" /* first word of an internal command line */
#define ROLE_ORIGINS_MAX 16
#define ROLE_WORDS_MAX   48

enum role_kind { ROLE_CORE, ROLE_EDGE, ROLE_DESK };

/* Descriptors of a child. */
enum role_descriptor {
    ROLE_READY = 3,       /* lines for launch */
    ROLE_LISTENER = 4,    /* edge and desk: TCP. core: the edges' bus */
    ROLE_SECOND = 5,      /* core: the desk's bus */
    ROLE_CERTIFICATE = 6, /* edge and desk: files in memory, read again on SIGHUP */
    ROLE_KEY = 7,
    ROLE_TICKET = 8,     /* edge: 80 bytes */
    ROLE_BUS_SECRET = 9, /* edge and core: 16 bytes */
    ROLE_DESCRIPTORS_END = 10,
};
#define ROLE_CERTIFICATE_PATH "/proc/self/fd/6"
#define ROLE_KEY_PATH         "/proc/self/fd/7"
#define ROLE_TICKET_SIZE      80
#define ROLE_BUS_SECRET_SIZE  16

struct role {
    enum role_kind kind;
    uint32_t index; /* of the edge */
    uint32_t residents, edges, per_address;
    uint32_t uid, gid;           /* to become; 0: stay */
    uint32_t edge_uid, desk_uid; /* whom the core lets in */
    const char *folder, *web, *banks, *bus, *url;
    const char *origins[ROLE_ORIGINS_MAX + 1]; /* NULL-ended */
};

/* Fills words[], NULL-ended, with memory of their own. */
void role_write(const struct role *role, char *words[ROLE_WORDS_MAX + 1]);
void role_words_free(char *words[ROLE_WORDS_MAX + 1]);
/* Texts point into argv. False: not what role_write writes. */
bool role_read(struct role *role, int argc, char *const *argv);
/* True where argv[1] says that this process is a child. */
bool role_is_child(int argc, char *const *argv);

#endif
