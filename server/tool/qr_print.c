/* Role: a QR code for a terminal. Input: text. Output: lines of half blocks, light ones drawn, with a quiet margin of
 * four modules as the standard wants (phones insist on it).
 * Leaves to others: what the text leads to. */
#include "tool/qr_print.h"

#include <qrencode.h>
#include <stdbool.h>
#include <unistd.h>

#define MARGIN 4

static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width) return false;
    return code->data[y * code->width + x] & 1;
}

void qr_print(FILE *out, const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) return;
    bool has_colours = isatty(fileno(out));
    for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
        if (has_colours) fputs("\033[97;40m", out);
        for (int x = -MARGIN; x < code->width + MARGIN; x++) {
            bool upper = !is_dark(code, x, y), lower = !is_dark(code, x, y + 1);
            fputs(upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ", out);
        }
        fputs(has_colours ? "\033[0m\n" : "\n", out);
    }
    QRcode_free(code);
}
