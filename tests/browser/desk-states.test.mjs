/* The organizers' pages in Chromium, against the pretend desk: a whole round by keyboard alone, every state at a desk's
 * and a phone's size, and what goes wrong. Each state says its sentence, overflows nowhere, and axe-core finds nothing
 * serious. SHOTS=DIR keeps pictures; DIST=DIR tests pages built elsewhere; SIZES=wide,phone picks sizes. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe_findings, browser_launch } from "./browser.mjs";
import { COMMUNITIES } from "./mock-desk-data.mjs";
import { mock_desk_start } from "./mock-desk.mjs";

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const shots = process.env.SHOTS;
const dist = process.env.DIST ? { dist: process.env.DIST } : {};
const GUARD_MS = 600; /* the deck ignores a second press for so long */
const rules = {
  limit_ms: 30_000, reading_ms: 0, scoring: "accuracy", points: 10, multiple: "all", shuffle: false, names: "optional",
  communities: COMMUNITIES, rank_shown: "each", distribution: "all", auto: false, explain_ms: 15_000,
};

let browser;
before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  browser = await browser_launch();
});
after(() => browser.close());

/* Runs `story` with a fresh desk and a page of it; afterwards the page must have logged no error of its own. */
async function with_desk({ size = "wide", ...options }, story) {
  const desk = await mock_desk_start({ ...dist, ...options });
  const context = await browser.newContext({ viewport: sizes[size] });
  const errors = [];
  const page = await open(context, errors);
  let number = 0;
  const looks = async (name, text) => {
    await page.getByText(text, { exact: false }).locator("visible=true").first().waitFor({ timeout: 5000 });
    if (shots) await page.screenshot({ path: `${shots}/desk-${size}-${String(number++).padStart(2, "0")}-${name}.png` });
    assert.deepEqual(await axe_findings(page), [], name);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${name} overflows by ${over}`);
  };
  try {
    await story({ desk, page, looks, context, errors });
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await desk.stop();
  }
}

/* Refused sign-ins and dropped connections are written down by Chromium itself: they are what is tested. */
async function open(context, errors) {
  const page = await context.newPage();
  await page.clock.install();
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection|inline script/.test(message.text())) errors.push(message.text());
  });
  return page;
}

async function sign_in(desk, page, path = "/", name = "王敏") {
  await page.goto(desk.origin + path);
  await page.fill("#name", name);
  await page.fill("#password", "correct horse");
  await page.keyboard.press("Enter");
  await page.locator("nav").waitFor();
}

function round_made(desk, change = {}) {
  const questions = desk.banks.at(-1).questions.map((question) => question.id);
  desk.do_round_create({ title: "全国科普日现场竞答", unit: "科学技术协会", questions, rules: { ...rules, ...change } });
  return [...desk.rounds.values()].at(-1);
}

const status = (page, text) => page.locator(".state [role=status]", { hasText: text }).waitFor({ timeout: 5000 });
const asked = (desk, pattern) => desk.asked.map((request) => request.do).filter((verb) => pattern.test(verb));
const past_guard = (page) => page.clock.fastForward(GUARD_MS);

test("the first organizer makes an account by the one-time link, once", () =>
  with_desk({ has_account: false }, async ({ desk, page, looks }) => {
    await page.goto(`${desk.origin}/#first=${desk.first_token}`);
    await page.fill("#name", "王敏");
    await page.fill("#password", "seven77");
    await page.fill("#again", "seven77");
    await looks("first", "密码至少 8 个字符");
    assert.ok(await page.getByRole("button", { name: "设立并登录" }).isDisabled());
    await page.fill("#password", "correct horse");
    await page.fill("#again", "correct horse");
    await page.keyboard.press("Enter");
    await looks("empty", "先建一场试试");
    assert.equal(new URL(page.url()).hash, "#/", "the token does not stay in the address");
    await page.getByRole("button", { name: "退出" }).click();
    await page.goto(`${desk.origin}/#first=${desk.first_token}`);
    await page.fill("#name", "别人");
    await page.fill("#password", "correct horse");
    await page.fill("#again", "correct horse");
    await page.keyboard.press("Enter");
    await looks("used", "这个链接已经用过");
  }));

test("a wrong password is said kindly, too many make one wait, and the wait ends", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    await page.goto(desk.origin);
    for (let tries = 0; tries < 4; tries++) {
      await page.fill("#name", "王敏");
      await page.fill("#password", `wrong ${tries}`);
      const answer = page.waitForResponse(/signin/);
      await page.keyboard.press("Enter");
      await answer;
      if (tries === 0) await looks("wrong", "名字或密码不对");
    }
    await looks("wait", "秒再登录");
    assert.ok(await page.getByRole("button", { name: "登录" }).isDisabled());
    await page.clock.fastForward(31_000);
    await looks("wait-over", "现在可以再登录了");
    desk.wrong = 0;
    await page.fill("#password", "correct horse");
    await page.keyboard.press("Enter");
    await looks("in", "还没有场次");
  }));

test("a whole round is made and run by keyboard alone", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    await sign_in(desk, page);
    await page.getByRole("button", { name: "新建场次" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox").first().focus();
    for (const _ of [1, 2]) {
      await page.keyboard.press("Space");
      await page.keyboard.press("Tab"); /* its whole text */
      await page.keyboard.press("Tab"); /* the next question */
    }
    await page.getByRole("button", { name: "下移第 1 题" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "下一步" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#limit").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("20");
    await page.getByRole("button", { name: "下一步" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#title").focus();
    await page.keyboard.type("科普日");
    await page.keyboard.press("Tab");
    await page.keyboard.type("科协");
    await page.locator("#communities").focus();
    await page.keyboard.type("东湖社区\n武昌府社区\n东湖社区");
    await looks("twice", "写了两次，只算一次：东湖社区");
    await page.getByRole("button", { name: "建立场次" }).focus();
    await page.keyboard.press("Enter");
    await status(page, "人齐了按“开始”");
    const round = [...desk.rounds.values()][0];
    assert.equal(round.rules.limit_ms, 20_000);
    assert.deepEqual(round.rules.communities, ["东湖社区", "武昌府社区"]);
    assert.deepEqual(round.questions.map((question) => question.id), [1001, 1000], "the order was changed");
    desk.joins(round, 30);
    for (let asking = 1; asking <= 2; asking++) {
      await page.keyboard.press("Space");
      await status(page, /正在作答|大家在读题/);
      desk.answers(round, [3, 24, 2, 1]);
      await past_guard(page);
      await page.keyboard.press("Space");
      await status(page, "作答已截止"); /* all thirty have answered: closed without a question */
      await past_guard(page);
      await page.keyboard.press("Space");
      await status(page, /答案已公布|最后一题已公布/);
      await past_guard(page);
      if (asking === 1) {
        await page.keyboard.press("p");
        await status(page, "已暂停");
        await past_guard(page);
        await page.keyboard.press("p");
        await status(page, "答案已公布");
        await past_guard(page);
      }
    }
    await page.keyboard.press("Space");
    await page.locator("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await past_guard(page);
    await page.keyboard.press("Space");
    await page.locator("dialog").waitFor();
    await page.locator("dialog .go").focus();
    await page.keyboard.press("Enter");
    await status(page, "本场已结束");
    assert.deepEqual(asked(desk, /^round\.(?!watch|create)/), [
      "round.start", "round.close", "round.reveal", "round.pause", "round.resume", "round.next", "round.close", "round.reveal", "round.end",
    ]);
    await page.goto(`${desk.origin}/#/new`);
    await page.getByRole("checkbox").first().waitFor();
    await page.getByRole("checkbox").first().check();
    for (const _ of [1, 2]) await page.getByRole("button", { name: "下一步" }).click();
    assert.equal(await page.inputValue("#unit"), "科协", "the unit is remembered");
    assert.match(await page.inputValue("#communities"), /武昌府社区/);
  }));

for (const size of (process.env.SIZES || "wide,phone").split(",")) {
  test(`every state of a round can be looked at (${size})`, () => with_desk({ size }, states));
}

async function states({ desk, page, looks, context, errors }) {
  const round = round_made(desk, { reading_ms: 5_000 });
  await sign_in(desk, page);
  await looks("rounds", "去主持");
  await page.goto(`${desk.origin}/#/banks/1`);
  await page.getByRole("button", { name: "看全题" }).first().click();
  await looks("bank", "正确答案");
  await page.goto(`${desk.origin}/#/new`);
  await page.getByRole("button", { name: "全选这些" }).click();
  await looks("compose", "40 题，约");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.fill("#points", "0");
  await looks("rules", "分值在 1 到 1000 之间");

  await page.goto(`${desk.origin}/#/round/1`);
  await looks("lobby-empty", "还没有人进入");
  desk.joins(round, 326);
  await looks("lobby", "已有 326 人进入");
  await page.getByRole("button", { name: "二维码和链接" }).first().click();
  await page.locator(".card-qr svg path").waitFor();
  await looks("invite", "每个社区一个二维码");
  assert.equal(await page.locator(".qr script").count(), 0, "of the picture only its shapes are taken");
  await page.keyboard.press("Escape");
  await page.locator(".slots .go").click();
  await looks("reading", "大家在读题");
  await page.clock.fastForward(5_000);
  desk.answers(round, [18, 230, 30, 9]);
  await looks("open", "秒后截止");
  await past_guard(page);
  await page.locator(".slots .go").click();
  await looks("close", "还有 39 人没有答");
  await page.getByRole("button", { name: "不，回去" }).click();
  assert.deepEqual(asked(desk, /close/), [], "looking at the question closes nothing");
  await page.locator(".more .btn").first().click();
  await past_guard(page);
  desk.tell(round, { can_extend: false });
  await page.locator(".more .btn[aria-disabled]", { hasText: "加时" }).click({ force: true });
  await looks("extend-late", "已有人的时间到了");
  desk.tell(round, { phase: "closing" });
  await looks("closing", "正在收齐作答");
  desk.tell(round, { phase: "closed" });
  await looks("closed", "请公布答案");
  await past_guard(page);
  await page.locator(".slots .go").click();
  await looks("revealed", "可以出下一题");
  await page.getByRole("tab", { name: "个人排行" }).click();
  await page.getByRole("button", { name: /^管理 / }).first().click();
  await page.fill("#rename", "王芳");
  await looks("person", "请出这位参与者");
  await page.getByRole("button", { name: "改好" }).click();
  await page.locator("#panel").getByText("王芳").waitFor();
  await page.getByRole("button", { name: "排行榜", exact: true }).click();
  await page.locator(".segment [aria-pressed=true]", { hasText: "排行榜" }).waitFor();
  await past_guard(page);
  await page.locator("[data-place=pause]").click();
  await looks("paused", "按“继续”接着来");
  desk.tell(round, { phase: "open", asking: 4, counts: [90, 10, 80, 70], answered: 100, opened_ms: Date.now(), voided: [2] });
  await looks("multiple", "90%");
  await page.locator(".list button").nth(6).click();
  await looks("looking", "还没有问，居民看不到");

  const other = await open(await browser.newContext(), errors);
  await sign_in(desk, other, "/#/round/1", "张老师");
  await other.locator(".lease").waitFor();
  await page.getByRole("button", { name: "交给别人" }).click();
  await looks("give", "交给 张老师");
  await page.getByRole("button", { name: "交给 张老师" }).click();
  await looks("watching", "张老师 正在主持，您在看");
  assert.equal(await page.locator(".segment [aria-disabled=true]").count(), 2, "who watches does not switch the screens");
  await page.getByRole("button", { name: "接过主持" }).click();
  await page.locator("dialog .go").click();
  await page.locator(".lease").waitFor({ state: "detached" });
  await other.context().close();

  desk.tell(round, { phase: "revealed", asking: 8 });
  await looks("last", "最后一题已公布");
  desk.tell(round, { phase: "ended" });
  await looks("ended", "最后的名次");
  assert.match(await page.locator(".podium li").first().innerText(), /\d{3} 号|居民\d{3}/, "two of one name are told apart");
  await page.goto(`${desk.origin}/#/round/1/print`);
  await page.locator(".cards li").nth(COMMUNITIES.length).waitFor();
  await looks("print", "打印这一页");
  await page.getByRole("button", { name: "English" }).click();
  await looks("print-english", "Print this page");
  assert.equal(await page.getAttribute("html", "lang"), "en");
}

test("two of one name are told apart by their numbers", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    const round = round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    desk.joins(round, 28);
    for (const person of round.people) Object.assign(person, { name: "李建国", community: 0 });
    desk.tell(round, { phase: "revealed", asking: 1, counts: [28, 0], answered: 28 });
    await page.getByRole("tab", { name: "个人排行" }).click();
    await looks("twins", /^\d{3} 号$/);
    const told = await page.locator("#panel tbody .no").allInnerTexts();
    assert.equal(new Set(told).size, 8);
    desk.tell(round, { phase: "ended" });
    await looks("twins-ended", "最后的名次");
    assert.equal(new Set(await page.locator(".podium .no").allInnerTexts()).size, 3);
  }));

test("in a knockout nobody who is out is counted as not having answered", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    const round = round_made(desk, { scoring: "knockout" });
    await sign_in(desk, page, "/#/round/1");
    desk.joins(round, 30);
    await page.locator(".slots .go").click();
    desk.answers(round, [3, 2, 1, 1]);
    await page.locator(".nums", { hasText: "已答" }).waitFor();
    assert.doesNotMatch(await page.locator(".nums").innerText(), /未答/);
    await past_guard(page);
    await page.locator(".slots .go").click();
    await looks("knockout-close", "已有 7 人作答");
  }));

test("a reload loses nothing of a round being made, and a made round leaves no draft", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    await sign_in(desk, page, "/#/new");
    await page.getByRole("button", { name: "全选这些" }).click();
    await page.getByRole("button", { name: "下一步" }).click();
    await page.fill("#limit", "25");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.fill("#title", "科普日");
    await page.fill("#unit", "科协");
    await page.reload();
    await looks("draft-back", "建立场次");
    assert.equal(await page.inputValue("#title"), "科普日");
    await page.getByRole("button", { name: "建立场次" }).click();
    await status(page, "人齐了按“开始”");
    const round = [...desk.rounds.values()][0];
    assert.deepEqual([round.askings, round.rules.limit_ms, round.title], [40, 25_000, "科普日"]);
    await page.goto(`${desk.origin}/#/new`);
    await page.reload();
    await page.getByText("还没有选题").or(page.getByRole("button", { name: "全选这些" })).first().waitFor();
    assert.equal(await page.evaluate(() => JSON.parse(sessionStorage.getItem("jingda.desk.draft") ?? "{}").draft?.chosen.length ?? 0), 0);
  }));

test("a second press within 600 ms is ignored", () =>
  with_desk({}, async ({ desk, page }) => {
    const round = round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    await page.locator(".slots .go").waitFor();
    await page.clock.pauseAt(Date.now() + 60_000); /* from here the page's time moves only by hand */
    await page.locator(".slots .go").dblclick();
    await status(page, "正在作答");
    desk.tell(round, { phase: "closed" });
    await status(page, "作答已截止");
    await page.keyboard.press("Space");
    await page.locator("[data-place=pause]").click();
    await page.getByRole("tab", { name: "个人排行" }).click();
    await page.getByText("公布第一题的答案以后").waitFor();
    assert.deepEqual(asked(desk, /^round\.(?!watch)/), ["round.start"]);
    await page.clock.runFor(GUARD_MS);
    await page.keyboard.press("Space");
    await status(page, "答案已公布");
    assert.deepEqual(asked(desk, /^round\.(?!watch)/), ["round.start", "round.reveal"]);
  }));

test("Space presses the filled slot after a click elsewhere, and a button reached by Tab keeps its own Space", () =>
  with_desk({}, async ({ desk, page }) => {
    const round = round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    await page.getByRole("tab", { name: "个人排行" }).click();
    await page.keyboard.press("Space");
    await status(page, "正在作答");
    desk.tell(round, { phase: "closed" });
    await status(page, "作答已截止");
    await past_guard(page);
    await page.getByRole("button", { name: "隐去姓名" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.locator(".more [aria-pressed=true]", { hasText: "不再进人" }).waitFor();
    assert.deepEqual(asked(desk, /^round\.(?!watch)/), ["round.start", "round.lock"]);
  }));

test("a lost connection is said, the last state stays, the deck waits, and all comes back", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    const round = round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    desk.joins(round, 12);
    await page.getByText("已有 12 人进入").waitFor();
    desk.is_down = true;
    desk.cut();
    await looks("lost", "正在重新连接");
    assert.ok(await page.getByText("已有 12 人进入").isVisible());
    await page.keyboard.press("Space");
    await looks("lost-press", "等连接恢复");
    desk.is_down = false;
    await page.clock.fastForward(20_000);
    await status(page, "人齐了按“开始”");
    await page.locator(".lease").waitFor({ state: "detached" });
    await page.keyboard.press("Space");
    await status(page, "正在作答");
    assert.deepEqual(asked(desk, /start/), ["round.start"], "nothing was sent while it was away");
  }));

test("a refusal says what to do next and a reload loses nothing", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    const round = round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    await page.locator(".slots .go").waitFor();
    desk.refusals.push({ do: "round.start", error: "core_away" });
    await page.keyboard.press("Space");
    await looks("refused", "没有变再按一次");
    desk.tell(round, { phase: "closed", asking: 3, counts: [1, 2], answered: 3 });
    await page.reload();
    await status(page, "作答已截止");
    assert.equal(await page.locator(".lease").count(), 0, "still the host");
  }));

test("a session that ended elsewhere leads to the sign-in and back to the round", () =>
  with_desk({}, async ({ desk, page, looks }) => {
    round_made(desk);
    await sign_in(desk, page, "/#/round/1");
    await page.locator(".slots").waitFor();
    desk.sign_out_all();
    await looks("signed-out", "请再登录");
    await page.fill("#name", "王敏");
    await page.fill("#password", "correct horse");
    await page.keyboard.press("Enter");
    await status(page, "人齐了按“开始”");
  }));

test("what people typed comes out as text", () =>
  with_desk({}, async ({ desk, page }) => {
    const bad = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;
    const question = desk.banks.at(-1).questions[0];
    Object.assign(question, { text: bad, options: [bad, "乙"], explanation: bad, source: bad, category: bad });
    const round = round_made(desk, { communities: [bad] });
    desk.tell(round, { title: bad, unit: bad });
    await sign_in(desk, page, "/#/round/1");
    desk.joins(round, 3);
    for (const person of round.people) person.name = bad;
    desk.joins(round, 1);
    await page.locator("#panel", { hasText: "<img" }).waitFor();
    desk.tell(round, { phase: "revealed", asking: 1, counts: [1, 1] });
    await page.locator(".dist", { hasText: "<img" }).waitFor();
    desk.tell(round, { phase: "ended" });
    await page.locator(".podium", { hasText: "<img" }).waitFor();
    await page.goto(`${desk.origin}/#/`);
    await page.locator(".rounds", { hasText: "<img" }).waitFor();
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.evaluate(() => window.hit), undefined);
  }));
