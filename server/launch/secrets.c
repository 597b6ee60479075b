/* Role: what must not stand on a command line or be read by everyone, kept for the children.
 * Input: PEM files. Output: memory files. Leaves to others: using them (http/tls.c).
 *
 * A child gets a read-only descriptor of a file that its user may not open for writing: a hijacked edge cannot change
 * what the next one will serve. */
#include "launch/secrets.h"

#include "base/expect.h"
#include "base/log.h"
#include "base/random.h"
#include "launch/role.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_SIZE_MAX (256 * 1024)

struct pem {
    size_t size;
    char bytes[PEM_SIZE_MAX];
};

static bool memory_file(const char *name, int *ours, int *children)
{
    char path[32];
    *ours = memfd_create(name, MFD_CLOEXEC);
    if (*ours < 0 || fchmod(*ours, 0444) < 0) return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d", *ours);
    *children = open(path, O_RDONLY | O_CLOEXEC);
    return *children >= 0;
}

static void replace(int file, const void *bytes, size_t size)
{
    expect(ftruncate(file, (off_t)size) == 0);
    expect(pwrite(file, bytes, size, 0) == (ssize_t)size);
}

static void draw(int file, size_t size)
{
    uint8_t bytes[ROLE_TICKET_SIZE];
    expect(size <= sizeof bytes);
    random_secure(bytes, size);
    replace(file, bytes, size);
    OPENSSL_cleanse(bytes, sizeof bytes);
}

bool secrets_create(struct secrets *secrets)
{
    *secrets = (struct secrets){0};
    bool ok = memory_file("certificate", &secrets->certificate, &secrets->certificate_read) &&
              memory_file("key", &secrets->key, &secrets->key_read) &&
              memory_file("ticket", &secrets->ticket, &secrets->ticket_read) &&
              memory_file("bus", &secrets->bus, &secrets->bus_read);
    if (ok) draw(secrets->bus, ROLE_BUS_SECRET_SIZE);
    return ok;
}

void secrets_rotate(struct secrets *secrets)
{
    draw(secrets->ticket, ROLE_TICKET_SIZE);
}

static bool read_pem(const char *path, const char *what, struct pem *pem, char message[512])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    pem->size = 0;
    while (file >= 0 && pem->size < sizeof pem->bytes) {
        got = read(file, pem->bytes + pem->size, sizeof pem->bytes - pem->size);
        if (got <= 0) break;
        pem->size += (size_t)got;
    }
    bool ok = file >= 0 && got == 0;
    if (!ok) snprintf(message, 512, "%s %.300s: %s", what, path, got > 0 ? "too large" : strerror(errno));
    if (file >= 0) close(file);
    return ok;
}

static X509 *certificate_in(const struct pem *pem)
{
    BIO *bytes = BIO_new_mem_buf(pem->bytes, (int)pem->size);
    X509 *certificate = bytes ? PEM_read_bio_X509(bytes, NULL, NULL, (void *)"") : NULL;
    BIO_free(bytes);
    return certificate;
}

static EVP_PKEY *key_in(const struct pem *pem)
{
    BIO *bytes = BIO_new_mem_buf(pem->bytes, (int)pem->size);
    EVP_PKEY *key = bytes ? PEM_read_bio_PrivateKey(bytes, NULL, NULL, (void *)"") : NULL;
    BIO_free(bytes);
    return key;
}

static void warn_of_dates(const char *path, const X509 *certificate)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        log_warning("certificate %s has expired: browsers will refuse it", path);
    else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        log_warning("certificate %s is not valid yet: is this machine's clock right?", path);
}

static bool load(
    struct secrets *secrets, const char *certificate_path, const char *key_path, struct pem pems[2], char message[512])
{
    if (!read_pem(certificate_path, "certificate", &pems[0], message)) return false;
    if (!read_pem(key_path, "key", &pems[1], message)) return false;
    X509 *certificate = certificate_in(&pems[0]);
    EVP_PKEY *key = key_in(&pems[1]);
    bool ok = false;
    if (!certificate)
        snprintf(message, 512, "certificate %.300s: there is no certificate in PEM form in it", certificate_path);
    else if (!key)
        snprintf(
            message, 512, "key %.300s: there is no private key in PEM form (without a passphrase) in it", key_path);
    else if (X509_check_private_key(certificate, key) != 1)
        snprintf(message, 512, "key %.200s does not belong to certificate %.200s", key_path, certificate_path);
    else
        ok = true;
    if (ok) {
        warn_of_dates(certificate_path, certificate);
        secrets->is_self_signed =
            X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(certificate)) == 0;
        replace(secrets->certificate, pems[0].bytes, pems[0].size);
        replace(secrets->key, pems[1].bytes, pems[1].size);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return ok;
}

bool secrets_load(struct secrets *secrets, const char *certificate, const char *key, char message[512])
{
    struct pem *pems = OPENSSL_zalloc(2 * sizeof *pems);
    expect(pems != NULL);
    bool ok = load(secrets, certificate, key, pems, message);
    OPENSSL_clear_free(pems, 2 * sizeof *pems);
    return ok;
}
