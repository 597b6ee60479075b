/* Role: one-way functions of passwords and secrets. Input: what a person typed, chance. Output: what may be stored.
 * Leaves to others: where it is stored (store/), who may try again when (lockout.c). */
#include "desk/passwords.h"

#include "base/expect.h"
#include "base/random.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define SCRYPT_N      (1u << 15)
#define SCRYPT_R      8
#define SCRYPT_P      1
#define SCRYPT_MEMORY (64u * 1024 * 1024) /* what OpenSSL may take; it needs 32 MiB */

void password_hash(struct span password, const uint8_t salt[ACCOUNT_SALT_SIZE], uint8_t out[ACCOUNT_PASSWORD_SIZE])
{
    expect(EVP_PBE_scrypt((const char *)password.data, password.size, salt, ACCOUNT_SALT_SIZE, SCRYPT_N, SCRYPT_R,
               SCRYPT_P, SCRYPT_MEMORY, out, ACCOUNT_PASSWORD_SIZE) == 1);
}

void secret_make(char text[SECRET_TEXT_SIZE])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint8_t bytes[33] = {0};
    random_secure(bytes, 32);
    for (int i = 0; i < SECRET_TEXT_SIZE - 1; i++) {
        int bit = 6 * i;
        unsigned pair = (unsigned)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];
        text[i] = alphabet[pair >> (10 - bit % 8) & 63];
    }
    text[SECRET_TEXT_SIZE - 1] = '\0';
    OPENSSL_cleanse(bytes, sizeof bytes);
}

void secret_hash(struct span text, uint8_t hash[SECRET_HASH_SIZE])
{
    const void *data = text.size ? (const void *)text.data : "";
    expect(EVP_Digest(data, text.size, hash, NULL, EVP_sha256(), NULL) == 1);
}

bool bytes_same(const uint8_t *a, const uint8_t *b, size_t size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}
