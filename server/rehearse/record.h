/* TLS 1.3 records after the handshake, with TLS_AES_128_GCM_SHA256 alone (RFC 8446, 5.2 and 7.3). OpenSSL makes the
 * handshake; what it leaves for a connection, some 10 KB, is then replaced by these 40 bytes for each direction. */
#ifndef JINGDA_REHEARSE_RECORD_H
#define JINGDA_REHEARSE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_SECRET_SIZE 32
#define RECORD_HEAD        5
#define RECORD_MORE        (RECORD_HEAD + 1 + 16)          /* head, inner type, tag */
#define RECORD_MAX         (RECORD_HEAD + (1 << 14) + 256) /* RFC 8446, 5.2 */
#define RECORD_TEXT        23
#define RECORD_HANDSHAKE   22
#define RECORD_ALERT       21

struct record_key {
    uint8_t key[16];
    uint8_t iv[12];
    uint64_t sequence;
};

/* One for each process: the cipher's contexts, used for every connection in turn. */
struct record_layer {
    void *seal, *open; /* EVP_CIPHER_CTX */
};

void record_layer_init(struct record_layer *layer);
void record_layer_finish(struct record_layer *layer);

/* From a traffic secret, sequence 0. */
void record_key_derive(struct record_key *key, const uint8_t secret[RECORD_SECRET_SIZE]);
/* Writes a record of application data to `out`, which has room for size + RECORD_MORE; size at most 2^14. */
size_t record_seal(struct record_layer *layer, struct record_key *key, const uint8_t *text, size_t size, uint8_t *out);
/* The whole size of the record that begins here; 0 while its head is not there; SIZE_MAX where it cannot be one. */
size_t record_size(const uint8_t *data, size_t size);
/* Opens a whole record in place: its text stands behind the head. False where it was not sealed with this key. */
bool record_open(struct record_layer *layer, struct record_key *key, uint8_t *record, size_t size, uint8_t *type,
    size_t *text_size) __attribute__((warn_unused_result));

#endif
