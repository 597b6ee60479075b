/* A round that is being put together: which questions in which order, the rules, names and communities. Pure: every
 * function gives a new draft or a judgement of one. What becomes of it is `round.create`. */
import { characters } from "./numbers";
import type { Kind, Question, Rules } from "./wire";

/* The server's limits that a person meets while filling in the form (server/model/limits.h says them for everyone). */
export const TITLE_CHARS_MAX = 40;
export const UNIT_CHARS_MAX = 24;
export const COMMUNITY_CHARS_MAX = 20;
export const COMMUNITIES_MAX = 200;
export const ASKINGS_MAX = 200;
export const POINTS_MAX = 1000;
export const LIMIT_S_MIN = 5;
export const LIMIT_S_MAX = 600;
export const READING_S_MAX = 60;
export const EXPLAIN_S_MAX = 600;
/* Two lines of the wall's large type hold about thirty characters. */
export const WALL_CHARS = 28;
/* What a host takes from the reveal to the next question, where nobody set it. */
const EXPLAIN_BY_HAND_MS = 20_000;

export type Step = "questions" | "rules" | "people";

export interface Draft {
  step: Step;
  title: string;
  unit: string;
  chosen: number[]; /* question ids in the order of asking */
  rules: Rules;
  communities_text: string; /* one a line, as typed or pasted */
}

export interface Filter {
  category: string; /* "": all */
  kind: Kind | "";
  difficulty: number; /* 0: all */
  search: string;
}

export const FILTER_NONE: Filter = { category: "", kind: "", difficulty: 0, search: "" };

export function rules_default(): Rules {
  return {
    limit_ms: 30_000,
    reading_ms: 5_000,
    scoring: "accuracy",
    points: 10,
    multiple: "all",
    shuffle: false,
    names: "optional",
    communities: [],
    rank_shown: "each",
    distribution: "all",
    auto: false,
    explain_ms: 15_000,
  };
}

export function draft_new(unit: string, communities_text: string): Draft {
  return { step: "questions", title: "", unit, chosen: [], rules: rules_default(), communities_text };
}

export function filter_passes(filter: Filter, question: Question): boolean {
  if (filter.category !== "" && question.category !== filter.category) return false;
  if (filter.kind !== "" && question.kind !== filter.kind) return false;
  if (filter.difficulty !== 0 && question.difficulty !== filter.difficulty) return false;
  const wanted = filter.search.trim().toLowerCase();
  if (wanted === "") return true;
  return [question.text, question.source, question.category, ...question.options].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

/* Adds those that are not chosen yet, at the end, up to the limit of one round. */
export function draft_add(draft: Draft, ids: readonly number[]): Draft {
  const has = new Set(draft.chosen);
  const fresh = ids.filter((id) => !has.has(id));
  return { ...draft, chosen: [...draft.chosen, ...fresh].slice(0, ASKINGS_MAX) };
}

export function draft_drop(draft: Draft, ids: readonly number[]): Draft {
  const gone = new Set(ids);
  return { ...draft, chosen: draft.chosen.filter((id) => !gone.has(id)) };
}

/* Moves the question at `index` up (-1) or down (1); at the ends nothing happens. */
export function draft_move(draft: Draft, index: number, by: -1 | 1): Draft {
  const other = index + by;
  const here = draft.chosen[index];
  const there = draft.chosen[other];
  if (here === undefined || there === undefined) return draft;
  const chosen = [...draft.chosen];
  chosen[index] = there;
  chosen[other] = here;
  return { ...draft, chosen };
}

export function question_limit_ms(question: Question, rules: Rules): number {
  return question.seconds > 0 ? question.seconds * 1000 : rules.limit_ms;
}

/* How long the round takes if every question runs its whole time, in ms. */
export function duration_ms(questions: readonly Question[], rules: Rules): number {
  const explain = rules.auto ? rules.explain_ms : EXPLAIN_BY_HAND_MS;
  return questions.reduce((sum, question) => sum + rules.reading_ms + question_limit_ms(question, rules) + explain, 0);
}

export function is_long_for_wall(question: Question): boolean {
  return characters(question.text) > WALL_CHARS;
}

export interface Communities {
  names: string[];
  twice: string[];
  too_long: string[];
  is_too_many: boolean;
}

/* The list as the round will have it, and what is wrong with what was pasted. A name that stands twice is taken once. */
export function communities_of(text: string): Communities {
  const names: string[] = [];
  const twice: string[] = [];
  const too_long: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const name = line.trim().replace(/\s+/g, " ");
    if (name === "") continue;
    if (names.includes(name)) {
      if (!twice.includes(name)) twice.push(name);
      continue;
    }
    if (characters(name) > COMMUNITY_CHARS_MAX) too_long.push(name);
    names.push(name);
  }
  return { names, twice, too_long, is_too_many: names.length > COMMUNITIES_MAX };
}

export type DraftFault =
  | "no_questions"
  | "title_missing"
  | "title_long"
  | "unit_missing"
  | "unit_long"
  | "limit_range"
  | "reading_range"
  | "points_range"
  | "explain_range"
  | "community_long"
  | "communities_many";

function is_within(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/* What must be put right on a step, first things first; empty where it may go on. */
export function step_faults(draft: Draft, step: Step): DraftFault[] {
  const faults: DraftFault[] = [];
  if (step === "questions") {
    if (draft.chosen.length === 0) faults.push("no_questions");
    return faults;
  }
  const { rules } = draft;
  if (step === "rules") {
    if (!is_within(rules.limit_ms / 1000, LIMIT_S_MIN, LIMIT_S_MAX)) faults.push("limit_range");
    if (!is_within(rules.reading_ms / 1000, 0, READING_S_MAX)) faults.push("reading_range");
    if (!is_within(rules.points, 1, POINTS_MAX)) faults.push("points_range");
    if (rules.auto && !is_within(rules.explain_ms / 1000, 3, EXPLAIN_S_MAX)) faults.push("explain_range");
    return faults;
  }
  const communities = communities_of(draft.communities_text);
  if (draft.title.trim() === "") faults.push("title_missing");
  if (characters(draft.title.trim()) > TITLE_CHARS_MAX) faults.push("title_long");
  if (draft.unit.trim() === "") faults.push("unit_missing");
  if (characters(draft.unit.trim()) > UNIT_CHARS_MAX) faults.push("unit_long");
  if (communities.too_long.length > 0) faults.push("community_long");
  if (communities.is_too_many) faults.push("communities_many");
  return faults;
}

/* The body of `round.create`. */
export function draft_request(draft: Draft): Record<string, unknown> {
  return {
    title: draft.title.trim(),
    unit: draft.unit.trim(),
    questions: draft.chosen,
    rules: { ...draft.rules, communities: communities_of(draft.communities_text).names },
  };
}
