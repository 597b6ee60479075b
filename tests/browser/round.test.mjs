/* A whole round with the real server and people's pages in Chromium: an organizer at the desk, two phones (one in large
 * print and by keyboard), a screen on the wall, and residents by another library beside them (crowd.py). On the way a
 * phone is reloaded, an edge and the core are killed. At the end every receipt is held against core.db.
 * QUESTIONS=20 CLIENTS=200 plays the long one; SHOTS=DIR keeps pictures. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { axe_findings, browser_launch } from "./browser.mjs";
import { root, server_start } from "./server.mjs";

const questions = Number(process.env.QUESTIONS || 4);
const clients = Number(process.env.CLIENTS || 20);
const shots = process.env.SHOTS;
const NAME = "<img src onerror=hurt()>"; /* 24 characters, the most that a name may have */
const WAIT = { timeout: 20_000 };

async function page_of(browser, errors, viewport, path) {
  const context = await browser.newContext({ viewport, ignoreHTTPSErrors: true });
  await context.addInitScript(() => {
    window.hurt = () => (window.was_hurt = true);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => errors.push(`${path}: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/WebSocket connection|ERR_CONNECTION|Failed to load resource|inline script/.test(message.text())) errors.push(`${path}: ${message.text()}`);
  });
  await page.goto(path);
  return page;
}

const shot = (page, name) => (shots ? page.screenshot({ path: `${shots}/${name}.png` }) : null);

/* The organizer: account, bank, rules, names, lobby. */
async function make_round(desk) {
  await desk.fill("#name", "王敏");
  await desk.fill("#password", "correct horse");
  await desk.fill("#again", "correct horse");
  await desk.keyboard.press("Enter");
  await desk.getByRole("button", { name: "新建场次" }).first().click();
  await desk.getByRole("checkbox").first().waitFor();
  for (let chosen = 0; chosen < questions; chosen++) await desk.getByRole("checkbox").nth(chosen).check();
  await desk.getByRole("button", { name: "下一步" }).click();
  await desk.fill("#limit", "20");
  await desk.fill("#reading", "1").catch(() => {});
  await desk.getByRole("button", { name: "下一步" }).click();
  await desk.fill("#title", "2026 年洪山区科普知识竞答");
  await desk.fill("#unit", "洪山区科学技术协会");
  await desk.fill("#communities", "武昌府社区\n东湖社区\n林屿岸春天社区");
  await desk.getByRole("button", { name: "建立场次" }).click();
  await desk.locator(".state [role=status]", { hasText: "人齐了按“开始”" }).waitFor(WAIT);
  const text = await desk.locator("body").innerText();
  return text.match(/入场码\s*(\d{3})\s*(\d{3})/).slice(1).join("");
}

async function come_in(phone, name) {
  const field = phone.locator("input[autocomplete=nickname]");
  await field.waitFor(WAIT);
  const choose = phone.getByText("选社区");
  if (await choose.isVisible()) {
    await choose.click();
    await phone.locator(".opt", { hasText: "武昌府社区" }).click();
  }
  if (name) await field.fill(name);
  await phone.locator(".go").click();
  await phone.locator(".state b", { hasText: "已进入" }).waitFor(WAIT);
}

async function answer_by_hand(phone, index) {
  const option = phone.locator(".opt").nth(index);
  await option.waitFor(WAIT);
  await phone.locator(".opt:not([aria-disabled=true])").first().waitFor(WAIT);
  await option.click();
  await phone.locator(".foot .go").click();
}

async function answer_by_keyboard(phone, digit) {
  await phone.locator(".opt:not([aria-disabled=true])").first().waitFor(WAIT);
  await phone.keyboard.press(digit);
  await phone.keyboard.press("Enter");
}

const recorded = (phone) => phone.locator(".state b", { hasText: "已记录" }).waitFor(WAIT);

const GUARD_MS = 650;
async function press(desk) {
  await desk.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), GUARD_MS);
  await desk.locator(".slots .go:not([aria-disabled=true])").waitFor(WAIT);
  await desk.locator(".slots .go").click();
}

test("a whole round, an edge and the core killed on the way: nothing lost, doubled or changed", async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  const server = await server_start();
  const browser = await browser_launch();
  const errors = [];
  let crowd;
  try {
    const desk = await page_of(browser, errors, { width: 1440, height: 900 }, `${server.desk_url}/#first=${server.first}`);
    const code = await make_round(desk);
    const one = await page_of(browser, errors, { width: 390, height: 844 }, `${server.public_url}/?r=${code}&c=1`);
    await come_in(one, NAME);
    const two = await page_of(browser, errors, { width: 320, height: 640 }, `${server.public_url}/?r=${code}&large`);
    await come_in(two, "李建国");
    const screen = await page_of(browser, errors, { width: 1920, height: 1080 }, `${server.public_url}/screen?r=${code}`);
    crowd = spawn("/usr/bin/python3", [`${root}/tests/browser/crowd.py`, server.port, code, clients, `${server.folder}/data`].map(String), { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    const crowd_ended = new Promise((resolve) => crowd.on("exit", resolve));
    await new Promise((resolve) => crowd.stdout.on("data", (bytes) => /joined/.test((told += bytes)) && resolve()));
    await screen.getByText(String(clients + 2)).first().waitFor(WAIT);
    for (const [page, name] of [[desk, "desk-lobby"], [one, "phone-lobby"], [two, "phone-large-lobby"], [screen, "screen-lobby"]]) {
      await shot(page, name);
      assert.deepEqual(await axe_findings(page), [], name);
    }

    for (let asking = 1; asking <= questions; asking++) {
      await press(desk);
      await one.getByText(`第 ${asking} 题`).first().waitFor(WAIT);
      if (asking === 1) await shot(screen, "screen-question");
      if (asking === 2) {
        await one.reload();
        await one.locator(".opt").first().waitFor(WAIT);
      }
      if (asking === 3) server.kill("edge 0");
      if (asking === 4) server.kill("core");
      await answer_by_hand(one, asking % 2);
      await answer_by_keyboard(two, "1");
      await Promise.all([recorded(one), recorded(two)]);
      if (asking === 1) for (const [page, name] of [[one, "phone-recorded"], [two, "phone-large-recorded"], [desk, "desk-open"]]) await shot(page, name);
      await desk.waitForFunction((all) => new RegExp(`\\b${all}\\s*已答`).test(document.body.innerText), clients + 2, WAIT);
      await press(desk); /* all have answered: it closes without a question */
      await desk.locator(".state [role=status]", { hasText: "作答已截止" }).waitFor(WAIT);
      await press(desk);
      await desk.locator(".state [role=status]", { hasText: /答案已公布|最后一题已公布/ }).waitFor(WAIT);
      await one.getByText("讲解").first().waitFor(WAIT);
      await screen.getByText(/这题选|谢谢您的意见|大家/).first().waitFor(WAIT);
      if (asking === 1)
        for (const [page, name] of [[one, "phone-reveal"], [two, "phone-large-reveal"], [desk, "desk-reveal"], [screen, "screen-reveal"]]) {
          await shot(page, name);
          assert.deepEqual(await axe_findings(page), [], name);
        }
    }
    await desk.getByRole("button", { name: "排行榜", exact: true }).click();
    await screen.getByText("排行榜").first().waitFor(WAIT);
    await shot(screen, "screen-leaderboard");
    await press(desk);
    await desk.locator("dialog .go").click();
    await desk.locator(".state [role=status]", { hasText: "本场已结束" }).waitFor(WAIT);
    await one.getByText("答完了").first().waitFor(WAIT);
    await crowd_ended;
    for (const [page, name] of [[desk, "desk-ended"], [one, "phone-ended"], [two, "phone-large-ended"], [screen, "screen-podium"]]) {
      await shot(page, name);
      assert.deepEqual(await axe_findings(page), [], name);
    }
    const result = JSON.parse(told.trim().split("\n").pop());
    console.log(`${questions} questions, ${clients} clients and 2 phones: ${JSON.stringify(result)}`);
    assert.equal(result.lost + result.doubled + result.changed, 0);
    assert.equal(result.receipts, clients * questions, "everybody's every answer has a receipt");
    assert.equal(result.recorded, (clients + 2) * questions);
    for (const page of [desk, one, two, screen]) assert.equal(await page.evaluate(() => window.was_hurt), undefined, "a name is text");
    assert.deepEqual(errors, []);
  } catch (error) {
    console.error(server.log().slice(-4000));
    if (shots) for (const [index, context] of browser.contexts().entries()) await context.pages()[0].screenshot({ path: `${shots}/failed-${index}.png` });
    throw error;
  } finally {
    crowd?.kill();
    await browser.close();
    await server.stop();
  }
});
