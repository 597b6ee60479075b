/* Every frame of jingda.v1 as TypeScript sees it, held against docs/protocol.md. Input: a frame's text. Output: a typed
 * frame, or null for what this page does not know. What the frames mean is left to the states of the pages. */

export type Kind = "single" | "multiple" | "true_false" | "poll";
export type Phase = "lobby" | "open" | "closed" | "revealed" | "paused" | "ended";
export type Scene = "question" | "leaderboard";
export type Scoring = "accuracy" | "speed" | "knockout";

export type Verdict =
  | "unknown_code"
  | "round_over"
  | "lobby_locked"
  | "round_full"
  | "bad_token"
  | "bad_name"
  | "bad_community"
  | "removed"
  | "newer_connection"
  | "not_joined"
  | "already_answered"
  | "late"
  | "too_early"
  | "wrong_asking"
  | "bad_choice"
  | "knocked_out"
  | "try_again"
  | "too_many_frames"
  | "bad_frame";

/* from the browser */

export interface HelloFrame {
  type: "hello";
  round: string;
  token?: string;
  screen?: true;
}

export interface JoinFrame {
  type: "join";
  nonce: string;
  name?: string;
  community?: number;
}

/* choice: the sum of the options' bits, A is 1. */
export interface AnswerFrame {
  type: "answer";
  asking: number;
  choice: number;
}

export interface PingFrame {
  type: "ping";
}

export type ClientFrame = HelloFrame | JoinFrame | AnswerFrame | PingFrame;

/* to the browser */

export interface Round {
  code: string;
  title: string;
  unit: string;
  names: "none" | "optional" | "required";
  communities: string[];
  locked: boolean;
  people: number;
}

export interface Question {
  asking: number;
  askings: number;
  kind: Kind;
  text: string;
  options: string[];
  points: number;
  picture: string;
  picture_alt: string;
  reading_ms: number;
  limit_ms: number;
  category: string;
}

/* elapsed_ms counts from the start of this participant's clock; the reading time comes first. */
export interface Open {
  asking: number;
  reading_ms: number;
  limit_ms: number;
  elapsed_ms: number;
}

export interface Receipt {
  code: string;
  elapsed_ms: number;
  credit_ms: number;
}

export interface Recorded {
  asking: number;
  choice: number;
  receipt: Receipt;
}

/* counts is empty where the round's rules keep the distribution back, right is null where they keep that back too. */
export interface Revealed {
  asking: number;
  key: number;
  explanation: string;
  source: string;
  answered: number;
  right: number | null;
  counts: number[];
}

export interface Standing {
  asking: number;
  points: number;
  gained: number | null;
  rights: number;
  rank: number | null;
  of: number;
  out: boolean;
}

export interface LeaderboardRow {
  rank: number;
  name: string;
  community: string;
  points: number;
  ms: number;
}

/* mean: points per head times 10. */
export interface CommunityRow {
  rank: number;
  name: string;
  people: number;
  mean: number;
}

export interface Leaderboard {
  asking: number;
  rows: LeaderboardRow[];
  of: number;
  communities: CommunityRow[];
}

export interface Snapshot {
  code: string;
  title: string;
  unit: string;
  phase: Phase;
  askings: number;
  asking: number;
  people: number;
  rank_shown: "never" | "each" | "end";
  scoring: Scoring;
  scene?: Scene;
  participant?: number;
  name?: string;
  community?: number;
  question?: Question;
  open?: Open;
  answer?: { choice: number; receipt: Receipt };
  revealed?: Revealed;
  standing?: Standing;
  leaderboard?: Leaderboard;
  voided?: boolean;
  reopened?: boolean;
  locked?: boolean; /* screens */
}

export type RoundFrame = { type: "round" } & Round;
export type JoinedFrame = { type: "joined"; token: string; participant: number; name: string; community: number };
export type SnapshotFrame = { type: "snapshot" } & Snapshot;
export type QuestionFrame = { type: "question" } & Question;
export type OpenFrame = { type: "open" } & Open;
export type RecordedFrame = { type: "recorded" } & Recorded;
export type RefusedFrame = { type: "refused"; verdict: Verdict; asking?: number; choice?: number; receipt?: Receipt };
export type ExtendedFrame = { type: "extended"; asking: number; limit_ms: number };
export type ClosedFrame = { type: "closed"; asking: number };
export type RevealedFrame = { type: "revealed" } & Revealed;
export type StandingFrame = { type: "standing" } & Standing;
export type LeaderboardFrame = { type: "leaderboard" } & Leaderboard;
export type SceneFrame = { type: "scene"; show: Scene };
export type VoidedFrame = { type: "voided"; asking: number };
export type RenamedFrame = { type: "renamed"; name: string };
export type BeatFrame = { type: "beat"; people: number };
export type ByeFrame = { type: "bye"; retry_ms: number };

export type ServerFrame =
  | RoundFrame
  | JoinedFrame
  | SnapshotFrame
  | QuestionFrame
  | OpenFrame
  | RecordedFrame
  | RefusedFrame
  | ExtendedFrame
  | ClosedFrame
  | RevealedFrame
  | StandingFrame
  | LeaderboardFrame
  | SceneFrame
  | VoidedFrame
  | { type: "paused" }
  | { type: "resumed" }
  | RenamedFrame
  | BeatFrame
  | { type: "ended" }
  | { type: "pong" }
  | ByeFrame;

const known: Record<ServerFrame["type"], true> = {
  round: true,
  joined: true,
  snapshot: true,
  question: true,
  open: true,
  recorded: true,
  refused: true,
  extended: true,
  closed: true,
  revealed: true,
  standing: true,
  leaderboard: true,
  scene: true,
  voided: true,
  paused: true,
  resumed: true,
  renamed: true,
  beat: true,
  ended: true,
  pong: true,
  bye: true,
};

/* The frame in a text, or null: not JSON, or of a type that a later server may have added. The fields are the
 * server's word; a client does not check its own server's sums. */
export function frame_read(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (_error) {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const type = (value as { type?: unknown }).type;
  if (typeof type !== "string" || !Object.prototype.hasOwnProperty.call(known, type)) return null;
  return value as ServerFrame;
}
