/* Log lines: made in one buffer and written at once, so that lines of several processes do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The only process-wide state of the program: what a log line begins with. */
static const char *log_process = "jingda";
static enum log_level log_lowest = LOG_LEVEL_INFO;

void log_start(const char *process, enum log_level lowest)
{
    log_process = process;
    log_lowest = lowest;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if (level < log_lowest) return;

    char line[1024];
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    size_t used = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &day);
    used += (size_t)snprintf(
        line + used, sizeof line - used, ".%03ldZ %s %s: ", now.tv_nsec / 1000000, log_process, names[level]);

    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    size_t end = used + (more > 0 ? (size_t)more : 0);
    if (end > sizeof line - 2) end = sizeof line - 2;

    for (size_t i = used; i < end; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = '?';
    line[end++] = '\n';
    if (write(STDERR_FILENO, line, end) < 0) return; /* nobody left to tell */
}
