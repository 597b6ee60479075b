/* `jingda rehearse`: a crowd of residents against a running server. */
#ifndef JINGDA_REHEARSE_REHEARSE_H
#define JINGDA_REHEARSE_REHEARSE_H

/* The words after `rehearse`. 0: the round was played to its end and nothing was lost, doubled or changed as far as the
 * crowd can see; 1: something was, or the end was not reached; otherwise a status of sysexits.h. */
int rehearse_run(int argc, char **argv);

#endif
