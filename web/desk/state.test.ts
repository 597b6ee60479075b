import assert from "node:assert/strict";
import { test } from "node:test";
import { clock_left } from "../shared/clock";
import { round_made } from "./fixture";
import { apply, community_name, PAGE_FIRST, route_of, shown_asking, state_first, type DeskEvent, type DeskState } from "./state";
import { round_part, type RoundState } from "./wire";

const account = { name: "王敏", role: "organizer" };
const fresh = state_first("zh", { at: "round", round: 7 });

function after(state: DeskState, ...events: DeskEvent[]): DeskState {
  return events.reduce(apply, state);
}

function watching(change: Partial<RoundState> = {}): DeskState {
  return after(fresh, { type: "me", account, first: false }, { type: "watched", round: round_made(change), at_ms: 0 });
}

function told(state: DeskState, part: Partial<RoundState>, at_ms = 1000): DeskState {
  return apply(state, { type: "round", round: 7, part, at_ms });
}

test("apply changes nothing of what it was given", () => {
  const before = watching();
  const kept = JSON.stringify(before);
  told(before, { phase: "open", asking: 4 });
  apply(before, { type: "tab", tab: "people" });
  assert.equal(JSON.stringify(before), kept);
});

test("a frame may leave out what has not changed", () => {
  const state = told(watching(), { answered: 312 });
  assert.equal(state.live?.round.answered, 312);
  assert.equal(state.live?.round.questions.length, 10);
  assert.equal(state.live?.round.code, "482916");
});

test("a frame of another round is not taken", () => {
  const before = watching();
  assert.equal(apply(before, { type: "round", round: 8, part: { people: 1 }, at_ms: 0 }), before);
});

test("the countdown runs from what the server told and when it came", () => {
  const open = { reading_ms: 5_000, limit_ms: 30_000, elapsed_ms: 2_000 };
  const state = told(watching(), { phase: "open", asking: 4, open }, 10_000);
  const clock = state.live?.clock;
  assert.ok(clock);
  assert.deepEqual(clock_left(clock, 10_000).stage, "reading");
  assert.equal(clock_left(clock, 13_500).seconds, 30);
  assert.equal(clock_left(clock, 43_100).stage, "over");
});

test("the countdown stops with the phase and does not come back with an old frame", () => {
  const open = { reading_ms: 5_000, limit_ms: 30_000, elapsed_ms: 0 };
  const state = told(told(watching(), { phase: "open", open }), { phase: "closing" });
  assert.equal(state.live?.clock, null);
  assert.equal(told(state, { phase: "open", asking: 4 }).live?.clock, null, "no clock until the server tells one");
});

test("added time moves the countdown", () => {
  const open = { reading_ms: 0, limit_ms: 30_000, elapsed_ms: 0 };
  const state = told(told(watching(), { phase: "open", open }, 0), { open: { ...open, limit_ms: 40_000, elapsed_ms: 9_000 } }, 9_000);
  assert.ok(state.live?.clock);
  assert.equal(clock_left(state.live.clock, 9_000).seconds, 31);
});

test("when the round moves on the page goes back to the current question", () => {
  const looking = apply(watching(), { type: "look", asking: 8 });
  assert.ok(looking.live);
  assert.equal(shown_asking(looking.live), 8);
  const counted = told(looking, { answered: 1 });
  assert.equal(counted.live?.looking, 8, "a count alone moves nothing");
  assert.equal(told(looking, { phase: "open", asking: 4 }).live?.looking, null);
});

test("a question put to the host goes away when its moment is over", () => {
  const asked = apply(watching({ phase: "open" }), { type: "dialog", dialog: { is: "close" } });
  assert.equal(told(asked, { answered: 5 }).dialog?.is, "close");
  assert.equal(told(asked, { phase: "closing" }).dialog, null);
  const invite = apply(watching({ phase: "open" }), { type: "dialog", dialog: { is: "invite" } });
  assert.equal(told(invite, { phase: "closing" }).dialog?.is, "invite");
});

test("why something could not be pressed goes with its moment, a refusal stays until it is read", () => {
  const why = apply(watching({ phase: "open" }), { type: "fault", fault: { error: "why", text: "x" } });
  assert.equal(told(why, { answered: 5 }).fault?.error, "why");
  assert.equal(told(why, { phase: "closing" }).fault, null);
  assert.equal(apply(why, { type: "link", link: "up" }).fault, null);
  const refused = apply(why, { type: "fault", fault: { error: "core_away" } });
  assert.equal(told(refused, { phase: "closing" }).fault?.error, "core_away");
});

test("with the first question the leaderboard takes the place of the list of people", () => {
  const lobby = watching({ phase: "lobby", asking: 0 });
  assert.equal(lobby.live?.tab, "people");
  assert.equal(told(lobby, { phase: "open", asking: 1 }).live?.tab, "communities");
  const chosen = apply(lobby, { type: "tab", tab: "board" });
  assert.equal(told(chosen, { phase: "open", asking: 1 }).live?.tab, "board", "what the host chose stays");
});

test("a page of the leaderboard that nobody waits for any more is dropped", () => {
  const second = apply(watching(), { type: "board_page", page: { from: 8, search: "" } });
  const late = apply(second, { type: "board", page: PAGE_FIRST, board: { asking: 3, of: 9, rows: [] } });
  assert.equal(late.live?.board, null);
});

test("after a reconnection the tab, the page and the last state stay", () => {
  const chosen = after(watching(), { type: "tab", tab: "board" }, { type: "board_page", page: { from: 8, search: "王" } }, { type: "link", link: "lost" });
  assert.equal(chosen.live?.round.answered, 311, "the last state stays visible");
  const back = apply(chosen, { type: "watched", round: round_made({ answered: 400 }), at_ms: 5 });
  assert.equal(back.live?.tab, "board");
  assert.equal(back.live?.board_page.from, 8);
  assert.equal(back.live?.round.answered, 400);
});

test("another account finds nothing of the last one", () => {
  const state = after(watching(), { type: "rounds", rounds: [] }, { type: "me", account: { name: "张老师", role: "host" }, first: false });
  assert.equal(state.live, null);
  assert.equal(state.rounds, null);
  assert.equal(state.account?.name, "张老师");
});

test("the same account after a lost connection keeps its page", () => {
  const before = watching();
  assert.equal(apply(before, { type: "me", account, first: false }).live, before.live);
});

test("too many tries set the moment when signing in is possible again", () => {
  const state = apply(fresh, { type: "sign_fault", fault: { error: "wait", seconds: 30 }, at_ms: 1_000 });
  assert.equal(state.wait_until_ms, 31_000);
  assert.equal(apply(state, { type: "sign_fault", fault: { error: "wrong_password" }, at_ms: 2_000 }).wait_until_ms, 0);
});

test("of two requests of one kind on their way one settles at a time", () => {
  const two = after(fresh, { type: "sent", verb: "qr" }, { type: "sent", verb: "qr" }, { type: "settled", verb: "qr" });
  assert.deepEqual(two.pending, ["qr"]);
});

test("a community comes as an index or as a name", () => {
  const round = round_made({});
  assert.equal(community_name(1, round), "武昌府社区");
  assert.equal(community_name(-1, round), "");
  assert.equal(community_name("东湖社区", round), "东湖社区");
  assert.equal(community_name(null, round), "");
});

test("a state of a wrong shape is not taken", () => {
  assert.equal(round_part("no"), null);
  assert.equal(round_part({ counts: 5 }), null);
  assert.deepEqual(round_part({ people: 5 }), { people: 5 });
});

test("addresses lead to pages, unknown ones to the list of rounds", () => {
  assert.deepEqual(route_of("#/round/12").route, { at: "round", round: 12 });
  assert.deepEqual(route_of("#/round/12/print").route, { at: "print", round: 12 });
  assert.deepEqual(route_of("#/banks/3").route, { at: "banks", bank: 3 });
  assert.deepEqual(route_of("#/new").route, { at: "new" });
  assert.deepEqual(route_of("#/round/x").route, { at: "rounds" });
  assert.equal(route_of("#first=abc_-9").first_token, "abc_-9");
  assert.equal(route_of("#first=<script>").first_token, null);
});
