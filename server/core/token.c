/* HMAC-SHA-256 (RFC 2104) over fixed little-endian fields; the first byte tells tokens and receipts apart. */
#include "core/token.h"

#include "base/expect.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define KEY_ID    1
#define BODY_SIZE 13
#define MAC_SIZE  18

enum purpose { PURPOSE_TOKEN = 1, PURPOSE_RECEIPT = 2 };

static void authenticate(
    const uint8_t key[TOKEN_KEY_SIZE], enum purpose purpose, const struct writer *body, uint8_t *mac)
{
    uint8_t message[64];
    uint8_t full[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    expect(body->ok && body->size < sizeof message);
    message[0] = (uint8_t)purpose;
    memcpy(message + 1, body->data, body->size);
    expect(HMAC(EVP_sha256(), key, TOKEN_KEY_SIZE, message, body->size + 1, full, &size) && size >= MAC_SIZE);
    memcpy(mac, full, MAC_SIZE);
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Without padding: 31 bytes are 42 characters. */
static void base64url_write(const uint8_t *bytes, size_t size, char *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            *out++ = alphabet[bits >> (held - 6) & 63];
    }
    if (held) *out++ = alphabet[bits << (6 - held) & 63];
    *out = '\0';
}

static bool base64url_read(struct span text, uint8_t *out, size_t size)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t written = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *at = text.data[i] ? strchr(alphabet, text.data[i]) : NULL;
        if (!at) return false;
        bits = bits << 6 | (uint32_t)(at - alphabet);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        if (written == size) return false;
        out[written++] = (uint8_t)(bits >> held);
    }
    return written == size && (bits & ((1u << held) - 1)) == 0;
}

void token_write(const uint8_t key[TOKEN_KEY_SIZE], struct token token, char out[TOKEN_TEXT_SIZE])
{
    uint8_t bytes[BODY_SIZE + MAC_SIZE];
    struct writer w = writer_over(bytes, BODY_SIZE);
    write_u8(&w, KEY_ID);
    write_u32(&w, token.round);
    write_u32(&w, token.participant);
    write_u32(&w, token.generation);
    authenticate(key, PURPOSE_TOKEN, &w, bytes + BODY_SIZE);
    base64url_write(bytes, sizeof bytes, out);
}

bool token_read(const uint8_t key[TOKEN_KEY_SIZE], struct span text, struct token *token)
{
    uint8_t bytes[BODY_SIZE + MAC_SIZE], mac[MAC_SIZE];
    if (text.size != TOKEN_TEXT_SIZE - 1 || !base64url_read(text, bytes, sizeof bytes)) return false;
    struct writer body = {.data = bytes, .size = BODY_SIZE, .capacity = BODY_SIZE, .ok = true};
    authenticate(key, PURPOSE_TOKEN, &body, mac);
    if (CRYPTO_memcmp(mac, bytes + BODY_SIZE, MAC_SIZE) != 0) return false;
    struct reader r = reader_over(bytes, BODY_SIZE);
    uint8_t key_id = read_u8(&r);
    token->round = read_u32(&r);
    token->participant = read_u32(&r);
    token->generation = read_u32(&r);
    return key_id == KEY_ID;
}

void receipt_write(const uint8_t key[TOKEN_KEY_SIZE], const struct answer *answer, char out[RECEIPT_TEXT_SIZE])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint8_t body[32], mac[MAC_SIZE];
    struct writer w = writer_over(body, sizeof body);
    write_u32(&w, answer->round);
    write_u16(&w, answer->asking);
    write_u32(&w, answer->participant);
    write_u16(&w, answer->choice);
    write_u32(&w, answer->elapsed_ms);
    write_u16(&w, answer->credit_ms);
    authenticate(key, PURPOSE_RECEIPT, &w, mac);
    uint64_t bits = 0;
    for (int i = 0; i < 5; i++)
        bits = bits << 8 | mac[i];
    for (int i = 0; i < 8; i++)
        out[i + (i >= 4)] = digits[bits >> (35 - 5 * i) & 31];
    out[4] = '-';
    out[9] = '\0';
}
