/* Every picture of the wall, in Chromium, against the pretend edge: it shows what it must, nothing leaves the picture, no
 * error, and axe-core finds nothing serious. SHOTS=DIR keeps pictures; DIST=DIR tests pages built elsewhere; ONLY=name. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe_findings, browser_launch } from "./browser.mjs";
import { mock_edge_start } from "./mock-edge.mjs";
import * as f from "./play-fixtures.mjs";

const sizes = { wall: { width: 1920, height: 1080 }, four_k: { width: 3840, height: 2160 }, small_tv: { width: 1280, height: 720 }, beamer: { width: 1024, height: 768 } };
const shots = process.env.SHOTS;

let browser;
let edge;
before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  browser = await browser_launch();
});
after(async () => {
  await browser.close();
});

const wall = { ...f.snapshot, participant: undefined, name: undefined, community: undefined, scene: "question" };
const asked = { phase: "open", asking: 3, question: f.question, open: f.open };
const shown = { phase: "revealed", asking: 3, question: f.question, revealed: f.revealed };

async function on_the_wall(page, told, text) {
  edge.on("hello", (hello) => (hello.screen === true ? [{ ...wall, ...told }] : []));
  await page.goto(`${edge.origin}/screen?r=482916`);
  await page.getByText(text).first().waitFor({ timeout: 20000 });
}

const states = {
  async lobby({ page }) {
    await on_the_wall(page, {}, "482 916");
    edge.send({ type: "beat", people: 1326 });
    await page.getByText("1,326").waitFor();
    assert.equal(await page.locator(".qr svg").count(), 1);
    await page.getByText("192.0.2.2:8443").waitFor();
  },
  async lobby_locked({ page }) {
    await on_the_wall(page, { locked: true }, "本场不再进人");
    assert.equal(await page.locator(".qr").count(), 0);
    assert.equal(await page.getByText("482 916").count(), 0);
    edge.send({ ...wall, type: "snapshot" });
    await page.locator(".qr svg").waitFor();
    edge.send({ ...wall, type: "snapshot", locked: true });
    await page.locator(".qr").waitFor({ state: "detached" });
  },
  async reading({ page }) {
    await on_the_wall(page, { ...asked, open: f.reading }, "先读题");
  },
  async question({ page }) {
    await on_the_wall(page, asked, "请在手机上作答");
  },
  async true_false({ page }) {
    await on_the_wall(page, { ...asked, question: f.true_false }, "请在手机上作答");
  },
  async multiple({ page }) {
    await on_the_wall(page, { ...asked, question: f.multiple }, "可选多个");
  },
  async five({ page }) {
    await on_the_wall(page, { ...asked, question: f.poll }, "请在手机上作答");
  },
  async eight({ page }) {
    await on_the_wall(page, { ...asked, question: f.eight }, "请在手机上作答");
  },
  async middle_question({ page }) {
    await on_the_wall(page, { ...asked, question: { ...f.long_question, text: "家里炒菜时油锅突然起火，火苗已经高过锅沿，锅盖就放在手边，下面哪一种做法最安全？" } }, "请在手机上作答");
  },
  async long_question({ page }) {
    await on_the_wall(page, { ...asked, question: f.long_question }, "请在手机上作答");
  },
  async longest_question({ page }) {
    const text = f.long_question.text + f.long_question.text.slice(0, 84);
    const options = f.eight.options.map((_, index) => f.long_question.options[index % 4].repeat(4).slice(0, 100));
    await on_the_wall(page, { ...asked, question: { ...f.long_question, text, options } }, "请在手机上作答");
  },
  async picture({ page }) {
    await on_the_wall(page, { ...asked, question: f.pictured }, "请在手机上作答");
    await page.locator("img").waitFor();
  },
  async closed({ page }) {
    await on_the_wall(page, { ...asked, phase: "closed" }, "时间到");
  },
  async revealed({ page }) {
    await on_the_wall(page, shown, "这题选 C");
    await page.getByText("71%").waitFor();
  },
  async revealed_right_only({ page }) {
    await on_the_wall(page, { ...shown, revealed: { ...f.revealed, counts: [] } }, "这题选 C");
    await page.getByText("221").waitFor();
    assert.equal(await page.locator(".bar").count(), 0);
  },
  async revealed_nothing({ page }) {
    await on_the_wall(page, { ...shown, revealed: { ...f.revealed, counts: [], right: null } }, "这题选 C");
    assert.equal(await page.getByText("221").count(), 0);
  },
  async revealed_long({ page }) {
    await on_the_wall(page, { ...shown, question: f.long_question }, "这题选 C");
  },
  async revealed_eight({ page }) {
    await on_the_wall(page, { ...shown, question: f.eight, revealed: { ...f.revealed, counts: [10, 20, 30, 40, 50, 60, 70, 31] } }, "这题选 C");
  },
  async revealed_multiple({ page }) {
    await on_the_wall(page, { ...shown, question: f.multiple, revealed: { ...f.revealed, key: 5, answered: 4, right: 1, counts: [3, 2, 2, 2] } }, "这题选 AC");
    assert.deepEqual(await page.locator(".pct").allInnerTexts(), ["75%", "50%", "50%", "50%"]);
  },
  async revealed_picture({ page }) {
    await on_the_wall(page, { ...shown, question: f.pictured, revealed: { ...f.revealed, key: 1, counts: [221, 62, 19, 9] } }, "这题选 A");
    await page.getByAltText(f.pictured.picture_alt).waitFor();
  },
  async revealed_picture_eight({ page }) {
    const question = { ...f.eight, picture: f.pictured.picture, picture_alt: f.pictured.picture_alt, options: f.eight.options.map((text) => text.repeat(12)) };
    await on_the_wall(page, { ...shown, question, revealed: { ...f.revealed, counts: [10, 20, 30, 40, 50, 60, 70, 31] } }, "这题选 C");
    await page.getByAltText(f.pictured.picture_alt).waitFor();
  },
  async revealed_poll({ page }) {
    await on_the_wall(page, { ...shown, question: f.poll, revealed: { ...f.revealed, key: 0, explanation: "", counts: [80, 61, 120, 40, 10] } }, "大家的意见");
  },
  async leaderboard({ page }) {
    await on_the_wall(page, { ...shown, scene: "leaderboard", leaderboard: f.leaderboard }, "排行榜，同分先比用时");
    await page.getByText("周＊华").waitFor();
  },
  async communities({ page }) {
    await on_the_wall(page, { ...shown, scene: "leaderboard", leaderboard: { ...f.leaderboard, rows: [] } }, "社区排行榜");
  },
  async leaderboard_stress({ page }) {
    const rows = f.leaderboard.rows.map((row) => ({ ...row, name: "武昌府社区三栋二单元广场舞队的王阿姨和老伴儿", points: 12000, ms: 1021437 }));
    await on_the_wall(page, { ...shown, scene: "leaderboard", leaderboard: { ...f.leaderboard, rows, of: 340126 } }, "340,126");
  },
  async podium({ page }) {
    await on_the_wall(page, { ...shown, phase: "ended", leaderboard: f.leaderboard }, "恭喜获胜者");
  },
  async thanks({ page }) {
    await on_the_wall(page, { phase: "ended", asking: 10 }, "谢谢大家参加");
  },
  async paused({ page }) {
    await on_the_wall(page, { ...shown, phase: "paused" }, "主持人暂停一下");
  },
  async voided({ page }) {
    await on_the_wall(page, asked, "请在手机上作答");
    edge.send({ type: "voided", asking: 3 });
    await page.getByText("这题不计分").waitFor();
    assert.equal(await page.locator(".time i").evaluate((bar) => bar.getBoundingClientRect().width), 0);
  },
  async reconnecting({ page }) {
    await on_the_wall(page, shown, "这题选 C");
    edge.is_down = true;
    edge.cut();
    await page.getByText("网络断了").waitFor();
    assert.equal(await page.getByText("71%").count(), 1, "the last picture stays");
  },
  async code({ page }) {
    await page.goto(`${edge.origin}/screen`);
    await page.keyboard.press("4");
    await page.keyboard.press("8");
    await page.keyboard.press("ArrowRight"); /* from 8 to 9 */
    await page.keyboard.press("Enter");
    await page.locator(".digits .full").nth(2).waitFor();
    assert.equal(await page.locator(".digits").innerText(), "4\n8\n9");
  },
  async code_unknown({ page }) {
    edge.on("hello", () => [{ type: "refused", verdict: "unknown_code" }]);
    await page.goto(`${edge.origin}/screen?r=111111`);
    await page.getByText("没有这个入场码").waitFor();
  },
};

/* Text that leaves its box is cut on the wall: nobody can scroll there. */
const cut = () => {
  const found = [];
  const tell = (box, width, height) => found.push(`${box.className || box.tagName}: ${width}x${height} in ${box.clientWidth}x${box.clientHeight}`);
  for (const box of document.querySelectorAll(".page, main, .state, .lower, .opts")) {
    if (box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2) tell(box, box.scrollWidth, box.scrollHeight);
  }
  for (const box of document.querySelectorAll(".opt, .row")) {
    for (const part of box.children) if (part.offsetHeight > box.clientHeight) tell(box, part.offsetWidth, part.offsetHeight);
  }
  return found;
};

for (const size_name of (process.env.SIZES || "wall").split(",")) {
  const size = sizes[size_name];
  for (const [name, drive] of Object.entries(states)) {
    if (process.env.ONLY && !process.env.ONLY.split(",").includes(name)) continue;
    test(`screen ${name}, ${size_name}`, async () => {
      edge = await mock_edge_start({ dist: process.env.DIST, pictures: { "/p/sign.svg": f.sign }, address: "https://192.0.2.2:8443" });
      const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && !/WebSocket connection/.test(message.text()) && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(String(error)));
      try {
        await drive({ page });
        if (shots) await page.screenshot({ path: `${shots}/${size_name}-${name}.png` });
        assert.deepEqual(await page.evaluate(cut), []);
        assert.deepEqual(errors, []);
        assert.deepEqual(await axe_findings(page), []);
      } finally {
        await context.close();
        await edge.stop();
      }
    });
  }
}
