/* The words of docs/desk-protocol.md as types: what the desk answers and tells. Nothing here runs but the guards that
 * keep a reply of an unexpected shape out of the state. */

export type Phase = "lobby" | "open" | "closing" | "closed" | "revealed" | "paused" | "ended";
export type Kind = "single" | "multiple" | "true_false" | "poll";
export type Scoring = "accuracy" | "speed" | "knockout";
export type Scene = "question" | "leaderboard";
export type Role = "organizer" | "host" | "administrator";

export interface Account {
  name: string;
  role: Role | string;
}

export interface Bank {
  id: number;
  name: string;
  questions: number;
  is_sample: boolean;
  categories: string[];
}

/* Options are letters by position; `key` is the sum of their bits, 0 for a poll. */
export interface Question {
  id: number;
  kind: Kind;
  text: string;
  options: string[];
  key: number;
  explanation: string;
  source: string;
  category: string;
  difficulty: number; /* 1 easy, 2 medium, 3 hard; 0 not said */
  seconds: number; /* 0: the round's rules say */
  points: number; /* 0: the round's rules say */
  picture: string;
  picture_alt: string;
  is_sample: boolean;
}

export interface RoundRow {
  round: number;
  code: string;
  title: string;
  phase: Phase;
  people: number;
  asking: number;
  askings: number;
  created_ms: number;
}

export interface Rules {
  limit_ms: number;
  reading_ms: number;
  scoring: Scoring;
  points: number;
  multiple: "all" | "share";
  shuffle: boolean;
  names: "none" | "optional" | "required";
  communities: string[];
  rank_shown: "never" | "each" | "end";
  distribution: "all" | "right" | "none";
  auto: boolean;
  explain_ms: number;
}

export interface AskedQuestion {
  asking: number;
  kind: Kind;
  text: string;
  options: string[];
  key: number;
  explanation: string;
  source: string;
  limit_ms: number;
  points: number;
  picture: string;
  picture_alt?: string;
  right_share: number | null;
}

export interface Watcher {
  id: number;
  name: string;
  mine: boolean;
}

export interface RoundState {
  round: number;
  code: string;
  title: string;
  unit: string;
  phase: Phase;
  asking: number; /* 0 before the first */
  askings: number;
  auto: boolean;
  locked: boolean;
  names_hidden: boolean;
  scene: Scene;
  people: number;
  connected: number;
  answered: number;
  counts: number[];
  right: number;
  open?: { reading_ms: number; limit_ms: number; elapsed_ms: number } | null;
  can_extend: boolean;
  voided: number[];
  reopened: number[];
  questions: AskedQuestion[];
  rules: Rules;
  lease: { holder: string | null; mine: boolean };
  watchers: Watcher[];
  screens: number;
  health: { edges_up: number; edges: number; commit_ms: number; reconnecting: number; core?: boolean; disk_full?: boolean };
}

export interface BoardRow {
  rank: number;
  participant: number;
  name: string;
  community: number | string | null;
  points: number;
  ms: number;
  rights: number;
  out: boolean;
  removed: boolean;
}

export interface Board {
  asking: number;
  of: number;
  rows: BoardRow[];
}

export interface CommunityRow {
  rank: number;
  name: string;
  people: number;
  mean: number; /* points per head, times ten */
  rights_share: number;
}

export interface Person {
  participant: number;
  name: string;
  community: number | string | null;
  removed: boolean;
}

export interface People {
  rows: Person[];
  of: number;
}

export interface Health {
  core: boolean | string;
  disk_full?: boolean;
  commit_ms: number;
  edges: { edge: number; up: boolean; connected: number }[];
}

/* A refusal, or what the page itself says where no answer came. */
export interface Fault {
  error: string;
  text?: string;
  text_en?: string;
  field?: string;
  holder?: string;
  seconds?: number;
}

export type Reply = { ok: true; body: Record<string, unknown> } | ({ ok: false } & Fault);

export function is_object(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/* A list under `name`, or none: a server that is older or newer never breaks the page. */
export function list_of<T>(body: Record<string, unknown>, name: string): T[] {
  const value = body[name];
  return Array.isArray(value) ? (value as T[]) : [];
}

/* The parts of a round's state that came in this frame: what a frame leaves out stays as it was. */
export function round_part(value: unknown): Partial<RoundState> | null {
  if (!is_object(value)) return null;
  for (const name of ["counts", "voided", "reopened", "questions", "watchers"]) {
    if (name in value && !Array.isArray(value[name])) return null;
  }
  return value as Partial<RoundState>;
}
