/* Any bytes as a browser's frames: nothing crashes, whatever is read is within its bounds, and a live set of sessions
 * with a round that is open takes them. Input: frames ended by a byte 0xff (which no UTF-8 holds). Corpus:
 * tests/fuzz/corpus/frames. */
#include "base/expect.h"
#include "fuzz/round_for_fuzz.h"
#include "protocol/frames.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_frame(struct span text)
{
    struct frame frame;
    if (frame_read(text, &frame) != VERDICT_OK) return;
    expect(text.size <= FRAME_MAX);
    expect(strlen(frame.token) <= TOKEN_TEXT_MAX);
    expect(strlen(frame.name) <= 4 * NAME_CHARS_MAX);
    expect(frame.code <= 999999);
    if (frame.kind != FRAME_HELLO || !frame.has_token) return;

    /* what was read can be written into a frame: it is UTF-8 */
    uint8_t room[FRAME_MAX];
    struct writer w = writer_over(room, sizeof room);
    json_text(&w, span_of_text(frame.token));
    expect(w.ok);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_world world;
    fuzz_world_start(&world);
    size_t start = 0;
    uint64_t now_ms = FUZZ_NOW_MS;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && data[i] != 0xff) continue;
        struct span text = {data + start, i - start};
        check_frame(text);
        uint32_t slot = (uint32_t)(i % FUZZ_SLOTS);
        now_ms += 400;
        if (world.is_open[slot]) sessions_frame(world.sessions, slot, text, now_ms);
        sessions_tick(world.sessions, now_ms);
        fuzz_world_sweep(&world, now_ms);
        start = i + 1;
    }
    fuzz_world_stop(&world);
    return 0;
}
