/* What a person can ask for, as verbs. Joins the pure state with the connection: sends requests, turns replies and
 * frames into events, and fetches again what a change has made old. Views call these and nothing else. */
import type { Signal } from "@preact/signals";
import { storage_get, storage_set } from "../shared/storage";
import { connection_make, http, type Connection, type LinkNews } from "./connection";
import { EXTEND_MS, press_counts, type Verb } from "./deck";
import { draft_new, draft_request, type Draft } from "./draft";
import { apply, PAGE_FIRST, PAGE_ROWS, route_of, shown_asking } from "./state";
import type { DeskEvent, DeskState, Language, Page, Route, Tab } from "./state";
import { sentence, type Phrase } from "./words";
import { is_object, list_of, round_part } from "./wire";
import type { Account, Bank, Board, CommunityRow, Fault, Health, Person, Question, Reply, RoundRow, RoundState } from "./wire";

const REFRESH_MS = 5_000;
const PEOPLE_MS = 1_000; /* the list of those who come in is not fetched more often */

export type Desk = ReturnType<typeof desk_make>;

export function hash_of(route: Route): string {
  switch (route.at) {
    case "rounds":
      return "#/";
    case "banks":
      return route.bank === null ? "#/banks" : `#/banks/${route.bank}`;
    case "new":
      return "#/new";
    case "round":
      return `#/round/${route.round}`;
    case "print":
      return `#/round/${route.round}/print`;
  }
}

export function desk_make(state: Signal<DeskState>) {
  let people_timer = 0;
  let was_mine = false;
  let watching: Promise<void> = Promise.resolve();

  const dispatch = (event: DeskEvent): void => {
    state.value = apply(state.value, event);
  };

  const connection: Connection = connection_make(`${location.origin.replace(/^http/, "ws")}/desk`, {
    link: (news) => on_link(news),
    frame: (frame) => on_frame(frame),
    may_open: () => ask_me(),
  });

  /* ---- who is here ---- */

  /* True where a session is open. Throws where the server cannot be reached. */
  async function ask_me(): Promise<boolean> {
    const reply = await http("/api/me");
    if (!reply.ok) throw new Error(reply.error);
    const account = is_object(reply.body["account"]) ? (reply.body["account"] as unknown as Account) : null;
    if (account === null && state.value.account) dispatch({ type: "fault", fault: { error: "signed_out" } });
    dispatch({ type: "me", account, first: reply.body["first"] === true });
    return account !== null;
  }

  async function boot(): Promise<void> {
    window.addEventListener("hashchange", () => on_route());
    window.setInterval(() => void refresh(), REFRESH_MS);
    on_route();
    await arrive();
  }

  async function arrive(): Promise<void> {
    try {
      if (await ask_me()) connection.open();
      dispatch({ type: "fault", fault: null });
    } catch {
      dispatch({ type: "fault", fault: { error: "unreachable" } });
      window.setTimeout(() => void arrive(), REFRESH_MS);
    }
  }

  async function sign(path: string, body: Record<string, unknown>): Promise<void> {
    dispatch({ type: "sign_fault", fault: null, at_ms: 0 });
    dispatch({ type: "sent", verb: "sign" });
    let reply: Reply;
    try {
      reply = await http(path, body);
    } catch {
      reply = { ok: false, error: "unreachable" };
    }
    dispatch({ type: "settled", verb: "sign" });
    if (!reply.ok) {
      dispatch({ type: "sign_fault", fault: reply, at_ms: performance.now() });
      return;
    }
    if (location.hash.startsWith("#first=")) history.replaceState(null, "", "#/");
    dispatch({ type: "first_token", token: null });
    await arrive();
  }

  async function sign_out(): Promise<void> {
    connection.close();
    await http("/api/signout", {}).catch(() => null);
    dispatch({ type: "link", link: "idle" });
    dispatch({ type: "me", account: null, first: false });
  }

  /* ---- the link ---- */

  function on_link(news: LinkNews): void {
    if (news === "lost") was_mine = state.value.live?.round.lease.mine ?? false;
    dispatch({ type: "link", link: news });
    if (news === "up") void load(true);
  }

  function on_frame(frame: Record<string, unknown>): void {
    if (frame["event"] === "signed_out") {
      connection.close();
      dispatch({ type: "link", link: "idle" });
      dispatch({ type: "me", account: null, first: false });
      dispatch({ type: "fault", fault: { error: "signed_out" } });
      return;
    }
    if (frame["event"] !== "state" || typeof frame["round"] !== "number") return;
    const part = round_part(frame["state"]);
    if (!part) return;
    const before = state.value.live?.round;
    dispatch({ type: "round", round: frame["round"], part, at_ms: performance.now() });
    const after = state.value.live?.round;
    if (before && after) follow(before, after);
  }

  /* Fetches again what this change has made old. */
  function follow(before: RoundState, after: RoundState): void {
    const has_moved = before.phase !== after.phase || before.asking !== after.asking;
    const is_recounted = before.voided.length !== after.voided.length || before.names_hidden !== after.names_hidden;
    if ((has_moved && (after.phase === "revealed" || after.phase === "ended")) || is_recounted) void boards();
    if (before.people !== after.people) people_soon();
  }

  function people_soon(): void {
    if (people_timer !== 0) return;
    people_timer = window.setTimeout(() => {
      people_timer = 0;
      if (state.value.live?.tab === "people") void people();
    }, PEOPLE_MS);
  }

  /* ---- asking the desk ---- */

  async function ask(verb: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown> | null> {
    const reply = await connection.request(verb, fields);
    if (reply.ok) return reply.body;
    if (reply.error !== "link_lost") dispatch({ type: "fault", fault: reply });
    return null;
  }

  /* Something a person pressed: what went wrong is said, what went right clears what was said. */
  async function act(verb: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown> | null> {
    dispatch({ type: "sent", verb });
    const reply = await connection.request(verb, fields);
    dispatch({ type: "settled", verb });
    const fault: Fault | null = reply.ok ? null : reply;
    dispatch({ type: "fault", fault });
    return reply.ok ? reply.body : null;
  }

  /* ---- routes ---- */

  function go(route: Route): void {
    const hash = hash_of(route);
    if (location.hash === hash) on_route();
    else location.hash = hash;
  }

  function on_route(): void {
    const { route, first_token } = route_of(location.hash);
    const live = state.value.live;
    const is_same_round = (route.at === "round" || route.at === "print") && live?.round.round === route.round;
    if (live && !is_same_round) {
      void connection.request("round.unwatch", { round: live.round.round });
      dispatch({ type: "unwatched" });
    }
    if (first_token !== null) dispatch({ type: "first_token", token: first_token });
    dispatch({ type: "route", route });
    window.scrollTo(0, 0);
    if (state.value.link === "up") void load(false);
  }

  /* Fetches what the page needs. `is_anew`: the connection is new, so that nothing is watched yet. */
  async function load(is_anew: boolean): Promise<void> {
    const { route, live } = state.value;
    if (route.at === "rounds") await Promise.all([rounds(), health()]);
    if (route.at === "banks" || route.at === "new") await banks();
    if (route.at === "banks" && route.bank !== null) await questions(route.bank);
    if (route.at === "new") draft_begin();
    if ((route.at === "round" || route.at === "print") && (is_anew || live?.round.round !== route.round)) {
      watching = watching.then(() => watch(route.round)); /* the desk takes one at a time */
      await watching;
    }
  }

  async function refresh(): Promise<void> {
    if (state.value.link !== "up" || document.hidden) return;
    const { route } = state.value;
    if (route.at === "rounds") await rounds();
    if (route.at !== "round") await health();
  }

  async function rounds(): Promise<void> {
    const body = await ask("rounds");
    if (body) dispatch({ type: "rounds", rounds: list_of<RoundRow>(body, "rounds") });
  }

  async function health(): Promise<void> {
    const reply = await connection.request("health");
    if (reply.ok) dispatch({ type: "health", health: reply.body as unknown as Health });
  }

  async function banks(): Promise<void> {
    const body = await ask("banks");
    if (body) dispatch({ type: "banks", banks: list_of<Bank>(body, "banks") });
  }

  async function questions(bank: number): Promise<void> {
    if (state.value.questions[bank]) return;
    const questions: Question[] = [];
    let of = 1;
    while (questions.length < of) {
      const body = await ask("bank", { bank, from: questions.length });
      if (!body) return;
      const page = list_of<Question>(body, "questions");
      questions.push(...page);
      of = page.length > 0 && typeof body["of"] === "number" ? body["of"] : 0;
    }
    dispatch({ type: "questions", bank, questions });
  }

  /* ---- a new round ---- */

  function draft_begin(): void {
    if (!state.value.draft) draft_set(draft_new(storage_get("desk.unit"), storage_get("desk.communities")));
  }

  function draft_set(draft: Draft): void {
    dispatch({ type: "draft", draft });
  }

  async function create(draft: Draft): Promise<void> {
    const body = await act("round.create", draft_request(draft));
    if (!body || typeof body["round"] !== "number") return;
    storage_set("desk.unit", draft.unit.trim());
    storage_set("desk.communities", draft.communities_text);
    dispatch({ type: "draft", draft: null });
    go({ at: "round", round: body["round"] });
  }

  /* ---- a running round ---- */

  async function watch(round: number): Promise<void> {
    const { route: wanted } = state.value;
    if ((wanted.at !== "round" && wanted.at !== "print") || wanted.round !== round) return;
    const body = await ask("round.watch", { round });
    const part = body ? round_part(body["state"]) : null;
    if (!part) return;
    const is_return = state.value.live?.round.round === round;
    dispatch({ type: "watched", round: part as RoundState, at_ms: performance.now() });
    const { live, route } = state.value;
    const lease = live?.round.lease;
    /* Who opens a round that nobody drives becomes its host; who comes back to it only where it was theirs. */
    const may_take = is_return ? was_mine : lease?.holder === null;
    if (route.at === "round" && live?.round.phase !== "ended" && lease?.mine === false && may_take) {
      await connection.request("lease.take", { round, force: false });
    }
    was_mine = false;
    await Promise.all([boards(), people(), qr(-1)]);
  }

  function round_now(): number {
    return state.value.live?.round.round ?? 0;
  }

  async function boards(): Promise<void> {
    await Promise.all([board(), communities()]);
  }

  async function board(): Promise<void> {
    const live = state.value.live;
    if (!live) return;
    const { from, search } = live.board_page;
    const count = live.round.phase === "ended" ? 20 : PAGE_ROWS;
    const body = await ask("leaderboard", { round: live.round.round, from, count, ...(search ? { search } : {}) });
    if (body) dispatch({ type: "board", page: live.board_page, board: { rows: [], ...body } as unknown as Board });
  }

  async function communities(): Promise<void> {
    const live = state.value.live;
    if (!live || live.round.rules.communities.length === 0) return;
    const body = await ask("communities", { round: live.round.round });
    if (body) dispatch({ type: "communities", rows: list_of<CommunityRow>(body, "rows") });
  }

  async function people(): Promise<void> {
    const live = state.value.live;
    if (!live) return;
    const { from, search } = live.people_page;
    const body = await ask("people", { round: live.round.round, search, from, count: PAGE_ROWS });
    if (!body) return;
    const rows = list_of<Person>(body, "rows");
    const of = typeof body["of"] === "number" ? body["of"] : rows.length;
    dispatch({ type: "people", page: live.people_page, people: { rows, of } });
  }

  async function qr(community: number): Promise<void> {
    const round = round_now();
    if (state.value.live?.qrs.some((known) => known.community === community)) return;
    const body = await ask("qr", { round, community });
    if (!body || typeof body["svg"] !== "string" || typeof body["url"] !== "string") return;
    dispatch({ type: "qr", round, qr: { community, svg: body["svg"], url: body["url"] } });
  }

  async function qr_all(): Promise<void> {
    const count = state.value.live?.round.rules.communities.length ?? 0;
    await qr(-1);
    for (let community = 0; community < count; community++) await qr(community);
  }

  function tab(name: Tab): void {
    dispatch({ type: "tab", tab: name });
    if (name === "people") void people();
    else void boards();
  }

  function board_page(page: Page): void {
    dispatch({ type: "board_page", page });
    void board();
  }

  function people_page(page: Page): void {
    dispatch({ type: "people_page", page });
    void people();
  }

  /* The deck. A second press within 600 ms is the same finger; while a request is on its way nothing else is sent. */
  function press(verb: Verb): void {
    const now = performance.now();
    const { live, pending, pressed_ms } = state.value;
    if (!live || !press_counts(pressed_ms, now) || pending.includes(verb)) return;
    dispatch({ type: "pressed", at_ms: now });
    const { round } = live;
    switch (verb) {
      case "ask_close":
        if (round.connected > 0 && round.answered >= round.connected) void act("round.close", { round: round.round });
        else dispatch({ type: "dialog", dialog: { is: "close" } });
        return;
      case "ask_void":
        dispatch({ type: "dialog", dialog: { is: "void", asking: shown_asking(live) } });
        return;
      case "ask_end":
        dispatch({ type: "dialog", dialog: { is: "end" } });
        return;
      case "round.extend":
        void act(verb, { round: round.round, ms: EXTEND_MS });
        return;
      case "round.lock":
        void act(verb, { round: round.round, locked: !round.locked });
        return;
      case "round.hide_names":
        void act(verb, { round: round.round, hidden: !round.names_hidden });
        return;
      case "round.pace":
        void act(verb, { round: round.round, auto: !round.auto });
        return;
      default:
        void act(verb, { round: round.round });
    }
  }

  /* Says why something cannot be pressed. */
  function explain(why: Phrase): void {
    const text = sentence("zh", why.word, why.values);
    const text_en = sentence("en", why.word, why.values);
    dispatch({ type: "fault", fault: { error: "why", text, text_en } });
  }

  async function confirmed(verb: string, fields: Record<string, unknown> = {}): Promise<void> {
    dispatch({ type: "dialog", dialog: null });
    await act(verb, { round: round_now(), ...fields });
    if (verb.startsWith("participant.")) await Promise.all([boards(), people()]);
  }

  async function take(): Promise<void> {
    const holder = state.value.live?.round.lease.holder ?? null;
    if (holder !== null) dispatch({ type: "dialog", dialog: { is: "take", holder } });
    else await act("lease.take", { round: round_now(), force: false });
  }

  function language(next: Language): void {
    storage_set("desk.language", next);
    dispatch({ type: "language", language: next });
  }

  return {
    state,
    dispatch,
    boot,
    go,
    language,
    first: (token: string, name: string, password: string) => sign("/api/first", { token, name, password }),
    sign_in: (name: string, password: string) => sign("/api/signin", { name, password }),
    sign_out,
    questions,
    draft_set,
    create,
    press,
    explain,
    confirmed,
    take,
    act: (verb: string, fields: Record<string, unknown> = {}) => act(verb, { round: round_now(), ...fields }),
    tab,
    board_page,
    people_page,
    qr_all,
    page_first: PAGE_FIRST,
  };
}
