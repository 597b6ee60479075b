/* Tokens and receipts: what only the core can make, under a key that only the core has. */
#ifndef JINGDA_CORE_TOKEN_H
#define JINGDA_CORE_TOKEN_H

#include "base/bytes.h"
#include "model/answer.h"

#define TOKEN_KEY_SIZE    32
#define TOKEN_TEXT_SIZE   43 /* with the terminating zero */
#define RECEIPT_TEXT_SIZE 10 /* XXXX-XXXX and a zero */

struct token {
    uint32_t round, participant, generation;
};

/* base64url of key id u8, round, participant, generation (u32 each, little-endian) and 18 bytes of HMAC-SHA-256. */
void token_write(const uint8_t key[TOKEN_KEY_SIZE], struct token token, char out[TOKEN_TEXT_SIZE]);
/* False for whatever the key did not make. Compares in constant time. */
bool token_read(const uint8_t key[TOKEN_KEY_SIZE], struct span text, struct token *token);

/* The code of an answer's receipt: the same answer gives the same code, 40 bits in Crockford's base 32. */
void receipt_write(const uint8_t key[TOKEN_KEY_SIZE], const struct answer *answer, char out[RECEIPT_TEXT_SIZE]);

#endif
