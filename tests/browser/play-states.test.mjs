/* Every state of the resident's page, in Chromium, against the pretend edge: it looks like itself (SHOTS=DIR keeps
 * pictures), says its sentence, overflows nowhere, logs no error, and axe-core finds nothing serious.
 * DIST=DIR tests pages built elsewhere; ONLY=name picks states; SIZES=phone,... picks sizes. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe_findings, browser_launch } from "./browser.mjs";
import { mock_edge_start } from "./mock-edge.mjs";
import * as f from "./play-fixtures.mjs";

const sizes = {
  phone: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
  large: { width: 390, height: 844, print: "1" },
  largest: { width: 320, height: 568, print: "2" },
  desktop: { width: 1280, height: 800 },
  english: { width: 390, height: 844, language: "en" },
};
const shots = process.env.SHOTS;
const wanted_sizes = (process.env.SIZES || "phone,largest").split(",");

let browser;
let edge;
before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  browser = await browser_launch();
});
after(async () => {
  await browser.close();
});

/* Comes in with a token, so that the snapshot is the first thing told. */
function come_back(told) {
  edge.on("hello", () => [{ ...f.snapshot, ...told }]);
}

async function seen(page, text) {
  await page.getByText(text, { exact: false }).first().waitFor({ timeout: 20000 });
}

/* A tap does nothing in the first moments after a question came: tap until it took. */
async function choose(page, letter) {
  const option = page.locator(`.opt`).nth(letter.charCodeAt(0) - 65);
  await assert.doesNotReject(async () => {
    for (let tries = 0; tries < 100; tries += 1) {
      await option.click();
      if ((await option.getAttribute("aria-checked")) === "true") return;
    }
    throw new Error("the option was never chosen");
  });
}

const asked = { phase: "open", asking: 3, question: f.question, open: f.open };
const answered = (choice) => ({ ...asked, answer: { choice, receipt: f.receipt } });
const shown = (choice, key = 4) => ({ ...answered(choice), phase: "revealed", revealed: { ...f.revealed, key }, standing: f.standing });

const states = {
  async code({ page }) {
    await page.goto(edge.origin);
    await page.keyboard.press("Tab");
    await page.locator(".digits input").focus();
    await page.keyboard.type("4829");
    await seen(page, /输入入场码|Enter the code/);
  },
  async code_unknown({ page }) {
    edge.on("hello", () => [{ type: "refused", verdict: "unknown_code" }]);
    await page.goto(`${edge.origin}/?r=111111`);
    await seen(page, /没有这个入场码|No round has this code/);
    assert.equal(new URL(page.url()).search, "");
  },
  async join({ page }) {
    edge.on("hello", () => [f.round]);
    await page.goto(`${edge.origin}/?r=482916&c=0`);
    await seen(page, "武昌府社区");
  },
  async join_no_community({ page }) {
    edge.on("hello", () => [{ ...f.round, names: "required" }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await page.locator(".go").click();
    await seen(page, /请填一下称呼|Please type a name/);
  },
  async join_picking({ page }) {
    edge.on("hello", () => [f.round]);
    await page.goto(`${edge.origin}/?r=482916`);
    await page.locator(".pair button").click();
    await page.locator("input[type=search]").fill("花");
    await seen(page, "桂子花园社区");
  },
  async joining({ page }) {
    edge.on("hello", () => [f.round]);
    await page.goto(`${edge.origin}/?r=482916&c=0`);
    await page.locator("input").fill("王秀英");
    const said = edge.next("join");
    await page.locator(".go").click();
    const join = await said;
    assert.match(join.nonce, /^[A-Za-z0-9_-]{22}$/);
    assert.deepEqual({ ...join, nonce: "" }, { type: "join", nonce: "", name: "王秀英", community: 0 });
    await seen(page, /正在进入|Coming in/);
  },
  async lobby_locked({ page }) {
    edge.on("hello", () => [{ ...f.round, locked: true }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /不再进人|takes nobody new/);
  },
  async round_over({ page }) {
    edge.on("hello", () => [{ type: "refused", verdict: "round_over" }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /这一场已经结束|This round is over/);
  },
  async round_full({ page }) {
    edge.on("hello", () => [f.round]);
    edge.on("join", () => [{ type: "refused", verdict: "round_full" }]);
    await page.goto(`${edge.origin}/?r=482916&c=0`);
    await page.locator(".go").click();
    await seen(page, /现在人已满|This round is full/);
  },
  async lobby({ page }) {
    edge.on("hello", (hello) => [hello.token ? { ...f.snapshot } : f.round]);
    edge.on("join", () => [f.joined, f.snapshot]);
    await page.goto(`${edge.origin}/?r=482916&c=0`);
    await page.locator(".go").click();
    await seen(page, /主持人马上开始|starts soon/);
    edge.send({ type: "beat", people: 1326 });
    await seen(page, "1,326");
    await seen(page, "028");
  },
  async reading({ page }) {
    come_back({ ...asked, open: f.reading });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /先读题|Read first/);
    assert.equal(await page.locator(".opt").first().isDisabled(), true);
  },
  async question({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /请选一个答案|Choose an answer/);
  },
  async chosen({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await seen(page, /已选 B|B chosen/);
  },
  async sending({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    const said = edge.next("answer");
    await page.locator(".go").click();
    assert.deepEqual(await said, { type: "answer", asking: 3, choice: 2 });
    await seen(page, /正在提交|Submitting/);
    assert.equal(await page.locator(".foot button").count(), 0);
  },
  async recorded({ page }) {
    come_back(asked);
    edge.on("answer", (answer) => [f.recorded(answer.choice)]);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await page.locator(".go").click();
    await seen(page, /已记录：B|Recorded: B/);
  },
  async late({ page }) {
    come_back(asked);
    edge.on("answer", () => [{ type: "refused", verdict: "late", asking: 3 }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await page.locator(".go").click();
    await seen(page, /没有计入|did not count/);
  },
  async try_again({ page }) {
    come_back(asked);
    edge.on("answer", () => [{ type: "refused", verdict: "try_again", asking: 3 }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await page.locator(".go").click();
    await seen(page, /没有记上|not recorded\./);
    assert.equal(await page.locator(".go").isEnabled(), true);
  },
  async already_answered({ page }) {
    come_back(asked);
    edge.on("answer", () => [{ type: "refused", verdict: "already_answered", asking: 3, choice: 4, receipt: f.receipt }]);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await page.locator(".go").click();
    await seen(page, /已记录：C|Recorded: C/);
    await seen(page, /不能改|already recorded/);
  },
  async closed_unanswered({ page }) {
    come_back({ ...asked, phase: "closed" });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /没有收到您的答案|No answer from you/);
  },
  async true_false({ page }) {
    come_back({ ...asked, question: f.true_false });
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
  },
  async multiple({ page }) {
    come_back({ ...asked, question: f.multiple });
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "A");
    await choose(page, "C");
    await seen(page, /已选 AC|AC chosen/);
  },
  async multiple_recorded({ page }) {
    come_back({ ...answered(5), question: f.multiple });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /已记录：AC|Recorded: AC/);
  },
  async multiple_part({ page }) {
    come_back({ ...shown(3, 5), question: f.multiple, standing: { ...f.standing, gained: 3 } });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /答对一部分|Partly right/);
  },
  async picture({ page }) {
    come_back({ ...asked, question: f.pictured });
    await page.goto(`${edge.origin}/?r=482916`);
    await page.locator("img").waitFor();
    assert.equal(await page.locator("img").getAttribute("alt"), f.pictured.picture_alt);
  },
  async long_question({ page }) {
    come_back({ ...asked, question: f.long_question });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, "厨房火灾");
  },
  async eight_options({ page, size }) {
    come_back({ ...asked, question: f.eight });
    await page.goto(`${edge.origin}/?r=482916`);
    if (size.height < 600) await seen(page, /往下还有选项|More options below/);
  },
  async right({ page }) {
    come_back(shown(4));
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /答对了，得 10 分|Right, 10 points/);
  },
  async wrong({ page }) {
    come_back({ ...shown(2), standing: { ...f.standing, points: 20, gained: 0, rank: 131 } });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /这题选 C|The answer is C/);
    await seen(page, /您选的|Yours/);
  },
  async not_answered({ page }) {
    come_back({ ...shown(2), answer: undefined, standing: { ...f.standing, points: 20, gained: 0, rank: null } });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /这题没有收到您的答案|No answer from you/);
  },
  async picture_revealed({ page }) {
    come_back({ ...shown(1, 1), question: f.pictured });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /讲解|Why/);
    await page.getByAltText(f.pictured.picture_alt).waitFor();
  },
  async poll({ page }) {
    come_back({ ...shown(4, 0), question: f.poll, revealed: { ...f.revealed, key: 0, explanation: "", source: "", counts: [80, 61, 120, 40, 10] } });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /谢谢您的意见|Thank you for your opinion/);
  },
  async voided({ page }) {
    come_back({ ...answered(2), voided: true });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /这题不计分|does not count/);
  },
  async reopened({ page, size }) {
    come_back({ ...asked, reopened: true });
    await page.goto(`${edge.origin}/?r=482916`);
    await page.setViewportSize({ width: size.width, height: Math.max(640, size.height) });
    await seen(page, /重新计时|whole time again/);
    const [option, foot] = await Promise.all([page.locator(".opt").first().boundingBox(), page.locator(".foot").boundingBox()]);
    assert.ok(option.y + 40 < foot.y, `the first option begins at ${option.y}, the foot at ${foot.y}`);
  },
  async paused({ page }) {
    come_back({ ...shown(4), phase: "paused" });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /暂停一下|short break/);
    await seen(page, /主持人暂停了，请稍候|has paused, please wait/);
  },
  async out({ page }) {
    come_back({ ...asked, scoring: "knockout", standing: { ...f.standing, asking: 2, out: true } });
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /不再计分|without points/);
  },
  async reconnecting({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    edge.is_down = true;
    edge.cut();
    await seen(page, /网络断了|Connection lost/);
  },
  async elsewhere({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /请选一个答案|Choose an answer/);
    edge.send({ type: "refused", verdict: "newer_connection" });
    await seen(page, /回到这里答|Go on here/);
  },
  async removed({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /请选一个答案|Choose an answer/);
    edge.send({ type: "refused", verdict: "removed" });
    await seen(page, /请您先在大屏上看|watch on the screen/);
  },
  async bye({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await seen(page, /请选一个答案|Choose an answer/);
    edge.send({ type: "bye", retry_ms: 60000 });
    await seen(page, /换一台服务器|Moving to another/);
  },
  async leaving({ page }) {
    come_back(asked);
    await page.goto(`${edge.origin}/?r=482916`);
    await choose(page, "B");
    await page.evaluate(() => history.back());
    await seen(page, /要离开吗|Leave\?/);
  },
  async ended({ page }) {
    await to_the_end(page);
    await seen(page, /答完了|Finished/);
    await seen(page, /原定 10 题，问了 3 题|3 of 10/);
    await seen(page, "028");
  },
  async review({ page }) {
    await to_the_end(page);
    await page.locator(".go").first().click();
    await seen(page, /讲解，共 1 题|Explanations: 1/);
  },
  async receipts({ page }) {
    await to_the_end(page);
    await page.locator(".go").nth(1).click();
    await seen(page, "K7QF2M");
  },
};

async function to_the_end(page) {
  come_back(shown(4));
  await page.goto(`${edge.origin}/?r=482916`);
  await seen(page, /答对了|Right/);
  edge.send({ ...f.standing, points: 80, rights: 8, rank: 42, gained: 0 }, { type: "ended" });
}

for (const size_name of wanted_sizes) {
  const size = sizes[size_name];
  for (const [name, drive] of Object.entries(states)) {
    if (process.env.ONLY && !process.env.ONLY.split(",").includes(name)) continue;
    test(`play ${name}, ${size_name}`, async () => {
      edge = await mock_edge_start({ dist: process.env.DIST, pictures: { "/p/sign.svg": f.sign } });
      const context = await browser.newContext({ viewport: { width: size.width, height: size.height }, bypassCSP: false });
      await context.addInitScript(
        ([print, language, has_token]) => {
          if (print) localStorage.setItem("jingda.print", print);
          if (language) localStorage.setItem("jingda.language", language);
          if (has_token && !localStorage.getItem("jingda.round.482916")) {
            localStorage.setItem("jingda.round.482916", JSON.stringify({ token: "t0k3n" }));
          }
        },
        [size.print, size.language, !/^(code|join|lobby|round)/.test(name)],
      );
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && !/WebSocket connection/.test(message.text()) && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(String(error)));
      try {
        await drive({ page, size });
        if (shots) await page.screenshot({ path: `${shots}/${size_name}-${name}.png`, fullPage: process.env.FULL === "1" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${wide} px wider than the screen`);
        assert.deepEqual(errors, []);
        assert.deepEqual(await axe_findings(page), []);
      } finally {
        await context.close();
        await edge.stop();
      }
    });
  }
}
