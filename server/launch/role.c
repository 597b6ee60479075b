/* Role: a child's orders on its command line, written and read side by side.
 * Input: a struct role, or argv. Output: the other. Leaves to others: starting the child, obeying the orders. */
#include "launch/role.h"

#include "base/expect.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {"core", "edge", "desk"};

static const struct number_field {
    const char *name;
    size_t offset;
} numbers[] = {
    {"index", offsetof(struct role, index)},
    {"residents", offsetof(struct role, residents)},
    {"edges", offsetof(struct role, edges)},
    {"per_address", offsetof(struct role, per_address)},
    {"uid", offsetof(struct role, uid)},
    {"gid", offsetof(struct role, gid)},
    {"edge_uid", offsetof(struct role, edge_uid)},
    {"desk_uid", offsetof(struct role, desk_uid)},
};

static const struct text_field {
    const char *name;
    size_t offset;
} texts[] = {
    {"folder", offsetof(struct role, folder)},
    {"web", offsetof(struct role, web)},
    {"banks", offsetof(struct role, banks)},
    {"bus", offsetof(struct role, bus)},
    {"url", offsetof(struct role, url)},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char *word_of(const char *name, const char *value)
{
    size_t size = strlen(name) + 1 + strlen(value) + 1;
    char *word = malloc(size);
    expect(word != NULL);
    snprintf(word, size, "%s=%s", name, value);
    return word;
}

void role_write(const struct role *role, char *words[ROLE_WORDS_MAX + 1])
{
    int count = 0;
    char text[32];
    words[count++] = strdup("jingda");
    snprintf(text, sizeof text, ROLE_PREFIX "%s", kinds[role->kind]);
    words[count++] = strdup(text);
    expect(words[0] && words[1]);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint32_t number;
        memcpy(&number, (const char *)role + numbers[i].offset, sizeof number);
        snprintf(text, sizeof text, "%u", number);
        words[count++] = word_of(numbers[i].name, text);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *value;
        memcpy(&value, (const char *)role + texts[i].offset, sizeof value);
        if (value) words[count++] = word_of(texts[i].name, value);
    }
    for (int i = 0; role->origins[i]; i++)
        words[count++] = word_of("origin", role->origins[i]);
    expect(count <= ROLE_WORDS_MAX);
    words[count] = NULL;
}

void role_words_free(char *words[ROLE_WORDS_MAX + 1])
{
    for (int i = 0; words[i]; i++)
        free(words[i]);
    words[0] = NULL;
}

bool role_is_child(int argc, char *const *argv)
{
    return argc > 1 && strncmp(argv[1], ROLE_PREFIX, sizeof ROLE_PREFIX - 1) == 0;
}

static bool read_word(struct role *role, const char *word)
{
    size_t size = strcspn(word, "=");
    if (word[size] != '=') return false;
    const char *value = word + size + 1;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (strlen(numbers[i].name) != size || memcmp(numbers[i].name, word, size) != 0) continue;
        char *end;
        errno = 0;
        unsigned long number = strtoul(value, &end, 10);
        uint32_t small = (uint32_t)number;
        memcpy((char *)role + numbers[i].offset, &small, sizeof small);
        return *value && !*end && !errno && number <= UINT32_MAX;
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (strlen(texts[i].name) != size || memcmp(texts[i].name, word, size) != 0) continue;
        memcpy((char *)role + texts[i].offset, &value, sizeof value);
        return true;
    }
    if (size != strlen("origin") || memcmp(word, "origin", size) != 0) return false;
    for (int i = 0; i < ROLE_ORIGINS_MAX; i++) {
        if (role->origins[i]) continue;
        role->origins[i] = value;
        return true;
    }
    return false;
}

bool role_read(struct role *role, int argc, char *const *argv)
{
    *role = (struct role){0};
    if (!role_is_child(argc, argv)) return false;
    bool is_known = false;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(argv[1] + sizeof ROLE_PREFIX - 1, kinds[i]) != 0) continue;
        role->kind = (enum role_kind)i;
        is_known = true;
    }
    for (int i = 2; i < argc; i++)
        if (!read_word(role, argv[i])) return false;
    return is_known;
}
