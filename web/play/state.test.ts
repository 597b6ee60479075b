/* apply(state, event): the resident's round as facts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Open, Question, Revealed, Round, ServerFrame, Snapshot, Standing } from "../shared/frames";
import { verdict_sentence, verdicts } from "../shared/verdicts";
import { key_action } from "./keys";
import { apply, can_answer, play_start, SETTLE_MS, SLOW_MS } from "./state";
import type { Live, PlayEvent, PlayState } from "./state";
import { foot_of, status_of } from "./status";
import { words_of } from "./words";

const round: Round = { code: "482916", title: "科普竞答", unit: "科协", names: "optional", communities: ["甲", "乙"], locked: false, people: 3 };
const question: Question = {
  asking: 3,
  askings: 10,
  kind: "single",
  text: "问",
  options: ["一", "二", "三", "四"],
  points: 10,
  picture: "",
  picture_alt: "",
  reading_ms: 5000,
  limit_ms: 20000,
  category: "",
};
const open: Open = { asking: 3, reading_ms: 5000, limit_ms: 20000, elapsed_ms: 0 };
const revealed: Revealed = { asking: 3, key: 4, explanation: "因为", source: "书", answered: 9, right: 5, counts: [] };
const standing: Standing = { asking: 3, points: 30, gained: 10, rights: 3, rank: 4, of: 9, out: false };
const receipt = { code: "R", elapsed_ms: 4000, credit_ms: 20 };
const snapshot: Snapshot = {
  code: "482916",
  title: "科普竞答",
  unit: "科协",
  phase: "lobby",
  askings: 10,
  asking: 0,
  people: 3,
  rank_shown: "each",
  scoring: "accuracy",
  participant: 1,
  name: "王＊英",
  community: 0,
};
const asked: Snapshot = { ...snapshot, phase: "open", asking: 3, question, open: { ...open, elapsed_ms: 6000 } };

const T = 100000; /* when the page was told */

function frame(told: ServerFrame, now_ms = T, wall_ms = 7): PlayEvent {
  return { type: "frame", frame: told, now_ms, wall_ms };
}

function run(events: PlayEvent[], from: PlayState = play_start("482916", "t", null, [])): PlayState {
  return events.reduce(apply, from);
}

const up: PlayEvent = { type: "link", link: "open" };
const told_asked = [up, frame({ type: "snapshot", ...asked })];
const later = T + SETTLE_MS;
const chose = (option: number, now_ms = later): PlayEvent => ({ type: "chose", option, now_ms });
const submitted: PlayEvent = { type: "submitted", now_ms: later };

function live(state: PlayState): Live {
  assert.ok(state.live);
  return state.live;
}

test("one option is chosen at a time, and a second tap moves the choice", () => {
  assert.equal(live(run([...told_asked, chose(1)])).chosen, 2);
  assert.equal(live(run([...told_asked, chose(1), chose(3)])).chosen, 8);
  assert.equal(live(run([...told_asked, chose(1), chose(1)])).chosen, 2);
});

test("several options are chosen and taken back where several are asked", () => {
  const several = [up, frame({ type: "snapshot", ...asked, question: { ...question, kind: "multiple" } })];
  assert.equal(live(run([...several, chose(0), chose(2)])).chosen, 5);
  assert.equal(live(run([...several, chose(0), chose(2), chose(0)])).chosen, 4);
});

test("an option that is not there is not chosen", () => {
  assert.equal(live(run([...told_asked, chose(4)])).chosen, 0);
});

test("a tap in the moment when the question came is not a choice", () => {
  assert.equal(live(run([...told_asked, chose(1, T + SETTLE_MS - 1)])).chosen, 0);
});

test("in the reading time nothing is chosen", () => {
  const reading = [up, frame({ type: "snapshot", ...asked, open })];
  assert.equal(live(run([...reading, chose(1, T + 4999)])).chosen, 0);
  assert.equal(live(run([...reading, chose(1, T + 5000)])).chosen, 2);
});

test("after the time nothing is chosen or submitted", () => {
  assert.equal(live(run([...told_asked, chose(1, T + 19000)])).chosen, 0);
  assert.equal(live(run([...told_asked, chose(1), { type: "submitted", now_ms: T + 19000 }])).sending, null);
});

test("nothing is submitted without a choice", () => {
  assert.equal(live(run([...told_asked, submitted])).sending, null);
});

test("a submitted answer cannot be changed or submitted twice", () => {
  const state = run([...told_asked, chose(1), submitted, chose(2), { type: "submitted", now_ms: later + 1 }]);
  assert.deepEqual(live(state).sending, { asking: 3, choice: 2, since_ms: later });
});

test("recorded is shown only after the server said so", () => {
  const words = words_of("zh");
  const sending = run([...told_asked, chose(1), submitted]);
  assert.equal(status_of(sending, words, "zh").text, words.sending);
  const done = run([frame({ type: "recorded", asking: 3, choice: 2, receipt })], sending);
  assert.deepEqual(live(done).answer, { choice: 2, receipt, wall_ms: 7 });
  assert.deepEqual(status_of(done, words, "zh"), { shape: "done", text: "已记录：B" });
});

test("an acknowledgement that comes late, in the next question, goes to its own question", () => {
  const state = run([
    ...told_asked,
    chose(1),
    submitted,
    frame({ type: "question", ...question, asking: 4 }),
    frame({ type: "recorded", asking: 3, choice: 2, receipt }),
  ]);
  assert.equal(live(state).answer, null);
  assert.equal(state.seen[0]?.answer?.choice, 2);
});

test("the next question starts clean", () => {
  const state = run([
    ...told_asked,
    chose(1),
    submitted,
    frame({ type: "recorded", asking: 3, choice: 2, receipt }),
    frame({ type: "revealed", ...revealed }),
    frame({ type: "question", ...question, asking: 4 }),
  ]);
  const { phase, asking, chosen, answer, revealed: shown, clock } = live(state);
  assert.deepEqual({ phase, asking, chosen, answer, shown, clock }, { phase: "open", asking: 4, chosen: 0, answer: null, shown: null, clock: null });
});

test("a reconnect keeps what was chosen and what is on its way", () => {
  const back = [{ type: "link", link: "lost" } as PlayEvent, up, frame({ type: "snapshot", ...asked }, T + 3000)];
  assert.equal(live(run([...told_asked, chose(1), ...back])).chosen, 2);
  assert.deepEqual(live(run([...told_asked, chose(1), submitted, ...back])).sending, { asking: 3, choice: 2, since_ms: later });
});

test("a snapshot that holds the answer settles what was on its way", () => {
  const state = run([...told_asked, chose(1), submitted, frame({ type: "snapshot", ...asked, answer: { choice: 2, receipt } })]);
  assert.equal(live(state).sending, null);
  assert.equal(live(state).answer?.choice, 2);
});

test("a reloaded page takes up the answer that was not acknowledged", () => {
  const reloaded = play_start("482916", "t", { asking: 3, choice: 8 }, []);
  assert.equal(live(run([frame({ type: "snapshot", ...asked })], reloaded)).sending?.choice, 8);
  assert.equal(live(run([frame({ type: "snapshot", ...asked, asking: 4 })], reloaded)).sending, null);
});

test("a reloaded page shows the same as the page before it", () => {
  const told = { ...asked, phase: "revealed" as const, answer: { choice: 4, receipt }, revealed, standing: { ...standing, gained: null } };
  const words = words_of("zh");
  const fresh = run([up, frame({ type: "snapshot", ...told })]);
  assert.deepEqual(status_of(fresh, words, "zh"), { shape: "done", text: "答对了" });
  assert.equal(foot_of(fresh, live(fresh), words, "zh").words, "您现在 30 分，第 4 名");
});

test("points gained are kept over a reconnect on the same page", () => {
  const before = run([...told_asked, frame({ type: "revealed", ...revealed }), frame({ type: "standing", ...standing })]);
  const after = run([frame({ type: "snapshot", ...asked, phase: "revealed", revealed, standing: { ...standing, gained: null } })], before);
  assert.equal(live(after).standing?.gained, 10);
  assert.equal(after.seen[0]?.gained, 10);
});

test("frames of a question that is not shown change nothing", () => {
  const state = run(told_asked);
  for (const other of [
    { type: "closed", asking: 2 },
    { type: "open", ...open, asking: 2 },
    { type: "extended", asking: 2, limit_ms: 1 },
    { type: "revealed", ...revealed, asking: 2 },
  ] as ServerFrame[]) {
    assert.deepEqual(run([frame(other)], state).live, state.live, other.type);
  }
});

test("added time is counted from the same start", () => {
  const state = run([...told_asked, frame({ type: "extended", asking: 3, limit_ms: 50000 }, T + 1000)]);
  assert.ok(can_answer(live(state), T + 48000));
});

test("a paused round keeps its picture and goes on", () => {
  const words = words_of("zh");
  const state = run([...told_asked, frame({ type: "revealed", ...revealed }), frame({ type: "paused" })]);
  assert.equal(status_of(state, words, "zh").text, words.paused);
  assert.equal(live(state).phase, "revealed");
  assert.equal(live(run([frame({ type: "resumed" })], state)).is_paused, false);
  const told = run([up, frame({ type: "snapshot", ...asked, phase: "paused", revealed })]);
  assert.equal(live(told).phase, "revealed");
});

test("a knocked-out resident watches and cannot answer", () => {
  const state = run([up, frame({ type: "snapshot", ...asked, standing: { ...standing, asking: 2, out: true } })]);
  assert.equal(can_answer(live(state), later), false);
  assert.equal(status_of(state, words_of("zh"), "zh").text, "您可以继续看，不再计分");
});

test("the number for prizes comes with the snapshot", () => {
  assert.equal(live(run([frame({ type: "snapshot", ...snapshot, participant: 28 })])).participant, 28);
});

test("the foot of a paused round promises no next question", () => {
  const paused = run([up, frame({ type: "snapshot", ...asked, phase: "paused", revealed, standing })]);
  assert.equal(foot_of(paused, live(paused), words_of("zh"), "zh").note, "主持人暂停了，请稍候");
  const resumed = apply(paused, frame({ type: "resumed" }));
  assert.equal(foot_of(resumed, live(resumed), words_of("zh"), "zh").note, "下一题马上开始，请停在本页");
});

test("a round ended early says how many questions were asked", () => {
  assert.equal(words_of("zh").ended_of(5, 8, 12), "原定 8 题，问了 5 题，12 人参加");
  assert.equal(words_of("zh").ended_of(8, 8, 12), "共 8 题，12 人参加");
});

test("a required name left empty has its own sentence", () => {
  const state = run([up, frame({ type: "round", ...round, names: "required" }), { type: "form_refused", verdict: "name_missing" }], play_start("482916", "", null, []));
  assert.equal(status_of(state, words_of("zh"), "zh").text, "请填一下称呼，方便主持人叫您");
});

test("a voided question takes no answer and says that it does not count", () => {
  const state = run([...told_asked, frame({ type: "voided", asking: 3 })]);
  assert.equal(can_answer(live(state), later), false);
  assert.equal(status_of(state, words_of("zh"), "zh").text, "这题不计分");
  assert.equal(state.seen[0]?.is_voided, true);
});

test("the review holds every question seen, with its own result", () => {
  const state = run([
    ...told_asked,
    frame({ type: "revealed", ...revealed }),
    frame({ type: "standing", ...standing, gained: 0 }),
    frame({ type: "question", ...question, asking: 4 }),
    frame({ type: "recorded", asking: 4, choice: 1, receipt }),
    frame({ type: "revealed", ...revealed, asking: 4, key: 1 }),
    frame({ type: "standing", ...standing, asking: 4 }),
    frame({ type: "standing", ...standing, asking: 4, gained: null }),
    frame({ type: "ended" }),
  ]);
  assert.deepEqual(
    state.seen.map((seen) => [seen.question.asking, seen.answer?.choice ?? null, seen.gained]),
    [
      [3, null, 0],
      [4, 1, 10],
    ],
  );
});

test("what does not change is not kept again", () => {
  const state = run(told_asked);
  assert.equal(run([frame({ type: "beat", people: 4 })], state).seen, state.seen);
});

/* every verdict, where it meets a resident */

test("an unknown code brings the code page back with its sentence", () => {
  const state = run([up, frame({ type: "refused", verdict: "unknown_code" })]);
  assert.equal(state.code, "");
  assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence("unknown_code", "zh"));
});

test("a token that no longer counts is forgotten, and the person comes in again", () => {
  const state = run([...told_asked, frame({ type: "refused", verdict: "bad_token" }), frame({ type: "round", ...round })]);
  assert.equal(state.token, "");
  assert.equal(state.live, null);
  assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence("bad_token", "zh"));
});

for (const verdict of ["bad_name", "bad_community"] as const) {
  test(`${verdict}: the form stands open again with its sentence`, () => {
    const state = run([up, frame({ type: "round", ...round }), { type: "joining" }, frame({ type: "refused", verdict })]);
    assert.equal(state.is_joining, false);
    assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence(verdict, "zh"));
  });
}

for (const verdict of ["round_over", "lobby_locked", "round_full", "removed", "newer_connection", "too_many_frames", "bad_frame"] as const) {
  test(`${verdict}: the page stops, and goes on when asked`, () => {
    const state = run([...told_asked, frame({ type: "refused", verdict })]);
    assert.equal(state.stopped, verdict);
    assert.equal(run([{ type: "again" }], state).stopped, null);
  });
}

test("late: the sentence stands in the foot and nothing more is chosen", () => {
  const state = run([...told_asked, chose(1), submitted, frame({ type: "refused", verdict: "late", asking: 3 })]);
  assert.equal(foot_of(state, live(state), words_of("zh"), "zh").words, verdict_sentence("late", "zh"));
  assert.equal(can_answer(live(state), later), false);
});

for (const verdict of ["too_early", "try_again", "bad_choice"] as const) {
  test(`${verdict}: the sentence is shown and the person may submit again`, () => {
    const state = run([...told_asked, chose(1), submitted, frame({ type: "refused", verdict, asking: 3 })]);
    assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence(verdict, "zh"));
    assert.equal(live(state).sending, null);
    assert.equal(live(run([chose(2), submitted], state)).sending?.choice, 4);
  });
}

test("wrong_asking: the sentence is shown and no button stands there", () => {
  const state = run([...told_asked, chose(1), submitted, frame({ type: "refused", verdict: "wrong_asking", asking: 3 })]);
  assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence("wrong_asking", "zh"));
  assert.equal(foot_of(state, live(state), words_of("zh"), "zh").button, "");
});

test("already_answered: the first answer is the one shown", () => {
  const state = run([...told_asked, chose(1), submitted, frame({ type: "refused", verdict: "already_answered", asking: 3, choice: 8, receipt })]);
  assert.equal(live(state).answer?.choice, 8);
  assert.equal(foot_of(state, live(state), words_of("zh"), "zh").note, verdict_sentence("already_answered", "zh"));
});

test("knocked_out: watching on", () => {
  const state = run([...told_asked, chose(1), submitted, frame({ type: "refused", verdict: "knocked_out", asking: 3 })]);
  assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence("knocked_out", "zh"));
});

test("not_joined: the person is asked to come in", () => {
  const state = run([...told_asked, frame({ type: "refused", verdict: "not_joined" }), frame({ type: "round", ...round })]);
  assert.equal(status_of(state, words_of("zh"), "zh").text, verdict_sentence("not_joined", "zh"));
});

test("a refusal of another question changes nothing here", () => {
  const state = run([...told_asked, chose(1), submitted]);
  assert.deepEqual(run([frame({ type: "refused", verdict: "late", asking: 2 })], state).live, state.live);
});

test("every verdict is met by apply without losing the page", () => {
  for (const verdict of verdicts()) {
    for (const from of [run([]), run([up, frame({ type: "round", ...round })]), run(told_asked)]) {
      assert.ok(status_of(run([frame({ type: "refused", verdict, asking: 3 })], from), words_of("en"), "en").text);
    }
  }
});

/* the link */

test("a lost link says that the answers are kept, in every phase", () => {
  const words = words_of("zh");
  for (const phase of ["lobby", "open", "closed", "revealed"] as const) {
    const state = run([up, frame({ type: "snapshot", ...asked, phase, revealed }), { type: "link", link: "lost" }]);
    assert.deepEqual(status_of(state, words, "zh"), { shape: "hurt", text: words.lost });
    assert.equal(foot_of(state, live(state), words, "zh").note, words.lost_foot);
  }
});

test("an answer submitted while the link is lost is promised, not called recorded", () => {
  const words = words_of("zh");
  const state = run([...told_asked, chose(1), { type: "link", link: "lost" }, submitted]);
  assert.deepEqual(status_of(state, words, "zh"), { shape: "hurt", text: words.lost_sending("B") });
});

test("after three seconds without an acknowledgement the page says that it is slow", () => {
  const words = words_of("zh");
  const state = run([...told_asked, chose(1), submitted, { type: "tick", now_ms: later + SLOW_MS + 1 }]);
  assert.deepEqual(status_of(state, words, "zh"), { shape: "hurt", text: words.slow });
});

/* keys */

test("digits and letters choose, arrows move, Enter submits what is chosen", () => {
  const now = live(run(told_asked));
  assert.deepEqual(key_action("2", now, -1), { do: "choose", option: 1 });
  assert.deepEqual(key_action("d", now, -1), { do: "choose", option: 3 });
  assert.equal(key_action("5", now, -1), null, "there is no fifth option");
  assert.deepEqual(key_action("ArrowDown", now, -1), { do: "choose", option: 0 });
  assert.deepEqual(key_action("ArrowDown", now, 3), { do: "choose", option: 0 });
  assert.deepEqual(key_action("ArrowUp", now, 0), { do: "choose", option: 3 });
  assert.equal(key_action("Enter", now, -1), null, "nothing is chosen yet");
  assert.deepEqual(key_action("Enter", { ...now, chosen: 2 }, 1), { do: "submit" });
  assert.deepEqual(key_action("Enter", { ...now, chosen: 2 }, -1), { do: "submit" });
});

test("with several to choose, arrows only move, OK chooses and OK again submits", () => {
  const now = live(run([up, frame({ type: "snapshot", ...asked, question: { ...question, kind: "multiple" } })]));
  assert.deepEqual(key_action("ArrowDown", now, 0), { do: "focus", option: 1 });
  assert.deepEqual(key_action("Enter", { ...now, chosen: 1 }, 1), { do: "choose", option: 1 });
  assert.deepEqual(key_action("Enter", { ...now, chosen: 3 }, 1), { do: "submit" });
  assert.deepEqual(key_action(" ", { ...now, chosen: 3 }, 1), { do: "choose", option: 1 });
});
