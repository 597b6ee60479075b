/* The record layer against OpenSSL's own: a real handshake over a pipe in memory, then our records to its connection,
 * and its records to ours. */
#include "rehearse/record.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct secrets {
    uint8_t client[RECORD_SECRET_SIZE], server[RECORD_SECRET_SIZE];
};

struct peer {
    SSL_CTX *client_context, *server_context;
    SSL *client, *server;
    BIO *to_server, *to_client; /* what each reads from */
    struct secrets secrets;
    struct record_layer layer;
    struct record_key out, in;
};

static struct peer peer;

static void keep(const char *line, const char *label, uint8_t *secret)
{
    if (strncmp(line, label, strlen(label)) != 0) return;
    long size = 0;
    uint8_t *bytes = OPENSSL_hexstr2buf(strrchr(line, ' ') + 1, &size);
    assert_int_equal(size, RECORD_SECRET_SIZE);
    memcpy(secret, bytes, RECORD_SECRET_SIZE);
    OPENSSL_free(bytes);
}

static void hear_secret(const SSL *ssl, const char *line)
{
    (void)ssl;
    keep(line, "CLIENT_TRAFFIC_SECRET_0 ", peer.secrets.client);
    keep(line, "SERVER_TRAFFIC_SECRET_0 ", peer.secrets.server);
}

static void give_certificate(SSL_CTX *context)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static int shake_hands(void **state)
{
    (void)state;
    memset(&peer, 0, sizeof peer);
    peer.server_context = SSL_CTX_new(TLS_server_method());
    peer.client_context = SSL_CTX_new(TLS_client_method());
    give_certificate(peer.server_context);
    SSL_CTX_set_num_tickets(peer.server_context, 0);
    SSL_CTX_set_ciphersuites(peer.client_context, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_keylog_callback(peer.client_context, hear_secret);
    peer.server = SSL_new(peer.server_context);
    peer.client = SSL_new(peer.client_context);
    peer.to_server = BIO_new(BIO_s_mem());
    peer.to_client = BIO_new(BIO_s_mem());
    BIO_up_ref(peer.to_server);
    BIO_up_ref(peer.to_client);
    SSL_set_bio(peer.server, peer.to_server, peer.to_client);
    SSL_set_bio(peer.client, peer.to_client, peer.to_server);
    SSL_set_accept_state(peer.server);
    SSL_set_connect_state(peer.client);
    for (int i = 0; i < 4; i++) {
        SSL_do_handshake(peer.client);
        SSL_do_handshake(peer.server);
    }
    assert_true(SSL_is_init_finished(peer.client) && SSL_is_init_finished(peer.server));
    record_layer_init(&peer.layer);
    record_key_derive(&peer.out, peer.secrets.client);
    record_key_derive(&peer.in, peer.secrets.server);
    return 0;
}

static int part(void **state)
{
    (void)state;
    record_layer_finish(&peer.layer);
    SSL_free(peer.client);
    SSL_free(peer.server);
    SSL_CTX_free(peer.client_context);
    SSL_CTX_free(peer.server_context);
    return 0;
}

static void openssl_reads_what_we_seal(void **state)
{
    (void)state;
    for (int turn = 0; turn < 300; turn++) { /* past the first byte of the sequence */
        uint8_t text[900], record[900 + RECORD_MORE], back[1000];
        memset(text, turn, sizeof text);
        size_t size = record_seal(&peer.layer, &peer.out, text, (size_t)turn * 3, record);
        assert_int_equal(size, turn * 3 + RECORD_MORE);
        assert_int_equal(BIO_write(peer.to_server, record, (int)size), size);
        int got = SSL_read(peer.server, back, sizeof back);
        if (turn == 0) continue; /* an empty record says nothing */
        assert_int_equal(got, turn * 3);
        assert_memory_equal(back, text, got);
    }
}

static void we_read_what_openssl_seals(void **state)
{
    (void)state;
    for (int turn = 1; turn < 300; turn++) {
        uint8_t text[900], record[2000], type = 0;
        size_t text_size = 0;
        memset(text, turn, sizeof text);
        assert_int_equal(SSL_write(peer.server, text, turn * 3), turn * 3);
        int got = BIO_read(peer.to_client, record, sizeof record);
        assert_int_equal(record_size(record, (size_t)got), got);
        assert_true(record_open(&peer.layer, &peer.in, record, (size_t)got, &type, &text_size));
        assert_int_equal(type, RECORD_TEXT);
        assert_int_equal(text_size, turn * 3);
        assert_memory_equal(record + RECORD_HEAD, text, text_size);
    }
}

static void a_record_that_was_touched_is_refused(void **state)
{
    (void)state;
    uint8_t record[200], type = 0;
    size_t text_size = 0;
    assert_int_equal(SSL_write(peer.server, "question", 8), 8);
    int got = BIO_read(peer.to_client, record, sizeof record);
    record[RECORD_HEAD + 2] ^= 1;
    assert_false(record_open(&peer.layer, &peer.in, record, (size_t)got, &type, &text_size));
}

static void a_close_is_an_alert_and_no_text(void **state)
{
    (void)state;
    uint8_t record[200], type = 0;
    size_t text_size = 0;
    SSL_shutdown(peer.server);
    int got = BIO_read(peer.to_client, record, sizeof record);
    assert_true(record_open(&peer.layer, &peer.in, record, (size_t)got, &type, &text_size));
    assert_int_equal(type, RECORD_ALERT);
}

static void a_head_tells_the_size_or_that_it_is_none(void **state)
{
    (void)state;
    assert_int_equal(record_size((const uint8_t *)"\x17\x03\x03\x01", 4), 0);
    assert_int_equal(record_size((const uint8_t *)"\x17\x03\x03\x01\x02", 5), 5 + 0x102);
    assert_true(record_size((const uint8_t *)"\x17\x03\x03\xff\xff", 5) == SIZE_MAX);
    assert_true(record_size((const uint8_t *)"HTTP/", 5) == SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(openssl_reads_what_we_seal, shake_hands, part),
        cmocka_unit_test_setup_teardown(we_read_what_openssl_seals, shake_hands, part),
        cmocka_unit_test_setup_teardown(a_record_that_was_touched_is_refused, shake_hands, part),
        cmocka_unit_test_setup_teardown(a_close_is_an_alert_and_no_text, shake_hands, part),
        cmocka_unit_test(a_head_tells_the_size_or_that_it_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
