/* Builds the pages: bundles each page that exists, names its assets by their content, compresses beforehand and writes
 * the tables that the server reads. Input: PAGE/main.tsx and PAGE/index.html. Output, in dist/: PAGE/index.html,
 * PAGE/a/NAME-HASH.js|css|svg, .br and .gz beside each, public.table and desk.table (one file a line: URL path, file,
 * content type, immutable or no-cache). `--only play,screen --out DIR` builds some pages elsewhere, for working on them.
 * With --test it bundles every *.test.ts and runs them under node's test runner.
 * Types are checked by `npm run types`, not here. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const dist = option("--out") ?? join(here, "dist");
const fresh = `${dist}.new`;
const only = option("--only")?.split(",");

/* 340,000 people open the first screen in the same minute: html, script and style together, over the wire. */
const FIRST_SCREEN_MAX = 30 * 1024;
const OLD_BROWSERS = ["es2015", "chrome52"]; /* old WebViews and TV boxes */

const pages = [
  { name: "play", table: "public", path: "/", target: OLD_BROWSERS, size_max: FIRST_SCREEN_MAX },
  { name: "screen", table: "public", path: "/screen", target: OLD_BROWSERS },
  { name: "desk", table: "desk", path: "/", target: ["es2020"], modules: true },
];

const types = {
  ".html": "text/html;charset=utf-8",
  ".js": "text/javascript;charset=utf-8",
  ".css": "text/css;charset=utf-8",
  ".svg": "image/svg+xml",
};

function extension(file) {
  return file.slice(file.lastIndexOf("."));
}

/* Writes a file with its compressed forms; returns what it weighs as brotli. */
function emit(file, bytes) {
  const to = join(fresh, file);
  mkdirSync(dirname(to), { recursive: true });
  const br = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(to, bytes);
  writeFileSync(to + ".br", br);
  writeFileSync(to + ".gz", gzipSync(bytes, { level: 9 }));
  return br.length;
}

function table_line(path, file, cache) {
  return `${path} ${file} ${types[extension(file)]} ${cache}\n`;
}

async function build_page(page, tables) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: { [page.name]: `${page.name}/main.tsx` },
    outdir: "a",
    entryNames: "[name]-[hash]",
    chunkNames: `${page.name}-[name]-[hash]`,
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    write: false,
    splitting: page.modules === true,
    format: page.modules ? "esm" : "iife",
    target: page.target,
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const url = {};
  let size = 0;
  for (const output of result.outputFiles) {
    const name = basename(output.path);
    const file = `${page.name}/a/${name}`;
    const weight = emit(file, output.contents);
    tables[page.table] += table_line(`/a/${name}`, file, "immutable");
    if (name.startsWith(`${page.name}-`) && !url[extension(name)]) {
      url[extension(name)] = `/a/${name}`;
      size += weight;
      console.log(`  /a/${name}  ${output.contents.length} bytes, brotli ${weight}`);
    }
  }
  const icon = readFileSync(join(here, "shared/icon.svg"));
  const icon_name = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  const icon_line = table_line(`/a/${icon_name}`, `${page.name}/a/${icon_name}`, "immutable");
  if (!tables[page.table].includes(`/a/${icon_name} `)) {
    emit(`${page.name}/a/${icon_name}`, icon);
    tables[page.table] += icon_line;
  }
  const html = readFileSync(join(here, page.name, "index.html"), "utf8")
    .replace("{{js}}", url[".js"])
    .replace("{{css}}", url[".css"])
    .replace("{{icon}}", `/a/${icon_name}`);
  size += emit(`${page.name}/index.html`, Buffer.from(html));
  tables[page.table] += table_line(page.path, `${page.name}/index.html`, "no-cache");
  console.log(`${page.name}: first screen ${size} bytes over the wire${page.size_max ? `, at most ${page.size_max}` : ""}`);
  if (page.size_max && size > page.size_max) throw new Error(`${page.name}: the first screen is over ${page.size_max} bytes`);
}

async function build_all() {
  rmSync(fresh, { recursive: true, force: true });
  const tables = { public: "", desk: "" };
  for (const page of pages) {
    if (only && !only.includes(page.name)) continue;
    if (existsSync(join(here, page.name, "main.tsx"))) await build_page(page, tables);
    else console.log(`${page.name}: no main.tsx yet, left out`);
  }
  mkdirSync(fresh, { recursive: true });
  for (const [name, lines] of Object.entries(tables)) {
    const sorted = lines.split("\n").filter(Boolean).sort().map((line) => line + "\n");
    writeFileSync(join(fresh, `${name}.table`), sorted.join(""));
  }
  const old = `${dist}.old`; /* whole or not at all: a failed build leaves the last one standing */
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function tests_in(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return tests_in(path);
    return name.endsWith(".test.ts") || name.endsWith(".test.tsx") ? [path] : [];
  });
}

async function run_tests() {
  const out = join(here, "node_modules/.cache/jingda-tests");
  rmSync(out, { recursive: true, force: true });
  const found = ["shared", "play", "screen", "desk"].filter((name) => existsSync(join(here, name))).flatMap((name) => tests_in(join(here, name)));
  await build({
    absWorkingDir: here,
    entryPoints: found,
    outbase: here,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
    sourcemap: "inline",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    logLevel: "warning",
    define: { __ROOT__: JSON.stringify(dirname(here)) },
  });
  const compiled = found.map((path) => join(out, path.slice(here.length).replace(/\.tsx?$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...compiled], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
}

if (process.argv[2] === "--test") await run_tests();
else {
  try {
    await build_all();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
