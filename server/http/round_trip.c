/* Role: the lowest round trip that the kernel has seen on a connection. Input: its descriptor. Output: milliseconds.
 * Leaves to others: what it is good for. A file of its own, because only the kernel's header knows the field, and that
 * header and the C library's cannot be included together. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

uint32_t round_trip_ms(int descriptor);

uint32_t round_trip_ms(int descriptor)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) < 0) return 0;
    if (size < offsetof(struct tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt) return 0; /* an older kernel */
    if (info.tcpi_min_rtt == 0 || info.tcpi_min_rtt == UINT32_MAX) return 0;
    return (info.tcpi_min_rtt + 999) / 1000;
}
