/* The verbs of a running round: watching it, fetching its tables, the deck's presses, what was confirmed in a dialog. */
import type { Asker } from "./asker";
import { EXTEND_MS, press_counts, type Verb } from "./deck";
import { ENDED_ROWS, PAGE_ROWS, shown_asking, type Page, type Tab } from "./state";
import { sentence, type Phrase } from "./words";
import { list_of, round_part } from "./wire";
import type { Board, CommunityRow, Person, RoundState } from "./wire";

const PEOPLE_MS = 1_000; /* the list of those who come in is not fetched more often */

export function round_commands(asker: Asker) {
  const { state, dispatch, ask, act } = asker;
  let people_timer = 0;

  /* `was_mine`: this page was the host before its connection was lost. */
  async function watch(round: number, was_mine: boolean): Promise<void> {
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
      await asker.request("lease.take", { round, force: false });
    }
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
    const count = live.round.phase === "ended" ? ENDED_ROWS : PAGE_ROWS;
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

  return {
    watch,
    follow,
    press,
    explain,
    confirmed,
    take,
    act: (verb: string, fields: Record<string, unknown> = {}) => act(verb, { round: round_now(), ...fields }),
    tab,
    board_page,
    people_page,
    qr_all,
  };
}
