/* A real server on a loopback port, and a client in a process of its own that reads when it likes: what the kernel does
 * not take at once still arrives whole and in order, and a close comes after it. */
#include "base/expect.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAME_SIZE 16000
#define FRAMES_MAX 4000 /* 64 MB: more than any socket holds */
#define CROWD_MAX  3

struct world {
    char certificate[64], key[64], other_key[64];
    int listener;
    uint16_t port;
    int go; /* written to when the client may read */
    int client_go;
    int from_client[2];
    pid_t client;
    struct http_server *server;
    /* what the server did */
    struct http_socket *socket;
    uint32_t sent, written, closed, round_trip_ms;
    bool closes; /* asks for the close as soon as a frame waits */
};

/* ---- certificates ---- */

static EVP_PKEY *write_key(char path[64])
{
    strcpy(path, "/tmp/jingda-key-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    assert_true(file && key && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1);
    fclose(file);
    return key;
}

static void write_certificate(char path[64], EVP_PKEY *key)
{
    strcpy(path, "/tmp/jingda-cert-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const uint8_t *)"t", -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    X509_free(certificate);
    fclose(file);
}

/* ---- the client, in its own process: exits 0 where it got what it should ---- */

static void must(bool condition)
{
    if (!condition) _exit(1);
}

static SSL *client_connect(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), small = 4096;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    must(connect(descriptor, (struct sockaddr *)&to, sizeof to) == 0);
    SSL *ssl = SSL_new(SSL_CTX_new(TLS_client_method()));
    SSL_set_fd(ssl, descriptor);
    must(SSL_connect(ssl) == 1);
    static const char request[] =
        "GET /play HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: t.v1\r\n\r\n";
    must(SSL_write(ssl, request, sizeof request - 1) > 0);
    for (int newlines = 0; newlines < 4;) {
        char c;
        must(SSL_read(ssl, &c, 1) == 1);
        newlines = c == '\r' || c == '\n' ? newlines + 1 : 0;
    }
    return ssl;
}

static void read_whole(SSL *ssl, void *out, int size)
{
    for (int got = 0; got < size;) {
        int more = SSL_read(ssl, (uint8_t *)out + got, size - got);
        must(more > 0);
        got += more;
    }
}

/* Reads frames until the close; each frame says its own number. */
static void client_run(const struct world *world, uint16_t close_code)
{
    SSL *ssl = client_connect(world->port);
    char byte;
    must(read(world->client_go, &byte, 1) == 1);
    static uint8_t payload[FRAME_SIZE];
    for (uint32_t number = 0;; number++) {
        uint8_t head[4];
        read_whole(ssl, head, 2);
        if (head[0] == 0x88) {
            read_whole(ssl, payload, 2);
            _exit((payload[0] << 8 | payload[1]) == close_code && number > 0 ? 0 : 2);
        }
        must(head[0] == 0x81 && head[1] == 126);
        read_whole(ssl, head + 2, 2);
        must((head[2] << 8 | head[3]) == FRAME_SIZE);
        read_whole(ssl, payload, FRAME_SIZE);
        char wanted[16];
        snprintf(wanted, sizeof wanted, "%u", number);
        must(strcmp((char *)payload, wanted) == 0 && payload[FRAME_SIZE - 1] == 'x');
    }
}

/* Says what is not UTF-8, which libwebsockets answers by itself, and tells when the answer is here. */
static void client_run_rude(const struct world *world)
{
    SSL *ssl = client_connect(world->port);
    static const uint8_t rude[] = {0x81, 0x81, 0, 0, 0, 0, 0xff};
    must(SSL_write(ssl, rude, sizeof rude) > 0);
    uint8_t head[4];
    read_whole(ssl, head, sizeof head);
    must(head[0] == 0x88 && (head[2] << 8 | head[3]) == 1007);
    must(write(world->from_client[1], "c", 1) == 1);
    must(read(world->client_go, head, 1) == 1); /* and does not leave before */
    _exit(0);
}

/* Comes after others who say nothing. */
static void client_run_crowded(const struct world *world)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(world->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    alarm(15); /* a handshake's deadline is 20 s */
    for (int i = 0; i < CROWD_MAX; i++)
        must(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof to) == 0);
    client_connect(world->port);
    _exit(0);
}

/* ---- the server's handlers ---- */

static enum http_sent send_number(struct world *world)
{
    static uint8_t memory[32 + FRAME_SIZE];
    memset(memory, 'x', sizeof memory);
    snprintf((char *)memory + 32, 16, "%u", world->sent++);
    return http_socket_send(world->socket, (struct span){memory + 32, FRAME_SIZE});
}

static void fill(struct world *world)
{
    while (world->sent < FRAMES_MAX)
        if (send_number(world) != HTTP_SENT_WHOLE) break;
}

static bool on_opened(void *context, struct http_socket *socket)
{
    struct world *world = context;
    world->socket = socket;
    world->round_trip_ms = http_socket_round_trip_ms(socket);
    fill(world);
    if (world->closes) http_socket_close(socket, 1001);
    assert_int_equal(write(world->go, "g", 1), 1);
    return true;
}

static void on_text(void *context, struct http_socket *socket, struct span text)
{
    (void)context;
    (void)socket;
    (void)text;
}

static void on_written(void *context, struct http_socket *socket)
{
    struct world *world = context;
    world->written++;
    send_number(world);
    http_socket_close(socket, 1001);
}

static void on_closed(void *context, struct http_socket *socket)
{
    struct world *world = context;
    (void)socket;
    world->closed++;
    http_stop(world->server);
}

static bool on_opened_quietly(void *context, struct http_socket *socket)
{
    struct world *world = context;
    world->socket = socket;
    return true;
}

static bool on_opened_at_last(void *context, struct http_socket *socket)
{
    struct world *world = context;
    (void)socket;
    http_stop(world->server);
    return true;
}

/* The client has the close of libwebsockets: a beat is due now. */
static void on_client(uv_poll_t *watch, int status, int events)
{
    struct world *world = watch->data;
    uint8_t memory[32 + 4] = {0};
    (void)status, (void)events;
    assert_int_equal(world->closed, 0);
    assert_int_equal(http_socket_send(world->socket, (struct span){memory + 32, 4}), HTTP_SENT_FAILED);
    assert_int_equal(write(world->go, "g", 1), 1);
    uv_poll_stop(watch);
    http_stop(world->server);
}

/* Nobody came in time. */
static void on_late(uv_timer_t *timer)
{
    http_stop(timer->data);
}

/* ---- the world ---- */

static const char *const origins[] = {NULL};

static struct http_options options_of(const struct world *world)
{
    return (struct http_options){.listener = world->listener,
        .certificate = world->certificate,
        .key = world->key,
        .origins = origins,
        .path = "/play",
        .subprotocol = "t.v1",
        .frame_max = 1024};
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    EVP_PKEY *key = write_key(world->key), *other = write_key(world->other_key);
    write_certificate(world->certificate, key);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    world->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(world->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(world->listener, 16), 0);
    assert_int_equal(getsockname(world->listener, (struct sockaddr *)&at, &size), 0);
    world->port = ntohs(at.sin_port);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    world->client_go = ends[0];
    world->go = ends[1];
    assert_int_equal(pipe(world->from_client), 0);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    unlink(world->certificate);
    unlink(world->key);
    unlink(world->other_key);
    close(world->listener);
    close(world->go);
    close(world->client_go);
    close(world->from_client[0]);
    close(world->from_client[1]);
    free(world);
    return 0;
}

static int client_status(struct world *world)
{
    struct http_options options = options_of(world);
    struct http_handlers handlers = {world, on_opened, on_text, on_written, on_closed, NULL};
    char message[256];
    fflush(NULL);
    world->client = fork();
    if (world->client == 0) client_run(world, 1001);
    world->server = http_create(&options, &handlers, message);
    assert_non_null(world->server);
    http_run(world->server);
    int how;
    assert_int_equal(waitpid(world->client, &how, 0), world->client);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static void what_the_kernel_does_not_take_arrives_later_whole_and_in_order(void **state)
{
    struct world *world = *state;
    assert_int_equal(client_status(world), 0);
    assert_in_range(world->sent, 2, FRAMES_MAX);
    assert_int_equal(world->written, 1);
    assert_int_equal(world->closed, 1);
    assert_int_equal(world->round_trip_ms, 1); /* loopback's is under a millisecond, and not "unknown" */
}

static void a_close_comes_after_what_was_written(void **state)
{
    struct world *world = *state;
    world->closes = true;
    assert_int_equal(client_status(world), 0);
    assert_int_equal(world->written, 0);
    assert_int_equal(world->closed, 1);
}

static void expect_client_is_content(struct world *world)
{
    int how;
    assert_int_equal(waitpid(world->client, &how, 0), world->client);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void nothing_is_sent_after_a_close_of_the_librarys_own(void **state)
{
    struct world *world = *state;
    struct http_options options = options_of(world);
    struct http_handlers handlers = {world, on_opened_quietly, on_text, NULL, on_closed, NULL};
    char message[256];
    fflush(NULL);
    world->client = fork();
    if (world->client == 0) client_run_rude(world);
    world->server = http_create(&options, &handlers, message);
    assert_non_null(world->server);
    static uv_poll_t watch; /* outlives the loop, which is never closed */
    watch.data = world;
    assert_int_equal(uv_poll_init(http_loop(world->server), &watch, world->from_client[0]), 0);
    assert_int_equal(uv_poll_start(&watch, UV_READABLE, on_client), 0);
    http_run(world->server);
    expect_client_is_content(world);
}

static void the_silent_make_room_where_a_server_is_full(void **state)
{
    struct world *world = *state;
    struct http_options options = options_of(world);
    options.connections_max = CROWD_MAX;
    struct http_handlers handlers = {world, on_opened_at_last, on_text, NULL, NULL, NULL};
    char message[256];
    fflush(NULL);
    world->client = fork();
    if (world->client == 0) client_run_crowded(world);
    world->server = http_create(&options, &handlers, message);
    assert_non_null(world->server);
    static uv_timer_t timer; /* outlives the loop, which is never closed */
    timer.data = world->server;
    assert_int_equal(uv_timer_init(http_loop(world->server), &timer), 0);
    assert_int_equal(uv_timer_start(&timer, on_late, 16000, 0), 0);
    http_run(world->server);
    expect_client_is_content(world);
}

static void a_certificate_that_does_not_serve_is_named(void **state)
{
    struct world *world = *state;
    struct http_handlers handlers = {world, on_opened, on_text, on_written, on_closed, NULL};
    char message[256];
    const struct {
        const char *certificate, *key, *says;
    } cases[] = {{"/nowhere.pem", world->key, "/nowhere.pem"}, {world->certificate, "/nowhere.key", "/nowhere.key"},
        {world->key, world->key, "no certificate"}, {world->certificate, world->certificate, "no private key"},
        {world->certificate, world->other_key, "does not belong"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_options options = options_of(world);
        options.certificate = cases[i].certificate;
        options.key = cases[i].key;
        assert_null(http_create(&options, &handlers, message));
        assert_non_null(strstr(message, cases[i].says));
        assert_null(strchr(message, '\n'));
    }
}

static void a_new_certificate_that_does_not_serve_leaves_the_old_one(void **state)
{
    struct world *world = *state;
    struct http_options options = options_of(world);
    struct http_handlers handlers = {world, on_opened, on_text, on_written, on_closed, NULL};
    char message[256];
    struct http_server *server = http_create(&options, &handlers, message);
    assert_non_null(server);
    assert_false(http_reload(server, world->certificate, world->other_key, message));
    assert_non_null(strstr(message, "does not belong"));
    assert_true(http_reload(server, world->certificate, world->key, message));
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(what_the_kernel_does_not_take_arrives_later_whole_and_in_order),
        FACT(a_close_comes_after_what_was_written),
        FACT(nothing_is_sent_after_a_close_of_the_librarys_own),
        FACT(the_silent_make_room_where_a_server_is_full),
        FACT(a_certificate_that_does_not_serve_is_named),
        FACT(a_new_certificate_that_does_not_serve_leaves_the_old_one),
    };
    /* A server's libwebsockets part is left to the process's end (lws_context_destroy uses what it has freed): so the
     * process ends here without looking for leaks. */
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fflush(NULL);
    _exit(failed);
}
