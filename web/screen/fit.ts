/* Sizes of text on the wall. Nobody can scroll there, so a long text steps down until it fits; the sizes drawn for ten
 * metres come first. Input: the texts' lengths. Output: rem (100 px of 1920). Pure arithmetic with the wall's own measures,
 * so that nothing has to be measured and moved after it was shown. */
import type { Question } from "../shared/frames";
import { text_width } from "../shared/text";

const BODY_HEIGHT = 7.4; /* between head and bottom line */
const BODY_WIDTH = 17.28;
const LINE = 1.28;

/* Lines break after clauses and before punctuation: a line holds a little less than its width. */
function lines_of(width: number, size: number, room: number): number {
  return Math.ceil(width / Math.max(1, Math.floor((room / size) * 0.94)));
}

/* The first size at which a text of this width stays within the room. */
function size_for(width: number, sizes: number[], room: number, height: number, line: number): number {
  for (const size of sizes) if (lines_of(width, size, room) * size * line <= height) return size;
  return sizes[sizes.length - 1] || 0.26;
}

function longest_of(texts: string[]): number {
  return texts.reduce((width, text) => Math.max(width, text_width(text)), 0);
}

export interface QuestionFit {
  ask: number;
  seconds: number; /* the countdown's number */
  option: number;
  seal: number;
  rows: number;
}

export function fit_question(question: Question): QuestionFit {
  const width = text_width(question.text);
  const ask = size_for(width, [0.84, 0.64], 12.5, 2.3, 1.3) === 0.84 ? 0.84 : size_for(width, [0.64, 0.5, 0.42, 0.36], 12.5, 3.2, 1.25);
  const seconds = ask >= 0.64 ? 2 : 1.4;
  const ask_height = Math.max(lines_of(width, ask, 12.5) * ask * LINE, ask >= 0.64 ? 2.3 : 1.5);
  const is_one_column = has_picture_column(question);
  const count = question.options.length;
  const rows = is_one_column ? count : Math.ceil(count / 2);
  const height = ((BODY_HEIGHT - ask_height - 0.7) / rows) * 0.94;
  const room = is_one_column ? 8.6 : 6.6;
  const sizes = rows === 1 ? [0.84, 0.6, 0.48, 0.42, 0.34, 0.28] : [0.6, 0.48, 0.42, 0.34, 0.28, 0.22, 0.18];
  const option = size_for(longest_of(question.options), sizes, room, rows === 1 ? height * 0.6 : height, LINE);
  return { ask, seconds, option, seal: Math.min(0.96, height * 0.82), rows };
}

/* A picture takes the left, up to four options stand under each other beside it. */
export function has_picture_column(question: Question): boolean {
  return question.picture !== "" && question.options.length <= 4;
}

export interface AnswerFit {
  ask: number;
  row: number; /* height of a row without its margin */
  text: number;
  share: number; /* the per cents */
}

export function fit_answer(question: Question, has_counts: boolean, has_why: boolean): AnswerFit {
  const ask_width = text_width(question.text);
  const ask = size_for(ask_width, [0.6, 0.5, 0.42, 0.36], BODY_WIDTH, 1.6, 1.3);
  const ask_height = lines_of(ask_width, ask, BODY_WIDTH) * ask * 1.3 + 0.28;
  const is_few = question.options.length <= 3;
  const each = Math.min(is_few ? 1.6 : 1.24, (BODY_HEIGHT - ask_height - (has_why ? 1.05 : 0)) / question.options.length);
  const row = each * 0.84;
  const room = question.picture === "" ? (has_counts ? 8.6 : 15) : has_counts ? 5.4 : 10;
  const text = size_for(longest_of(question.options), [is_few ? 0.72 : 0.54, 0.54, 0.5, 0.46, 0.42, 0.36, 0.3, 0.26], room, row, 1.15);
  return { ask, row, text, share: Math.min(0.66, Math.max(0.42, row * 0.58)) };
}
