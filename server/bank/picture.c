/* Role: recognise pictures. Input: a file's bytes. Output: kind, width and height, or why it is not taken. Left to
 * others: reading the file, storing and serving it. */
#include "bank/picture.h"

#include "model/limits.h"

#include <string.h>
#include <strings.h>

const char *picture_kind_name(enum picture_kind kind)
{
    static const char *const names[] = {[PICTURE_PNG] = "png", [PICTURE_JPEG] = "jpg", [PICTURE_WEBP] = "webp"};
    return names[kind];
}

static uint32_t big_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}
static uint32_t big_u16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}
static uint32_t little_u16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}
static uint32_t little_u24(const uint8_t *at)
{
    return little_u16(at) | (uint32_t)at[2] << 16;
}

static bool has_at(struct span file, size_t offset, const char *bytes, size_t size)
{
    return file.size >= offset + size && memcmp(file.data + offset, bytes, size) == 0;
}

static bool read_png(struct span file, struct picture *out)
{
    static const char end[] = "\0\0\0\0IEND\xae\x42\x60\x82";
    if (file.size < 45 || !has_at(file, 0, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)) return false;
    if (!has_at(file, file.size - 12, end, 12)) return false;
    *out = (struct picture){PICTURE_PNG, big_u32(file.data + 16), big_u32(file.data + 20)};
    return true;
}

/* Segments behind one another, each with its size, until the one that starts a frame. Behind the end marker some phones
 * append more, which is left alone. */
static bool read_jpeg(struct span file, struct picture *out)
{
    if (!has_at(file, 0, "\xff\xd8", 2)) return false;
    for (size_t offset = 2; file.size - offset >= 10;) {
        const uint8_t *at = file.data + offset;
        if (at[0] != 0xff) return false;
        if (at[1] == 0xff) {
            offset++; /* a fill byte */
            continue;
        }
        if (at[1] >= 0xc0 && at[1] <= 0xc2) {
            *out = (struct picture){PICTURE_JPEG, big_u16(at + 7), big_u16(at + 5)};
            return memmem(at, file.size - offset, "\xff\xd9", 2) != NULL;
        }
        size_t size = big_u16(at + 2);
        if (at[1] < 0xc0 || at[1] == 0xd9 || at[1] == 0xda || size < 2 || size > file.size - offset - 2) return false;
        offset += 2 + size;
    }
    return false;
}

static bool read_webp(struct span file, struct picture *out)
{
    if (file.size < 30 || !has_at(file, 0, "RIFF", 4) || !has_at(file, 8, "WEBP", 4)) return false;
    uint32_t riff_size = little_u16(file.data + 4) | little_u16(file.data + 6) << 16;
    if (riff_size > file.size - 8) return false;
    const uint8_t *at = file.data + 20; /* the first chunk's content */
    out->kind = PICTURE_WEBP;
    if (has_at(file, 12, "VP8 ", 4) && has_at(file, 23, "\x9d\x01\x2a", 3)) {
        out->width = little_u16(at + 6) & 0x3fff;
        out->height = little_u16(at + 8) & 0x3fff;
        return true;
    }
    if (has_at(file, 12, "VP8L", 4) && at[0] == 0x2f) {
        uint32_t bits = little_u16(at + 1) | little_u16(at + 3) << 16;
        out->width = (bits & 0x3fff) + 1;
        out->height = (bits >> 14 & 0x3fff) + 1;
        return true;
    }
    if (has_at(file, 12, "VP8X", 4)) {
        out->width = little_u24(at + 4) + 1;
        out->height = little_u24(at + 7) + 1;
        return true;
    }
    return false;
}

bool picture_read(struct span file, struct picture *out)
{
    *out = (struct picture){0};
    if (file.size < 12) return false;
    bool is_picture = read_png(file, out) || read_jpeg(file, out) || read_webp(file, out);
    return is_picture && out->width > 0 && out->height > 0;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);
    return size > ending_size && strcasecmp(name + size - ending_size, ending) == 0;
}

static bool is_named_for(const char *name, enum picture_kind kind)
{
    switch (kind) {
    case PICTURE_PNG: return ends_with(name, ".png");
    case PICTURE_JPEG: return ends_with(name, ".jpg") || ends_with(name, ".jpeg");
    case PICTURE_WEBP: return ends_with(name, ".webp");
    }
    return false;
}

enum bank_reason picture_check(const char *name, struct span file, struct picture *out, uint32_t *number)
{
    *out = (struct picture){0};
    *number = PICTURE_SIZE_MAX / 1024;
    if (file.size > PICTURE_SIZE_MAX) return BANK_PICTURE_TOO_LARGE;
    if (!picture_read(file, out)) return BANK_PICTURE_UNREADABLE;
    if (!is_named_for(name, out->kind)) return BANK_PICTURE_MISNAMED;
    *number = PICTURE_EDGE_MAX;
    return out->width > PICTURE_EDGE_MAX || out->height > PICTURE_EDGE_MAX ? BANK_PICTURE_TOO_WIDE : BANK_FINE;
}
