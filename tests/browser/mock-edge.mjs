/* A pretend edge for the pages' own tests: serves web/dist (or --dist) by public.table with the server's security headers
 * and speaks jingda.v1 as the test tells it. It keeps no round and decides nothing: the test sends frames and reads what
 * the page sent. The real server is tested elsewhere. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../web");
const { WebSocketServer } = createRequire(join(web, "package.json"))("ws");

/* What the server sends too: nothing inline, nothing from elsewhere. */
const security = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/* The pages as they were when the tests began: somebody may be building them again. */
const served = new Map();

function pages_of(dist) {
  if (!served.has(dist)) {
    const files = new Map();
    for (const line of readFileSync(join(dist, "public.table"), "utf8").split("\n")) {
      const [path, file, type] = line.split(" ");
      if (path) files.set(path, { bytes: readFileSync(join(dist, file)), type });
    }
    served.set(dist, files);
  }
  return served.get(dist);
}

export async function mock_edge_start({ dist = join(web, "dist"), pictures = {}, address = "" } = {}) {
  const files = pages_of(dist);
  const http = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const found = files.get(path);
    if (found) {
      response.writeHead(200, { ...security, "Content-Type": found.type });
      response.end(found.bytes);
    } else if (path === "/address" && address !== "") {
      response.writeHead(200, { ...security, "Content-Type": "text/plain" });
      response.end(address);
    } else if (pictures[path]) {
      response.writeHead(200, { ...security, "Content-Type": "image/svg+xml" });
      response.end(pictures[path]);
    } else {
      response.writeHead(404, security);
      response.end();
    }
  });
  const edge = new MockEdge();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has("jingda.v1") ? "jingda.v1" : false) });
  http.on("upgrade", (request, socket, head) => {
    if (edge.is_down || new URL(request.url, "http://x").pathname !== "/play") socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (connection) => edge.take(connection));
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  edge.origin = `http://127.0.0.1:${http.address().port}`;
  edge.stop = async () => {
    edge.cut();
    await new Promise((resolve) => {
      http.closeAllConnections();
      http.close(resolve);
    });
  };
  return edge;
}

class MockEdge {
  connections = new Set();
  said = []; /* every frame that pages sent, in order */
  replies = new Map(); /* type of a page's frame: function that returns the frames to answer with */
  waiting = [];
  is_down = false;

  take(connection) {
    this.connections.add(connection);
    connection.on("close", () => this.connections.delete(connection));
    connection.on("message", (data) => {
      const frame = JSON.parse(String(data));
      this.said.push(frame);
      const reply = this.replies.get(frame.type);
      for (const answer of (reply && reply(frame)) || (frame.type === "ping" ? [{ type: "pong" }] : [])) connection.send(JSON.stringify(answer));
      this.waiting = this.waiting.filter((one) => !one(frame));
    });
  }

  /* To every page that is connected. */
  send(...frames) {
    for (const connection of this.connections) for (const frame of frames) connection.send(JSON.stringify(frame));
  }

  on(type, reply) {
    this.replies.set(type, reply);
  }

  /* The next frame of this type that a page sends. */
  next(type) {
    return new Promise((resolve) => {
      this.waiting.push((frame) => {
        if (frame.type !== type) return false;
        resolve(frame);
        return true;
      });
    });
  }

  /* As when an edge is killed: every connection breaks at once. */
  cut() {
    for (const connection of this.connections) connection.terminate();
  }
}
