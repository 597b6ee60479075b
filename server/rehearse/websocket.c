/* Role: a WebSocket client's frames. Input: payloads, bytes. Output: bytes, payloads. Leaves to others: what they say.
 */
#include "rehearse/websocket.h"

#include "base/expect.h"

size_t websocket_write(uint8_t *out, uint8_t opcode, struct span payload, uint32_t mask)
{
    expect(payload.size <= WEBSOCKET_SAY_MAX);
    size_t head = 2;
    out[0] = 0x80 | opcode;
    if (payload.size < 126) {
        out[1] = (uint8_t)(0x80 | payload.size);
    } else {
        out[1] = 0x80 | 126;
        out[2] = (uint8_t)(payload.size >> 8);
        out[3] = (uint8_t)payload.size;
        head = 4;
    }
    uint8_t masks[4] = {(uint8_t)(mask >> 24), (uint8_t)(mask >> 16), (uint8_t)(mask >> 8), (uint8_t)mask};
    for (size_t i = 0; i < 4; i++)
        out[head + i] = masks[i];
    head += 4;
    for (size_t i = 0; i < payload.size; i++)
        out[head + i] = payload.data[i] ^ masks[i & 3];
    return head + payload.size;
}

enum websocket_verdict websocket_read(
    const uint8_t *data, size_t size, uint8_t *opcode, struct span *payload, size_t *used)
{
    if (size < 2) return WEBSOCKET_PARTIAL;
    bool is_whole = (data[0] & 0xf0) == 0x80; /* final, no extension */
    bool is_masked = data[1] & 0x80;
    if (!is_whole || is_masked) return WEBSOCKET_BROKEN;
    size_t length = data[1] & 0x7f;
    size_t more = length < 126 ? 0 : length == 126 ? 2 : 8;
    if (size < 2 + more) return WEBSOCKET_PARTIAL;
    if (more > 0) {
        uint64_t wide = 0;
        for (size_t i = 0; i < more; i++)
            wide = wide << 8 | data[2 + i];
        if (wide > WEBSOCKET_HEAR_MAX) return WEBSOCKET_BROKEN;
        length = (size_t)wide;
    }
    if (size < 2 + more + length) return WEBSOCKET_PARTIAL;
    *opcode = data[0] & 0x0f;
    *payload = (struct span){data + 2 + more, length};
    *used = 2 + more + length;
    return WEBSOCKET_WHOLE;
}
