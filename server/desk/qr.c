/* Role: draw a QR code. Input: an address. Output: SVG. Also the request for it. */
#include "desk/qr.h"

#include "base/expect.h"
#include "desk/inside.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>

#define QUIET   4
#define URL_MAX 512

/* One horizontal run of dark modules each: "M4 7h3v1h-3z". */
static void write_runs(FILE *out, const QRcode *code)
{
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            int start = x;
            while (x < code->width && code->data[y * code->width + x] & 1)
                x++;
            if (x > start) fprintf(out, "M%d %dh%dv1h-%dz", start + QUIET, y + QUIET, x - start, x - start);
        }
    }
}

char *qr_svg(const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code) return NULL;
    char *svg = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&svg, &size);
    expect(out);
    int side = code->width + 2 * QUIET;
    fprintf(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
        "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
        side, side, side, side);
    write_runs(out, code);
    fprintf(out, "\"/></svg>");
    expect(fclose(out) == 0);
    QRcode_free(code);
    return svg;
}

void ask_qr(struct desk *desk, struct request *request)
{
    uint32_t number = (uint32_t)field_number(&request->fields, "round", 1, UINT32_MAX);
    int community = (int)field_number_or(&request->fields, "community", -1, COMMUNITIES_MAX - 1, -1);
    struct desk_round *round = desk_round_find(desk, number);
    const struct core_status *status = round ? desk_round_status(round) : NULL;
    if (status && round->facts && community >= round->facts->basics.rules.communities_count)
        field_fault(&request->fields, "community");
    if (!fields_are_fine(&request->fields)) {
        reply_field(desk, request->watcher->id, request->id, request->fields.fault);
        return;
    }
    if (!status) {
        reply_error(desk, request->watcher->id, request->id, "unknown_round", NULL);
        return;
    }
    char url[URL_MAX], chosen[16] = "";
    if (community >= 0) snprintf(chosen, sizeof chosen, "&c=%d", community);
    int size = snprintf(url, sizeof url, "%s/?r=%06u%s", desk->options->public_url, status->code, chosen);
    char *svg = size < (int)sizeof url ? qr_svg(url) : NULL;
    expect(svg); /* the address is ours, and checked at the start */
    reply_ok(desk, request->watcher->id, request->id, json_pack("{s:s, s:s}", "svg", svg, "url", url));
    free(svg);
}
