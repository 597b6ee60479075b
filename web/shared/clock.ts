/* A question's countdown on this page. Input: an `open` frame's numbers and this page's own steady clock. Output: what
 * to show. The server's clock decides what is late; this one only tells the person. */
import type { Open } from "./frames";

export interface Clock {
  started_ms: number; /* on the page's clock */
  reading_ms: number;
  limit_ms: number;
}

export interface Left {
  stage: "reading" | "answering" | "over";
  seconds: number; /* whole, of this stage */
  share: number; /* of this stage, 1 to 0, stepped like the seconds */
  step_ms: number; /* until the number changes; 0 when it will not */
}

export function clock_start(open: Pick<Open, "reading_ms" | "limit_ms" | "elapsed_ms">, now_ms: number): Clock {
  return { started_ms: now_ms - open.elapsed_ms, reading_ms: open.reading_ms, limit_ms: open.limit_ms };
}

export function clock_left(clock: Clock, now_ms: number): Left {
  const elapsed = Math.max(0, now_ms - clock.started_ms);
  if (elapsed < clock.reading_ms) return stage_left("reading", clock.reading_ms - elapsed, clock.reading_ms);
  const left = clock.reading_ms + clock.limit_ms - elapsed;
  if (left > 0) return stage_left("answering", left, clock.limit_ms);
  return { stage: "over", seconds: 0, share: 0, step_ms: 0 };
}

function stage_left(stage: "reading" | "answering", left_ms: number, whole_ms: number): Left {
  const seconds = Math.ceil(left_ms / 1000);
  return {
    stage,
    seconds,
    share: Math.min(1, (seconds * 1000) / whole_ms),
    step_ms: left_ms - (seconds - 1) * 1000,
  };
}
