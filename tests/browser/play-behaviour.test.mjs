/* What a resident's page does over time, in Chromium, against the pretend edge: lost links, reloads, the keyboard alone,
 * the back button, hostile names. The states themselves are looked at in play-states.test.mjs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser_launch } from "./browser.mjs";
import { mock_edge_start } from "./mock-edge.mjs";
import * as f from "./play-fixtures.mjs";

let browser;
before(async () => {
  browser = await browser_launch();
});
after(async () => {
  await browser.close();
});

const asked = { ...f.snapshot, phase: "open", asking: 3, question: f.question, open: f.open };

/* One test with its own edge and its own phone; no error may be logged but that of a socket that was cut. */
function phone_test(name, run, { token = true, viewport = { width: 390, height: 844 }, script } = {}) {
  test(name, async () => {
    const edge = await mock_edge_start({ dist: process.env.DIST, pictures: { "/p/sign.svg": f.sign } });
    const context = await browser.newContext({ viewport, hasTouch: true });
    if (token) {
      await context.addInitScript(() => {
        if (!localStorage.getItem("jingda.round.482916")) localStorage.setItem("jingda.round.482916", JSON.stringify({ token: "t0k3n" }));
      });
    }
    if (script) await context.addInitScript(script);
    const page = await context.newPage();
    const errors = [];
    page.on("console", (message) => message.type() === "error" && !/WebSocket connection/.test(message.text()) && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    try {
      await run({ page, edge, context });
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
      await edge.stop();
    }
  });
}

async function told(page, edge, frame = asked) {
  edge.on("hello", () => [frame]);
  await page.goto(`${edge.origin}/?r=482916`);
  await page.locator(".opt").first().waitFor();
}

async function says(page, text) {
  await page.locator(".state b", { hasText: text }).first().waitFor({ timeout: 15000 });
}

async function choose(page, index) {
  const option = page.locator(".opt").nth(index);
  for (let tries = 0; tries < 200 && (await option.getAttribute("aria-checked")) !== "true"; tries += 1) await option.click();
  assert.equal(await option.getAttribute("aria-checked"), "true");
}

phone_test(
  "the community is still named after a reload in the lobby",
  async ({ page, edge }) => {
    edge.on("hello", (hello) => (hello.token ? [{ ...f.snapshot, community: 1 }] : [{ ...f.round, communities: ["武昌府社区", "东湖社区"] }]));
    edge.on("join", () => [{ ...f.joined, community: 1 }, { ...f.snapshot, community: 1 }]);
    await page.goto(`${edge.origin}/?r=482916&c=1`);
    await page.locator(".foot .go").click();
    await says(page, "已进入");
    await page.getByText("东湖社区").waitFor();
    await page.reload();
    await says(page, "已进入");
    await page.getByText("东湖社区").waitFor();
  },
  { token: false },
);

phone_test(
  "coming in: the code by hand, the name, the token kept",
  async ({ page, edge }) => {
    edge.on("hello", (hello) => (hello.token ? [f.snapshot] : [{ ...f.round, communities: [] }]));
    edge.on("join", () => [f.joined, f.snapshot]);
    await page.goto(edge.origin);
    await page.locator(".digits input").pressSequentially("482916");
    await page.keyboard.press("Enter");
    await page.locator("input[autocomplete=nickname]").fill("王秀英");
    await page.keyboard.press("Enter");
    await says(page, "已进入");
    assert.equal(new URL(page.url()).search, "?r=482916");
    const join = edge.said.find((frame) => frame.type === "join");
    assert.equal(join.name, "王秀英");
    assert.equal("community" in join, false);
    await page.reload();
    await says(page, "已进入");
    assert.deepEqual(edge.said.filter((frame) => frame.type === "hello").pop(), { type: "hello", round: "482916", token: "t0k3n" });
  },
  { token: false },
);

phone_test(
  "a join that was lost is said again with the same nonce",
  async ({ page, edge }) => {
    edge.on("hello", () => [{ ...f.round, communities: [] }]);
    await page.goto(`${edge.origin}/?r=482916`);
    const first = edge.next("join");
    await page.locator(".go").click();
    const { nonce } = await first;
    const second = edge.next("join");
    edge.cut();
    assert.equal((await second).nonce, nonce);
  },
  { token: false },
);

phone_test("the options stand at the same place in the reading time and after it", async ({ page, edge }) => {
  await told(page, edge, { ...asked, open: f.reading });
  const boxes = () => page.locator(".opt").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const before_open = await boxes();
  edge.send({ ...f.open, elapsed_ms: 6000 });
  await says(page, "请选一个答案");
  assert.deepEqual(await boxes(), before_open);
});

phone_test("a picture takes its room before it has come", async ({ page, edge }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/p/sign.svg", async (route) => {
    await held;
    await route.continue();
  });
  await told(page, edge, { ...asked, question: f.pictured });
  const top = () => page.locator(".opt").first().evaluate((one) => one.getBoundingClientRect().top);
  const without = await top();
  release();
  await page.waitForFunction(() => document.querySelector("img").complete && document.querySelector("img").naturalWidth > 0);
  assert.equal(await top(), without);
});

phone_test("a second tap on 提交 hits nothing", async ({ page, edge }) => {
  await told(page, edge);
  await choose(page, 1);
  const box = await page.locator(".go").boundingBox();
  const said = edge.next("answer");
  await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
  await said;
  await says(page, "正在提交");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert.equal(edge.said.filter((frame) => frame.type === "answer").length, 1);
});

phone_test("an answer cut off on its way is sent again, and recorded once", async ({ page, edge }) => {
  await told(page, edge);
  await choose(page, 2);
  const first = edge.next("answer");
  await page.locator(".go").click();
  await first;
  const second = edge.next("answer");
  edge.cut();
  assert.deepEqual(await second, { type: "answer", asking: 3, choice: 4 });
  edge.send(f.recorded(4));
  await says(page, "已记录：C");
});

phone_test("a reload between 提交 and 已记录 sends the answer again", async ({ page, edge }) => {
  await told(page, edge);
  await choose(page, 2);
  const first = edge.next("answer");
  await page.locator(".go").click();
  await first;
  edge.on("answer", (answer) => [f.recorded(answer.choice)]);
  await page.reload();
  await says(page, "已记录：C");
});

phone_test("a choice survives a lost link, and may be submitted while it is lost", async ({ page, edge }) => {
  await told(page, edge);
  await choose(page, 0);
  edge.is_down = true;
  edge.cut();
  await says(page, "网络断了");
  assert.equal(await page.locator(".opt").first().getAttribute("aria-checked"), "true");
  await page.locator(".go").click();
  await says(page, "连上就替您提交 A");
  edge.on("answer", (answer) => [f.recorded(answer.choice)]);
  edge.is_down = false;
  await says(page, "已记录：A");
});

phone_test("opened elsewhere: it stops, and comes back here when asked", async ({ page, edge }) => {
  await told(page, edge);
  await says(page, "请选一个答案");
  edge.send({ type: "refused", verdict: "newer_connection" });
  await page.getByText("回到这里答").waitFor();
  const hellos = () => edge.said.filter((frame) => frame.type === "hello").length;
  const before_return = hellos();
  await page.getByText("回到这里答").click();
  await says(page, "请选一个答案");
  assert.equal(hellos(), before_return + 1);
});

phone_test("by keyboard alone: digits, arrows, Enter", async ({ page, edge }) => {
  await told(page, edge);
  await says(page, "请选一个答案");
  const on = () => page.locator('.opt[aria-checked="true"] .seal').allInnerTexts();
  const press_until = async (key, letter) => {
    for (let tries = 0; tries < 200; tries += 1) {
      await page.keyboard.press(key);
      if ((await on()).join() === letter) return;
    }
    assert.fail(`${letter} was never chosen`);
  };
  await press_until("2", "B");
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await on(), ["C"]);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.option), "2", "the focus goes with it");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "the focus is seen");
  const said = edge.next("answer");
  await page.keyboard.press("Enter");
  assert.equal((await said).choice, 4);
});

phone_test("by keyboard alone: several options", async ({ page, edge }) => {
  await told(page, edge, { ...asked, question: f.multiple });
  await says(page, "可选多个");
  for (let tries = 0; tries < 200 && (await page.locator('[aria-checked="true"]').count()) === 0; tries += 1) await page.keyboard.press("1");
  if ((await page.locator('[aria-checked="true"]').count()) === 0) await page.keyboard.press("1");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await says(page, "已选 AC");
  const said = edge.next("answer");
  await page.keyboard.press("Enter");
  assert.equal((await said).choice, 5);
});

phone_test("the back button asks, and both answers do what they say", async ({ page, edge }) => {
  await told(page, edge);
  await choose(page, 1);
  await page.evaluate(() => history.back());
  await page.getByText("继续答题").click();
  await says(page, "已选 B");
  await page.evaluate(() => history.back());
  await page.getByRole("dialog").getByText("离开", { exact: true }).click();
  await page.waitForFunction(() => location.href === "about:blank" || document.body.innerText.includes("您已离开"));
});

phone_test("large print is kept, 字大一点 goes up twice and back", async ({ page, edge }) => {
  await told(page, edge);
  const size = () => page.locator(".opt").first().evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  assert.equal(await size(), 18);
  await page.getByText("字大一点").click();
  assert.equal(Math.round((await size()) * 10) / 10, 23.4);
  await page.getByText("再大一点").click();
  assert.equal(Math.round((await size()) * 10) / 10, 29.7);
  await page.reload();
  await page.locator(".opt").first().waitFor();
  assert.equal(Math.round((await size()) * 10) / 10, 29.7);
  await page.getByText("标准字号").click();
  assert.equal(await size(), 18);
});

phone_test("English by the switch, kept, and the page's language says so", async ({ page, edge }) => {
  await told(page, edge);
  await page.getByText("English").click();
  await says(page, "Choose an answer");
  await page.reload();
  await says(page, "Choose an answer");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
});

phone_test("what people typed comes out as text", async ({ page, edge }) => {
  const evil = '<img src=x onerror="document.title=1">"&\'</script><script>document.title=2</script>';
  edge.on("hello", () => [{ ...asked, title: evil, unit: evil, name: evil, question: { ...f.question, text: evil, options: [evil, "javascript:1", "<b>", "&lt;"] } }]);
  await page.goto(`${edge.origin}/?r=482916`);
  await page.locator(".opt").first().waitFor();
  assert.equal(await page.locator("h1").innerText(), evil);
  assert.equal(await page.locator(".opt").nth(3).locator("span").first().innerText(), "&lt;");
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.match(await page.title(), /第 3 题/);
});

phone_test(
  "a browser that forbids storage still plays",
  async ({ page, edge }) => {
    edge.on("hello", () => [{ ...f.round, communities: [] }]);
    edge.on("join", () => [f.joined, asked]);
    await page.goto(`${edge.origin}/?r=482916`);
    await page.locator(".go").click();
    await says(page, "请选一个答案");
  },
  {
    token: false,
    script: () => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new Error("storage is forbidden");
        },
      });
    },
  },
);

phone_test("the countdown steps once a second and is not spoken but at ten and five", async ({ page, edge }) => {
  await page.clock.install();
  await told(page, edge, { ...asked, open: { ...f.open, elapsed_ms: 23500 } });
  const number = () => page.locator(".left b").innerText();
  assert.equal(await number(), "12");
  await page.clock.runFor(1000);
  assert.equal(await number(), "11");
  assert.equal(await page.locator(".spoken[role=status]").innerText(), "");
  await page.clock.runFor(1000);
  assert.equal(await number(), "10");
  assert.equal(await page.locator(".spoken[role=status]").textContent(), "还有 10 秒");
  await page.clock.runFor(10000);
  await says(page, "时间到了");
  assert.equal(await page.locator(".foot button").count(), 0);
});
