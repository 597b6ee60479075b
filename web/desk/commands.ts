/* What a person can ask for, as verbs. Joins the pure state with the connection: sends requests, turns replies and
 * frames into events, and fetches again what a change has made old. Views call these and nothing else. */
import type { Signal } from "@preact/signals";
import { storage_get, storage_set } from "../shared/storage";
import { asker_make } from "./asker";
import { round_commands } from "./commands-round";
import { connection_make, http, type Connection, type LinkNews } from "./connection";
import { draft_drop, draft_new, draft_request, type Draft } from "./draft";
import { draft_keep, draft_kept } from "./draft-keep";
import { apply, route_of, type DeskEvent, type DeskState, type Language, type Route } from "./state";
import { is_object, list_of, round_part } from "./wire";
import type { Account, Bank, Health, Question, Reply, RoundRow } from "./wire";

const REFRESH_MS = 5_000;

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

  const asker = asker_make(state, dispatch, connection.request);
  const { ask, act } = asker;
  const round = round_commands(asker);

  /* ---- who is here ---- */

  /* True where a session is open. Throws where the server cannot be reached. */
  async function ask_me(): Promise<boolean> {
    const reply = await http("/api/me");
    if (!reply.ok) throw new Error(reply.error);
    const account = is_object(reply.body["account"]) ? (reply.body["account"] as unknown as Account) : null;
    const was_here = state.value.account != null;
    dispatch({ type: "me", account, first: reply.body["first"] === true });
    if (account === null && was_here) dispatch({ type: "fault", fault: { error: "signed_out" } });
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
    if (before && after) round.follow(before, after);
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
    if (route.at === "new") await draft_begin();
    if ((route.at === "round" || route.at === "print") && (is_anew || live?.round.round !== route.round)) {
      const next = (): Promise<void> => watch(route.round);
      watching = watching.then(next, next); /* the desk takes one at a time */
      await watching;
    }
  }

  async function refresh(): Promise<void> {
    if (state.value.link !== "up" || document.hidden) return;
    const { route } = state.value;
    if (route.at === "rounds") await rounds();
    if (route.at !== "round") await health();
  }

  async function watch(number: number): Promise<void> {
    await round.watch(number, was_mine);
    was_mine = false;
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

  function account_name(): string {
    return state.value.account?.name ?? "";
  }

  async function draft_begin(): Promise<void> {
    if (state.value.draft) return;
    const kept = draft_kept(account_name());
    draft_set(kept ?? draft_new(storage_get("desk.unit"), storage_get("desk.communities")));
    if (kept && kept.chosen.length > 0) await draft_settle();
  }

  /* After a reload: fetches the banks that the chosen questions may be from, and drops those that are gone since. */
  async function draft_settle(): Promise<void> {
    const banks = state.value.banks ?? [];
    for (const bank of banks) await questions(bank.id);
    const { draft, questions: known } = state.value;
    if (!draft || banks.some((bank) => !known[bank.id])) return;
    const ids = new Set(banks.flatMap((bank) => (known[bank.id] ?? []).map((question) => question.id)));
    const gone = draft.chosen.filter((id) => !ids.has(id));
    if (gone.length > 0) draft_set(draft_drop(draft, gone));
  }

  function draft_set(draft: Draft): void {
    draft_keep(account_name(), draft);
    dispatch({ type: "draft", draft });
  }

  async function create(draft: Draft): Promise<void> {
    const body = await act("round.create", draft_request(draft));
    if (!body || typeof body["round"] !== "number") return;
    storage_set("desk.unit", draft.unit.trim());
    storage_set("desk.communities", draft.communities_text);
    draft_keep(account_name(), null);
    dispatch({ type: "draft", draft: null });
    go({ at: "round", round: body["round"] });
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
    ...round,
  };
}
