/* Role: the operator's settings. Input: flags, environment, a file. Output: one struct, or what is wrong in one line.
 * Leaves to others: whether the port is free and the certificate good.
 *
 * One table says everything about a setting; flags, environment names, the file's keys, help and --check-config are all
 * read off it. */
#include "launch/options.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE_MAX 64

struct setting {
    const char *name, *value_name, *standard, *help;
    size_t offset;
    uint32_t size;     /* of a text; 0: a number */
    uint32_t min, max; /* of a number */
};

#define TEXT(field)                    offsetof(struct launch_options, field), sizeof(((struct launch_options *)0)->field), 0, 0
#define NUMBER(field, lowest, highest) offsetof(struct launch_options, field), 0, lowest, highest

static const struct setting settings[] = {
    {"data", "DIR", "data", "where rounds and accounts are kept", TEXT(data)},
    {"port", "N", "8443", "of residents and screens", NUMBER(port, 1, 65535)},
    {"desk-port", "N", "8444", "of organizers, hosts and administrators", NUMBER(desk_port, 1, 65535)},
    {"address", "A", "0.0.0.0", "to listen on for residents", TEXT(address)},
    {"desk-address", "A", "127.0.0.1", "to listen on for the desk", TEXT(desk_address)},
    {"host", "NAME", "", "name in printed addresses; default: this machine's first address", TEXT(host)},
    {"cert", "FILE", "certs/dev-cert.pem", "certificate chain, PEM", TEXT(certificate)},
    {"key", "FILE", "certs/dev-key.pem", "its private key, PEM", TEXT(key)},
    {"residents", "N", "30000", "who may take part at the same time", NUMBER(residents, 1, 2000000)},
    {"edges", "N", "0", "processes for residents; 0: enough for them and for the processors",
        NUMBER(edges, 0, LAUNCH_EDGES_MAX)},
    {"per-address", "N", "4096", "connections of one address at one edge; 0: no limit",
        NUMBER(per_address, 0, 2000000)},
    {"edge-user", "NAME", "", "user of the edges; default: jingda-edge or nobody, when started as root",
        TEXT(edge_user)},
    {"web", "DIR", "web/dist", "the built pages", TEXT(web)},
    {"banks", "DIR", "questions", "question banks loaded at the start", TEXT(banks)},
    {"config", "FILE", "", "a file of `name = value` lines", TEXT(config)},
};
#define SETTINGS (sizeof settings / sizeof settings[0])

static const struct setting *find(const char *name, size_t size)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (strlen(settings[i].name) == size && memcmp(settings[i].name, name, size) == 0) return &settings[i];
    return NULL;
}

static bool read_number(const char *text, uint32_t min, uint32_t max, uint32_t *number)
{
    if (!isdigit((unsigned char)text[0]) || strlen(text) > 10) return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*end || errno || value < min || value > max) return false;
    *number = (uint32_t)value;
    return true;
}

/* `from` names the place in the message: "--port", "JINGDA_PORT", "file:3: port". */
static bool set(struct launch_options *options, const struct setting *setting, const char *value, const char *from,
    char message[512])
{
    char *field = (char *)options + setting->offset;
    if (setting->size == 0) {
        if (read_number(value, setting->min, setting->max, (uint32_t *)(void *)field)) return true;
        snprintf(message, 512, "%.160s: %.60s is not a number from %u to %u", from, value, setting->min, setting->max);
        return false;
    }
    if (strlen(value) >= setting->size) {
        snprintf(message, 512, "%.160s: longer than %u bytes", from, setting->size - 1);
        return false;
    }
    memcpy(field, value, strlen(value) + 1);
    return true;
}

/* ---- flags ---- */

/* One flag, with its value in the same word or the next. Moves *index past it. */
static bool take_flag(
    struct launch_options *options, int argc, char *const *argv, int *index, bool only_config, char message[512])
{
    const char *word = argv[(*index)++];
    if (strcmp(word, "--check-config") == 0) return options->is_check_only = true;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return options->is_help = true;
    const char *name = word + 2;
    size_t size = strncmp(word, "--", 2) == 0 ? strcspn(name, "=") : 0;
    const struct setting *setting = size > 0 ? find(name, size) : NULL;
    if (!setting) {
        snprintf(message, 512, "%.100s: unknown; `jingda serve --help` lists what there is", word);
        return false;
    }
    const char *value = name[size] == '=' ? name + size + 1 : *index < argc ? argv[(*index)++] : NULL;
    if (!value) {
        snprintf(message, 512, "--%s needs a value: %s", setting->name, setting->value_name);
        return false;
    }
    char from[NAME_SIZE_MAX];
    snprintf(from, sizeof from, "--%s", setting->name);
    if (only_config && setting->offset != offsetof(struct launch_options, config)) return true;
    return set(options, setting, value, from, message);
}

static bool take_flags(struct launch_options *options, int argc, char *const *argv, bool only_config, char message[512])
{
    for (int index = 0; index < argc;)
        if (!take_flag(options, argc, argv, &index, only_config, message)) return false;
    return true;
}

/* ---- environment ---- */

/* True where `entry` is this setting's JINGDA_NAME=VALUE. */
static const char *value_in(const char *entry, const struct setting *setting, char from[NAME_SIZE_MAX])
{
    snprintf(from, NAME_SIZE_MAX, "JINGDA_%s", setting->name);
    for (char *c = from; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    size_t size = strlen(from);
    return strncmp(entry, from, size) == 0 && entry[size] == '=' ? entry + size + 1 : NULL;
}

static bool take_environment(
    struct launch_options *options, char *const *environment, bool only_config, char message[512])
{
    for (char *const *entry = environment; *entry; entry++) {
        for (size_t i = 0; i < SETTINGS; i++) {
            char from[NAME_SIZE_MAX];
            const char *value = value_in(*entry, &settings[i], from);
            if (!value || (only_config && settings[i].offset != offsetof(struct launch_options, config))) continue;
            if (!set(options, &settings[i], value, from, message)) return false;
        }
    }
    return true;
}

/* ---- file ---- */

struct file_state {
    struct launch_options *options;
    char *message; /* of the first fault, without its line: inih tells that at the end */
};

static int take_line(void *user, const char *section, const char *name, const char *value)
{
    struct file_state *state = user;
    if (state->message[0]) return 0;
    const struct setting *setting = find(name, strlen(name));
    if (!setting || setting->offset == offsetof(struct launch_options, config)) {
        snprintf(state->message, 512, "%.60s%s%.60s is not a setting", section, section[0] ? "." : "", name);
        return 0;
    }
    return set(state->options, setting, value, setting->name, state->message);
}

static bool take_file(struct launch_options *options, char message[512])
{
    char fault[512] = "";
    struct file_state state = {options, fault};
    int line = ini_parse(options->config, take_line, &state);
    if (line == 0) return true;
    options->is_file_at_fault = true;
    if (line < 0)
        snprintf(message, 512, "%.200s: %s", options->config, strerror(errno));
    else
        snprintf(message, 512, "%.200s:%d: %.250s", options->config, line, fault[0] ? fault : "not `name = value`");
    return false;
}

bool launch_options_read(
    struct launch_options *options, int argc, char *const *argv, char *const *environment, char message[512])
{
    *options = (struct launch_options){0};
    for (size_t i = 0; i < SETTINGS; i++)
        if (!set(options, &settings[i], settings[i].standard, settings[i].name, message)) return false;
    /* The file's own name comes first, from wherever it stands; then the file, and over it the others. */
    if (!take_environment(options, environment, true, message)) return false;
    if (!take_flags(options, argc, argv, true, message)) return false;
    if (options->is_help) return true;
    if (options->config[0] && !take_file(options, message)) return false;
    return take_environment(options, environment, false, message) && take_flags(options, argc, argv, false, message);
}

void launch_options_help(FILE *out)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char flag[NAME_SIZE_MAX];
        snprintf(flag, sizeof flag, "--%s %s", settings[i].name, settings[i].value_name);
        fprintf(out, "  %-20s %s", flag, settings[i].help);
        if (settings[i].standard[0]) fprintf(out, " (%s)", settings[i].standard);
        fputc('\n', out);
    }
}

void launch_options_print(FILE *out, const struct launch_options *options)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *field = (const char *)options + settings[i].offset;
        if (settings[i].offset == offsetof(struct launch_options, config)) continue;
        if (settings[i].size == 0)
            fprintf(out, "%s = %u\n", settings[i].name, *(const uint32_t *)(const void *)field);
        else
            fprintf(out, "%s = %s\n", settings[i].name, field);
    }
}
