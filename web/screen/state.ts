/* The truth of the wall. Input: one snapshot, the frames after it, ticks. Output: the next state; the picture is a
 * function of it. Pure. What was last known stays on the wall while the link is lost. */
import { clock_start } from "../shared/clock";
import type { Clock } from "../shared/clock";
import type { LinkState } from "../shared/connection";
import type { Leaderboard, LeaderboardRow, Phase, Question, Revealed, Scene, ServerFrame, Snapshot, Verdict } from "../shared/frames";

export interface Wall {
  code: string;
  title: string;
  unit: string;
  phase: Exclude<Phase, "paused">;
  is_paused: boolean;
  askings: number;
  asking: number;
  people: number;
  scene: Scene;
  scene_ms: number; /* since when this scene stands, on the page's clock: the leaderboard turns its pages from then */
  question: Question | null;
  clock: Clock | null;
  revealed: Revealed | null;
  leaderboard: Leaderboard | null;
  is_voided: boolean;
  is_locked: boolean; /* nobody new comes in */
}

export interface ScreenState {
  now_ms: number;
  link: LinkState;
  code: string;
  verdict: Verdict | null;
  wall: Wall | null;
}

export type ScreenEvent =
  | { type: "frame"; frame: ServerFrame; now_ms: number }
  | { type: "link"; link: LinkState }
  | { type: "tick"; now_ms: number }
  | { type: "code"; code: string };

export function screen_start(code: string): ScreenState {
  return { now_ms: 0, link: "connecting", code, verdict: null, wall: null };
}

export function apply(state: ScreenState, event: ScreenEvent): ScreenState {
  switch (event.type) {
    case "frame":
      return apply_frame({ ...state, now_ms: event.now_ms }, event.frame, event.now_ms);
    case "link":
      return { ...state, link: event.link };
    case "tick":
      return { ...state, now_ms: event.now_ms };
    case "code":
      return { ...screen_start(event.code), now_ms: state.now_ms };
  }
}

function apply_frame(state: ScreenState, frame: ServerFrame, now_ms: number): ScreenState {
  if (frame.type === "snapshot") return { ...state, verdict: null, wall: wall_from(frame, state.wall, now_ms) };
  if (frame.type === "refused") {
    if (frame.verdict === "unknown_code") return { ...state, code: "", wall: null, verdict: frame.verdict };
    if (frame.verdict === "round_over" && state.wall === null) return { ...state, code: "", verdict: frame.verdict };
    return state; /* whatever else: the wall keeps its picture and the link opens again */
  }
  if (state.wall === null) return state;
  const wall = change_wall(state.wall, frame, now_ms);
  return wall === state.wall ? state : { ...state, wall };
}

function wall_from(snapshot: Snapshot, before: Wall | null, now_ms: number): Wall {
  const phase = snapshot.phase === "paused" ? (snapshot.revealed ? "revealed" : snapshot.question ? "closed" : "lobby") : snapshot.phase;
  const scene = snapshot.scene || "question";
  const is_same = before !== null && before.scene === scene && before.phase === phase && before.asking === snapshot.asking;
  return {
    code: snapshot.code,
    title: snapshot.title,
    unit: snapshot.unit,
    phase,
    is_paused: snapshot.phase === "paused",
    askings: snapshot.askings,
    asking: snapshot.asking,
    people: snapshot.people,
    scene,
    scene_ms: is_same && before !== null ? before.scene_ms : now_ms,
    question: snapshot.question || null,
    clock: snapshot.open ? clock_start(snapshot.open, now_ms) : null,
    revealed: snapshot.revealed || null,
    leaderboard: snapshot.leaderboard || null,
    is_voided: snapshot.voided === true,
    is_locked: snapshot.locked === true,
  };
}

function change_wall(wall: Wall, frame: ServerFrame, now_ms: number): Wall {
  switch (frame.type) {
    case "question":
      return {
        ...wall,
        phase: "open",
        is_paused: false,
        asking: frame.asking,
        askings: frame.askings,
        question: frame,
        clock: null,
        revealed: null,
        is_voided: false,
        scene: "question",
        scene_ms: now_ms,
      };
    case "open":
      return frame.asking === wall.asking ? { ...wall, phase: "open", is_paused: false, clock: clock_start(frame, now_ms) } : wall;
    case "extended":
      return frame.asking === wall.asking && wall.clock ? { ...wall, clock: { ...wall.clock, limit_ms: frame.limit_ms } } : wall;
    case "closed":
      return frame.asking === wall.asking ? { ...wall, phase: "closed" } : wall;
    case "revealed":
      return frame.asking === wall.asking ? { ...wall, phase: "revealed", revealed: frame, scene: "question", scene_ms: now_ms } : wall;
    case "leaderboard":
      return { ...wall, leaderboard: frame };
    case "scene":
      return { ...wall, scene: frame.show, scene_ms: now_ms };
    case "voided":
      return frame.asking === wall.asking ? { ...wall, is_voided: true } : wall;
    case "paused":
      return { ...wall, is_paused: true };
    case "resumed":
      return { ...wall, is_paused: false };
    case "beat":
      return { ...wall, people: frame.people };
    case "ended":
      return { ...wall, phase: "ended", is_paused: false, scene_ms: now_ms };
    default:
      return wall; /* for residents, or of a later server */
  }
}

/* What the wall shows of a leaderboard at this moment: six rows a page, then the communities, for eight seconds each. */
export const PAGE_MS = 8000;
export const ROWS_A_PAGE = 6;

export type BoardPage = { of: "podium" } | { of: "people" | "communities"; from: number };

export function board_pages(board: Leaderboard, with_podium: boolean): BoardPage[] {
  const pages: BoardPage[] = with_podium && podium_rows(board).length > 0 ? [{ of: "podium" }] : [];
  for (let from = 0; from < board.rows.length; from += ROWS_A_PAGE) pages.push({ of: "people", from });
  for (let from = 0; from < board.communities.length; from += ROWS_A_PAGE) pages.push({ of: "communities", from });
  return pages;
}

/* Nobody stands on the podium without a point. */
export function podium_rows(board: Leaderboard): LeaderboardRow[] {
  return board.rows.slice(0, 3).filter((row) => row.points > 0);
}

export function board_page(board: Leaderboard, with_podium: boolean, since_ms: number, now_ms: number): BoardPage | null {
  const pages = board_pages(board, with_podium);
  if (pages.length === 0) return null;
  return pages[Math.floor(Math.max(0, now_ms - since_ms) / PAGE_MS) % pages.length] || null;
}
