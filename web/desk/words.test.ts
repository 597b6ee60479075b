import assert from "node:assert/strict";
import { test } from "node:test";
import { fault_text, password_rules, person_name } from "./say";
import { all_words, sentence, speaker } from "./words";

function places(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
}

test("every sentence stands in both languages and takes the same values", () => {
  for (const [word, [chinese, english]] of all_words()) {
    assert.notEqual(chinese.trim(), "", word);
    assert.notEqual(english.trim(), "", word);
    const [more, fewer] = [places(chinese), places(english)];
    assert.deepEqual(more, fewer, word);
  }
});

test("a value takes its place and a missing one is seen", () => {
  assert.equal(sentence("zh", "question_of", { n: 3, of: 10 }), "第 3 题，共 10 题");
  assert.equal(sentence("en", "seconds_left", {}), "{n} s left");
});

test("a value with a brace in it is not read again", () => {
  assert.equal(sentence("en", "give_to", { name: "{n}" }), "Hand to {n}");
});

test("a known refusal is said in the desk's words, an unknown one in the server's", () => {
  assert.match(fault_text({ error: "core_away", text: "x" }, "zh"), /再按一次/);
  assert.equal(fault_text({ error: "brand_new", text: "新的原因", text_en: "new" }, "en"), "new");
  assert.match(fault_text({ error: "brand_new" }, "zh"), /brand_new/);
  assert.equal(fault_text({ error: "bad_request", text: "名称太长" }, "zh"), "名称太长");
  assert.match(fault_text({ error: "bad_request", field: "title", text: "不对" }, "zh"), /（title）/);
});

test("the holder of the lease is named", () => {
  assert.match(fault_text({ error: "lease_held", holder: "张老师" }, "zh"), /^张老师/);
});

test("a password has eight characters and stands there twice", () => {
  const met = (name: string, password: string, again: string): boolean[] =>
    password_rules(name, password, again).map((rule) => rule.is_met);
  assert.deepEqual(met("", "1234567", "1234567"), [false, false, true]);
  assert.deepEqual(met("王敏", "八个字的密码在此", "八个字的密码在此"), [true, true, true]);
  assert.deepEqual(met("王敏", "", ""), [true, false, false]);
  assert.deepEqual(met("x".repeat(33), "p".repeat(129), "p".repeat(129)), [false, false, true]);
});

test("who gave no name is called by number", () => {
  assert.equal(person_name("", 27, speaker("zh")), "居民028");
  assert.equal(person_name("王敏", 27, speaker("zh")), "王敏");
});
