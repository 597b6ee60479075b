/* The resident's page: joins the pure state to the socket, the storage, the clock, the keyboard and the back button.
 * Input: the address (?r=CODE&c=COMMUNITY), frames, taps. Output: the page, and what the phone keeps. */
import "../shared/old";
import "../shared/tokens.css";
import "./play.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { browser_world, Connection, watch_absence } from "../shared/connection";
import type { HelloFrame, JoinFrame } from "../shared/frames";
import { language, preferences_read } from "../shared/preferences";
import { code_digits } from "../shared/text";
import { App } from "./app";
import type { Verbs } from "./app";
import { keep_read, keep_write, nonce_make } from "./keep";
import type { Kept } from "./keep";
import { key_action } from "./keys";
import { apply, can_answer, play_start } from "./state";
import type { PlayEvent, PlayState } from "./state";
import { left_of } from "./status";
import { words_of } from "./words";

const TOO_FAST_WAIT_MS = 10000;

const query = new URLSearchParams(location.search);
const first_code = code_digits(query.get("r") || "");
const asked_community = /^\d{1,4}$/.test(query.get("c") || "") ? Number(query.get("c")) : Infinity; /* none */

preferences_read(query);

let kept: Kept = keep_read(first_code.length === 6 ? first_code : "");
const state = signal<PlayState>(play_start(first_code.length === 6 ? first_code : "", kept.token, kept.pending, kept.seen));
const is_leaving = signal(false);
let is_guarded = false;
let tick: number | undefined;

const connection = new Connection(browser_world(), {
  hello(): HelloFrame | null {
    const { code, token } = state.value;
    if (code === "") return null;
    return token === "" ? { type: "hello", round: code } : { type: "hello", round: code, token };
  },
  frame: (frame) => dispatch({ type: "frame", frame, now_ms: performance.now(), wall_ms: Date.now() }),
  link: (link) => dispatch({ type: "link", link }),
});

function dispatch(event: PlayEvent): void {
  const before = state.value;
  const after = apply(before, event);
  state.value = after;
  keep(before, after);
  steer(before, after);
  if (event.type === "frame" && event.frame.type === "refused") {
    const { verdict } = event.frame;
    if (verdict === "bad_token" || verdict === "not_joined") connection.start(); /* hello again, without the token */
  }
  schedule_tick(after);
}

function keep(before: PlayState, after: PlayState): void {
  if (after.code === "") return;
  if (after.code !== before.code) kept = keep_read(after.code);
  const sending = after.live && after.live.sending;
  const pending = after.live === null ? after.kept : sending && { asking: sending.asking, choice: sending.choice };
  if (after.token === kept.token && after.seen === kept.seen && same(pending, kept.pending)) return;
  kept = { ...kept, token: after.token, seen: after.seen, pending };
  keep_write(after.code, kept);
}

function same(a: Kept["pending"], b: Kept["pending"]): boolean {
  return a === b || (a !== null && b !== null && a.asking === b.asking && a.choice === b.choice);
}

/* What a change of state means for the socket, the address and the history. */
function steer(before: PlayState, after: PlayState): void {
  if (after.stopped !== null && before.stopped === null) {
    connection.stop();
    if (after.stopped === "too_many_frames") window.setTimeout(verbs.again, TOO_FAST_WAIT_MS);
  }
  if (after.code !== before.code) {
    history.replaceState(history.state, "", after.code === "" ? location.pathname : `${location.pathname}?r=${after.code}`);
    if (after.code === "") {
      connection.release();
      connection.stop();
    }
  }
  if (before.live !== null && after.live === null) connection.release();
  if (after.live !== null && after.live.phase !== "ended" && !is_guarded) {
    is_guarded = true;
    history.pushState({ guard: true }, "");
  }
}

/* The number on the page steps when it changes, not at some moment of every second. */
function schedule_tick(after: PlayState): void {
  if (tick !== undefined) window.clearTimeout(tick);
  const now_ms = performance.now();
  const left = after.live && left_of(after.live, now_ms);
  const wait = left && left.step_ms > 0 ? left.step_ms + 4 : after.live && after.live.sending ? 1000 : 0;
  tick = wait === 0 ? undefined : window.setTimeout(() => dispatch({ type: "tick", now_ms: performance.now() }), Math.min(wait, 1004));
}

const verbs: Verbs = {
  enter(code) {
    const known = keep_read(code);
    dispatch({ type: "code", code, token: known.token, kept: known.pending, seen: known.seen });
    connection.start();
  },
  other_code: () => dispatch({ type: "code", code: "", token: "", kept: null, seen: [] }),
  join(name, community) {
    const { round } = state.value;
    kept = { ...kept, nonce: kept.nonce || nonce_make(), community: (round && round.communities[community]) || "" };
    keep_write(state.value.code, kept);
    const frame: JoinFrame = { type: "join", nonce: kept.nonce };
    if (name !== "") frame.name = name;
    if (community >= 0) frame.community = community;
    dispatch({ type: "joining" });
    connection.hold(frame);
  },
  refuse: (verdict) => dispatch({ type: "form_refused", verdict }),
  choose: (option) => dispatch({ type: "chose", option, now_ms: performance.now() }),
  submit() {
    dispatch({ type: "submitted", now_ms: performance.now() });
    const sending = state.value.live && state.value.live.sending;
    if (sending) connection.hold({ type: "answer", asking: sending.asking, choice: sending.choice });
  },
  again() {
    if (state.value.stopped === null && !state.value.has_left) return;
    dispatch({ type: "again" });
    connection.start();
  },
  reload: () => location.reload(),
  page(page) {
    dispatch({ type: "page", page });
    window.scrollTo(0, 0);
  },
  stay() {
    is_leaving.value = false;
    history.pushState({ guard: true }, "");
  },
  leave() {
    is_leaving.value = false;
    is_guarded = false;
    connection.stop();
    dispatch({ type: "left" });
    history.back();
  },
};

window.addEventListener("popstate", () => {
  const live = state.value.live;
  if (live !== null && live.phase !== "ended" && is_guarded && state.value.stopped === null) is_leaving.value = true;
});

window.addEventListener("keydown", (event) => {
  const { live, stopped } = state.value;
  const target = event.target as HTMLElement;
  if (live === null || stopped !== null || is_leaving.value || !can_answer(live, performance.now()) || event.ctrlKey || event.metaKey || event.altKey) return;
  const focused = target.getAttribute ? target.getAttribute("data-option") : null;
  if (target.tagName === "INPUT" || (target.tagName === "BUTTON" && focused === null && (event.key === "Enter" || event.key === " "))) return;
  const action = key_action(event.key, live, focused === null ? -1 : Number(focused));
  if (action === null) return;
  event.preventDefault();
  if (action.do === "submit") {
    verbs.submit();
    return;
  }
  if (action.do === "choose") verbs.choose(action.option);
  const option = document.querySelector<HTMLElement>(`[data-option="${action.option}"]`);
  if (option) option.focus();
});

function Page() {
  const words = words_of(language.value);
  const { live, round } = state.value;
  document.title = live !== null && live.asking > 0 && live.phase !== "ended" ? words.where(live.asking, live.askings) : live ? live.title : round ? round.title : words.product;
  return <App state={state.value} words={words} language={language.value} asked_community={asked_community} community={kept.community} is_leaving={is_leaving.value} verbs={verbs} />;
}

const root = document.getElementById("page");
if (root) render(<Page />, root);
watch_absence(connection);
if (kept.pending !== null) connection.hold({ type: "answer", ...kept.pending });
if (state.value.code !== "") connection.start();
