/* The truth of a resident's page. Input: one snapshot and the frames after it, taps, ticks. Output: the next state; what
 * the page shows is a function of it. Pure: imports nothing of the page, has no clock and no network of its own. */
import { clock_left, clock_start } from "../shared/clock";
import type { Clock } from "../shared/clock";
import type { Phase, Question, Receipt, RefusedFrame, Revealed, Round, ServerFrame, Snapshot, Standing, Verdict } from "../shared/frames";
import type { LinkState } from "../shared/connection";

export interface Answer {
  choice: number;
  receipt: Receipt;
  wall_ms: number; /* when this page saw it recorded, calendar time; 0 when it was told so on coming back */
}

export interface Pending {
  asking: number;
  choice: number;
}

export interface Live {
  title: string;
  unit: string;
  phase: Exclude<Phase, "paused">;
  is_paused: boolean;
  askings: number;
  asking: number;
  people: number;
  scoring: Snapshot["scoring"];
  participant: number; /* from 1; 0: not told */
  name: string;
  community: number;
  question: Question | null;
  shown_ms: number; /* when this question came, on the page's clock */
  clock: Clock | null;
  chosen: number; /* tapped, not submitted */
  sending: (Pending & { since_ms: number }) | null;
  answer: Answer | null;
  verdict: Verdict | null; /* on this asking's answer */
  revealed: Revealed | null;
  standing: Standing | null;
  is_voided: boolean;
  is_reopened: boolean;
}

/* One question as this page saw it, for the review at the end. */
export interface Seen {
  question: Question;
  answer: Answer | null;
  revealed: Revealed | null;
  gained: number | null;
  is_voided: boolean;
}

export interface PlayState {
  now_ms: number;
  link: LinkState;
  is_moving: boolean; /* the server said bye */
  code: string;
  token: string;
  round: Round | null;
  is_joining: boolean;
  verdict: Verdict | "name_missing" | null; /* on the code or on coming in */
  stopped: Verdict | null; /* why this page does not go on by itself */
  live: Live | null;
  kept: Pending | null; /* submitted before the page was loaded again, not acknowledged yet */
  seen: Seen[];
  page: "now" | "review" | "receipts";
  has_left: boolean;
}

export type PlayEvent =
  | { type: "frame"; frame: ServerFrame; now_ms: number; wall_ms: number }
  | { type: "link"; link: LinkState }
  | { type: "tick"; now_ms: number }
  | { type: "code"; code: string; token: string; kept: Pending | null; seen: Seen[] }
  | { type: "joining" }
  | { type: "form_refused"; verdict: Verdict | "name_missing" }
  | { type: "chose"; option: number; now_ms: number }
  | { type: "submitted"; now_ms: number }
  | { type: "again" }
  | { type: "left" }
  | { type: "page"; page: PlayState["page"] };

/* A tap within this time after a question came was meant for what stood there before. */
export const SETTLE_MS = 400;
export const SLOW_MS = 3000;

export function play_start(code: string, token: string, kept: Pending | null, seen: Seen[]): PlayState {
  return {
    now_ms: 0,
    link: "connecting",
    is_moving: false,
    code,
    token,
    round: null,
    is_joining: false,
    verdict: null,
    stopped: null,
    live: null,
    kept,
    seen,
    page: "now",
    has_left: false,
  };
}

export function apply(state: PlayState, event: PlayEvent): PlayState {
  switch (event.type) {
    case "frame":
      return remember(apply_frame({ ...state, now_ms: event.now_ms }, event.frame, event.now_ms, event.wall_ms));
    case "link":
      return { ...state, link: event.link, is_moving: event.link === "open" ? false : state.is_moving };
    case "tick":
      return { ...state, now_ms: event.now_ms };
    case "code":
      return { ...play_start(event.code, event.token, event.kept, event.seen), now_ms: state.now_ms };
    case "joining":
      return { ...state, is_joining: true, verdict: null };
    case "form_refused":
      return { ...state, verdict: event.verdict };
    case "chose":
      return choose(state, event.option, event.now_ms);
    case "submitted":
      return submit(state, event.now_ms);
    case "again":
      return { ...state, stopped: null, verdict: null, has_left: false };
    case "left":
      return { ...state, has_left: true };
    case "page":
      return { ...state, page: event.page };
  }
}

/* Whether a tap on an option or on 提交 would do anything now. */
export function can_answer(live: Live, now_ms: number): boolean {
  return (
    live.phase === "open" &&
    !live.is_voided &&
    live.answer === null &&
    live.sending === null &&
    !is_out(live) &&
    live.verdict !== "late" &&
    live.verdict !== "wrong_asking" &&
    live.clock !== null &&
    clock_left(live.clock, now_ms).stage === "answering"
  );
}

export function is_out(live: Live): boolean {
  return live.verdict === "knocked_out" || (live.standing !== null && live.standing.out);
}

function choose(state: PlayState, option: number, now_ms: number): PlayState {
  const live = state.live;
  if (live === null || live.question === null || !can_answer(live, now_ms)) return state;
  if (now_ms - live.shown_ms < SETTLE_MS || option >= live.question.options.length) return state;
  const bit = 1 << option;
  const chosen = live.question.kind === "multiple" ? live.chosen ^ bit : bit;
  return { ...state, now_ms, live: { ...live, chosen, verdict: null } };
}

function submit(state: PlayState, now_ms: number): PlayState {
  const live = state.live;
  if (live === null || live.chosen === 0 || !can_answer(live, now_ms)) return state;
  const sending = { asking: live.asking, choice: live.chosen, since_ms: now_ms };
  return { ...state, now_ms, live: { ...live, sending, verdict: null } };
}

function apply_frame(state: PlayState, frame: ServerFrame, now_ms: number, wall_ms: number): PlayState {
  switch (frame.type) {
    case "round":
      return {
        ...state,
        round: frame,
        token: "",
        live: null,
        seen: [], /* whoever comes in now has seen nothing yet */
        stopped: frame.locked && !state.is_joining ? "lobby_locked" : null,
      };
    case "joined":
      return { ...state, token: frame.token, is_joining: false, verdict: null };
    case "snapshot":
      return { ...state, verdict: null, stopped: null, is_joining: false, kept: null, live: live_from(frame, state, now_ms) };
    case "refused":
      return refuse(state, frame, wall_ms);
    case "beat":
      return with_people(state, frame.people);
    case "bye":
      return { ...state, is_moving: true };
    case "leaderboard": /* for screens */
    case "scene":
    case "pong":
      return state;
    case "question":
    case "open":
    case "recorded":
    case "extended":
    case "closed":
    case "revealed":
    case "standing":
    case "voided":
    case "paused":
    case "resumed":
    case "renamed":
    case "ended":
      return state.live === null ? state : change_live(state, state.live, frame, now_ms, wall_ms);
  }
}

function with_people(state: PlayState, people: number): PlayState {
  return {
    ...state,
    round: state.round && { ...state.round, people },
    live: state.live && { ...state.live, people },
  };
}

type LiveFrame = Exclude<
  ServerFrame,
  { type: "round" | "joined" | "snapshot" | "refused" | "beat" | "bye" | "leaderboard" | "scene" | "pong" }
>;

function change_live(state: PlayState, live: Live, frame: LiveFrame, now_ms: number, wall_ms: number): PlayState {
  const changed = (change: Partial<Live>): PlayState => ({ ...state, live: { ...live, ...change } });
  switch (frame.type) {
    case "question":
      return changed({ ...unanswered, phase: "open", is_paused: false, question: frame, asking: frame.asking, askings: frame.askings, shown_ms: now_ms });
    case "open":
      if (frame.asking !== live.asking) return state;
      return changed({ phase: "open", is_paused: false, clock: clock_start(frame, now_ms) });
    case "extended":
      if (frame.asking !== live.asking || live.clock === null) return state;
      return changed({ clock: { ...live.clock, limit_ms: frame.limit_ms } });
    case "recorded": {
      const answer = { choice: frame.choice, receipt: frame.receipt, wall_ms };
      if (frame.asking === live.asking) return changed({ answer, sending: null, verdict: null, chosen: frame.choice });
      return { ...state, seen: change_seen(state.seen, frame.asking, { answer }) };
    }
    case "closed":
      return frame.asking === live.asking ? changed({ phase: "closed" }) : state;
    case "revealed":
      return frame.asking === live.asking ? changed({ phase: "revealed", revealed: frame, sending: null }) : state;
    case "standing":
      return changed({ standing: frame });
    case "voided":
      if (frame.asking === live.asking) return changed({ is_voided: true, sending: null });
      return { ...state, seen: change_seen(state.seen, frame.asking, { is_voided: true }) };
    case "paused":
      return changed({ is_paused: true });
    case "resumed":
      return changed({ is_paused: false });
    case "renamed":
      return changed({ name: frame.name });
    case "ended":
      return changed({ phase: "ended", is_paused: false, sending: null });
  }
}

const unanswered = {
  clock: null,
  chosen: 0,
  sending: null,
  answer: null,
  verdict: null,
  revealed: null,
  is_voided: false,
  is_reopened: false,
};

/* A snapshot is the whole truth of the server; only what was tapped and not yet settled stays ours. */
function live_from(snapshot: Snapshot, state: PlayState, now_ms: number): Live {
  const before = state.live !== null && state.live.asking === snapshot.asking ? state.live : null;
  const told = snapshot.answer;
  const seen = state.seen.filter((one) => one.question.asking === snapshot.asking)[0];
  const wall_ms = (before && before.answer && before.answer.wall_ms) || (seen && seen.answer && seen.answer.wall_ms) || 0;
  const kept = state.kept !== null && state.kept.asking === snapshot.asking ? { ...state.kept, since_ms: now_ms } : null;
  const sending = told === undefined && snapshot.phase === "open" ? (before && before.sending) || kept : null;
  return {
    title: snapshot.title,
    unit: snapshot.unit,
    phase: snapshot.phase === "paused" ? phase_under_pause(snapshot) : snapshot.phase,
    is_paused: snapshot.phase === "paused",
    askings: snapshot.askings,
    asking: snapshot.asking,
    people: snapshot.people,
    scoring: snapshot.scoring,
    participant: snapshot.participant || 0,
    name: snapshot.name || "",
    community: snapshot.community === undefined ? -1 : snapshot.community,
    question: snapshot.question || null,
    shown_ms: before ? before.shown_ms : now_ms,
    clock: snapshot.open ? clock_start(snapshot.open, now_ms) : null,
    chosen: told ? told.choice : sending ? sending.choice : before ? before.chosen : 0,
    sending,
    answer: told ? { ...told, wall_ms } : null,
    verdict: before && !snapshot.reopened ? before.verdict : null,
    revealed: snapshot.revealed || null,
    standing: snapshot.standing ? keep_gain(snapshot.standing, before) : null,
    is_voided: snapshot.voided === true,
    is_reopened: snapshot.reopened === true,
  };
}

function phase_under_pause(snapshot: Snapshot): Live["phase"] {
  if (snapshot.revealed) return "revealed";
  return snapshot.question ? "closed" : "lobby";
}

/* Told again on coming back, the points gained are not sent: this page may still know them. */
function keep_gain(standing: Standing, before: Live | null): Standing {
  const known = before && before.standing && before.standing.asking === standing.asking ? before.standing.gained : null;
  return standing.gained === null && known !== null ? { ...standing, gained: known } : standing;
}

function refuse(state: PlayState, frame: RefusedFrame, wall_ms: number): PlayState {
  switch (frame.verdict) {
    case "unknown_code":
      return { ...state, code: "", token: "", round: null, live: null, verdict: frame.verdict };
    case "bad_token":
    case "not_joined":
      return { ...state, token: "", live: null, kept: null, verdict: frame.verdict };
    case "bad_name":
    case "bad_community":
      return { ...state, is_joining: false, verdict: frame.verdict };
    case "round_over":
    case "lobby_locked":
    case "round_full":
    case "removed":
    case "newer_connection":
    case "too_many_frames":
    case "bad_frame":
      return { ...state, is_joining: false, stopped: frame.verdict };
    case "try_again":
      return state.live === null ? { ...state, is_joining: false, verdict: frame.verdict } : refuse_answer(state, state.live, frame, wall_ms);
    case "already_answered":
    case "late":
    case "too_early":
    case "wrong_asking":
    case "bad_choice":
    case "knocked_out":
      return state.live === null ? state : refuse_answer(state, state.live, frame, wall_ms);
  }
}

function refuse_answer(state: PlayState, live: Live, frame: RefusedFrame, wall_ms: number): PlayState {
  if (frame.asking !== undefined && frame.asking !== live.asking) return state;
  const refused = { ...live, sending: null, verdict: frame.verdict };
  if (frame.verdict === "already_answered" && frame.choice !== undefined && frame.receipt !== undefined) {
    refused.answer = { choice: frame.choice, receipt: frame.receipt, wall_ms: live.answer ? live.answer.wall_ms : wall_ms };
    refused.chosen = frame.choice;
  }
  if (frame.verdict === "bad_choice") refused.chosen = 0;
  return { ...state, live: refused };
}

/* Keeps what the page shows now for the review at the end. */
function remember(state: PlayState): PlayState {
  const live = state.live;
  if (live === null || live.question === null) return state;
  const standing = live.standing;
  const gained = standing !== null && standing.asking === live.asking && live.revealed !== null ? standing.gained : null;
  const seen: Seen = {
    question: live.question,
    answer: live.answer,
    revealed: live.revealed,
    gained,
    is_voided: live.is_voided,
  };
  const before = state.seen.filter((one) => one.question.asking === live.asking)[0];
  if (before === undefined) return { ...state, seen: state.seen.concat(seen) };
  if (gained === null) seen.gained = before.gained;
  const keys: (keyof Seen)[] = ["question", "answer", "revealed", "gained", "is_voided"];
  if (keys.every((key) => before[key] === seen[key])) return state;
  return { ...state, seen: change_seen(state.seen, live.asking, seen) };
}

function change_seen(seen: Seen[], asking: number, change: Partial<Seen>): Seen[] {
  return seen.map((one) => (one.question.asking === asking ? { ...one, ...change } : one));
}
