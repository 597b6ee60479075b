/* A round's state for the tests of this folder: the third question of ten, revealed, driven from here. */
import { rules_default } from "./draft";
import type { AskedQuestion, RoundState } from "./wire";

export function asked_made(asking: number): AskedQuestion {
  return {
    asking,
    kind: "single",
    text: `第 ${asking} 题`,
    options: ["甲", "乙", "丙", "丁"],
    key: 4,
    explanation: "",
    source: "",
    limit_ms: 30_000,
    points: 10,
    picture: "",
    right_share: asking < 3 ? 60 : null,
  };
}

export function round_made(change: Partial<RoundState>): RoundState {
  return {
    round: 7,
    code: "482916",
    title: "科普日",
    unit: "科协",
    phase: "revealed",
    asking: 3,
    askings: 10,
    auto: false,
    locked: false,
    names_hidden: false,
    scene: "question",
    people: 326,
    connected: 320,
    answered: 311,
    counts: [18, 61, 221, 11],
    right: 221,
    open: null,
    can_extend: false,
    voided: [],
    reopened: [],
    questions: Array.from({ length: 10 }, (_, index) => asked_made(index + 1)),
    rules: { ...rules_default(), communities: ["东湖社区", "武昌府社区"] },
    lease: { holder: "王敏", mine: true },
    watchers: [{ id: 1, name: "王敏", mine: true }],
    screens: 1,
    health: { edges_up: 2, edges: 2, commit_ms: 12, reconnecting: 0 },
    ...change,
  };
}
