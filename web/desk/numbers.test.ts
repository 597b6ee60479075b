import assert from "node:assert/strict";
import { test } from "node:test";
import { characters, code_spaced, day_and_minute, is_key, mean_points, option_shares } from "./numbers";

test("options of single choice share a hundred per cent among them", () => {
  const shares = option_shares([18, 61, 221, 11], 311, false);
  assert.equal(shares.reduce((sum, share) => sum + share, 0), 100);
  assert.deepEqual(shares, [6, 20, 71, 3]);
});

test("options of multiple choice are each a share of the people who answered", () => {
  assert.deepEqual(option_shares([90, 10, 80, 70], 100, true), [90, 10, 80, 70]);
  assert.deepEqual(option_shares([0, 0], 0, true), [0, 0]);
  assert.deepEqual(option_shares([7, 0], 5, true), [100, 0], "counts of a moment before never show over a hundred");
});

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
