#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void expect_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "jingda: broken expectation %s at %s:%d\n", condition, file, line);
    abort();
}
