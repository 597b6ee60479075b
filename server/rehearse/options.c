/* Role: reads the command line of `jingda rehearse`. Input: words. Output: options, or one line of what is wrong.
 * Leaves to others: whether the host may be rehearsed against (target.c). */
#include "rehearse/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool wrong(char message[REHEARSE_MESSAGE_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(char message[REHEARSE_MESSAGE_SIZE], const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(message, REHEARSE_MESSAGE_SIZE, format, values);
    va_end(values);
    return false;
}

/* A whole number of at most nine digits at *text, which is moved behind it. */
static bool take_number(const char **text, uint32_t *value)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 9) return false;
    *value = 0;
    for (size_t i = 0; i < digits; i++)
        *value = *value * 10 + (uint32_t)((*text)[i] - '0');
    *text += digits;
    return true;
}

static bool read_number(const char *text, uint32_t min, uint32_t max, uint32_t *value)
{
    return take_number(&text, value) && *text == 0 && *value >= min && *value <= max;
}

/* https://HOST:PORT, with or without a last slash. */
static bool read_url(struct rehearse_options *options, const char *url)
{
    static const char scheme[] = "https://";
    if (strncmp(url, scheme, strlen(scheme)) != 0) return false;
    url += strlen(scheme);
    size_t host = strcspn(url, ":/?#@[]");
    if (host == 0 || host > REHEARSE_HOST_MAX || url[host] != ':') return false;
    memcpy(options->host, url, host);
    options->host[host] = 0;
    url += host + 1;
    uint32_t port = 0;
    if (!take_number(&url, &port) || port == 0 || port > UINT16_MAX) return false;
    options->port = (uint16_t)port;
    return *url == 0 || strcmp(url, "/") == 0;
}

static bool read_think(struct rehearse_options *options, const char *text)
{
    if (!take_number(&text, &options->think_min_ms) || strncmp(text, "..", 2) != 0) return false;
    text += 2;
    if (!take_number(&text, &options->think_max_ms) || *text) return false;
    return options->think_min_ms <= options->think_max_ms && options->think_max_ms <= 600000;
}

static bool read_drop(struct rehearse_options *options, const char *text)
{
    if (!take_number(&text, &options->drop_per_cent) || options->drop_per_cent > 100) return false;
    return *text == 0 || strcmp(text, "%") == 0;
}

static bool read_one(struct rehearse_options *options, const char *name, const char *value, char *message)
{
    if (strcmp(name, "--url") == 0)
        return read_url(options, value) || wrong(message, "--url wants https://HOST:PORT, not %.200s", value);
    if (strcmp(name, "--follow") == 0) {
        if (strlen(value) != 6 || strspn(value, "0123456789") != 6)
            return wrong(message, "--follow wants the six digits of a round, not %.200s", value);
        memcpy(options->code, value, sizeof options->code);
        return true;
    }
    if (strcmp(name, "--residents") == 0)
        return read_number(value, 1, REHEARSE_RESIDENTS_MAX, &options->residents) ||
               wrong(message, "--residents wants 1 to %u, not %.200s", REHEARSE_RESIDENTS_MAX, value);
    if (strcmp(name, "--arrive") == 0)
        return read_number(value, 0, 3600, &options->arrive_s) ||
               wrong(message, "--arrive wants 0 to 3600 seconds, not %.200s", value);
    if (strcmp(name, "--think") == 0)
        return read_think(options, value) ||
               wrong(message, "--think wants MIN..MAX in milliseconds, at most 600000, not %.200s", value);
    if (strcmp(name, "--drop") == 0)
        return read_drop(options, value) || wrong(message, "--drop wants 0 to 100 per cent, not %.200s", value);
    if (strcmp(name, "--most") == 0)
        return read_number(value, 1, 86400, &options->most_s) ||
               wrong(message, "--most wants 1 to 86400 seconds, not %.200s", value);
    if (strcmp(name, "--host-allowed") == 0) {
        options->host_allowed = value;
        return true;
    }
    if (strcmp(name, "--report") == 0) {
        options->report = value;
        return value[0] != 0 || wrong(message, "--report wants a file");
    }
    return wrong(message, "%.200s is not an option of rehearse; `jingda rehearse --help` lists them", name);
}

bool rehearse_options_read(
    struct rehearse_options *options, int argc, char *const *argv, char message[REHEARSE_MESSAGE_SIZE])
{
    *options = (struct rehearse_options){.think_min_ms = 1000, .think_max_ms = 6000, .most_s = 3600};
    for (int i = 0; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            options->is_help = true;
            return true;
        }
        if (i + 1 == argc) return wrong(message, "%.200s wants a value", argv[i]);
        if (!read_one(options, argv[i], argv[i + 1], message)) return false;
    }
    if (!options->host[0]) return wrong(message, "--url is missing: which server?");
    if (!options->code[0]) return wrong(message, "--follow is missing: which round?");
    if (!options->residents) return wrong(message, "--residents is missing: how many?");
    return true;
}
