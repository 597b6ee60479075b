/* Role: TLS as we want it: certificate, versions, ciphers, tickets.
 * Input: PEM files, the ticket key. Output: a set up SSL_CTX, or one line that says why not.
 * Leaves to others: the connections.
 *
 * TLS 1.2 with AEAD and TLS 1.3 only; AES-128-GCM first (8% cheaper than the default); no renegotiation, no 0-RTT, no
 * session cache. One ticket under a key that all edges share, so that a storm of reconnections resumes, and forward
 * secrecy stays: a resumed TLS 1.3 handshake still exchanges keys. SSL_MODE_RELEASE_BUFFERS (libwebsockets sets it)
 * halves the memory of a connection. */
#include "http/connection.h"

#include "base/clock.h"
#include "base/expect.h"
#include "base/log.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#define TICKET_KEY_SIZE 80

struct pair {
    X509 *certificate;
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
};

static void pair_free(struct pair *pair)
{
    X509_free(pair->certificate);
    sk_X509_pop_free(pair->chain, X509_free);
    EVP_PKEY_free(pair->key);
}

static BIO *open_pem(const char *path, const char *what, char message[256])
{
    ERR_clear_error();
    errno = 0;
    BIO *file = BIO_new_file(path, "r");
    if (!file) snprintf(message, 256, "%s %.160s: %s", what, path, errno ? strerror(errno) : "cannot be opened");
    return file;
}

static bool read_certificates(const char *path, struct pair *pair, char message[256])
{
    BIO *file = open_pem(path, "certificate", message);
    if (!file) return false;
    pair->certificate = PEM_read_bio_X509_AUX(file, NULL, NULL, (void *)"");
    X509 *next;
    while (pair->certificate && (next = PEM_read_bio_X509(file, NULL, NULL, (void *)"")) != NULL)
        if (!sk_X509_push(pair->chain, next)) X509_free(next);
    BIO_free(file);
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    if (!pair->certificate) snprintf(message, 256, "certificate %.160s: no certificate in PEM form in it", path);
    return pair->certificate != NULL;
}

static bool read_key(const char *path, struct pair *pair, char message[256])
{
    BIO *file = open_pem(path, "key", message);
    if (!file) return false;
    pair->key = PEM_read_bio_PrivateKey(file, NULL, NULL, (void *)"");
    BIO_free(file);
    ERR_clear_error();
    if (!pair->key) snprintf(message, 256, "key %.160s: no private key in PEM form without a passphrase in it", path);
    return pair->key != NULL;
}

static void warn_of_dates(const char *path, const X509 *certificate)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        log_warning("certificate %s has expired: browsers will refuse it", path);
    else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        log_warning("certificate %s is not valid yet: is this machine's clock right?", path);
}

bool tls_apply(SSL_CTX *context, const char *certificate, const char *key, char message[256])
{
    struct pair pair = {.chain = sk_X509_new_null()};
    expect(pair.chain != NULL);
    bool ok = read_certificates(certificate, &pair, message) && read_key(key, &pair, message);
    if (ok && X509_check_private_key(pair.certificate, pair.key) != 1) {
        snprintf(message, 256, "key %.100s does not belong to certificate %.100s", key, certificate);
        ok = false;
    }
    if (ok && SSL_CTX_use_cert_and_key(context, pair.certificate, pair.key, pair.chain, 1) != 1) {
        char why[120];
        ERR_error_string_n(ERR_get_error(), why, sizeof why);
        snprintf(message, 256, "certificate %.100s: %s", certificate, why);
        ok = false;
    }
    if (ok) warn_of_dates(certificate, pair.certificate);
    pair_free(&pair);
    ERR_clear_error();
    return ok;
}

/* The handshake is done: the first request is awaited. OpenSSL knows the connection by its descriptor. */
static void on_progress(const SSL *ssl, int where, int result)
{
    (void)result;
    if (!(where & SSL_CB_HANDSHAKE_DONE)) return;
    struct http_server *server = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    int descriptor = SSL_get_fd(ssl);
    if (descriptor < 0 || (uint32_t)descriptor >= server->descriptors_max) return;
    struct http_socket *socket = server->by_descriptor[descriptor];
    if (socket && socket->deadline.stage == STAGE_HANDSHAKE)
        deadlines_enter(&server->deadlines, &socket->deadline, STAGE_HEADERS, clock_monotonic_ms());
}

/* OpenSSL says each record's head before it is opened: so a flood is seen whatever libwebsockets makes of it (empty
 * pongs, and pings while one is being answered, it swallows without a callback), at no system call. Told that the other
 * end has shut down, SSL_read gives nothing more, and libwebsockets closes as it does for anybody who left. (Looking at
 * the kernel's byte counts from a timer instead cut after 9 to 17 s of a whole processor and 800 MB.) */
static void on_record(
    int is_written, int version, int type, const void *bytes, size_t size, SSL *ssl, void *server_given)
{
    (void)version;
    if (is_written || type != SSL3_RT_HEADER || size != SSL3_RT_HEADER_LENGTH) return;
    struct http_server *server = server_given;
    int descriptor = SSL_get_fd(ssl);
    if (descriptor < 0 || (uint32_t)descriptor >= server->descriptors_max) return;
    struct http_socket *socket = server->by_descriptor[descriptor];
    const uint8_t *head = bytes;
    if (!socket || websocket_count_input(socket, (uint32_t)(head[3] << 8 | head[4]))) return;
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    socket_cut(socket);
}

static bool set_ciphers(SSL_CTX *context)
{
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                             "TLS_CHACHA20_POLY1305_SHA256") == 1 &&
           SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                            "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                            "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305") == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

static void set_ticket_key(SSL_CTX *context, const uint8_t *ticket_key)
{
    if (ticket_key) {
        uint8_t key[TICKET_KEY_SIZE];
        memcpy(key, ticket_key, sizeof key);
        SSL_CTX_set_tlsext_ticket_keys(context, key, sizeof key);
        OPENSSL_cleanse(key, sizeof key);
    }
    SSL_CTX_set_num_tickets(context, ticket_key ? 1 : 0);
    if (!ticket_key) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}

bool tls_set_up(struct http_server *server, SSL_CTX *context)
{
    const struct tls_setup *setup = &server->setup;
    server->tls = context;
    SSL_CTX_set_app_data(context, server);
    SSL_CTX_set_info_callback(context, on_progress);
    SSL_CTX_set_msg_callback(context, on_record);
    SSL_CTX_set_msg_callback_arg(context, server);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_early_data(context, 0);
    set_ticket_key(context, setup->ticket_key);
    if (!set_ciphers(context)) {
        snprintf(setup->message, 256, "this machine's OpenSSL lacks a cipher or a curve that TLS 1.2 and 1.3 need");
        return false;
    }
    return tls_apply(context, setup->certificate, setup->key, setup->message);
}

bool http_reload(struct http_server *server, const char *certificate, const char *key, char message[256])
{
    /* Tried on a context of its own first: half of a bad pair must not reach the one that serves. Connections that
     * stand have their own copy. */
    SSL_CTX *trial = SSL_CTX_new(TLS_server_method());
    expect(trial != NULL);
    bool ok = tls_apply(trial, certificate, key, message);
    SSL_CTX_free(trial);
    return ok && tls_apply(server->tls, certificate, key, message);
}

void http_set_ticket_key(struct http_server *server, const uint8_t *ticket_key)
{
    set_ticket_key(server->tls, ticket_key);
}
