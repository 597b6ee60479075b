/* Role: what is asked over HTTPS and is no file. Input: a request. Output: a response, now or (passwords) later. Leaves
 * to others: who signs in (signin.c), the numbers (metrics.c). */
#include "desk/inside.h"
#include "store/banks.h"

#include <stdlib.h>
#include <string.h>

#define PICTURE_PATH "/picture/"

static bool is_text(struct span span, const char *text)
{
    return span_equal(span, span_of_text(text));
}

static void respond_text(struct http_request *request, uint16_t status, const char *type, const char *text)
{
    http_respond(request, status, type, span_of_text(text), NULL, false);
}

static bool healthz(struct desk *desk, struct http_request *request)
{
    respond_text(request, 200, "application/json",
        desk->link.is_up ? "{\"ok\":true,\"core\":true}\n" : "{\"ok\":true,\"core\":false}\n");
    return true;
}

static bool is_signed_in(struct desk *desk, const struct http_request *request)
{
    return session_of_cookie(&desk->sessions, http_request_header(request, "cookie"), desk->wall_ms) != NULL;
}

/* Without signing in only where nobody but this machine reaches the port. */
static bool metrics(struct desk *desk, struct http_request *request)
{
    if (!desk->is_loopback && !is_signed_in(desk, request)) {
        respond_text(request, 403, "text/plain;charset=utf-8", "sign in first\n");
        return true;
    }
    char *text = metrics_text(desk);
    respond_text(request, 200, "text/plain;version=0.0.4;charset=utf-8", text);
    free(text);
    return true;
}

static const char *picture_type(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (dot && strcmp(dot, ".png") == 0) return "image/png";
    if (dot && strcmp(dot, ".jpg") == 0) return "image/jpeg";
    if (dot && strcmp(dot, ".webp") == 0) return "image/webp";
    return NULL;
}

/* Named by its content, so it never changes under its name. */
static bool picture(struct desk *desk, struct http_request *request, struct span name_given)
{
    char name[PICTURE_NAME_MAX + 1];
    if (name_given.size == 0 || name_given.size >= sizeof name) return false;
    memcpy(name, name_given.data, name_given.size);
    name[name_given.size] = '\0';
    if (!is_signed_in(desk, request)) {
        respond_text(request, 403, "text/plain;charset=utf-8", "sign in first\n");
        return true;
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *type = picture_type(name);
    if (!type || !bank_picture(desk->database, name, &bytes, &size)) return false;
    http_respond(request, 200, type, (struct span){bytes, size}, NULL, true);
    free(bytes);
    return true;
}

bool route_request(void *context, struct http_request *request)
{
    struct desk *desk = context;
    desk_clock(desk);
    struct span path = http_request_path(request);
    bool is_post = is_text(http_request_method(request), "POST");
    if (is_post) {
        if (is_text(path, "/api/first")) return signin_first(desk, request), true;
        if (is_text(path, "/api/signin")) return signin_signin(desk, request), true;
        if (is_text(path, "/api/signout")) return signin_signout(desk, request), true;
        return false;
    }
    if (is_text(path, "/api/me")) return signin_me(desk, request), true;
    if (is_text(path, "/healthz")) return healthz(desk, request);
    if (is_text(path, "/metrics")) return metrics(desk, request);
    const size_t prefix = sizeof PICTURE_PATH - 1;
    if (path.size > prefix && memcmp(path.data, PICTURE_PATH, prefix) == 0)
        return picture(desk, request, (struct span){path.data + prefix, path.size - prefix});
    return false;
}
