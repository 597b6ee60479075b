/* Passwords and secrets: what is made of them so that what we keep cannot be turned back, and compared in a time that
 * tells nothing. */
#ifndef JINGDA_DESK_PASSWORDS_H
#define JINGDA_DESK_PASSWORDS_H

#include "base/bytes.h"
#include "store/accounts.h"

#define SECRET_TEXT_SIZE 44 /* 32 random bytes in base64url without padding, and a zero */
#define SECRET_HASH_SIZE 32

/* scrypt with N = 2^15, r = 8, p = 1 (RFC 7914): about 100 ms and 32 MiB, so never on the loop. Holds nothing shared.
 */
void password_hash(struct span password, const uint8_t salt[ACCOUNT_SALT_SIZE], uint8_t out[ACCOUNT_PASSWORD_SIZE]);

/* A token or cookie: 256 bits of the kernel's chance as text. */
void secret_make(char text[SECRET_TEXT_SIZE]);
/* SHA-256 is enough: nobody guesses 256 bits. */
void secret_hash(struct span text, uint8_t hash[SECRET_HASH_SIZE]);

bool bytes_same(const uint8_t *a, const uint8_t *b, size_t size);

#endif
