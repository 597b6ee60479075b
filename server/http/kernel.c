/* Role: what the kernel knows of a connection. Input: its descriptor. Output: its lowest round trip.
 * Leaves to others: what it is good for. A file of its own, because only the kernel's header knows the fields, and that
 * header and the C library's cannot be included together. */
#include "http/kernel.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#define HAS(size, field) ((size) >= offsetof(struct tcp_info, field) + sizeof((struct tcp_info *)0)->field)

uint32_t kernel_round_trip_ms(int descriptor)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) < 0) return 0;
    if (!HAS(size, tcpi_min_rtt)) return 0; /* an older kernel */
    if (info.tcpi_min_rtt == 0 || info.tcpi_min_rtt == UINT32_MAX) return 0;
    return (info.tcpi_min_rtt + 999) / 1000;
}
