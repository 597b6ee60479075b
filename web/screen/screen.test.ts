/* The wall's state, its bottom line, its sizes and its remote control, as facts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Leaderboard, Question, Revealed, ServerFrame, Snapshot } from "../shared/frames";
import { host_of, is_loopback, phone_origin } from "./address";
import { fit_answer, fit_question } from "./fit";
import { pad_key } from "./pad";
import { qr_path } from "./qr";
import { one_line } from "./scenes";
import { apply, board_page, board_pages, PAGE_MS, podium_rows, screen_start } from "./state";
import type { ScreenEvent, ScreenState, Wall } from "./state";
import { board_now, line_of } from "./status";
import { words_of } from "./words";

const question: Question = {
  asking: 3,
  askings: 10,
  kind: "single",
  text: "家里有人疑似煤气中毒，首先应该怎么做？",
  options: ["喝些醋", "躺下休息", "开窗通风，把人移到空气新鲜的地方", "等一等"],
  points: 10,
  picture: "",
  picture_alt: "",
  reading_ms: 5000,
  limit_ms: 20000,
  category: "",
};
const revealed: Revealed = { asking: 3, key: 4, explanation: "一。二。", source: "", answered: 311, right: 221, counts: [19, 62, 221, 9] };
const snapshot: Snapshot = {
  code: "482916",
  title: "科普竞答",
  unit: "科协",
  phase: "open",
  askings: 10,
  asking: 3,
  people: 326,
  rank_shown: "each",
  scoring: "accuracy",
  scene: "question",
  question,
  open: { asking: 3, reading_ms: 5000, limit_ms: 20000, elapsed_ms: 6000 },
};
const board: Leaderboard = {
  asking: 3,
  of: 326,
  rows: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((rank) => ({ rank, name: "王＊", community: "", points: 30, ms: 2000 })),
  communities: [1, 2].map((rank) => ({ rank, name: "甲", people: 4, mean: 125 })),
};
const words = words_of("zh");

function frame(told: ServerFrame, now_ms = 0): ScreenEvent {
  return { type: "frame", frame: told, now_ms };
}

function run(events: ScreenEvent[]): ScreenState {
  return ([{ type: "link", link: "open" }] as ScreenEvent[]).concat(events).reduce(apply, screen_start("482916"));
}

function wall(state: ScreenState): Wall {
  assert.ok(state.wall);
  return state.wall;
}

test("the wall keeps its picture while the link is lost", () => {
  const state = run([frame({ type: "snapshot", ...snapshot, phase: "revealed", revealed }), { type: "link", link: "lost" }]);
  assert.equal(wall(state).revealed?.key, 4);
  assert.deepEqual(line_of(state, words, "zh").text, "网络断了，正在重新连接");
});

test("an unknown code brings the code pad back, with its sentence", () => {
  const state = run([frame({ type: "refused", verdict: "unknown_code" })]);
  assert.equal(state.code, "");
  assert.ok(line_of(state, words, "zh").text.startsWith("没有这个入场码"));
});

test("a round that is over while the wall shows its podium leaves the podium there", () => {
  const state = run([frame({ type: "snapshot", ...snapshot, phase: "ended", leaderboard: board }), frame({ type: "refused", verdict: "round_over" })]);
  assert.equal(wall(state).phase, "ended");
});

test("a question goes from reading to its answer", () => {
  const asked = run([frame({ type: "snapshot", ...snapshot, phase: "lobby", asking: 0 }), frame({ type: "question", ...question })]);
  assert.equal(line_of(asked, words, "zh").text, words.read);
  const opened = [asked, { type: "open" as const, asking: 3, reading_ms: 5000, limit_ms: 20000, elapsed_ms: 5000 }] as const;
  const answering = apply(opened[0], frame(opened[1]));
  assert.equal(line_of(answering, words, "zh").text, words.answer);
  const closed = apply(answering, frame({ type: "closed", asking: 3 }));
  assert.equal(line_of(closed, words, "zh").text, words.over);
  const shown = apply(closed, frame({ type: "revealed", ...revealed }));
  assert.deepEqual(line_of(shown, words, "zh"), {
    shape: "done",
    text: "这题选 C",
    number: { before: "答对", value: "221", after: "人，共 311 人作答" },
  });
});

test("before the reveal the bottom line tells only how many are online", () => {
  const line = line_of(run([frame({ type: "snapshot", ...snapshot })]), words, "zh");
  assert.deepEqual(line.number, { before: "在线", value: "326", after: "人" });
});

test("how many were right is told as the rules let it through", () => {
  const told = (change: Partial<Revealed>) => line_of(run([frame({ type: "snapshot", ...snapshot, phase: "revealed", revealed: { ...revealed, ...change } })]), words, "zh").number;
  assert.deepEqual(told({ counts: [], right: 0 }), { before: "答对", value: "0", after: "人，共 311 人作答" });
  assert.deepEqual(told({ counts: [], right: null }), { before: "", value: "311", after: "人作答" });
  assert.equal(told({ counts: [], right: null, answered: 0 }), null);
});

test("the leaderboard shows six a page, then the communities, for eight seconds each, and again", () => {
  assert.deepEqual(board_pages(board, false), [
    { of: "people", from: 0 },
    { of: "people", from: 6 },
    { of: "communities", from: 0 },
  ]);
  const at = (now_ms: number) => board_page(board, false, 1000, now_ms);
  assert.deepEqual(at(1000), { of: "people", from: 0 });
  assert.deepEqual(at(1000 + PAGE_MS - 1), { of: "people", from: 0 });
  assert.deepEqual(at(1000 + PAGE_MS), { of: "people", from: 6 });
  assert.deepEqual(at(1000 + 2 * PAGE_MS), { of: "communities", from: 0 });
  assert.deepEqual(at(1000 + 3 * PAGE_MS), { of: "people", from: 0 });
});

test("the leaderboard shows when the organizer chose it, never over an open question", () => {
  const chosen = run([frame({ type: "snapshot", ...snapshot, phase: "revealed", revealed, leaderboard: board }), frame({ type: "scene", show: "leaderboard" })]);
  assert.deepEqual(board_now(wall(chosen), 0), { of: "people", from: 0 });
  const next = apply(chosen, frame({ type: "question", ...question, asking: 4 }));
  assert.equal(board_now(wall(next), 0), null);
});

test("at the end the podium comes first", () => {
  const state = run([frame({ type: "snapshot", ...snapshot, leaderboard: board }), frame({ type: "ended" }, 500)]);
  assert.deepEqual(board_now(wall(state), 500), { of: "podium" });
});

test("nobody stands on the podium without a point, and a round without points has none", () => {
  const without = { ...board, rows: board.rows.map((row) => ({ ...row, points: 0 })) };
  assert.deepEqual(board_pages(without, true)[0], { of: "people", from: 0 });
  assert.equal(podium_rows({ ...board, rows: board.rows.map((row, index) => ({ ...row, points: index === 0 ? 5 : 0 })) }).length, 1);
});

test("a count that has not come yet is not shown as nobody", () => {
  const state = run([frame({ type: "snapshot", ...snapshot, phase: "lobby", asking: 0, people: 0 })]);
  assert.equal(line_of(state, words, "zh").number, null);
});

test("a short question has the size drawn for ten metres, a long one steps down", () => {
  assert.equal(fit_question(question).ask, 0.84);
  assert.equal(fit_question(question).option, 0.6);
  const long = { ...question, text: "长".repeat(120), options: ["长".repeat(40), "短", "短", "短"] };
  assert.ok(fit_question(long).ask < 0.6);
  assert.ok(fit_question(long).option < fit_question(question).option);
});

test("more options or the distribution leave less room for each", () => {
  const eight = { ...question, options: ["1", "2", "3", "4", "5", "6", "7", "8"] };
  assert.ok(fit_answer(eight, true, true).row < fit_answer(question, true, true).row);
  assert.ok(fit_answer(question, true, true).text <= fit_answer(question, false, true).text);
});

test("the wall shows the first sentence of an explanation", () => {
  assert.equal(one_line("先开窗通风。再拨打 120。"), "先开窗通风");
  assert.equal(one_line(`${"甲".repeat(20)}，${"乙".repeat(20)}。`), "甲".repeat(20));
  assert.equal(one_line("甲".repeat(50)), "甲".repeat(50));
});

test("a code is typed by digits, or by arrows over the pad", () => {
  assert.deepEqual(pad_key({ typed: "48", focus: "1" }, "2"), { typed: "482", focus: "2" });
  assert.deepEqual(pad_key({ typed: "482916", focus: "1" }, "2"), { typed: "482916", focus: "2" });
  assert.deepEqual(pad_key({ typed: "48", focus: "1" }, "Backspace"), { typed: "4", focus: "1" });
  assert.deepEqual(pad_key({ typed: "", focus: "5" }, "ArrowDown"), { typed: "", focus: "8" });
  assert.deepEqual(pad_key({ typed: "", focus: "8" }, "ArrowDown"), { typed: "", focus: "Backspace" });
  assert.deepEqual(pad_key({ typed: "", focus: "2" }, "ArrowUp"), { typed: "", focus: "1" });
  assert.equal(pad_key({ typed: "", focus: "2" }, "x"), null);
});

test("a wall on the server's own machine shows the address that phones can open", () => {
  for (const name of ["localhost", "LOCALHOST", "quiz.localhost", "127.0.0.1", "127.8.0.3", "[::1]", "0.0.0.0"]) assert.ok(is_loopback(name), name);
  for (const name of ["192.0.2.2", "jingda.example", "localhost.example", "[2001:db8::1]"]) assert.ok(!is_loopback(name), name);
  assert.equal(phone_origin("https://localhost:8443", "https://192.0.2.2:8443\n"), "https://192.0.2.2:8443");
  for (const told of ["", "<html>", "https://127.0.0.1:8443", "https://[::1]:8443", "javascript:1"]) assert.equal(phone_origin("https://localhost:8443", told), "https://localhost:8443", told);
  assert.equal(host_of("https://192.0.2.2:8443"), "192.0.2.2:8443");
});

test("a picture beside the answer leaves the texts less room", () => {
  const wide = fit_answer(question, true, true);
  const narrow = fit_answer({ ...question, picture: "/p/1" }, true, true);
  assert.ok(narrow.text < wide.text && narrow.row === wide.row, `${narrow.text} ${wide.text}`);
});

test("a locked lobby is known from the snapshot, and opens with the next", () => {
  const lobby = { ...snapshot, phase: "lobby" as const, asking: 0 };
  const locked = run([frame({ type: "snapshot", ...lobby, locked: true })]);
  assert.equal(wall(locked).is_locked, true);
  assert.equal(wall(apply(locked, frame({ type: "snapshot", ...lobby }))).is_locked, false);
});

test("a QR code has its three finders", () => {
  const { path, size } = qr_path("https://jingda.example/?r=482916");
  assert.ok(size >= 25);
  for (const corner of ["M0 0h7v1h-7z", `M${size - 7} 0h7v1h-7z`, `M0 ${size - 1}h7v1h-7z`]) assert.ok(path.includes(corner), corner);
});
