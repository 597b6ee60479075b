/* `jingda bank check FILE...`: is a question bank fit to be loaded? */
#ifndef JINGDA_TOOL_BANK_CHECK_H
#define JINGDA_TOOL_BANK_CHECK_H

#include <stdio.h>

/* argv[0] is the command's own name and not looked at; the files follow. One line for each fault and warning on
 * standard error, `FILE:LINE: 列“答案”: 原因 (reason)`, and one for each file on standard output. Returns a status of
 * sysexits.h: EX_OK (warnings or not), EX_DATAERR for a fault, EX_NOINPUT for a file that cannot be read, EX_USAGE. */
int bank_check_run(int argc, char **argv);

/* The same, to other streams. */
int bank_check_to(FILE *out, FILE *errors, int argc, char **argv);

#endif
