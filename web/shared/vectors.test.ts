/* The frames' types held against the C side: tests/vectors are written by the server's encoders and read by its decoder. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { frame_read } from "./frames";
import type * as f from "./frames";

declare const __ROOT__: string;

function lines(name: string): string[] {
  return readFileSync(`${__ROOT__}/tests/vectors/${name}`, "utf8").split("\n").filter(Boolean);
}

/* What a field holds; the compiler wants every field of the type named here, and no other. */
type Field = "string" | "number" | "boolean" | "number or null" | ((value: unknown) => void);
type Shape<T> = { [K in keyof Required<T>]: Field };
type Required<T> = { [K in keyof T]-?: T[K] };

function check(shape: Record<string, Field>, optional: string[]): (value: unknown) => void {
  return (value) => {
    assert.ok(typeof value === "object" && value !== null);
    const found = value as Record<string, unknown>;
    for (const key of Object.keys(found)) assert.ok(key in shape || key === "type", `the page does not know "${key}"`);
    for (const [key, field] of Object.entries(shape)) {
      if (!(key in found) && optional.includes(key)) continue;
      assert.ok(key in found, `"${key}" is missing`);
      if (typeof field === "function") field(found[key]);
      else if (field === "number or null") assert.ok(found[key] === null || typeof found[key] === "number", key);
      else assert.equal(typeof found[key], field, key);
    }
  };
}

function shape<T>(fields: Shape<T>, optional: (keyof T & string)[] = []): (value: unknown) => void {
  return check(fields as Record<string, Field>, optional);
}

function array_of(field: Field): (value: unknown) => void {
  return (value) => {
    assert.ok(Array.isArray(value));
    for (const one of value) {
      if (typeof field === "function") field(one);
      else assert.equal(typeof one, field);
    }
  };
}

const receipt = shape<f.Receipt>({ code: "string", elapsed_ms: "number", credit_ms: "number" });
const question = shape<f.Question>({
  asking: "number",
  askings: "number",
  kind: "string",
  text: "string",
  options: array_of("string"),
  points: "number",
  picture: "string",
  picture_alt: "string",
  reading_ms: "number",
  limit_ms: "number",
  category: "string",
});
const open = shape<f.Open>({ asking: "number", reading_ms: "number", limit_ms: "number", elapsed_ms: "number" });
const revealed = shape<f.Revealed>({
  asking: "number",
  key: "number",
  explanation: "string",
  source: "string",
  answered: "number",
  right: "number or null",
  counts: array_of("number"),
});
const standing = shape<f.Standing>({
  asking: "number",
  points: "number",
  gained: "number or null",
  rights: "number",
  rank: "number or null",
  of: "number",
  out: "boolean",
});
const leaderboard = shape<f.Leaderboard>({
  asking: "number",
  rows: array_of(shape<f.LeaderboardRow>({ rank: "number", name: "string", community: "string", points: "number", ms: "number" })),
  of: "number",
  communities: array_of(shape<f.CommunityRow>({ rank: "number", name: "string", people: "number", mean: "number" })),
});
const nothing = check({}, []);

/* A frame of the core inside a snapshot: whole as it was sent. The vectors shorten it, its own lines check its fields. */
function whole_frame(type: string): (value: unknown) => void {
  return (value) => assert.equal((value as { type?: unknown }).type, type);
}

const shapes: Record<f.ServerFrame["type"], (value: unknown) => void> = {
  round: shape<f.Round>({
    code: "string",
    title: "string",
    unit: "string",
    names: "string",
    communities: array_of("string"),
    locked: "boolean",
    people: "number",
  }),
  joined: shape<Omit<f.JoinedFrame, "type">>({ token: "string", participant: "number", name: "string", community: "number" }),
  snapshot: shape<f.Snapshot>(
    {
      code: "string",
      title: "string",
      unit: "string",
      phase: "string",
      askings: "number",
      asking: "number",
      people: "number",
      rank_shown: "string",
      scoring: "string",
      scene: "string",
      participant: "number",
      name: "string",
      community: "number",
      question: whole_frame("question"),
      open,
      answer: shape<NonNullable<f.Snapshot["answer"]>>({ choice: "number", receipt }),
      revealed: whole_frame("revealed"),
      standing,
      leaderboard: whole_frame("leaderboard"),
      voided: "boolean",
      reopened: "boolean",
      locked: "boolean",
    },
    ["scene", "participant", "name", "community", "question", "open", "answer", "revealed", "standing", "leaderboard", "voided", "reopened", "locked"],
  ),
  question,
  open,
  recorded: shape<f.Recorded>({ asking: "number", choice: "number", receipt }),
  refused: shape<Omit<f.RefusedFrame, "type">>({ verdict: "string", asking: "number", choice: "number", receipt }, ["asking", "choice", "receipt"]),
  extended: shape<Omit<f.ExtendedFrame, "type">>({ asking: "number", limit_ms: "number" }),
  closed: shape<Omit<f.ClosedFrame, "type">>({ asking: "number" }),
  revealed,
  standing,
  leaderboard,
  scene: shape<Omit<f.SceneFrame, "type">>({ show: "string" }),
  voided: shape<Omit<f.VoidedFrame, "type">>({ asking: "number" }),
  paused: nothing,
  resumed: nothing,
  renamed: shape<Omit<f.RenamedFrame, "type">>({ name: "string" }),
  beat: shape<Omit<f.BeatFrame, "type">>({ people: "number" }),
  ended: nothing,
  pong: nothing,
  bye: shape<Omit<f.ByeFrame, "type">>({ retry_ms: "number" }),
};

test("every frame as the server writes it is read, field for field", () => {
  const read = lines("server_frames.jsonl");
  assert.ok(read.length >= 20);
  for (const line of read) {
    const frame = frame_read(line);
    assert.ok(frame, line);
    try {
      shapes[frame.type](frame);
    } catch (error) {
      throw new Error(`${frame.type}: ${error instanceof Error ? error.message : String(error)} in ${line}`);
    }
  }
});

interface Vector {
  frame: string;
  verdict: string;
  kind?: string;
  code?: number;
  token?: string;
  screen?: true;
  nonce?: string;
  name?: string;
  community?: number;
  asking?: number;
  choice?: number;
}

/* The frame as this page would make it from what the server read in it. */
function made(vector: Vector): f.ClientFrame {
  switch (vector.kind) {
    case "hello": {
      const hello: f.HelloFrame = { type: "hello", round: String(vector.code).padStart(6, "0") };
      if (vector.token !== undefined) hello.token = vector.token;
      if (vector.screen) hello.screen = true;
      return hello;
    }
    case "join": {
      const join: f.JoinFrame = { type: "join", nonce: Buffer.from(vector.nonce || "", "hex").toString("base64url") };
      if (vector.name) join.name = vector.name;
      if (vector.community !== undefined) join.community = vector.community;
      return join;
    }
    case "answer":
      return { type: "answer", asking: vector.asking || 0, choice: vector.choice || 0 };
    default:
      return { type: "ping" };
  }
}

test("the frames that a page makes are those that the server reads", () => {
  const good = lines("browser_frames.jsonl")
    .map((line) => JSON.parse(line) as Vector)
    .filter((vector) => vector.verdict === "ok");
  assert.ok(good.length >= 6);
  for (const vector of good) assert.deepEqual(made(vector), JSON.parse(vector.frame));
});
