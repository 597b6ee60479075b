/* A real `jingda serve` for the pages' tests: its own folder, certificate and ports. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

function free_port() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/* The children of a process and their roles, from /proc. */
function children_of(parent) {
  const found = {};
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ").pop().split(" ");
      if (Number(stat[1]) !== parent) continue;
      const words = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      const role = words.find((word) => word.startsWith("role:"))?.slice(5);
      const index = words.find((word) => word.startsWith("index="))?.slice(6);
      found[role === "edge" ? `edge ${index}` : role] = Number(entry);
    } catch {} /* it ended while we looked */
  }
  return found;
}

export async function server_start() {
  const folder = mkdtempSync(join(tmpdir(), "jingda-pages-"));
  const [port, desk_port] = [await free_port(), await free_port()];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`], { stdio: "ignore" });
  const child = spawn(process.env.JINGDA || `${root}/build/release/jingda`,
    ["serve", "--data", `${folder}/data`, "--port", port, "--desk-port", desk_port, "--cert", `${folder}/cert.pem`, "--key", `${folder}/key.pem`,
      "--web", `${root}/web/dist`, "--banks", `${root}/questions`, "--address", "127.0.0.1", "--host", "localhost"].map(String));
  let output = "";
  let log = "";
  child.stderr.on("data", (bytes) => (log += bytes));
  await new Promise((resolve, reject) => {
    child.stdout.on("data", (bytes) => /(^|\n)ready/.test((output += bytes)) && resolve());
    child.on("exit", () => reject(new Error(`the server did not start: ${output}${log}`)));
  });
  return {
    folder,
    port,
    public_url: `https://localhost:${port}`,
    desk_url: `https://localhost:${desk_port}`,
    first: output.match(/#first=(\S+)/)[1],
    log: () => log,
    kill: (role) => process.kill(children_of(child.pid)[role], "SIGKILL"),
    async stop() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.removeAllListeners("exit");
      child.on("exit", () => {});
      const status = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await Promise.race([ended, status]);
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
