/* One write for one line, so that launch never sees half of one. */
#include "base/ready.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void ready_tell(int descriptor, const char *word, const char *text)
{
    if (descriptor < 0) return;
    char line[512];
    snprintf(line, sizeof line - 1, "%s%s%s", word, text[0] ? " " : "", text);
    size_t size = strlen(line);
    line[size++] = '\n';
    if (write(descriptor, line, size) != (ssize_t)size) log_warning("launch does not listen");
}
