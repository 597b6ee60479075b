/* Browsers that have signed in before. Each keeps a cookie for a year, which counts for one account: a number of chance
 * and a code over it, made with what desk.db alone knows of that account (the hash of its password). So nothing more is
 * stored, a restart forgets nobody, and a new password ends all of them. It lets nobody in: it only gives its browser
 * tries of its own, so that strangers who fail under the account's name do not lock out its owner. */
#ifndef JINGDA_DESK_DEVICES_H
#define JINGDA_DESK_DEVICES_H

#include "desk/passwords.h"

#include <stdbool.h>

#define DEVICE_COOKIE    "__Host-desk-device"
#define DEVICE_CODE_SIZE (2 * SECRET_HASH_SIZE)                        /* in hexadecimal */
#define DEVICE_TEXT_SIZE (SECRET_TEXT_SIZE - 1 + DEVICE_CODE_SIZE + 1) /* number, code, and a zero */

/* A new one for this account. */
void device_make(const struct account *account, char text[DEVICE_TEXT_SIZE]);
/* The cookie of a Cookie header where it is this account's, else empty. Borrows the header. */
struct span device_of_cookie(const struct account *account, struct span header);

#endif
