/* What a child process tells launch through the pipe that launch reads: "ready", "error TEXT", "first TOKEN". */
#ifndef JINGDA_BASE_READY_H
#define JINGDA_BASE_READY_H

/* One line, cut at 500 bytes. A negative descriptor: nobody listens, nothing is done. */
void ready_tell(int descriptor, const char *word, const char *text);

#endif
