import assert from "node:assert/strict";
import { test } from "node:test";
import { characters, code_spaced, day_and_minute, is_key, mean_points } from "./numbers";

test("a key is the sum of its options' bits", () => {
  assert.deepEqual([0, 1, 2, 3].map((index) => is_key(5, index)), [true, false, true, false]);
});

test("a code is read in two groups of three", () => {
  assert.equal(code_spaced("482916"), "482 916");
  assert.equal(code_spaced("12"), "12");
});

test("points per head come times ten and keep one decimal", () => {
  assert.equal(mean_points(134), "13.4");
  assert.equal(mean_points(120), "12.0");
});

test("characters are counted as people see them", () => {
  assert.equal(characters("𠮷野家"), 3);
});

test("a round's minute is written in the reader's language", () => {
  const at = new Date(2026, 10, 3, 9, 5).getTime();
  assert.equal(day_and_minute(at, "zh"), "11月3日 09:05");
  assert.equal(day_and_minute(at, "en"), "2026-11-03 09:05");
});
