/* What play and screen share: sentences and frames held against docs/protocol.md, the countdown, the small texts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clock_left, clock_start } from "./clock";
import { frame_read } from "./frames";
import { choice_letters, code_digits, grouped, number_padded, option_shares, percents, phrases, tenths, text_width } from "./text";
import { verdict_sentence, verdicts } from "./verdicts";

declare const __ROOT__: string;
const protocol = readFileSync(`${__ROOT__}/docs/protocol.md`, "utf8");

function section(title: string): string {
  const found = protocol.split(/^## /m).find((part) => part.startsWith(title));
  assert.ok(found, `docs/protocol.md has a section "${title}"`);
  return found;
}

test("every verdict of the protocol has its two sentences, word for word", () => {
  const rows = section("Verdicts")
    .split("\n")
    .map((line) => /^\| `(\w+)` \| .* \| (.*) \| (.*) \|$/.exec(line))
    .filter((row): row is RegExpExecArray => row !== null);
  assert.deepEqual(rows.map((row) => row[1]).sort(), verdicts().sort());
  for (const [, verdict, zh, en] of rows) {
    const known = verdicts().find((one) => one === verdict);
    assert.ok(known);
    assert.equal(verdict_sentence(known, "zh"), zh);
    assert.equal(verdict_sentence(known, "en"), en);
  }
});

test("every frame of the protocol is known, and no other", () => {
  const names = new Set<string>();
  for (const line of section("To the browser").split("\n")) {
    const cell = /^\| ((?:`\w+`(?:, )?)+) \|/.exec(line);
    if (cell && cell[1]) for (const name of cell[1].match(/\w+/g) || []) names.add(name);
  }
  assert.ok(names.size >= 20);
  for (const type of names) assert.ok(frame_read(JSON.stringify({ type })), `${type} is read`);
  assert.equal(frame_read('{"type":"answer"}'), null);
  assert.equal(frame_read('{"type":"constructor"}'), null);
});

test("what is not a frame is ignored", () => {
  for (const text of ["", "{", "null", "7", "[]", '{"type":7}', '{"kind":"open"}']) assert.equal(frame_read(text), null);
});

test("the countdown reads first, then answers, then is over", () => {
  const clock = clock_start({ reading_ms: 5000, limit_ms: 20000, elapsed_ms: 1000 }, 100000);
  assert.deepEqual(clock_left(clock, 100000), { stage: "reading", seconds: 4, share: 0.8, step_ms: 1000 });
  assert.deepEqual(clock_left(clock, 103999), { stage: "reading", seconds: 1, share: 0.2, step_ms: 1 });
  assert.deepEqual(clock_left(clock, 104000), { stage: "answering", seconds: 20, share: 1, step_ms: 1000 });
  assert.deepEqual(clock_left(clock, 113750), { stage: "answering", seconds: 11, share: 0.55, step_ms: 250 });
  assert.deepEqual(clock_left(clock, 124000), { stage: "over", seconds: 0, share: 0, step_ms: 0 });
});

test("a page told in the middle counts from the middle", () => {
  const clock = clock_start({ reading_ms: 5000, limit_ms: 20000, elapsed_ms: 15000 }, 7);
  assert.equal(clock_left(clock, 7).seconds, 10);
});

test("shares sum to one hundred by largest remainder", () => {
  assert.deepEqual(percents([19, 62, 221, 9]), [6, 20, 71, 3]);
  assert.deepEqual(percents([1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(percents([0, 0]), [0, 0]);
  assert.deepEqual(percents([]), []);
});

test("options of single choice share a hundred per cent among them", () => {
  const shares = option_shares([18, 61, 221, 11], 311, false);
  assert.equal(shares.reduce((sum, share) => sum + share, 0), 100);
  assert.deepEqual(shares, [6, 20, 71, 3]);
});

test("options of multiple choice are each a share of the people who answered", () => {
  assert.deepEqual(option_shares([3, 2, 2, 2], 4, true), [75, 50, 50, 50]);
  assert.deepEqual(option_shares([90, 10, 80, 70], 100, true), [90, 10, 80, 70]);
  assert.deepEqual(option_shares([0, 0], 0, true), [0, 0]);
  assert.deepEqual(option_shares([7, 0], 5, true), [100, 0], "counts of a moment before never show over a hundred");
});

test("letters stand for bits", () => {
  assert.equal(choice_letters(4), "C");
  assert.equal(choice_letters(5), "AC");
  assert.equal(choice_letters(255), "ABCDEFGH");
});

test("numbers are grouped by three and ticks are floored", () => {
  assert.equal(grouped(340126), "340,126");
  assert.equal(grouped(326), "326");
  assert.equal(tenths(21499), "21.4");
  assert.equal(tenths(1021437), "1,021.4");
});

test("a participant's number has three digits, more where it needs them", () => {
  assert.deepEqual([1, 28, 999, 12345].map(number_padded), ["001", "028", "999", "12345"]);
});

test("short text breaks after its clauses, long text flows, and nothing is lost", () => {
  assert.deepEqual(phrases("家里有人疑似煤气中毒，首先应该怎么做？"), ["家里有人疑似煤气中毒，", "首先应该怎么做？"]);
  assert.deepEqual(phrases("“请您”。好"), ["“请您”。", "好"]);
  const long = "为了减少厨房火灾，家里炒菜时如果油锅突然起火，火苗已经高过锅沿";
  assert.deepEqual(phrases(long), [long]);
  for (const text of ["", "，", "a，b。c", "。。", "对"]) assert.equal(phrases(text).join(""), text);
});

test("a code is six digits however they were typed", () => {
  assert.equal(code_digits("482 916"), "482916");
  assert.equal(code_digits("４８２９１６7"), "482916");
  assert.equal(code_digits("4a8"), "48");
});

test("a Latin letter is half as wide as a Chinese character", () => {
  assert.equal(text_width("拨打 120"), 4);
});
