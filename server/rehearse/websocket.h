/* A client's side of WebSocket frames (RFC 6455, 5.2): whole frames only, as this server sends them. */
#ifndef JINGDA_REHEARSE_WEBSOCKET_H
#define JINGDA_REHEARSE_WEBSOCKET_H

#include "base/bytes.h"

#define WEBSOCKET_MORE     8 /* head of a frame of ours: two, two of size, four of mask */
#define WEBSOCKET_SAY_MAX  2048
#define WEBSOCKET_HEAR_MAX (128 * 1024) /* payload; past it the frame is broken */
#define WEBSOCKET_TEXT     1
#define WEBSOCKET_CLOSE    8
#define WEBSOCKET_PING     9
#define WEBSOCKET_PONG     10

/* Writes a masked frame of at most WEBSOCKET_SAY_MAX bytes of payload; `out` has room for size + WEBSOCKET_MORE. */
size_t websocket_write(uint8_t *out, uint8_t opcode, struct span payload, uint32_t mask);

enum websocket_verdict { WEBSOCKET_WHOLE, WEBSOCKET_PARTIAL, WEBSOCKET_BROKEN };

/* The frame that begins at `data`: where it is whole, its payload (borrowed) and how many bytes it took. Fragments,
 * masked frames and what exceeds WEBSOCKET_HEAR_MAX are broken. */
enum websocket_verdict websocket_read(
    const uint8_t *data, size_t size, uint8_t *opcode, struct span *payload, size_t *used);

#endif
