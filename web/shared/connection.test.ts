/* The link that opens again for ever, on a pretend network and a pretend clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "./connection";
import type { LinkState, SocketLike, World } from "./connection";
import type { HelloFrame, ServerFrame } from "./frames";

class FakeSocket implements SocketLike {
  sent: string[] = [];
  is_closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.is_closed = true;
  }
  opens(): void {
    if (this.onopen) this.onopen();
  }
  says(frame: object): void {
    if (this.onmessage) this.onmessage({ data: JSON.stringify(frame) });
  }
  breaks(): void {
    if (this.onclose) this.onclose();
  }
}

class FakeWorld implements World {
  sockets: FakeSocket[] = [];
  time = 0;
  chance = 0;
  private tasks: { at: number; task: () => void }[] = [];
  open_socket(): SocketLike {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  after(ms: number, task: () => void): () => void {
    const entry = { at: this.time + ms, task };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((one) => one !== entry);
    };
  }
  now(): number {
    return this.time;
  }
  random(): number {
    return this.chance;
  }
  /* Runs what falls due, in order. */
  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = this.tasks.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.tasks = this.tasks.filter((one) => one !== next);
      this.time = next.at;
      next.task();
    }
    this.time = until;
  }
  last(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    assert.ok(socket);
    return socket;
  }
}

function setup() {
  const world = new FakeWorld();
  const links: LinkState[] = [];
  const frames: ServerFrame[] = [];
  const page = { hello: { type: "hello", round: "482916" } as HelloFrame | null };
  const connection = new Connection(world, {
    hello: () => page.hello,
    frame: (frame) => frames.push(frame),
    link: (link) => links.push(link),
  });
  return { world, links, frames, page, connection };
}

const snapshot = { type: "snapshot", asking: 3, phase: "open" };
const answer = { type: "answer", asking: 3, choice: 2 } as const;

test("hello is the first frame, and the link is up when the server has spoken", () => {
  const { world, links, connection } = setup();
  connection.start();
  world.last().opens();
  assert.deepEqual(world.last().sent, ['{"type":"hello","round":"482916"}']);
  assert.deepEqual(links, ["connecting"]);
  world.last().says(snapshot);
  assert.deepEqual(links, ["connecting", "open"]);
});

test("without a code nothing is opened", () => {
  const { world, page, connection } = setup();
  page.hello = null;
  connection.start();
  assert.equal(world.sockets.length, 0);
});

test("a lost link waits 0.5 s, then twice as long each time up to 8 s, plus up to as much by chance", () => {
  for (const [chance, waits] of [
    [0, [500, 1000, 2000, 4000, 8000, 8000]],
    [0.5, [750, 1500, 3000, 6000, 12000, 12000]],
  ] as const) {
    const { world, connection } = setup();
    world.chance = chance;
    connection.start();
    for (const wait of waits) {
      const count = world.sockets.length;
      world.last().breaks();
      world.pass(wait - 1);
      assert.equal(world.sockets.length, count, `not before ${wait} ms`);
      world.pass(1);
      assert.equal(world.sockets.length, count + 1, `after ${wait} ms`);
    }
  }
});

test("a link that was steady starts its waits from the first again", () => {
  const { world, connection } = setup();
  connection.start();
  for (let tries = 0; tries < 4; tries += 1) {
    world.last().breaks();
    world.pass(20000);
  }
  world.last().opens();
  world.last().says(snapshot);
  world.pass(6000);
  const count = world.sockets.length;
  world.last().breaks();
  world.pass(500);
  assert.equal(world.sockets.length, count + 1);
});

test("a beat missing for 45 s opens the connection again", () => {
  const { world, links, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  world.pass(44999);
  assert.equal(world.last().is_closed, false);
  world.last().says({ type: "beat", people: 1 });
  world.pass(44999);
  assert.equal(world.last().is_closed, false);
  const old = world.last();
  world.pass(1);
  assert.equal(old.is_closed, true);
  assert.equal(links[links.length - 1], "lost");
});

test("a server that never speaks is left after 25 s", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.pass(25000 + 500);
  assert.equal(world.sockets.length, 2);
});

test("a page that was away believes the link only after a pong within 2 s", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.distrust();
  assert.equal(world.last().sent[1], '{"type":"ping"}');
  world.last().says({ type: "pong" });
  world.pass(5000);
  assert.equal(world.sockets.length, 1);
  connection.distrust();
  world.pass(2000);
  assert.equal(world.sockets.length, 2, "no pong: opened again at once");
});

test("a page that comes back while waiting does not wait any longer", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().breaks();
  connection.distrust();
  assert.equal(world.sockets.length, 2);
  world.pass(60000);
  assert.equal(world.sockets.filter((socket) => !socket.is_closed).length, 1, "one socket at a time");
});

test("a page whose clock stood still asks for the whole state again", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.refresh();
  assert.deepEqual(world.last().sent.slice(1), ['{"type":"hello","round":"482916"}', '{"type":"ping"}']);
});

test("an unacknowledged answer is sent again after a reconnect, until it is recorded", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.hold(answer);
  world.last().breaks();
  world.pass(500);
  world.last().opens();
  assert.deepEqual(world.last().sent.slice(1), [], "not before the snapshot");
  world.last().says(snapshot);
  assert.deepEqual(world.last().sent.slice(1), [JSON.stringify(answer)]);
  world.last().says({ type: "recorded", asking: 3, choice: 2, receipt: {} });
  world.last().breaks();
  world.pass(1000);
  world.last().opens();
  world.last().says(snapshot);
  assert.equal(world.last().sent.length, 1, "recorded: never again");
});

test("an answer that the snapshot already holds is not sent again", () => {
  const { world, connection } = setup();
  connection.hold(answer);
  connection.start();
  world.last().opens();
  world.last().says({ ...snapshot, answer: { choice: 2 } });
  assert.equal(world.last().sent.length, 1);
});

test("an answer to a question that has passed is dropped", () => {
  const { world, connection } = setup();
  connection.hold(answer);
  connection.start();
  world.last().opens();
  world.last().says({ ...snapshot, asking: 4 });
  world.pass(30000);
  assert.ok(!world.last().sent.join().includes("answer"));
});

test("an acknowledgement missing for 3 s is asked for again, ever more slowly", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.hold(answer);
  const times: number[] = [];
  let seen = 0;
  for (let second = 0; second < 40; second += 1) {
    const count = world.last().sent.filter((text) => text.includes("answer")).length;
    if (count > seen) times.push(second);
    seen = count;
    world.pass(1000);
    world.last().says({ type: "pong" });
  }
  assert.deepEqual(times, [0, 3, 9, 21, 33]);
});

test("a refusal of this answer settles it, one of another asking does not", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.hold(answer);
  world.last().says({ type: "refused", verdict: "late", asking: 2 });
  world.last().says(snapshot);
  assert.equal(world.last().sent.filter((text) => text.includes("answer")).length, 2);
  world.last().says({ type: "refused", verdict: "late", asking: 3 });
  world.last().says(snapshot);
  assert.equal(world.last().sent.filter((text) => text.includes("answer")).length, 2);
});

test("a newer connection elsewhere does not forget the answer: it goes out when the person comes back here", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  connection.hold(answer);
  world.last().says({ type: "refused", verdict: "newer_connection" });
  connection.stop();
  world.pass(60000);
  assert.equal(world.sockets.length, 1, "stopped means stopped");
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  assert.equal(world.last().sent.filter((text) => text.includes("answer")).length, 1);
});

test("a join is repeated with the same nonce after the round has come again", () => {
  const { world, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says({ type: "round" });
  connection.hold({ type: "join", nonce: "AAAAAAAAAAAAAAAAAAAAAA" });
  world.last().breaks();
  world.pass(500);
  world.last().opens();
  world.last().says({ type: "round" });
  assert.deepEqual(world.last().sent.slice(1), ['{"type":"join","nonce":"AAAAAAAAAAAAAAAAAAAAAA"}']);
  world.last().says({ type: "joined" });
  world.last().says({ type: "round" });
  assert.equal(world.last().sent.length, 2);
});

test("after bye it comes back after the time that the server named", () => {
  const { world, links, connection } = setup();
  connection.start();
  world.last().opens();
  world.last().says(snapshot);
  world.last().says({ type: "bye", retry_ms: 3000 });
  assert.equal(links[links.length - 1], "lost");
  world.pass(2999);
  assert.equal(world.sockets.length, 1);
  world.pass(1);
  assert.equal(world.sockets.length, 2);
});

test("what an old socket still says is not heard", () => {
  const { world, frames, connection } = setup();
  connection.start();
  const old = world.last();
  old.opens();
  old.says(snapshot);
  old.breaks();
  old.says({ type: "ended" });
  old.breaks();
  assert.equal(frames.length, 1);
  world.pass(500);
  assert.equal(world.sockets.length, 2);
});
