/* A QR code on a terminal, two modules high in one line of half blocks. */
#ifndef JINGDA_TOOL_QR_PRINT_H
#define JINGDA_TOOL_QR_PRINT_H

#include <stdio.h>

/* Prints nothing where the text is too long for a code. With colours where `out` is a terminal, so that it is black on
 * white whatever the terminal's own colours are. */
void qr_print(FILE *out, const char *text);

#endif
