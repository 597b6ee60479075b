/* QR codes as SVG: one path on white, four modules of quiet zone (ISO/IEC 18004), no style, no script. */
#ifndef JINGDA_DESK_QR_H
#define JINGDA_DESK_QR_H

/* The caller frees it; NULL where the text is too long for a code. */
char *qr_svg(const char *text);

#endif
