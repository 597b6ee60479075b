/* The only file that touches the network: the sign-in over HTTP and the WebSocket of docs/desk-protocol.md. It keeps the
 * socket open for as long as somebody is signed in, pairs replies with requests, and reports frames; it knows nothing of
 * rounds. A request that the connection took with it is answered with `link_lost`, never sent twice by itself. */
import { is_object, type Fault, type Reply } from "./wire";

const RETRY_MS_FIRST = 500;
const RETRY_MS_MAX = 8_000;
const REPLY_MS_MAX = 15_000;
const SILENCE_MS = 20_000; /* then the page asks whether anybody is there */
const SUBPROTOCOL = "jingda-desk.v1";

export type LinkNews = "connecting" | "up" | "lost";

export interface Connection {
  request(verb: string, fields?: Record<string, unknown>): Promise<Reply>;
  open(): void;
  close(): void;
}

export interface Listener {
  link(news: LinkNews): void;
  frame(frame: Record<string, unknown>): void;
  /* Asked before each new try: false where the session is over, so that nothing is tried in vain. */
  may_open(): Promise<boolean>;
}

interface Waiting {
  resolve(reply: Reply): void;
  timer: number;
}

function refused(error: string): Reply {
  return { ok: false, error };
}

function reply_of(frame: Record<string, unknown>): Reply {
  if (frame["ok"] === true) return { ok: true, body: frame };
  return { ok: false, ...fault_of(frame) };
}

function fault_of(body: Record<string, unknown>): Fault {
  const fault: Fault = { error: typeof body["error"] === "string" ? body["error"] : "no_answer" };
  if (typeof body["text"] === "string") fault.text = body["text"];
  if (typeof body["text_en"] === "string") fault.text_en = body["text_en"];
  if (typeof body["field"] === "string") fault.field = body["field"];
  if (typeof body["holder"] === "string") fault.holder = body["holder"];
  if (typeof body["seconds"] === "number") fault.seconds = body["seconds"];
  return fault;
}

export function connection_make(address: string, listener: Listener): Connection {
  const waiting = new Map<number, Waiting>();
  let socket: WebSocket | null = null;
  let wanted = false;
  let next_id = 1;
  let tries = 0;
  let retry_timer = 0;
  let silence_timer = 0;

  function settle(id: number, reply: Reply): void {
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    window.clearTimeout(one.timer);
    one.resolve(reply);
  }

  function lost(of: WebSocket): void {
    if (socket !== of) return;
    socket = null;
    window.clearTimeout(silence_timer);
    for (const id of [...waiting.keys()]) settle(id, refused("link_lost"));
    if (!wanted) return;
    listener.link("lost");
    retry();
  }

  /* Twice as long each time, plus up to as much again by chance, so that pages do not come back all at once. */
  function retry(): void {
    const wait = Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** tries);
    tries = Math.min(tries + 1, 10);
    window.clearTimeout(retry_timer);
    retry_timer = window.setTimeout(() => void attempt(), wait + Math.random() * wait);
  }

  async function attempt(): Promise<void> {
    if (!wanted || socket) return;
    let may = false;
    try {
      may = await listener.may_open();
    } catch {
      if (wanted && !socket) retry();
      return;
    }
    if (!may) wanted = false;
    if (wanted && !socket) start();
  }

  function hear(): void {
    window.clearTimeout(silence_timer);
    silence_timer = window.setTimeout(() => void probe(), SILENCE_MS);
  }

  /* A network that went away says nothing; a reply of any kind proves that it is there. */
  async function probe(): Promise<void> {
    const asked = socket;
    if (!asked) return;
    const reply = await request("health", {});
    if (reply.ok || reply.error !== "no_answer" || socket !== asked) return;
    lost(asked);
    asked.close();
  }

  function request(verb: string, fields: Record<string, unknown>): Promise<Reply> {
    const to = socket;
    if (!to || to.readyState !== WebSocket.OPEN) return Promise.resolve(refused("link_lost"));
    const id = next_id++;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => settle(id, refused("no_answer")), REPLY_MS_MAX);
      waiting.set(id, { resolve, timer });
      to.send(JSON.stringify({ id, do: verb, ...fields }));
    });
  }

  function start(): void {
    const made = new WebSocket(address, SUBPROTOCOL);
    socket = made;
    made.onopen = () => {
      tries = 0;
      hear();
      listener.link("up");
    };
    made.onmessage = (message) => {
      if (socket !== made || typeof message.data !== "string") return;
      hear();
      let frame: unknown;
      try {
        frame = JSON.parse(message.data);
      } catch {
        return;
      }
      if (!is_object(frame)) return;
      if (typeof frame["id"] === "number") settle(frame["id"], reply_of(frame));
      else listener.frame(frame);
    };
    made.onclose = () => lost(made);
    made.onerror = () => made.close();
  }

  window.addEventListener("online", () => {
    if (!wanted || socket) return;
    tries = 0;
    window.clearTimeout(retry_timer);
    void attempt();
  });

  return {
    open() {
      if (wanted) return;
      wanted = true;
      tries = 0;
      listener.link("connecting");
      start();
    },
    close() {
      wanted = false;
      window.clearTimeout(retry_timer);
      socket?.close();
    },
    request: (verb, fields = {}) => request(verb, fields),
  };
}

/* One POST or GET of the sign-in. Throws only where the server cannot be reached at all. */
export async function http(path: string, body?: Record<string, unknown>): Promise<Reply> {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    credentials: "same-origin",
    cache: "no-store",
    ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}),
  });
  let answer: unknown = {};
  try {
    answer = await response.json();
  } catch {
    /* an empty body is fine where nothing is to be said */
  }
  const object = is_object(answer) ? answer : {};
  if (response.ok && object["ok"] !== false) return { ok: true, body: object };
  return { ok: false, ...fault_of(object) };
}
