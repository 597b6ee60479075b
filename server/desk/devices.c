/* Role: make and check the cookies of known browsers. Input: an account, a Cookie header. Output: a cookie, or whether
 * it is one of ours. Leaves to others: what it is good for (signin.c). */
#include "desk/devices.h"

#include "base/expect.h"
#include "desk/sessions.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define NUMBER_SIZE (SECRET_TEXT_SIZE - 1)

static void code_of(const struct account *account, const uint8_t *number, char code[DEVICE_CODE_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t said[sizeof DEVICE_COOKIE + NUMBER_SIZE], mac[SECRET_HASH_SIZE];
    unsigned size = 0;
    memcpy(said, DEVICE_COOKIE, sizeof DEVICE_COOKIE);
    memcpy(said + sizeof DEVICE_COOKIE, number, NUMBER_SIZE);
    expect(HMAC(EVP_sha256(), account->password, sizeof account->password, said, sizeof said, mac, &size) != NULL);
    expect(size == sizeof mac);
    for (size_t i = 0; i < sizeof mac; i++) {
        code[2 * i] = digits[mac[i] >> 4];
        code[2 * i + 1] = digits[mac[i] & 15];
    }
}

void device_make(const struct account *account, char text[DEVICE_TEXT_SIZE])
{
    secret_make(text);
    code_of(account, (const uint8_t *)text, text + NUMBER_SIZE);
    text[DEVICE_TEXT_SIZE - 1] = '\0';
}

struct span device_of_cookie(const struct account *account, struct span header)
{
    struct span value = cookie_value(header, DEVICE_COOKIE);
    char code[DEVICE_CODE_SIZE];
    if (value.size != DEVICE_TEXT_SIZE - 1) return (struct span){NULL, 0};
    code_of(account, value.data, code);
    bool is_ours = bytes_same((const uint8_t *)code, value.data + NUMBER_SIZE, sizeof code);
    return is_ours ? value : (struct span){NULL, 0};
}
