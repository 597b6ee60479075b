/* The wall's bottom line: shape and sentence at the left, one number at the right. Pure. */
import { clock_left } from "../shared/clock";
import type { Left } from "../shared/clock";
import { choice_letters, grouped } from "../shared/text";
import { verdict_sentence } from "../shared/verdicts";
import type { Language } from "../shared/verdicts";
import { board_page } from "./state";
import type { BoardPage, ScreenState, Wall } from "./state";
import type { Words } from "./words";

export type Shape = "todo" | "dot" | "done" | "list" | "hurt" | "shut";

export interface Line {
  shape: Shape;
  text: string;
  number: { before: string; value: string; after: string } | null;
}

/* What fills the wall: a board shows after a reveal when the organizer chose it, and at the end. */
export function board_now(wall: Wall, now_ms: number): BoardPage | null {
  if (wall.leaderboard === null) return null;
  if (wall.phase === "ended") return board_page(wall.leaderboard, true, wall.scene_ms, now_ms);
  if (wall.phase === "revealed" && wall.scene === "leaderboard") return board_page(wall.leaderboard, false, wall.scene_ms, now_ms);
  return null;
}

export function left_of(wall: Wall, now_ms: number): Left | null {
  return wall.phase === "open" && wall.clock !== null && !wall.is_voided ? clock_left(wall.clock, now_ms) : null;
}

export function line_of(state: ScreenState, words: Words, language: Language): Line {
  const wall = state.wall;
  if (wall === null) return entry_line(state, words, language);
  const line = wall_line(wall, state.now_ms, words);
  if (state.link !== "open") return { ...line, shape: "hurt", text: words.lost };
  if (wall.is_paused) return { ...line, shape: "todo", text: words.paused };
  return line;
}

function entry_line(state: ScreenState, words: Words, language: Language): Line {
  if (state.verdict !== null) return { shape: "hurt", text: verdict_sentence(state.verdict, language), number: null };
  if (state.code === "") return { shape: "todo", text: words.code_state, number: null };
  if (state.link === "lost") return { shape: "hurt", text: words.lost, number: null };
  return { shape: "dot", text: words.entering, number: null };
}

function wall_line(wall: Wall, now_ms: number, words: Words): Line {
  const page = board_now(wall, now_ms);
  if (page !== null && wall.leaderboard !== null) {
    if (page.of === "podium") return { shape: "done", text: words.podium, number: number(words.all, wall.leaderboard.of) };
    if (page.of === "people") return { shape: "list", text: words.board, number: number(words.all, wall.leaderboard.of) };
    return { shape: "list", text: words.communities, number: number(words.all_communities, wall.leaderboard.communities.length) };
  }
  if (wall.phase === "ended") return { shape: "done", text: words.thanks, number: some(words.all, wall.people) };
  if (wall.phase === "lobby") return { shape: "dot", text: words.soon, number: some(words.here, wall.people) };
  if (wall.is_voided) return { shape: "shut", text: words.voided, number: null };
  if (wall.phase === "revealed") return revealed_line(wall, words);
  if (wall.phase === "closed") return { shape: "shut", text: words.over, number: null };
  const left = left_of(wall, now_ms);
  if (left !== null && left.stage === "over") return { shape: "shut", text: words.over, number: null };
  const people = some(words.online, wall.people);
  if (left === null || left.stage === "reading") return { shape: "dot", text: words.read, number: people };
  const is_multiple = wall.question !== null && wall.question.kind === "multiple";
  return { shape: "dot", text: is_multiple ? words.answer_several : words.answer, number: people };
}

/* The numbers of people are shown as the rules of the round let them through. */
function revealed_line(wall: Wall, words: Words): Line {
  const revealed = wall.revealed;
  if (revealed === null) return { shape: "shut", text: words.over, number: null };
  const answered = revealed.answered > 0 ? number(words.answered, revealed.answered) : null;
  if (wall.question !== null && wall.question.kind === "poll") return { shape: "list", text: words.poll_result, number: answered };
  const key = { shape: "done" as const, text: words.key_is(choice_letters(revealed.key)) };
  if (revealed.right === null) return { ...key, number: answered };
  const right = number(words.right, revealed.right);
  return { ...key, number: { ...right, after: right.after + words.answered_rest(revealed.answered) } };
}

/* A count that has not come yet is not shown as nobody. */
function some(around: [string, string], value: number): Line["number"] {
  return value > 0 ? number(around, value) : null;
}

function number(around: [string, string], value: number): { before: string; value: string; after: string } {
  return { before: around[0], value: grouped(value), after: around[1] };
}
