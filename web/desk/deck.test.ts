import assert from "node:assert/strict";
import { test } from "node:test";
import { deck_extras, deck_slots, press_counts, scene_why, status_of, wall_of } from "./deck";
import { round_made } from "./fixture";
import type { Phase } from "./wire";
import type { Left } from "../shared/clock";

const PHASES: Phase[] = ["lobby", "open", "closing", "closed", "revealed", "paused"];
const answering: Left = { stage: "answering", seconds: 12, share: 0.4, step_ms: 300 };

test("in every phase the three slots stand in one order and exactly one is filled", () => {
  for (const phase of PHASES) {
    const slots = deck_slots(round_made({ phase }), phase === "open" ? answering : null);
    assert.deepEqual(slots.map((slot) => slot.place), ["reveal", "next", "pause"], phase);
    assert.equal(slots.filter((slot) => slot.is_filled).length, 1, phase);
  }
});

test("the screens' picture is switched by the host, after the reveal, while the link stands", () => {
  const mine = { holder: "王敏", mine: true };
  assert.equal(scene_why(round_made({ phase: "revealed", lease: mine }), true), null);
  assert.equal(scene_why(round_made({ phase: "open", lease: mine }), true)?.word, "why_scene");
  assert.equal(scene_why(round_made({ phase: "revealed", lease: mine }), false)?.word, "why_lost");
  assert.equal(scene_why(round_made({ phase: "revealed", lease: { holder: "张老师", mine: false } }), true)?.word, "why_host");
});

test("the filled slot is the next step", () => {
  const filled = (phase: Phase, asking = 3): string | null | undefined =>
    deck_slots(round_made({ phase, asking }), phase === "open" ? answering : null).find((slot) => slot.is_filled)?.verb;
  assert.equal(filled("lobby", 0), "round.start");
  assert.equal(filled("open"), "ask_close");
  assert.equal(filled("closing"), null, "the answers are still coming in");
  assert.equal(filled("closed"), "round.reveal");
  assert.equal(filled("revealed"), "round.next");
  assert.equal(filled("revealed", 10), "ask_end", "after the last question the round ends");
  assert.equal(filled("paused"), "round.resume");
});

test("a slot that cannot be pressed says why", () => {
  for (const phase of PHASES) {
    for (const slot of deck_slots(round_made({ phase }), phase === "open" ? answering : null)) {
      if (slot.verb === null) assert.match(slot.hint.word, /^why_/, `${phase} ${slot.place}`);
    }
  }
});

test("who only watches can press nothing and reads who the host is", () => {
  const round = round_made({ phase: "closed", lease: { holder: "张老师", mine: false } });
  for (const slot of deck_slots(round, null)) {
    assert.equal(slot.verb, null);
    assert.equal(slot.is_filled, false);
    assert.deepEqual(slot.hint, { word: "why_host", values: { name: "张老师" } });
  }
  for (const extra of deck_extras(round, 3)) assert.equal(extra.verb, null);
});

test("without a connection nothing can be pressed and nothing moves", () => {
  const slots = deck_slots(round_made({ phase: "closed" }), null, false);
  assert.deepEqual(slots.map((slot) => slot.verb), [null, null, null]);
  assert.deepEqual(slots.map((slot) => slot.is_filled), [true, false, false]);
  assert.deepEqual(slots[0]?.hint, { word: "why_lost" });
});

test("a pause is possible between questions only", () => {
  const pause = (phase: Phase): unknown => deck_slots(round_made({ phase }), answering)[2]?.verb;
  assert.deepEqual(PHASES.map(pause), ["round.pause", null, null, "round.pause", "round.pause", "round.resume"]);
});

function extra(word: string, round = round_made({}), asking = round.asking) {
  const found = deck_extras(round, asking).find((one) => one.label.word === word);
  assert.ok(found);
  return found;
}

test("time is added only while it can be", () => {
  assert.equal(extra("extend", round_made({ phase: "open", can_extend: true })).verb, "round.extend");
  assert.equal(extra("extend", round_made({ phase: "open", can_extend: false })).why?.word, "why_extend_late");
  assert.equal(extra("extend", round_made({ phase: "closed" })).why?.word, "why_extend_open");
});

test("only a question that was asked and still counts can be voided", () => {
  assert.equal(extra("void", round_made({ phase: "revealed" })).verb, "ask_void");
  assert.equal(extra("void", round_made({ phase: "open" })).verb, "ask_void", "the open one closes by it");
  assert.equal(extra("void", round_made({ phase: "open" }), 2).why?.word, "why_void_running", "an earlier one between questions");
  assert.equal(extra("void", round_made({ phase: "revealed" }), 4).why?.word, "why_void_unasked");
  assert.equal(extra("void", round_made({ phase: "revealed", voided: [3] })).why?.word, "why_void_twice");
});

test("a round ends between questions only", () => {
  assert.equal(extra("end", round_made({ phase: "open" })).why?.word, "why_end_running");
  assert.equal(extra("end", round_made({ phase: "closed" })).verb, "ask_end");
  assert.equal(extra("end", round_made({ phase: "lobby", asking: 0 })).verb, "ask_end");
});

test("switches show what is on", () => {
  const round = round_made({ names_hidden: true, locked: false, auto: true });
  assert.deepEqual(["hide_names", "lock", "auto", "void"].map((word) => extra(word, round).is_on), [true, false, true, null]);
});

test("a second press within 600 ms does not count", () => {
  assert.ok(press_counts(-Infinity, 0));
  assert.ok(!press_counts(1000, 1599));
  assert.ok(press_counts(1000, 1600));
});

test("the status line names the next step in every phase", () => {
  const word = (phase: Phase, auto = false): string => status_of(round_made({ phase, auto }), answering).text.word;
  assert.deepEqual(PHASES.map((phase) => word(phase)), [
    "status_lobby", "status_open", "status_closing", "status_closed", "status_revealed", "status_paused",
  ]);
  assert.equal(word("revealed", true), "status_revealed_auto");
  const last = round_made({ phase: "revealed", auto: true, asking: 10 });
  assert.equal(status_of(last, null).text.word, "status_revealed_last_auto");
  assert.equal(status_of(round_made({ phase: "open" }), { ...answering, stage: "over" }).text.word, "status_closing");
});

test("what the screens will show after the reveal follows the rules", () => {
  const then = (distribution: "all" | "right" | "none"): unknown => {
    const round = round_made({ phase: "closed" });
    return wall_of({ ...round, rules: { ...round.rules, distribution } }, null).then?.word;
  };
  assert.deepEqual([then("all"), then("right"), then("none")], ["wall_then_all", "wall_then_right", "wall_then_none"]);
});
