/* Assertions that stay on in release. A broken expectation is our own bug: the process ends at once, before it can
 * write anything wrong, and launch starts it again. Never reachable by a stranger's bytes. */
#ifndef JINGDA_BASE_EXPECT_H
#define JINGDA_BASE_EXPECT_H

#define expect(condition) ((condition) ? (void)0 : expect_failed(#condition, __FILE__, __LINE__))

/* Writes one line to standard error and aborts. */
_Noreturn void expect_failed(const char *condition, const char *file, int line);

#endif
