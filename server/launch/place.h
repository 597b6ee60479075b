/* Where the server stands: addresses of this machine, listening sockets, the data folder, users. */
#ifndef JINGDA_LAUNCH_PLACE_H
#define JINGDA_LAUNCH_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#define PLACE_ADDRESSES_MAX 8
#define PLACE_ADDRESS_SIZE  64

/* IPv4 addresses of this machine that are not loopback; returns how many. */
uint32_t place_addresses(char addresses[PLACE_ADDRESSES_MAX][PLACE_ADDRESS_SIZE]);

/* A listening TCP socket, non-blocking. -1: `message` says why, *status is of sysexits.h. */
int place_listen(const char *address, uint32_t port, char message[512], int *status);

/* Makes the folder (0700) where it is missing, and takes other users' rights away. False as above. *was_made tells
 * whether it is new. */
bool place_data(const char *folder, bool *was_made, char message[512], int *status);
/* Takes away a folder that was made in vain, with the files in it. */
void place_unmake(const char *folder);

/* The user that edges become. `name` "": jingda-edge or nobody. Both ids 0 where we may not become anybody. False: no
 * such user. */
bool place_user(const char *name, uint32_t *uid, uint32_t *gid, char message[512]);

#endif
