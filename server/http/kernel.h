/* What the kernel knows of a TCP connection. */
#ifndef JINGDA_HTTP_KERNEL_H
#define JINGDA_HTTP_KERNEL_H

#include <stdint.h>

/* The lowest round trip ever, rounded up; 0 where it is not measured. */
uint32_t kernel_round_trip_ms(int descriptor);

#endif
