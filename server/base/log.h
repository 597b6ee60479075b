/* One line on standard error for each thing worth telling: time, process, level, text. Strangers' bytes in it are
 * printed with control characters replaced. */
#ifndef JINGDA_BASE_LOG_H
#define JINGDA_BASE_LOG_H

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR, LOG_LEVEL_NONE };

/* The process's name in each line ("core", "edge 0"), borrowed for good, and the lowest level that is printed:
 * LOG_LEVEL_NONE silences all. */
void log_start(const char *process, enum log_level lowest);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...)   log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...)    log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_error(...)   log_line(LOG_LEVEL_ERROR, __VA_ARGS__)

#endif
