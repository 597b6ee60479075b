/* Role: seals and opens TLS 1.3 records. Input: traffic secrets, bytes. Output: records, bytes. Leaves to others: the
 * handshake, and what a record of another type than text means. */
#include "rehearse/record.h"

#include "base/bytes.h"
#include "base/expect.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

void record_layer_init(struct record_layer *layer)
{
    layer->seal = EVP_CIPHER_CTX_new();
    layer->open = EVP_CIPHER_CTX_new();
    expect(layer->seal && layer->open);
    expect(EVP_EncryptInit_ex(layer->seal, EVP_aes_128_gcm(), NULL, NULL, NULL) == 1);
    expect(EVP_DecryptInit_ex(layer->open, EVP_aes_128_gcm(), NULL, NULL, NULL) == 1);
}

void record_layer_finish(struct record_layer *layer)
{
    EVP_CIPHER_CTX_free(layer->seal);
    EVP_CIPHER_CTX_free(layer->open);
}

/* HKDF-Expand-Label (RFC 8446, 7.1) of at most one hash's length, so that one HMAC is all of HKDF-Expand. */
static void expand_label(const uint8_t *secret, const char *label, uint8_t *out, size_t size)
{
    uint8_t room[32];
    struct writer info = writer_over(room, sizeof room);
    struct span text = span_of_text(label);
    write_u8(&info, 0); /* the size's high byte */
    write_u8(&info, (uint8_t)size);
    write_u8(&info, (uint8_t)(strlen("tls13 ") + text.size));
    write_raw(&info, "tls13 ", strlen("tls13 "));
    write_raw(&info, text.data, text.size);
    write_u8(&info, 0); /* an empty context */
    write_u8(&info, 1); /* HKDF-Expand's first block, and the last */
    expect(info.ok && size <= 32);
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned hash_size = 0;
    expect(HMAC(EVP_sha256(), secret, RECORD_SECRET_SIZE, room, info.size, hash, &hash_size) && hash_size == 32);
    memcpy(out, hash, size);
}

void record_key_derive(struct record_key *key, const uint8_t secret[RECORD_SECRET_SIZE])
{
    expand_label(secret, "key", key->key, sizeof key->key);
    expand_label(secret, "iv", key->iv, sizeof key->iv);
    key->sequence = 0;
}

static void next_nonce(struct record_key *key, uint8_t nonce[12])
{
    memcpy(nonce, key->iv, 12);
    for (int i = 0; i < 8; i++)
        nonce[11 - i] ^= (uint8_t)(key->sequence >> (8 * i));
    key->sequence++;
}

size_t record_seal(struct record_layer *layer, struct record_key *key, const uint8_t *text, size_t size, uint8_t *out)
{
    expect(size <= 1 << 14);
    uint8_t nonce[12];
    next_nonce(key, nonce);
    size_t body = size + 1 + 16;
    uint8_t head[RECORD_HEAD] = {RECORD_TEXT, 3, 3, (uint8_t)(body >> 8), (uint8_t)body};
    const uint8_t type = RECORD_TEXT;
    int done = 0, typed = 0, left = 0;
    memcpy(out, head, sizeof head);
    uint8_t *to = out + RECORD_HEAD;
    expect(EVP_EncryptInit_ex(layer->seal, NULL, NULL, key->key, nonce) == 1);
    expect(EVP_EncryptUpdate(layer->seal, NULL, &done, head, sizeof head) == 1);
    expect(EVP_EncryptUpdate(layer->seal, to, &done, text, (int)size) == 1);
    expect(EVP_EncryptUpdate(layer->seal, to + done, &typed, &type, 1) == 1);
    expect(EVP_EncryptFinal_ex(layer->seal, to + done + typed, &left) == 1);
    expect(EVP_CIPHER_CTX_ctrl(layer->seal, EVP_CTRL_GCM_GET_TAG, 16, to + size + 1) == 1);
    return RECORD_HEAD + body;
}

size_t record_size(const uint8_t *data, size_t size)
{
    if (size < RECORD_HEAD) return 0;
    size_t whole = RECORD_HEAD + ((size_t)data[3] << 8 | data[4]);
    return whole > RECORD_MAX || data[1] != 3 ? SIZE_MAX : whole;
}

bool record_open(
    struct record_layer *layer, struct record_key *key, uint8_t *record, size_t size, uint8_t *type, size_t *text_size)
{
    if (size < RECORD_MORE || size > RECORD_MAX || record[0] != RECORD_TEXT) return false;
    uint8_t nonce[12];
    next_nonce(key, nonce);
    uint8_t *body = record + RECORD_HEAD;
    int done = 0, left = 0;
    size_t inner = size - RECORD_HEAD - 16;
    bool ok = EVP_DecryptInit_ex(layer->open, NULL, NULL, key->key, nonce) == 1 &&
              EVP_DecryptUpdate(layer->open, NULL, &done, record, RECORD_HEAD) == 1 &&
              EVP_DecryptUpdate(layer->open, body, &done, body, (int)inner) == 1 &&
              EVP_CIPHER_CTX_ctrl(layer->open, EVP_CTRL_GCM_SET_TAG, 16, body + inner) == 1 &&
              EVP_DecryptFinal_ex(layer->open, body + done, &left) == 1;
    if (!ok) return false;
    while (inner > 0 && body[inner - 1] == 0) /* padding */
        inner--;
    if (inner == 0) return false;
    *type = body[inner - 1];
    *text_size = inner - 1;
    return true;
}
