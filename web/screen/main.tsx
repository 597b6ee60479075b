/* The wall's page: joins the pure state to the socket, the clock and the remote control. Input: the address (?r=CODE, or
 * the code typed and remembered), frames. Output: the picture. It needs nobody and reconnects for ever. */
import "../shared/old";
import "../shared/tokens.css";
import "./screen.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { browser_world, Connection, watch_absence } from "../shared/connection";
import { language, language_set } from "../shared/preferences";
import { storage_get, storage_set } from "../shared/storage";
import { code_digits } from "../shared/text";
import { host_of, is_loopback, phone_origin } from "./address";
import { App } from "./app";
import { pad_key } from "./pad";
import type { Pad } from "./pad";
import { apply, screen_start } from "./state";
import type { ScreenEvent } from "./state";
import { board_now, left_of } from "./status";
import { words_of } from "./words";

const query = new URLSearchParams(location.search);
const asked = code_digits(query.get("r") || storage_get("screen"));
if (query.get("lang") === "en" || (storage_get("language") === "en" && query.get("lang") !== "zh")) language_set("en");

const state = signal(screen_start(asked.length === 6 ? asked : ""));
const origin = signal(location.origin);
const pad = signal<Pad>({ typed: "", focus: "1" });
let tick: number | undefined;

const connection = new Connection(browser_world(), {
  hello: () => (state.value.code === "" ? null : { type: "hello", round: state.value.code, screen: true }),
  frame: (frame) => dispatch({ type: "frame", frame, now_ms: performance.now() }),
  link: (link) => {
    dispatch({ type: "link", link });
    if (link === "open") ask_origin();
  },
});

function dispatch(event: ScreenEvent): void {
  const before = state.value;
  const after = apply(before, event);
  state.value = after;
  if (before.code !== after.code) {
    storage_set("screen", after.code);
    history.replaceState(null, "", after.code === "" ? location.pathname : `${location.pathname}?r=${after.code}`);
    if (after.code === "") {
      pad.value = { typed: "", focus: "1" };
      connection.stop();
    } else {
      connection.start();
    }
  }
  schedule_tick();
}

/* Asked again with each connection until it is known: the server's machine may get its network later. */
function ask_origin(): void {
  if (!is_loopback(location.hostname) || origin.value !== location.origin) return;
  fetch("/address")
    .then((reply) => (reply.ok ? reply.text() : ""))
    .then((told) => {
      origin.value = phone_origin(location.origin, told);
    })
    .catch(() => undefined);
}

/* The countdown steps when its number changes; the leaderboard turns its pages by the second. */
function schedule_tick(): void {
  if (tick !== undefined) window.clearTimeout(tick);
  tick = undefined;
  const wall = state.value.wall;
  if (wall === null) return;
  const now_ms = performance.now();
  const left = left_of(wall, now_ms);
  const wait = left !== null && left.step_ms > 0 ? left.step_ms + 4 : board_now(wall, now_ms) !== null ? 1000 : 0;
  if (wait > 0) tick = window.setTimeout(() => dispatch({ type: "tick", now_ms: performance.now() }), Math.min(wait, 1004));
}

function press(key: string): void {
  const next = pad_key(pad.value, key);
  if (next === null) return;
  pad.value = next;
  if (next.typed.length === 6) dispatch({ type: "code", code: next.typed });
}

window.addEventListener("keydown", (event) => {
  if (state.value.code !== "" || event.ctrlKey || event.metaKey || event.altKey) return;
  press(event.key);
  const key = document.querySelector<HTMLElement>(`[data-key="${pad.value.focus}"]`);
  if (key && event.key.indexOf("Arrow") === 0) {
    event.preventDefault();
    key.focus();
  }
});

/* Keeps the display on where the browser lets a page ask for it. */
function stay_awake(): void {
  const lock = (navigator as { wakeLock?: { request(type: "screen"): Promise<unknown> } }).wakeLock;
  if (lock && document.visibilityState === "visible") lock.request("screen").catch(() => undefined);
}

function Page() {
  const words = words_of(language.value);
  const { wall } = state.value;
  document.title = wall === null ? words.product : wall.title;
  return <App state={state.value} words={words} language={language.value} origin={origin.value} host={host_of(origin.value)} typed={pad.value.typed} press={press} />;
}

const root = document.getElementById("page");
if (root) render(<Page />, root);
watch_absence(connection);
ask_origin();
document.addEventListener("visibilitychange", stay_awake);
stay_awake();
if (state.value.code !== "") {
  storage_set("screen", state.value.code);
  connection.start();
}
