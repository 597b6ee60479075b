/* The status line and the foot: what is told at the two places that never move. Input: the state and the words. Output:
 * shape, sentence, and what the foot holds. Pure, so that every state's sentence can be tested. */
import { clock_left } from "../shared/clock";
import type { Left } from "../shared/clock";
import { choice_letters } from "../shared/text";
import { verdict_sentence } from "../shared/verdicts";
import type { Language } from "../shared/verdicts";
import { can_answer, is_out, SLOW_MS } from "./state";
import type { Live, PlayState } from "./state";
import type { Words } from "./words";

/* ○ to do, ◉ waiting, ◐ under way, ✓ recorded or right, ▤ read, ▲ connection or correction, ■ closed */
export type Shape = "todo" | "dot" | "half" | "done" | "book" | "hurt" | "shut";

export interface Status {
  shape: Shape;
  text: string;
}

/* The foot is either the one button, or words where a second tap hits nothing. */
export interface Foot {
  note: string; /* over the button, or the small second line */
  button: string; /* "" none */
  is_enabled: boolean;
  words: string; /* large, where there is no button */
}

export function left_of(live: Live, now_ms: number): Left | null {
  return live.phase === "open" && live.clock !== null && !live.is_voided ? clock_left(live.clock, now_ms) : null;
}

export function status_of(state: PlayState, words: Words, language: Language): Status {
  const live = state.live;
  if (state.link !== "open" && live !== null && live.phase !== "ended") {
    if (live.sending) return { shape: "hurt", text: words.lost_sending(choice_letters(live.sending.choice)) };
    return { shape: "hurt", text: state.is_moving ? words.moving : words.lost };
  }
  if (live === null) return entry_status(state, words, language);
  if (live.phase === "ended") return { shape: "done", text: words.ended };
  if (live.is_voided) return { shape: "shut", text: words.voided };
  if (live.is_paused) return { shape: "todo", text: words.paused };
  switch (live.phase) {
    case "lobby":
      return { shape: "dot", text: words.lobby_state };
    case "open":
    case "closed":
      return answering_status(live, state.now_ms, words, language);
    case "revealed":
      return revealed_status(live, words);
  }
}

function entry_status(state: PlayState, words: Words, language: Language): Status {
  if (state.verdict === "name_missing") return { shape: "hurt", text: words.name_missing };
  if (state.verdict !== null) return { shape: "hurt", text: verdict_sentence(state.verdict, language) };
  if (state.code === "") return { shape: "todo", text: words.code_state };
  if (state.link === "lost" || (state.round !== null && state.link !== "open")) return { shape: "hurt", text: words.lost };
  if (state.is_joining) return { shape: "half", text: words.joining };
  return state.round === null ? { shape: "half", text: words.entering } : { shape: "dot", text: words.connected };
}

function answering_status(live: Live, now_ms: number, words: Words, language: Language): Status {
  if (live.sending !== null) {
    const is_slow = now_ms - live.sending.since_ms > SLOW_MS;
    return is_slow ? { shape: "hurt", text: words.slow } : { shape: "half", text: words.sending };
  }
  if (live.answer !== null) return { shape: "done", text: words.recorded(choice_letters(live.answer.choice)) };
  if (is_out(live)) return { shape: "dot", text: words.watching };
  if (live.verdict === "late") return { shape: "shut", text: words.over };
  if (live.phase === "closed") return { shape: "shut", text: words.over };
  if (live.verdict !== null) return { shape: "hurt", text: verdict_sentence(live.verdict, language) };
  const left = left_of(live, now_ms);
  if (left === null || left.stage === "reading") return { shape: "dot", text: words.reading };
  if (left.stage === "over") return { shape: "shut", text: words.over };
  if (live.is_reopened && live.chosen === 0) return { shape: "hurt", text: words.reopened };
  if (live.chosen !== 0) return { shape: "half", text: words.chosen(choice_letters(live.chosen)) };
  const is_multiple = live.question !== null && live.question.kind === "multiple";
  return { shape: "todo", text: is_multiple ? words.choose_several : words.choose };
}

export function is_poll(live: Live): boolean {
  return live.question !== null && live.question.kind === "poll";
}

function revealed_status(live: Live, words: Words): Status {
  if (is_poll(live)) return { shape: "book", text: live.answer ? words.poll_thanks : words.poll_result };
  if (live.revealed === null) return { shape: "book", text: words.why };
  const key = live.revealed.key;
  const gained = live.standing !== null && live.standing.asking === live.asking ? live.standing.gained : null;
  if (live.answer !== null && live.answer.choice === key) {
    return { shape: "done", text: gained ? words.right_points(gained) : words.right };
  }
  if (live.answer !== null && gained) return { shape: "done", text: words.part_points(gained) };
  const text = live.revealed.explanation === "" ? words.key_is_plain : words.key_is;
  return { shape: "book", text: text(choice_letters(key)) };
}

export function foot_of(state: PlayState, live: Live, words: Words, language: Language): Foot {
  const rest = (large: string, note: string): Foot => ({ note, button: "", is_enabled: false, words: large });
  const is_lost = state.link !== "open";
  if (live.phase === "lobby") return rest(words.stay, is_lost ? words.lost_foot : live.is_paused ? words.paused_foot : "");
  if (live.phase === "revealed") {
    const is_last = live.asking === live.askings;
    return rest(standing_line(live, words), is_lost ? words.lost_foot : live.is_paused ? words.paused_foot : is_last ? words.result_soon : words.next_soon);
  }
  if (live.is_voided) return rest(words.no_matter, is_lost ? words.lost_foot : words.stay);
  if (is_out(live)) return rest(words.watching_foot, is_lost ? words.lost_foot : "");
  if (live.answer !== null) {
    const note = live.verdict === "already_answered" ? verdict_sentence("already_answered", language) : is_lost ? words.lost_foot : words.stay;
    return rest(words.wait_reveal, note);
  }
  if (live.sending !== null) return rest(words.sending, is_lost ? words.lost_foot : words.sending_foot);
  const left = left_of(live, state.now_ms);
  if (live.verdict === "late") return rest(verdict_sentence("late", language), is_lost ? words.lost_foot : "");
  if (live.phase === "closed") return rest(words.not_answered, is_lost ? words.lost_foot : words.no_matter);
  if (live.verdict === "wrong_asking" || (left !== null && left.stage === "over")) {
    return rest(words.stay, is_lost ? words.lost_foot : "");
  }
  if (!can_answer(live, state.now_ms)) return { note: words.read_first, button: words.submit, is_enabled: false, words: "" };
  const is_chosen = live.chosen !== 0;
  const note = is_lost ? words.lost_foot : is_chosen ? words.submit_note : words.submit_first;
  return { note, button: words.submit, is_enabled: is_chosen, words: "" };
}

function standing_line(live: Live, words: Words): string {
  const standing = live.standing;
  if (standing === null) return is_poll(live) && live.answer ? words.poll_thanks : words.stay;
  if (standing.out) return words.watching;
  const points = words.now_points(standing.points);
  return standing.rank === null ? points : points + words.comma + words.now_rank(standing.rank);
}
