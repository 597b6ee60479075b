/* What the desk knows and shows, and how each event changes it. `apply` is pure: it reads no clock, touches no page and
 * sends nothing. Views draw this state; commands.ts and connection.ts make the events. */
import { clock_start, type Clock } from "../shared/clock";
import type { Draft } from "./draft";
import type { Account, Bank, Board, CommunityRow, Fault, Health, People, Question, RoundRow, RoundState } from "./wire";

export type Language = "zh" | "en";
export type Route =
  | { at: "rounds" }
  | { at: "banks"; bank: number | null }
  | { at: "new" }
  | { at: "round"; round: number }
  | { at: "print"; round: number };
/* idle: nobody is signed in, so nothing is to be connected. */
export type Link = "idle" | "connecting" | "up" | "lost";
export type Tab = "communities" | "board" | "people";

export type Dialog =
  | { is: "close" }
  | { is: "void"; asking: number }
  | { is: "end" }
  | { is: "take"; holder: string }
  | { is: "give" }
  | { is: "invite" }
  | { is: "person"; participant: number; name: string; community: string; points: number | null; removed: boolean };

export interface Page {
  from: number;
  search: string;
}

export interface Qr {
  community: number; /* -1: the round's own */
  svg: string;
  url: string;
}

export interface Live {
  round: RoundState;
  clock: Clock | null; /* of the open asking, on this page's own clock */
  looking: number | null; /* the asking shown in the middle; null: the current one */
  tab: Tab;
  board_page: Page;
  board: Board | null;
  communities: CommunityRow[] | null;
  people_page: Page;
  people: People | null;
  qrs: Qr[];
}

export interface DeskState {
  language: Language;
  route: Route;
  link: Link;
  account: Account | null | undefined; /* undefined: not asked yet */
  first: boolean;
  first_token: string | null; /* of the one-time link */
  sign_fault: Fault | null;
  wait_until_ms: number; /* too many wrong passwords: not before this, on the page's clock */
  rounds: RoundRow[] | null;
  banks: Bank[] | null;
  questions: { [bank: number]: Question[] };
  health: Health | null;
  draft: Draft | null;
  live: Live | null;
  dialog: Dialog | null;
  fault: Fault | null; /* the last thing that did not work, as said under the head */
  pending: string[]; /* requests on their way, by their verb */
  pressed_ms: number; /* the deck's last press */
}

export type DeskEvent =
  | { type: "language"; language: Language }
  | { type: "route"; route: Route }
  | { type: "link"; link: Link }
  | { type: "me"; account: Account | null; first: boolean }
  | { type: "first_token"; token: string | null }
  | { type: "sign_fault"; fault: Fault | null; at_ms: number }
  | { type: "rounds"; rounds: RoundRow[] }
  | { type: "banks"; banks: Bank[] }
  | { type: "questions"; bank: number; questions: Question[] }
  | { type: "health"; health: Health }
  | { type: "draft"; draft: Draft | null }
  | { type: "watched"; round: RoundState; at_ms: number }
  | { type: "round"; round: number; part: Partial<RoundState>; at_ms: number }
  | { type: "unwatched" }
  | { type: "look"; asking: number | null }
  | { type: "tab"; tab: Tab }
  | { type: "board_page"; page: Page }
  | { type: "board"; page: Page; board: Board }
  | { type: "communities"; rows: CommunityRow[] }
  | { type: "people_page"; page: Page }
  | { type: "people"; page: Page; people: People }
  | { type: "qr"; round: number; qr: Qr }
  | { type: "dialog"; dialog: Dialog | null }
  | { type: "fault"; fault: Fault | null }
  | { type: "sent"; verb: string }
  | { type: "settled"; verb: string }
  | { type: "pressed"; at_ms: number };

export const PAGE_FIRST: Page = { from: 0, search: "" };
export const PAGE_ROWS = 8;
export const ENDED_ROWS = 20;

export function state_first(language: Language, route: Route): DeskState {
  return {
    language,
    route,
    link: "idle",
    account: undefined,
    first: false,
    first_token: null,
    sign_fault: null,
    wait_until_ms: 0,
    rounds: null,
    banks: null,
    questions: {},
    health: null,
    draft: null,
    live: null,
    dialog: null,
    fault: null,
    pending: [],
    pressed_ms: -Infinity,
  };
}

export function apply(state: DeskState, event: DeskEvent): DeskState {
  switch (event.type) {
    case "language":
      return { ...state, language: event.language };
    case "route":
      return { ...state, route: event.route, dialog: null, fault: null };
    case "link":
      return { ...state, link: event.link, fault: event.link === "up" ? still_true(state.fault) : state.fault };
    case "me":
      return signed(state, event.account, event.first);
    case "first_token":
      return { ...state, first_token: event.token, sign_fault: null };
    case "sign_fault":
      return {
        ...state,
        sign_fault: event.fault,
        wait_until_ms: event.fault?.error === "wait" ? event.at_ms + (event.fault.seconds ?? 1) * 1000 : 0,
      };
    case "rounds":
      return { ...state, rounds: event.rounds };
    case "banks":
      return { ...state, banks: event.banks };
    case "questions":
      return { ...state, questions: { ...state.questions, [event.bank]: event.questions } };
    case "health":
      return { ...state, health: event.health };
    case "draft":
      return { ...state, draft: event.draft };
    case "watched":
      return { ...state, live: watched(state.live, event.round, event.at_ms) };
    case "round":
      if (!state.live || state.live.round.round !== event.round) return state;
      return told(state, state.live, event.part, event.at_ms);
    case "unwatched":
      return { ...state, live: null };
    case "dialog":
      return { ...state, dialog: event.dialog };
    case "fault":
      return { ...state, fault: event.fault };
    case "sent":
      return { ...state, pending: [...state.pending, event.verb] };
    case "settled":
      return { ...state, pending: without_one(state.pending, event.verb) };
    case "pressed":
      return { ...state, pressed_ms: event.at_ms };
    default:
      return state.live ? { ...state, live: apply_live(state.live, event) } : state;
  }
}

type LiveEvent = Extract<
  DeskEvent,
  { type: "look" | "tab" | "board_page" | "board" | "communities" | "people_page" | "people" | "qr" }
>;

function apply_live(live: Live, event: LiveEvent): Live {
  switch (event.type) {
    case "look":
      return { ...live, looking: event.asking === live.round.asking ? null : event.asking };
    case "tab":
      return { ...live, tab: event.tab };
    case "board_page":
      return { ...live, board_page: event.page };
    case "board":
      return is_same_page(live.board_page, event.page) ? { ...live, board: event.board } : live;
    case "communities":
      return { ...live, communities: event.rows };
    case "people_page":
      return { ...live, people_page: event.page };
    case "people":
      return is_same_page(live.people_page, event.page) ? { ...live, people: event.people } : live;
    case "qr":
      if (event.round !== live.round.round) return live;
      return { ...live, qrs: [...live.qrs.filter((qr) => qr.community !== event.qr.community), event.qr] };
  }
}

/* Another account must not find what the last one saw. */
function signed(state: DeskState, account: Account | null, first: boolean): DeskState {
  if (account !== null && (!state.account || state.account.name === account.name)) {
    return { ...state, account, first, first_token: null, sign_fault: null, wait_until_ms: 0 };
  }
  return {
    ...state_first(state.language, state.route),
    account,
    first,
    first_token: state.first_token,
    sign_fault: account === null ? state.sign_fault : null,
    wait_until_ms: account === null ? state.wait_until_ms : 0,
    draft: account === null ? state.draft : null,
  };
}

function clock_of(round: RoundState, at_ms: number): Clock | null {
  return round.phase === "open" && round.open ? clock_start(round.open, at_ms) : null;
}

/* The first whole state, or the one after a reconnection: what was chosen on this page stays. */
function watched(before: Live | null, round: RoundState, at_ms: number): Live {
  const clock = clock_of(round, at_ms);
  if (before && before.round.round === round.round) return { ...before, round, clock };
  const tab: Tab = round.asking === 0 ? "people" : round.rules.communities.length > 0 ? "communities" : "board";
  return {
    round,
    clock,
    looking: null,
    tab,
    board_page: PAGE_FIRST,
    board: null,
    communities: null,
    people_page: PAGE_FIRST,
    people: null,
    qrs: [],
  };
}

/* A frame may leave out what has not changed. When another question comes up, the page goes back to it, and a question
 * about the last one ("void this?") is taken away. */
function told(state: DeskState, live: Live, part: Partial<RoundState>, at_ms: number): DeskState {
  const round: RoundState = { ...live.round, ...part };
  const moved = round.asking !== live.round.asking || round.phase !== live.round.phase;
  const started = live.round.asking === 0 && round.asking > 0;
  const clock = "open" in part ? clock_of(round, at_ms) : moved ? null : live.clock;
  const tab: Tab = started && live.tab === "people" ? (round.rules.communities.length > 0 ? "communities" : "board") : live.tab;
  const looking = moved ? null : live.looking;
  const stale = moved && state.dialog !== null && ["close", "void", "end"].includes(state.dialog.is);
  const fault = moved ? still_true(state.fault) : state.fault;
  return { ...state, fault, dialog: stale ? null : state.dialog, live: { ...live, round, clock, looking, tab } };
}

/* Why something could not be pressed is no longer true once things have moved; a refusal stays until it is read. */
function still_true(fault: Fault | null): Fault | null {
  return fault?.error === "why" ? null : fault;
}

function is_same_page(a: Page, b: Page): boolean {
  return a.from === b.from && a.search === b.search;
}

function without_one(list: readonly string[], item: string): string[] {
  const index = list.indexOf(item);
  return list.filter((_, at) => at !== index);
}

/* The asking in the middle of the live page: the one looked at, or the current one, or none before the first. */
export function shown_asking(live: Live): number {
  return live.looking ?? live.round.asking;
}

/* Communities come as an index into the round's list or already as a name. */
export function community_name(community: number | string | null | undefined, round: RoundState): string {
  if (typeof community === "string") return community;
  if (typeof community !== "number") return "";
  return round.rules.communities[community] ?? "";
}

export function route_of(hash: string): { route: Route; first_token: string | null } {
  const first = /^#first=([A-Za-z0-9_-]{1,200})$/.exec(hash);
  if (first) return { route: { at: "rounds" }, first_token: first[1] ?? null };
  const round = /^#\/round\/(\d{1,10})(\/print)?$/.exec(hash);
  if (round) return { route: { at: round[2] ? "print" : "round", round: Number(round[1]) }, first_token: null };
  const bank = /^#\/banks(?:\/(\d{1,15}))?$/.exec(hash);
  if (bank) return { route: { at: "banks", bank: bank[1] ? Number(bank[1]) : null }, first_token: null };
  if (hash === "#/new") return { route: { at: "new" }, first_token: null };
  return { route: { at: "rounds" }, first_token: null };
}
