/* The only file that touches the socket. Input: what to say first (hello), one held request (a join or an answer), signs
 * that the page was away. Output: frames, and whether the link is up. It opens again for ever with growing waits, watches
 * for the server's beat, and repeats the held request until the server has said yes or no: the server gives a repeat the
 * same receipt. What frames mean is left to the states of the pages. */
import { frame_read } from "./frames";
import type { AnswerFrame, ClientFrame, HelloFrame, JoinFrame, ServerFrame, Verdict } from "./frames";

export type LinkState = "connecting" | "open" | "lost" | "stopped";

export interface SocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
}

/* Handed in, so that tests hold the time and the network. `after` returns what takes it back. */
export interface World {
  open_socket(): SocketLike;
  after(ms: number, task: () => void): () => void;
  now(): number;
  random(): number;
}

export interface Listener {
  hello(): HelloFrame | null; /* null: there is nothing to connect for yet */
  frame(frame: ServerFrame): void;
  link(state: LinkState): void;
}

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 8000;
const SILENCE_MAX_MS = 45000; /* a beat comes every 20 s */
const OPENING_MAX_MS = 25000; /* handshake and first frame; a stampede takes its time */
const PONG_MAX_MS = 2000;
const UNACKNOWLEDGED_MS = 3000;
const UNACKNOWLEDGED_MAX_MS = 12000;
const STEADY_MS = 5000; /* a link that lived so long starts its waits from the first again */

export class Connection {
  private socket: SocketLike | null = null;
  private is_open = false; /* the socket accepts frames */
  private is_heard = false; /* the server has spoken on this socket */
  private opened_ms = 0;
  private failures = 0;
  private stopped = true;
  private held: AnswerFrame | JoinFrame | null = null;
  private held_wait_ms = UNACKNOWLEDGED_MS;
  private cancel_retry: (() => void) | null = null;
  private cancel_silence: (() => void) | null = null;
  private cancel_pong: (() => void) | null = null;
  private cancel_held: (() => void) | null = null;

  constructor(
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  /* Opens, or says hello again on what is open (another code, no token any more). */
  start(): void {
    this.stopped = false;
    if (this.socket === null) this.open();
    else if (this.is_open) this.say_hello();
  }

  /* Closes until start(); what is held stays held, unless the page leaves this round (release). */
  stop(): void {
    this.stopped = true;
    this.drop();
    this.listener.link("stopped");
  }

  /* Sends a join or an answer and holds it until it is settled. */
  hold(frame: AnswerFrame | JoinFrame): void {
    this.held = frame;
    this.held_wait_ms = UNACKNOWLEDGED_MS;
    this.send_held();
  }

  /* This page's clock cannot be trusted any more (it slept with the machine): ask for the whole state again. */
  refresh(): void {
    if (this.is_heard) this.say_hello();
    this.distrust();
  }

  /* The page came back from the background or the network changed: believe the link only after an answer. */
  distrust(): void {
    if (this.stopped) return;
    if (this.socket === null) {
      this.failures = 0;
      this.open();
      return;
    }
    if (!this.is_open || this.cancel_pong !== null) return;
    this.send({ type: "ping" });
    this.cancel_pong = this.world.after(PONG_MAX_MS, () => {
      this.cancel_pong = null;
      this.failures = 0;
      this.lose(0);
    });
  }

  private open(): void {
    this.drop();
    if (this.listener.hello() === null) return;
    this.listener.link("connecting");
    const socket = this.world.open_socket();
    this.socket = socket;
    this.watch_silence(OPENING_MAX_MS);
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.is_open = true;
      this.opened_ms = this.world.now();
      this.say_hello();
    };
    socket.onmessage = (event) => {
      if (this.socket === socket && typeof event.data === "string") this.receive(event.data);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lose(this.next_wait_ms());
    };
    socket.onerror = () => undefined; /* onclose follows */
  }

  private say_hello(): void {
    const hello = this.listener.hello();
    if (hello !== null) this.send(hello);
  }

  private receive(text: string): void {
    this.watch_silence(SILENCE_MAX_MS);
    if (this.cancel_pong) this.cancel_pong();
    this.cancel_pong = null;
    if (!this.is_heard) {
      this.is_heard = true;
      this.listener.link("open");
    }
    const frame = frame_read(text);
    if (frame === null) return;
    this.settle(frame);
    this.listener.frame(frame);
    if (frame.type === "bye" && !this.stopped) this.lose(frame.retry_ms);
  }

  /* What a frame says about the held request: settled, moot, or to be said again. */
  private settle(frame: ServerFrame): void {
    const held = this.held;
    if (held === null) return;
    if (held.type === "join") {
      if (frame.type === "joined" || frame.type === "refused") this.release();
      else if (frame.type === "round") this.send_held();
      return;
    }
    const is_settled =
      (frame.type === "recorded" && frame.asking === held.asking) ||
      (frame.type === "refused" && (frame.asking === undefined ? !is_passing(frame.verdict) : frame.asking === held.asking)) ||
      (frame.type === "question" && frame.asking !== held.asking) ||
      (frame.type === "snapshot" && (frame.asking !== held.asking || frame.answer !== undefined)) ||
      frame.type === "ended";
    if (is_settled) this.release();
    else if (frame.type === "snapshot") this.send_held();
  }

  /* Forgets the held request. */
  release(): void {
    this.held = null;
    if (this.cancel_held) this.cancel_held();
    this.cancel_held = null;
  }

  private send_held(): void {
    if (this.cancel_held) this.cancel_held();
    this.cancel_held = null;
    if (this.held === null || !this.is_heard) return; /* it goes out after the round or snapshot */
    this.send(this.held);
    this.cancel_held = this.world.after(this.held_wait_ms, () => {
      this.cancel_held = null;
      this.held_wait_ms = Math.min(this.held_wait_ms * 2, UNACKNOWLEDGED_MAX_MS);
      this.distrust();
      this.send_held();
    });
  }

  private send(frame: ClientFrame): void {
    if (this.socket !== null && this.is_open) this.socket.send(JSON.stringify(frame));
  }

  private watch_silence(ms: number): void {
    if (this.cancel_silence) this.cancel_silence();
    this.cancel_silence = this.world.after(ms, () => {
      this.cancel_silence = null;
      this.lose(this.next_wait_ms());
    });
  }

  /* 0.5 s, then twice as long each time up to 8 s, plus up to as much again by chance: 340,000 pages whose server died
   * do not come back in the same instant. */
  private next_wait_ms(): number {
    if (this.is_heard && this.world.now() - this.opened_ms >= STEADY_MS) this.failures = 0;
    const wait = Math.min(WAIT_FIRST_MS * Math.pow(2, this.failures), WAIT_MAX_MS);
    this.failures += 1;
    return wait + this.world.random() * wait;
  }

  private lose(wait_ms: number): void {
    this.drop();
    if (this.stopped) return;
    this.listener.link("lost");
    this.cancel_retry = this.world.after(wait_ms, () => {
      this.cancel_retry = null;
      this.open();
    });
  }

  private drop(): void {
    for (const cancel of [this.cancel_retry, this.cancel_silence, this.cancel_pong, this.cancel_held]) if (cancel) cancel();
    this.cancel_retry = this.cancel_silence = this.cancel_pong = this.cancel_held = null;
    const socket = this.socket;
    this.socket = null;
    this.is_open = false;
    this.is_heard = false;
    if (socket !== null) socket.close();
  }
}

/* Refusals of a connection that say nothing about the request it carried. */
function is_passing(verdict: Verdict): boolean {
  return verdict === "newer_connection" || verdict === "too_many_frames";
}

/* The browser's own world: the page's host, its clock and its chance. */
export function browser_world(): World {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return {
    open_socket: () => new WebSocket(`${scheme}//${location.host}/play`, "jingda.v1") as unknown as SocketLike,
    after: (ms, task) => {
      const timer = window.setTimeout(task, ms);
      return () => window.clearTimeout(timer);
    },
    now: () => performance.now(),
    random: () => Math.random(),
  };
}

/* Tells the connection when the page was frozen, hidden or offline and is back. The steady clock may stand still while
 * the machine sleeps; the calendar clock does not, so their difference shows it. */
export function watch_absence(connection: Connection): void {
  let difference = Date.now() - performance.now();
  const back = () => {
    if (document.visibilityState === "hidden") return;
    const difference_now = Date.now() - performance.now();
    if (Math.abs(difference_now - difference) > 1000) connection.refresh();
    else connection.distrust();
    difference = difference_now;
  };
  document.addEventListener("visibilitychange", back);
  window.addEventListener("pageshow", back);
  window.addEventListener("online", back);
}
