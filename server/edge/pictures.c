/* Role: the pictures that browsers may fetch now. Input: names and bytes from the core. Output: bytes by exact name.
 * Leaves to others: when a picture may be shown (the core sends it with the asking that is about to open). */
#include "edge/pictures.h"

#include <stdlib.h>
#include <string.h>

const char *pictures_type(struct span name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".png", "image/png"}, {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".webp", "image/webp"},
        {".gif", "image/gif"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t size = strlen(types[i].ending);
        if (name.size > size && memcmp(name.data + name.size - size, types[i].ending, size) == 0) return types[i].type;
    }
    return NULL;
}

static struct picture *find(struct pictures *pictures, struct span name)
{
    for (int i = 0; i < PICTURES_MAX; i++) {
        struct picture *picture = &pictures->items[i];
        if (picture->bytes.data && span_equal(span_of_text(picture->name), name)) return picture;
    }
    return NULL;
}

struct span pictures_find(const struct pictures *pictures, struct span name)
{
    const struct picture *picture = find((struct pictures *)(uintptr_t)pictures, name);
    return picture ? picture->bytes : (struct span){NULL, 0};
}

static void drop(struct picture *picture)
{
    free((void *)(uintptr_t)picture->bytes.data);
    *picture = (struct picture){0};
}

bool pictures_put(struct pictures *pictures, struct span name, struct span bytes)
{
    if (name.size == 0 || name.size > PICTURE_NAME_MAX || memchr(name.data, 0, name.size)) return false;
    if (bytes.size == 0 || bytes.size > PICTURE_SIZE_MAX || !pictures_type(name)) return false;
    pictures->puts++;
    struct picture *picture = find(pictures, name);
    if (picture) {
        picture->used = pictures->puts;
        return true;
    }
    uint8_t *copy = malloc(bytes.size);
    if (!copy) return false;
    memcpy(copy, bytes.data, bytes.size);

    struct picture *oldest = &pictures->items[0];
    for (int i = 1; i < PICTURES_MAX; i++)
        if (pictures->items[i].used < oldest->used) oldest = &pictures->items[i];
    drop(oldest);
    memcpy(oldest->name, name.data, name.size);
    oldest->bytes = (struct span){copy, bytes.size};
    oldest->used = pictures->puts;
    return true;
}

void pictures_clear(struct pictures *pictures)
{
    for (int i = 0; i < PICTURES_MAX; i++)
        drop(&pictures->items[i]);
}
