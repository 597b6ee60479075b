/* Role: the first account, signing in and out. Input: POSTs of the desk's own pages. Output: sessions and their
 * cookies. Leaves to others: scrypt (passwords.c), who must wait (lockout.c), sessions (sessions.c).
 *
 * A try to sign in: the name's lockout (a known browser's own) is asked and counts the try as failed; a worker hashes
 * the password; the answer goes out when it is done, and a right password takes the failure back. A name that is
 * nobody's takes the same way with a salt of chance, so that neither the answer nor its time tells who has an account.
 */
#include "base/expect.h"
#include "base/log.h"
#include "base/random.h"
#include "desk/devices.h"
#include "desk/inside.h"
#include "model/text.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct password_job {
    struct hashing_job hashing; /* first: the job is found by it */
    struct desk *desk;
    uint64_t ticket; /* of the request */
    bool is_first;
    bool is_known; /* the name is an account's */
    uint64_t lockout_key;
    char device[DEVICE_TEXT_SIZE]; /* of the browser that asks; empty: not seen before */
    struct account account;
    char name_key[8 * ACCOUNT_NAME_CHARS_MAX * 4];
    char password[4 * PASSWORD_CHARS_MAX + 1];
    size_t password_size;
    uint8_t hash[ACCOUNT_PASSWORD_SIZE];
};

/* ---- responses ---- */

static void respond_json(struct http_request *request, uint16_t status, json_t *body, const char *cookie)
{
    char *text = json_dumps(body, JSON_COMPACT);
    expect(text);
    http_respond(request, status, "application/json", span_of_text(text), cookie, false);
    free(text);
    json_decref(body);
}

static void refuse(struct desk *desk, struct http_request *request, uint16_t status, const char *code)
{
    desk->refusals_total++;
    respond_json(request, status, error_json(code), NULL);
}

static void refuse_wait(struct http_request *request, uint64_t wait_ms)
{
    json_t *body = error_json("wait");
    json_object_set_new(body, "seconds", json_integer((json_int_t)((wait_ms + 999) / 1000)));
    respond_json(request, 429, body, NULL);
}

static json_t *account_json(const char *name, const char *role)
{
    return json_pack("{s:s, s:s}", "name", name, "role", role);
}

/* A browser that is known keeps its cookie, for another year. */
static void add_device(struct http_request *request, const struct account *account, const char *known)
{
    char device[DEVICE_TEXT_SIZE], cookie[240];
    if (known[0])
        snprintf(device, sizeof device, "%s", known);
    else
        device_make(account, device);
    snprintf(cookie, sizeof cookie, DEVICE_COOKIE "=%s; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Strict",
        device);
    http_request_add_cookie(request, cookie);
}

static void respond_signed_in(struct desk *desk, struct http_request *request, const struct password_job *job)
{
    const struct account *account = &job->account;
    char secret[SECRET_TEXT_SIZE], cookie[160];
    struct session *session = session_open(&desk->sessions, account, desk->wall_ms, secret);
    if (!session) {
        log_error("a session could not be kept: %s", desk_database_message(desk->database));
        refuse(desk, request, 503, "storage");
        return;
    }
    desk->signins_total++;
    log_info("account %u has signed in", account->id);
    add_device(request, account, job->device);
    snprintf(cookie, sizeof cookie, SESSION_COOKIE "=%s; Path=/; HttpOnly; Secure; SameSite=Strict", secret);
    respond_json(
        request, 200, json_pack("{s:b, s:o}", "ok", 1, "account", account_json(account->name, account->role)), cookie);
    OPENSSL_cleanse(secret, sizeof secret);
    OPENSSL_cleanse(cookie, sizeof cookie);
}

/* ---- what a POST must be ---- */

static bool is_own_origin(const struct desk *desk, struct span origin)
{
    for (const char *const *allowed = desk->options->origins; *allowed; allowed++)
        if (span_equal(origin, span_of_text(*allowed))) return true;
    return false;
}

static bool is_json_type(struct span type)
{
    static const char json[] = "application/json";
    const size_t size = sizeof json - 1;
    if (type.size < size || memcmp(type.data, json, size) != 0) return false;
    return type.size == size || type.data[size] == ';' || type.data[size] == ' ';
}

/* The body as an object, NULL where it was refused. */
static json_t *take_body(struct desk *desk, struct http_request *request)
{
    struct span site = http_request_header(request, "sec-fetch-site");
    bool is_from_here = is_own_origin(desk, http_request_header(request, "origin")) &&
                        (site.size == 0 || span_equal(site, span_of_text("same-origin")));
    if (!is_from_here) {
        refuse(desk, request, 403, "bad_origin");
        return NULL;
    }
    if (!is_json_type(http_request_header(request, "content-type"))) {
        refuse(desk, request, 415, "bad_type");
        return NULL;
    }
    struct span body = http_request_body(request);
    json_t *object = json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object)) return object;
    json_decref(object);
    refuse(desk, request, 400, "bad_type");
    return NULL;
}

static bool take_password(struct password_job *job, json_t *object)
{
    json_t *value = json_object_get(object, "password");
    struct span password = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    size_t chars = text_chars(password);
    if (!json_is_string(value) || chars > PASSWORD_CHARS_MAX || password.size >= sizeof job->password) return false;
    memcpy(job->password, password.data, password.size);
    job->password_size = password.size;
    return true;
}

/* The name as people type it, and as it is compared. */
static bool take_name(struct password_job *job, json_t *object)
{
    struct fields fields = fields_of(object, "");
    field_text(&fields, "name", ACCOUNT_NAME_CHARS_MAX, true, job->account.name);
    char *key = fields_are_fine(&fields) ? text_fold(span_of_text(job->account.name)) : NULL;
    bool is_fine = key && key[0] && strlen(key) < sizeof job->name_key;
    if (is_fine) snprintf(job->name_key, sizeof job->name_key, "%s", key);
    free(key);
    return is_fine;
}

/* ---- hashing beside the loop ---- */

static void work(struct hashing_job *hashing)
{
    struct password_job *job = (struct password_job *)hashing;
    struct span password = {(const uint8_t *)job->password, job->password_size};
    password_hash(password, job->account.salt, job->hash);
    OPENSSL_cleanse(job->password, sizeof job->password);
}

static void first_done(struct desk *desk, struct password_job *job, struct http_request *request)
{
    memcpy(job->account.password, job->hash, sizeof job->hash);
    snprintf(job->account.role, sizeof job->account.role, "organizer");
    switch (account_make_first(desk->database, &job->account, job->name_key, desk->wall_ms)) {
    case ACCOUNT_MADE:
        desk->needs_first = false;
        if (request) respond_signed_in(desk, request, job);
        return;
    case ACCOUNT_NOT_FIRST:
        if (request) refuse(desk, request, 403, "bad_token");
        return;
    case ACCOUNT_NOT_KEPT:
        log_error("the first account could not be kept: %s", desk_database_message(desk->database));
        if (request) refuse(desk, request, 503, "storage");
        return;
    }
}

static void signin_done(struct desk *desk, struct password_job *job, struct http_request *request)
{
    bool is_right = bytes_same(job->hash, job->account.password, sizeof job->hash);
    if (!is_right || !job->is_known) {
        log_warning("a wrong password was given%s", job->is_known ? "" : ", for a name that is nobody's");
        if (request) refuse(desk, request, 403, "wrong_password");
        return;
    }
    lockout_forgive(&desk->lockout, job->lockout_key);
    if (request) respond_signed_in(desk, request, job);
}

static void hashed(struct hashing_job *hashing)
{
    struct password_job *job = (struct password_job *)hashing;
    struct desk *desk = job->desk;
    desk_clock(desk);
    struct http_request *request = http_request_find(desk->http, job->ticket);
    if (job->is_first)
        first_done(desk, job, request);
    else
        signin_done(desk, job, request);
    OPENSSL_cleanse(job, sizeof *job);
    free(job);
}

static void hash_later(struct desk *desk, struct http_request *request, struct password_job *job)
{
    job->hashing.work = work;
    job->hashing.done = hashed;
    job->desk = desk;
    job->ticket = http_request_defer(request);
    hashing_add(&desk->hashing, &job->hashing);
}

/* ---- the requests ---- */

static bool is_first_token(struct desk *desk, json_t *object)
{
    json_t *value = json_object_get(object, "token");
    struct span token = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    uint8_t given[SECRET_HASH_SIZE], kept[ACCOUNT_TOKEN_SIZE];
    if (!desk->needs_first || !json_is_string(value) || !account_token_get(desk->database, kept)) return false;
    secret_hash(token, given);
    return bytes_same(given, kept, sizeof given);
}

void signin_first(struct desk *desk, struct http_request *request)
{
    json_t *object = take_body(desk, request);
    if (!object) return;
    struct password_job *job = calloc(1, sizeof *job);
    expect(job);
    job->is_first = job->hashing.is_known = true; /* whoever has the token is no stranger */
    if (!is_first_token(desk, object))
        refuse(desk, request, 403, "bad_token");
    else if (!take_name(job, object))
        refuse(desk, request, 400, "bad_name");
    else if (!take_password(job, object) ||
             text_chars((struct span){(const uint8_t *)job->password, job->password_size}) < PASSWORD_CHARS_MIN)
        refuse(desk, request, 400, "bad_password");
    else if (!hashing_has_room(&desk->hashing, true))
        refuse_wait(request, 1000);
    else {
        random_secure(job->account.salt, sizeof job->account.salt);
        hash_later(desk, request, job);
        job = NULL;
    }
    free(job);
    json_decref(object);
}

/* Of the name, or of the known browser: then what others do under the name does not count. */
static uint64_t lockout_key(const struct desk *desk, const struct password_job *job)
{
    uint8_t keyed[sizeof desk->lockout_secret + sizeof job->name_key + sizeof job->device];
    uint8_t hash[SECRET_HASH_SIZE];
    struct writer w = writer_over(keyed, sizeof keyed);
    write_raw(&w, desk->lockout_secret, sizeof desk->lockout_secret);
    write_raw(&w, job->name_key, strlen(job->name_key) + 1);
    write_raw(&w, job->device, strlen(job->device));
    expect(w.ok);
    secret_hash((struct span){w.data, w.size}, hash);
    uint64_t key;
    memcpy(&key, hash, sizeof key);
    return key;
}

/* Fills in the account's salt and hash, or chance. False: desk.db cannot be read. */
static bool find_account(struct desk *desk, struct password_job *job)
{
    enum account_found found = account_by_name(desk->database, job->name_key, &job->account);
    job->is_known = found == ACCOUNT_FOUND;
    if (found == ACCOUNT_MISSING) {
        random_secure(job->account.salt, sizeof job->account.salt);
        random_secure(job->account.password, sizeof job->account.password);
    }
    return found != ACCOUNT_UNREADABLE;
}

/* 0: the try is counted, go on. */
static uint64_t wait_for(struct desk *desk, struct password_job *job, struct span cookies)
{
    struct span device = device_of_cookie(&job->account, cookies);
    if (device.size > 0) memcpy(job->device, device.data, device.size);
    job->hashing.is_known = device.size > 0;
    if (!hashing_has_room(&desk->hashing, job->hashing.is_known)) return 1000;
    job->lockout_key = lockout_key(desk, job);
    return lockout_try(&desk->lockout, job->lockout_key, desk->now_ms);
}

void signin_signin(struct desk *desk, struct http_request *request)
{
    json_t *object = take_body(desk, request);
    if (!object) return;
    struct password_job *job = calloc(1, sizeof *job);
    expect(job);
    bool is_readable = take_name(job, object) && take_password(job, object);
    json_decref(object);
    bool is_found = is_readable && find_account(desk, job);
    uint64_t wait_ms = is_found ? wait_for(desk, job, http_request_header(request, "cookie")) : 0;
    if (is_found && wait_ms == 0) {
        hash_later(desk, request, job);
        return;
    }
    if (!is_readable)
        refuse(desk, request, 403, "wrong_password");
    else if (!is_found)
        refuse(desk, request, 503, "storage");
    else
        refuse_wait(request, wait_ms);
    OPENSSL_cleanse(job, sizeof *job);
    free(job);
}

void signin_signout(struct desk *desk, struct http_request *request)
{
    json_t *object = take_body(desk, request);
    if (!object) return;
    json_decref(object);
    struct session *session = session_of_cookie(&desk->sessions, http_request_header(request, "cookie"), desk->wall_ms);
    if (session) session_end(&desk->sessions, session->id);
    respond_json(request, 200, json_pack("{s:b}", "ok", 1),
        SESSION_COOKIE "=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

void signin_me(struct desk *desk, struct http_request *request)
{
    struct session *session = session_of_cookie(&desk->sessions, http_request_header(request, "cookie"), desk->wall_ms);
    json_t *account = session ? account_json(session->name, session->role) : json_null();
    respond_json(
        request, 200, json_pack("{s:b, s:o, s:b}", "ok", 1, "account", account, "first", (int)desk->needs_first), NULL);
}

bool signin_start(struct desk *desk, char token[SECRET_TEXT_SIZE])
{
    uint32_t accounts = 0;
    uint8_t hash[SECRET_HASH_SIZE];
    random_secure(desk->lockout_secret, sizeof desk->lockout_secret);
    token[0] = '\0';
    if (!accounts_count(desk->database, &accounts)) return false;
    desk->needs_first = accounts == 0;
    if (!desk->needs_first) return true;
    secret_make(token);
    secret_hash(span_of_text(token), hash);
    return account_token_set(desk->database, hash);
}
