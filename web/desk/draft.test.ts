import assert from "node:assert/strict";
import { test } from "node:test";
import {
  communities_of, draft_add, draft_drop, draft_move, draft_new, draft_request, duration_ms, filter_passes, FILTER_NONE,
  is_long_for_wall, rules_default, step_faults,
} from "./draft";
import { draft_read, draft_text } from "./draft-keep";
import type { Question } from "./wire";

function question(id: number, change: Partial<Question> = {}): Question {
  return {
    id, kind: "single", text: "哪一个是可回收物？", options: ["报纸", "剩饭"], key: 1, explanation: "", source: "垃圾分类手册",
    category: "生态", difficulty: 1, seconds: 0, points: 0, picture: "", picture_alt: "", is_sample: false, ...change,
  };
}

const draft = draft_new("科协", "");

test("a question is chosen once, in the order of choosing", () => {
  const twice = draft_add(draft_add(draft, [3, 1]), [1, 2]);
  assert.deepEqual(twice.chosen, [3, 1, 2]);
  assert.deepEqual(draft_drop(twice, [1]).chosen, [3, 2]);
});

test("a draft comes back after a reload, whole, and only to who made it", () => {
  const made = { ...draft_add(draft, [3, 1]), step: "people" as const, title: "科普日", rules: { ...rules_default(), limit_ms: 20_000 } };
  const text = draft_text("王敏", made);
  assert.deepEqual(draft_read(text, "王敏"), made);
  assert.equal(draft_read(text, "张老师"), null);
  for (const bad of ["", "{", "null", `{"account":"王敏","draft":{"chosen":1}}`]) assert.equal(draft_read(bad, "王敏"), null, bad);
});

test("a round takes two hundred questions at most", () => {
  const many = Array.from({ length: 250 }, (_, index) => index);
  assert.equal(draft_add(draft, many).chosen.length, 200);
});

test("a question moves by one place and stays at the ends", () => {
  const three = draft_add(draft, [1, 2, 3]);
  assert.deepEqual(draft_move(three, 1, -1).chosen, [2, 1, 3]);
  assert.deepEqual(draft_move(three, 1, 1).chosen, [1, 3, 2]);
  assert.deepEqual(draft_move(three, 0, -1).chosen, [1, 2, 3]);
  assert.deepEqual(draft_move(three, 2, 1).chosen, [1, 2, 3]);
});

test("a filter looks at category, kind, difficulty and every text", () => {
  assert.ok(filter_passes(FILTER_NONE, question(1)));
  assert.ok(!filter_passes({ ...FILTER_NONE, category: "健康" }, question(1)));
  assert.ok(!filter_passes({ ...FILTER_NONE, kind: "poll" }, question(1)));
  assert.ok(!filter_passes({ ...FILTER_NONE, difficulty: 3 }, question(1)));
  assert.ok(filter_passes({ ...FILTER_NONE, search: " 剩饭 " }, question(1)));
  assert.ok(filter_passes({ ...FILTER_NONE, search: "手册" }, question(1)));
  assert.ok(!filter_passes({ ...FILTER_NONE, search: "地震" }, question(1)));
});

test("a question's own seconds count before the round's", () => {
  const rules = { ...rules_default(), auto: true, explain_ms: 10_000 };
  assert.equal(duration_ms([question(1), question(2, { seconds: 40 })], rules), 5_000 + 30_000 + 10_000 + 5_000 + 40_000 + 10_000);
});

test("a text of more than 28 characters is long for the wall", () => {
  assert.ok(!is_long_for_wall(question(1, { text: "字".repeat(28) })));
  assert.ok(is_long_for_wall(question(1, { text: "字".repeat(29) })));
});

test("communities come one a line, each once, without empty lines", () => {
  const list = communities_of("东湖社区\r\n\n 武昌府社区 \n东湖社区\n东湖社区");
  assert.deepEqual(list.names, ["东湖社区", "武昌府社区"]);
  assert.deepEqual(list.twice, ["东湖社区"]);
});

test("a community of 21 characters and a list of 201 are refused", () => {
  const long = "长".repeat(21);
  assert.deepEqual(communities_of(long).too_long, [long]);
  const many = Array.from({ length: 201 }, (_, index) => `社区${index}`).join("\n");
  assert.ok(communities_of(many).is_too_many);
  const titled = { ...draft, title: "竞答" };
  assert.deepEqual(step_faults({ ...titled, communities_text: long }, "people"), ["community_long"]);
  assert.deepEqual(step_faults({ ...titled, communities_text: many }, "people"), ["communities_many"]);
});

test("each step says what is missing", () => {
  assert.deepEqual(step_faults(draft, "questions"), ["no_questions"]);
  assert.deepEqual(step_faults(draft, "rules"), []);
  assert.deepEqual(step_faults({ ...draft, unit: " " }, "people"), ["title_missing", "unit_missing"]);
  assert.deepEqual(step_faults({ ...draft, title: "题".repeat(41) }, "people"), ["title_long"]);
});

test("numbers outside the server's limits are refused before they are sent", () => {
  const rules = { ...draft.rules, limit_ms: 4_000, reading_ms: 61_000, points: 0, auto: true, explain_ms: NaN };
  assert.deepEqual(step_faults({ ...draft, rules }, "rules"), ["limit_range", "reading_range", "points_range", "explain_range"]);
  assert.deepEqual(step_faults({ ...draft, rules: { ...rules_default(), explain_ms: NaN } }, "rules"), [], "not asked for by hand");
});

test("the request carries trimmed texts, the order, and the list of communities", () => {
  const filled = { ...draft_add(draft, [5, 2]), title: " 科普日 ", communities_text: "甲\n乙\n甲" };
  const request = draft_request(filled);
  assert.equal(request["title"], "科普日");
  assert.deepEqual(request["questions"], [5, 2]);
  assert.deepEqual((request["rules"] as { communities: string[] }).communities, ["甲", "乙"]);
});
