/* The deck and the status line of a running round: what can be pressed now, what comes next, and why something cannot
 * be pressed. Pure: phase, lease and countdown in, words and verbs out. */
import type { Left } from "../shared/clock";
import type { RoundState } from "./wire";
import type { Phrase } from "./words";

/* What a press asks for. `ask_` first puts a question to the host. */
export type Verb =
  | "round.start"
  | "round.next"
  | "round.reveal"
  | "round.pause"
  | "round.resume"
  | "round.extend"
  | "round.lock"
  | "round.hide_names"
  | "round.pace"
  | "ask_close"
  | "ask_void"
  | "ask_end";

/* `verb` null: it cannot be pressed now, and `hint` says why. */
export interface Slot {
  place: "reveal" | "next" | "pause";
  label: Phrase;
  hint: Phrase;
  verb: Verb | null;
  is_filled: boolean;
}

export interface Extra {
  label: Phrase;
  verb: Verb | null;
  why: Phrase | null;
  is_on: boolean | null; /* null: not a switch */
  is_grave: boolean;
}

/* A second press within this time is the same finger. */
export const PRESS_GUARD_MS = 600;
export const EXTEND_MS = 10_000;

export function press_counts(last_ms: number, now_ms: number): boolean {
  return now_ms - last_ms >= PRESS_GUARD_MS;
}

export function is_last(round: RoundState): boolean {
  return round.asking >= round.askings;
}

function say(word: Phrase["word"], values?: Phrase["values"]): Phrase {
  return values ? { word, values } : { word };
}

/* Why nothing at all can be pressed here, or null. */
function why_nothing(round: RoundState, is_linked: boolean): Phrase | null {
  if (!is_linked) return say("why_lost");
  if (round.lease.mine) return null;
  return round.lease.holder === null ? say("why_no_host") : say("why_host", { name: round.lease.holder });
}

/* The three slots, always in this order; exactly one is filled, except for who only watches: nothing is theirs to do. */
export function deck_slots(round: RoundState, left: Left | null, is_linked = true): Slot[] {
  const slots = [reveal_slot(round, left), next_slot(round), pause_slot(round)];
  const why = why_nothing(round, is_linked);
  if (why === null) return slots;
  return slots.map((slot) => ({ ...slot, hint: why, verb: null, is_filled: slot.is_filled && round.lease.mine }));
}

function reveal_slot(round: RoundState, left: Left | null): Slot {
  const base = { place: "reveal" as const, label: say("reveal"), verb: null, is_filled: false };
  switch (round.phase) {
    case "lobby":
      return { ...base, hint: say("why_not_started") };
    case "open":
      /* the next step is to wait; who cannot wait is asked first */
      if (left === null || left.stage === "over") return { ...base, hint: say("why_gathering"), is_filled: true };
      if (left.stage === "reading") {
        return { ...base, hint: say("hint_reading", { n: left.seconds }), verb: "ask_close", is_filled: true };
      }
      return { ...base, hint: say("hint_open", { n: left.seconds }), verb: "ask_close", is_filled: true };
    case "closing":
      return { ...base, hint: say("why_gathering"), is_filled: true };
    case "closed":
      return { ...base, hint: say("hint_space"), verb: "round.reveal", is_filled: true };
    case "revealed":
      return { ...base, hint: say("why_revealed") };
    case "paused":
      return { ...base, hint: say("why_paused") };
    case "ended":
      return { ...base, hint: say("why_ended") };
  }
}

function next_slot(round: RoundState): Slot {
  const base = { place: "next" as const, label: say("next"), verb: null, is_filled: false };
  switch (round.phase) {
    case "lobby":
      return { ...base, label: say("start"), hint: say("hint_space"), verb: "round.start", is_filled: true };
    case "open":
    case "closing":
    case "closed":
      return { ...base, hint: say("why_reveal_first") };
    case "revealed":
      if (is_last(round)) return { ...base, label: say("end"), hint: say("hint_last"), verb: "ask_end", is_filled: true };
      return { ...base, hint: say(round.auto ? "hint_auto" : "hint_space"), verb: "round.next", is_filled: true };
    case "paused":
      return { ...base, label: say(round.asking === 0 ? "start" : "next"), hint: say("why_paused") };
    case "ended":
      return { ...base, hint: say("why_ended") };
  }
}

function pause_slot(round: RoundState): Slot {
  const base = { place: "pause" as const, label: say("pause"), hint: say("hint_p"), is_filled: false };
  switch (round.phase) {
    case "lobby":
    case "closed":
    case "revealed":
      return { ...base, verb: "round.pause" };
    case "paused":
      return { ...base, label: say("resume"), hint: say("hint_space_p"), verb: "round.resume", is_filled: true };
    case "open":
    case "closing":
      return { ...base, hint: say("why_between"), verb: null };
    case "ended":
      return { ...base, hint: say("why_ended"), verb: null };
  }
}

/* The row above the slots. `asking` is the one in the middle of the page: it is what would be voided. */
export function deck_extras(round: RoundState, asking: number, is_linked = true): Extra[] {
  const is_open = round.phase === "open";
  const why_extend = !is_open ? say("why_extend_open") : !round.can_extend ? say("why_extend_late") : null;
  const is_running = is_open || round.phase === "closing";
  const why_void =
    asking === 0 || asking > round.asking
      ? say("why_void_unasked")
      : round.voided.includes(asking)
        ? say("why_void_twice")
        : is_running && asking !== round.asking
          ? say("why_void_running")
          : null;
  const extras: Extra[] = [
    extra("extend", "round.extend", why_extend),
    extra("close_early", "ask_close", is_open ? null : say("why_close")),
    extra("void", "ask_void", why_void),
    { ...extra("hide_names", "round.hide_names", null), is_on: round.names_hidden },
    { ...extra("lock", "round.lock", null), is_on: round.locked },
    { ...extra("auto", "round.pace", null), is_on: round.auto },
    { ...extra("end", "ask_end", is_running ? say("why_end_running") : null), is_grave: true },
  ];
  const why = why_nothing(round, is_linked);
  if (why === null) return extras;
  return extras.map((item) => ({ ...item, verb: null, why }));
}

function extra(word: Phrase["word"], verb: Verb, why: Phrase | null): Extra {
  return { label: say(word), verb: why ? null : verb, why, is_on: null, is_grave: false };
}

/* Why the screens' picture cannot be switched now, or null. */
export function scene_why(round: RoundState, is_linked: boolean): Phrase | null {
  return why_nothing(round, is_linked) ?? (round.phase === "revealed" ? null : say("why_scene"));
}

export type Shape = "todo" | "wait" | "work" | "ok" | "stop" | "back";

/* The line under the head: a shape, a word, and whether seconds stand beside it. */
export function status_of(round: RoundState, left: Left | null): { shape: Shape; text: Phrase } {
  switch (round.phase) {
    case "lobby":
      return { shape: "wait", text: say(round.locked ? "status_lobby_locked" : "status_lobby") };
    case "open":
      if (left?.stage === "reading") return { shape: "work", text: say("status_reading") };
      if (left?.stage === "answering") return { shape: "work", text: say("status_open") };
      return { shape: "stop", text: say("status_closing") };
    case "closing":
      return { shape: "stop", text: say("status_closing") };
    case "closed":
      return { shape: "stop", text: say(round.auto ? "status_closed_auto" : "status_closed") };
    case "revealed":
      if (is_last(round)) return { shape: "ok", text: say(round.auto ? "status_revealed_last_auto" : "status_revealed_last") };
      return { shape: "ok", text: say(round.auto ? "status_revealed_auto" : "status_revealed") };
    case "paused":
      return { shape: "stop", text: say("status_paused") };
    case "ended":
      return { shape: "stop", text: say("status_ended") };
  }
}

/* What the screens show now, and what they will show next. */
export function wall_of(round: RoundState, left: Left | null): { now: Phrase; then: Phrase | null } {
  switch (round.phase) {
    case "lobby":
      return { now: say("wall_lobby"), then: say("wall_lobby_then") };
    case "open":
      if (left?.stage === "reading") return { now: say("wall_reading"), then: null };
      return { now: say("wall_open"), then: say("wall_open_then") };
    case "closing":
    case "closed":
      return { now: say("wall_closed"), then: say(wall_reveals(round)) };
    case "revealed":
      if (round.scene === "leaderboard") return { now: say("wall_board"), then: null };
      return { now: say(wall_revealed(round)), then: null };
    case "paused":
      return { now: say("wall_paused"), then: null };
    case "ended":
      return { now: say("wall_ended"), then: null };
  }
}

function wall_revealed(round: RoundState): Phrase["word"] {
  if (round.rules.distribution === "all") return "wall_revealed_all";
  return round.rules.distribution === "right" ? "wall_revealed_right" : "wall_revealed_none";
}

function wall_reveals(round: RoundState): Phrase["word"] {
  if (round.rules.distribution === "all") return "wall_then_all";
  return round.rules.distribution === "right" ? "wall_then_right" : "wall_then_none";
}
