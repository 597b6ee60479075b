/* A pretend desk for the organizers' pages: serves web/dist by desk.table with the server's security headers, signs in,
 * and speaks jingda-desk.v1 with rounds that really move through their phases. Nobody answers by themselves: the test
 * says who came in and what was answered. `node tests/browser/mock-desk.mjs [PORT]` serves it for looking at, with a
 * crowd. The real desk is tested elsewhere. */
import { createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { banks_made, person_made, qr_made } from "./mock-desk-data.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../web");
const { WebSocketServer } = createRequire(join(web, "package.json"))("ws");

const security = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};
const CHANGES = ["start", "next", "close", "extend", "reveal", "scene", "pause", "resume", "void", "lock", "hide_names", "pace", "end"];

export async function mock_desk_start({ dist = join(web, "dist"), port = 0, has_account = true, has_banks = true } = {}) {
  const files = new Map();
  for (const line of readFileSync(join(dist, "desk.table"), "utf8").split("\n")) {
    const [path, file, type] = line.split(" ");
    if (path) files.set(path, { file: join(dist, file), type });
  }
  const desk = new MockDesk(has_account, has_banks);
  const http = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const found = files.get(path);
    if (path.startsWith("/api/")) return void desk.api(path, request, response);
    response.writeHead(found ? 200 : 404, found ? { ...security, "Content-Type": found.type } : security);
    if (found) createReadStream(found.file).pipe(response);
    else response.end();
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has("jingda-desk.v1") ? "jingda-desk.v1" : false),
  });
  http.on("upgrade", (request, socket, head) => {
    const account = desk.account_of(request);
    if (desk.is_down || !account || new URL(request.url, "http://x").pathname !== "/desk") socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (connection) => desk.take(connection, account));
  });
  await new Promise((resolve) => http.listen(port, "127.0.0.1", resolve));
  desk.origin = `http://127.0.0.1:${http.address().port}`;
  desk.stop = async () => {
    desk.cut();
    await new Promise((resolve) => {
      http.closeAllConnections();
      http.close(resolve);
    });
  };
  return desk;
}

class MockDesk {
  accounts = new Map();
  sessions = new Map();
  rounds = new Map();
  links = new Set();
  refusals = []; /* { do, error }: the next request of that name gets it */
  asked = []; /* every request that came, for tests to read */
  is_down = false;
  first_token = "mock-first-token";
  health = { edges_up: 2, edges: 2, commit_ms: 38, reconnecting: 0 };
  next_link = 1;
  next_round = 1;
  wrong = 0;

  constructor(has_account, has_banks) {
    if (has_account) this.accounts.set("王敏", { name: "王敏", role: "organizer", password: "correct horse" });
    if (has_account) this.accounts.set("张老师", { name: "张老师", role: "host", password: "correct horse" });
    this.banks = has_banks ? banks_made() : [];
  }

  /* ---- HTTP ---- */

  account_of(request) {
    const key = /(?:^|; )desk-mock=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    return this.sessions.get(key) ?? null;
  }

  async api(path, request, response) {
    let text = "";
    for await (const part of request) text += part;
    const body = text ? JSON.parse(text) : {};
    const send = (status, answer, headers = {}) => {
      response.writeHead(status, { ...security, "Content-Type": "application/json", ...headers });
      response.end(JSON.stringify(answer));
    };
    const enter = (account) => {
      const key = `s${this.sessions.size + 1}`;
      this.sessions.set(key, account);
      send(200, { ok: true }, { "Set-Cookie": `desk-mock=${key}; HttpOnly; SameSite=Strict; Path=/` });
    };
    if (this.is_down) return response.destroy();
    if (path === "/api/me") {
      const account = this.account_of(request);
      return send(200, { account: account ? { name: account.name, role: account.role } : null, first: this.accounts.size === 0 });
    }
    if (path === "/api/signout") {
      for (const [key, account] of this.sessions) if (account === this.account_of(request)) this.sessions.delete(key);
      return send(200, { ok: true });
    }
    if (path === "/api/first") {
      if (body.token !== this.first_token || this.accounts.size > 0) return send(403, { error: "bad_token" });
      this.accounts.set(body.name, { name: body.name, role: "organizer", password: body.password });
      return enter(this.accounts.get(body.name));
    }
    if (this.wrong >= 3) return send(429, { error: "wait", seconds: 30 });
    const account = this.accounts.get(body.name);
    if (account && account.password === body.password) return enter(account);
    this.wrong += 1;
    return send(403, { error: "wrong_password" });
  }

  /* ---- links ---- */

  take(connection, account) {
    const link = { id: this.next_link++, connection, account, round: 0 };
    this.links.add(link);
    connection.on("message", (text) => {
      const request = JSON.parse(String(text));
      const answer = this.answer_to(link, request);
      if (answer) connection.send(JSON.stringify({ id: request.id, ...answer }));
      const round = this.rounds.get(request.round);
      if (round && /^(round\.|lease\.|participant\.)/.test(request.do)) this.push(round);
    });
    connection.on("close", () => this.left(link));
  }

  left(link) {
    this.links.delete(link);
    const round = this.rounds.get(link.round);
    if (!round) return;
    if (round.holder === link) round.holder = null;
    this.push(round);
  }

  cut() {
    for (const link of this.links) link.connection.terminate();
  }

  sign_out_all() {
    this.sessions.clear();
    for (const link of this.links) link.connection.send(JSON.stringify({ event: "signed_out" }));
  }

  answer_to(link, request) {
    this.asked.push(request);
    const planned = this.refusals.findIndex((one) => one.do === request.do);
    if (planned >= 0) return { ok: false, ...this.refusals.splice(planned, 1)[0], do: undefined };
    const round = this.rounds.get(request.round);
    const verb = request.do.replace(".", "_");
    const needs_round = !["banks", "bank", "rounds", "round_create", "health"].includes(verb);
    if (typeof this[`do_${verb}`] !== "function") return { ok: false, error: "bad_request", field: "do" };
    if (needs_round && !round) return { ok: false, error: "unknown_round" };
    const changes = request.do.startsWith("participant.") || CHANGES.some((name) => request.do === `round.${name}`);
    if (changes && round.holder !== link) return { ok: false, error: "lease_needed" };
    const body = this[`do_${verb}`](request, round, link);
    return body?.error ? { ok: false, ...body } : { ok: true, ...body };
  }

  push(round) {
    for (const link of this.links) {
      if (link.round !== round.round) continue;
      const { rules: _rules, ...state } = this.state_of(round, link);
      const questions = JSON.stringify(state.questions);
      if (link.questions === questions) delete state.questions; /* only what has changed */
      link.questions = questions;
      link.connection.send(JSON.stringify({ event: "state", round: round.round, state }));
    }
  }

  state_of(round, link) {
    const open = round.phase === "open" ? { ...round.open, elapsed_ms: Date.now() - round.opened_ms } : null;
    const watchers = [...this.links].filter((one) => one.round === round.round);
    const { holder, people, opened_ms: _opened, paused_from: _paused, created_ms: _created, ...plain } = round;
    return {
      ...plain,
      open,
      people: people.length,
      lease: { holder: holder ? holder.account.name : null, mine: holder === link },
      watchers: watchers.map((one) => ({ id: one.id, name: one.account.name, mine: one === link })),
      health: this.health,
    };
  }

  /* ---- what may be asked ---- */

  do_banks() {
    return { banks: this.banks.map((bank) => ({ ...bank, questions: bank.questions.length })) };
  }
  do_bank(request) {
    const { questions } = this.banks.find((bank) => bank.id === request.bank);
    return { questions: questions.slice(request.from ?? 0, (request.from ?? 0) + 25), of: questions.length };
  }
  do_rounds() {
    const list = [...this.rounds.values()].reverse();
    return { rounds: list.map((round) => ({ ...round, people: round.people.length, holder: undefined, questions: undefined })) };
  }
  do_round_create(request) {
    const all = this.banks.flatMap((bank) => bank.questions);
    const round = this.next_round++;
    const questions = request.questions.map((id, index) => {
      const question = all.find((one) => one.id === id);
      const limit_ms = question.seconds ? question.seconds * 1000 : request.rules.limit_ms;
      return { ...question, asking: index + 1, limit_ms, points: question.points || request.rules.points, right_share: null };
    });
    this.rounds.set(round, {
      round, questions, code: String(482916 + round * 1117), title: request.title, unit: request.unit, phase: "lobby",
      asking: 0, askings: questions.length, auto: request.rules.auto, locked: false, names_hidden: false, scene: "question",
      people: [], connected: 0, answered: 0, counts: [], right: 0, can_extend: false, voided: [], reopened: [],
      rules: request.rules, screens: 1, holder: null, created_ms: Date.now(),
    });
    return { round, code: this.rounds.get(round).code };
  }
  do_round_watch(_request, round, link) {
    link.round = round.round;
    return { state: this.state_of(round, link) };
  }
  do_round_unwatch(_request, round, link) {
    link.round = 0;
    if (round.holder === link) round.holder = null;
  }
  do_lease_take(request, round, link) {
    if (round.holder && round.holder !== link && !request.force) return { error: "lease_held", holder: round.holder.account.name };
    round.holder = link;
  }
  do_lease_give(request, round) {
    round.holder = [...this.links].find((link) => link.id === request.to) ?? round.holder;
  }
  do_round_start(_request, round) {
    return this.do_round_next(_request, round);
  }
  do_round_next(_request, round) {
    if (!["lobby", "revealed"].includes(round.phase) || round.asking >= round.askings) return { error: "wrong_phase" };
    const question = round.questions[round.asking];
    Object.assign(round, { phase: "open", asking: question.asking, answered: 0, right: 0, can_extend: true, scene: "question" });
    Object.assign(round, { counts: question.options.map(() => 0), opened_ms: Date.now() });
    round.open = { reading_ms: round.rules.reading_ms, limit_ms: question.limit_ms };
    return {};
  }
  do_round_close(_request, round) {
    if (round.phase !== "open") return { error: "wrong_phase" };
    Object.assign(round, { phase: "closed", can_extend: false });
    return {};
  }
  do_round_extend(request, round) {
    if (!round.can_extend) return { error: "too_late" };
    round.open.limit_ms += request.ms;
    return {};
  }
  do_round_reveal(_request, round) {
    if (round.phase !== "closed") return { error: "wrong_phase" };
    round.phase = "revealed";
    const question = round.questions[round.asking - 1];
    if (question.kind !== "poll") question.right_share = round.answered ? Math.round((round.right * 100) / round.answered) : 0;
    return {};
  }
  do_round_scene(request, round) {
    round.scene = request.show;
  }
  do_round_pause(_request, round) {
    if (!["lobby", "closed", "revealed"].includes(round.phase)) return { error: "wrong_phase" };
    Object.assign(round, { paused_from: round.phase, phase: "paused" });
    return {};
  }
  do_round_resume(_request, round) {
    round.phase = round.paused_from ?? round.phase;
  }
  do_round_void(request, round) {
    round.voided.push(request.asking);
  }
  do_round_lock(request, round) {
    round.locked = request.locked;
  }
  do_round_hide_names(request, round) {
    round.names_hidden = request.hidden;
  }
  do_round_pace(request, round) {
    round.auto = request.auto;
  }
  do_round_end(_request, round) {
    Object.assign(round, { phase: "ended", scene: "leaderboard" });
  }
  do_participant_remove(request, round) {
    round.people.find((one) => one.participant === request.participant).removed = true;
  }
  do_participant_rename(request, round) {
    round.people.find((one) => one.participant === request.participant).name = request.name;
  }
  scored(round) {
    return round.phase === "revealed" || round.phase === "ended" || round.phase === "paused" ? round.asking : Math.max(0, round.asking - 1);
  }
  do_leaderboard(request, round) {
    const asking = this.scored(round);
    const rows = round.people.map((one) => {
      const rights = (one.participant * 7) % (asking + 1);
      return { ...one, points: rights * 10, rights, ms: 900 * asking + ((one.participant * 977) % 9000), out: false };
    });
    rows.sort((a, b) => b.points - a.points || a.ms - b.ms);
    rows.forEach((row, index) => (row.rank = index + 1));
    const found = rows.filter((row) => row.name.includes(request.search ?? ""));
    return { asking, of: found.length, rows: asking ? found.slice(request.from, request.from + request.count) : [] };
  }
  do_communities(_request, round) {
    const rows = round.rules.communities.map((name, index) => {
      const people = round.people.filter((one) => one.community === index).length;
      return { name, people, mean: this.scored(round) * (67 - index * 4), rights_share: 67 - index * 3 };
    });
    return { rows: rows.map((row, index) => ({ ...row, rank: index + 1 })) };
  }
  do_people(request, round) {
    const found = round.people.filter((one) => one.name.includes(request.search ?? ""));
    return { of: found.length, rows: found.slice(request.from, request.from + request.count) };
  }
  do_qr(request, round) {
    const url = `https://jingda.example/?code=${round.code}${request.community >= 0 ? `&c=${request.community}` : ""}`;
    return { svg: qr_made(url), url };
  }
  do_health() {
    const edges = Array.from({ length: this.health.edges }, (_, edge) => ({ edge, up: edge < this.health.edges_up, connected: 100 }));
    return { edges, core: true, commit_ms: this.health.commit_ms };
  }

  /* ---- what a test does to a round ---- */

  joins(round, count) {
    for (let more = 0; more < count; more++) round.people.push(person_made(round.people.length));
    round.connected = round.people.length;
    this.push(round);
  }
  answers(round, counts) {
    const question = round.questions[round.asking - 1];
    round.counts = counts;
    round.answered = question.kind === "multiple" ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
    round.right = counts.reduce((sum, count, index) => ((question.key >> index) & 1 && question.kind !== "multiple" ? sum + count : sum), 0);
    this.push(round);
  }
  tell(round, change) {
    Object.assign(round, change);
    this.push(round);
  }
}

/* Started by hand: a crowd of 326 comes in and answers. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const desk = await mock_desk_start({ port: Number(process.argv[2] ?? 0) });
  console.log(`${desk.origin}  王敏 / correct horse`);
  setInterval(() => {
    for (const round of desk.rounds.values()) {
      if (round.phase === "lobby" && round.people.length < 326) desk.joins(round, 9);
      if (round.phase !== "open") continue;
      const share = Math.min(1, (Date.now() - round.opened_ms) / (round.open.limit_ms + round.open.reading_ms));
      desk.answers(round, round.counts.map((_, index) => Math.floor((round.people.length * share) / (index + 2))));
      if (share === 1) desk.tell(round, { phase: "closed", can_extend: false });
    }
  }, 500);
}
