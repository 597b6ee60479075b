/* The certificate, its key, the ticket key and the edges' word to the core, held in memory files that children inherit:
 * so an edge that has dropped its rights can read them again, and sees only pairs that have been checked. */
#ifndef JINGDA_LAUNCH_SECRETS_H
#define JINGDA_LAUNCH_SECRETS_H

#include <stdbool.h>

struct secrets {
    int certificate, key, ticket, bus;                     /* ours, writable */
    int certificate_read, key_read, ticket_read, bus_read; /* the children's */
    bool is_self_signed;
};

/* Reads and checks the pair. False: `message` says in one line what is wrong; what was held before is kept. */
bool secrets_load(struct secrets *secrets, const char *certificate, const char *key, char message[512]);
/* Draws a new ticket key. */
void secrets_rotate(struct secrets *secrets);
/* The bus's secret, drawn for good, and empty memory files for the rest. False where the kernel gives none. */
bool secrets_create(struct secrets *secrets);

#endif
