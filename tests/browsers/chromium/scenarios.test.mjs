// What happens to a reader: lists that grow, pages that change, other languages, the menu, the popup, a refusal, a worker that dies.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { adverts, boardPage, card } from "../board.mjs";
import { BOARD, launch, poll } from "./launch.mjs";
import { badges, click, highlighted, ours } from "./shadow.mjs";

const RISKY = "Требуются девушки 18-25 лет в Дубай. Билет и визу оплатим, отработаете. Паспорт хранится у нас. WhatsApp +996 700 12 34 56";
const legitimate = adverts(40, 1).filter((advert) => !advert.risky);
const risky = (id, text = RISKY) => ({ id, text, risky: true });
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const counted = async (url) =>
  (await browser.worker()).evaluate(async (pattern) => {
    const [tab] = await chrome.tabs.query({ url: pattern });
    return chrome.action.getBadgeText({ tabId: tab.id });
  }, `${url}*`);

test("an infinite list that grows", async () => {
  const page = await browser.open(boardPage(legitimate.slice(0, 12)));
  await page.waitForTimeout(1200);
  assert.equal((await badges(page)).length, 0);
  for (let round = 0; round < 3; round += 1) {
    const more = [legitimate[12 + round], risky(`new-${round}`, `${RISKY} ${round}`), legitimate[20 + round]].map(card).join("");
    await page.evaluate((html) => {
      document.querySelector("#list").insertAdjacentHTML("beforeend", html);
      window.scrollTo(0, document.documentElement.scrollHeight);
    }, more);
    await poll(async () => (await badges(page)).length === round + 1, `${round + 1} badges`);
  }
  await poll(async () => (await counted(BOARD)) === "3", "the toolbar's number");
  await page.close();
});

test("a single-page app that replaces its content, and one that writes into the same nodes", async () => {
  const page = await browser.open(boardPage([risky("first"), ...legitimate.slice(0, 5)]));
  await poll(async () => (await badges(page)).length === 1, "a badge");
  const replaced = legitimate.slice(6, 12).map(card).join("");
  await page.evaluate((html) => {
    history.pushState(null, "", "/other");
    document.querySelector("#list").innerHTML = html;
  }, replaced);
  await poll(async () => (await badges(page)).length === 0, "the badge goes");
  assert.equal(await page.evaluate(() => document.documentElement.children.length), 2, "nothing of ours is left");
  // the same nodes, another text
  await page.evaluate((text) => (document.querySelector("#list .ad p").textContent = text), RISKY);
  await poll(async () => (await badges(page)).length === 1, "the new text is marked");
  await page.evaluate((text) => (document.querySelector("#list .ad p").textContent = text), legitimate[3].text);
  await poll(async () => (await badges(page)).length === 0, "and unmarked again");
  await page.close();
});

test("Kyrgyz, mixed and obfuscated text", async () => {
  const texts = [
    "Дубайга кыздар керек, 18-25 жаш. Билет биз тараптан, кийин айлыктан кармалат. Паспорт бизде сакталат. WhatsApp +996 700 11 22 33",
    "Дубайга девушкалар керек. Билет менден, кийин отработать этесиңер, паспорт у нас хранится. WhatsApp +996 700 11 22 33",
    "Тpeбyютcя дeвyшки в Дyбaй. Билeт в cчёт зapплaты, п а с п о р т хранится у нас. WhatsApp +996 700 11 22 33",
  ];
  const page = await browser.open(boardPage([...texts.map((text, i) => risky(`t${i}`, text)), ...legitimate.slice(0, 4)]));
  await poll(async () => (await badges(page)).length === 3, "three badges");
  const hidden = (await badges(page)).find(({ label }) => label.includes(texts[2].slice(0, 30)));
  await click(page, hidden);
  const words = await poll(async () => (await highlighted(page)).join(" ").includes("п а с п о р т") && highlighted(page), "the spaced word");
  assert.ok(words.length > 0);
  await page.close();
});

test("schema.org postings: JSON-LD and microdata", async () => {
  const posting = { "@context": "https://schema.org", "@type": "JobPosting", title: "Хостес", description: `<p>${RISKY}</p>` };
  const html = `<!doctype html><html><head><meta charset="utf-8"><script type="application/ld+json">${JSON.stringify(posting)}</script></head>
<body><div><div><div id="text"><p>${RISKY}</p></div></div><aside>Реклама</aside></div></body></html>`;
  const page = await browser.open(html, { url: "https://posting.example/1" });
  await poll(async () => (await badges(page)).length === 1, "a badge by JSON-LD");
  await page.close();
  const micro = `<!doctype html><html><head><meta charset="utf-8"></head><body><div itemscope itemtype="https://schema.org/JobPosting">
<h1 itemprop="title">Хостес</h1><div itemprop="description">${RISKY}</div></div></body></html>`;
  const second = await browser.open(micro, { url: "https://posting.example/2" });
  await poll(async () => (await badges(second)).length === 1, "a badge by microdata");
  await second.close();
});

test("a listed site is read by its description", async () => {
  const message = (text) => `<div class="tgme_widget_message_wrap"><div class="tgme_widget_message"><div class="tgme_widget_message_text">${text.replaceAll(". ", ".<br>")}</div><span>12:30</span></div></div>`;
  const html = `<!doctype html><html><head><meta charset="utf-8"></head><body><main>${[RISKY, legitimate[1].text].map(message).join("")}</main></body></html>`;
  const page = await browser.open(html, { url: "https://t.me/s/jobs_example" });
  await poll(async () => (await badges(page)).length === 1, "a badge");
  await page.close();
});

test("the panel by keyboard: focus goes in, Esc brings it back, Esc twice takes everything away", async () => {
  const page = await browser.open(boardPage([risky("first"), ...legitimate.slice(0, 5)]));
  const [badge] = await poll(async () => (await badges(page)).length === 1 && badges(page), "a badge");
  // Tab reaches the badge behind the page's own links
  for (let i = 0; i < 8 && (await ours(page, "panel")).length === 0; i += 1) {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(250);
  }
  assert.equal((await ours(page, "panel")).length, 1, `opened by Enter: ${badge.label}`);
  await page.keyboard.press("Escape");
  await poll(async () => (await ours(page, "panel")).length === 0, "closed");
  await page.waitForTimeout(900);
  await page.keyboard.press("Enter");
  await poll(async () => (await ours(page, "panel")).length === 1, "the focus was back on the badge");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await poll(async () => (await badges(page)).length === 0, "the quick exit");
  assert.equal(await page.evaluate(() => document.documentElement.children.length), 2);
  await poll(async () => (await counted(BOARD)) === "", "the number is gone");
  await page.close();
});

test("this is wrong: the mark goes and stays away; hide on this site", async () => {
  // a text of its own: what is called wrong stays so for the other tests, too
  const html = boardPage([risky("first", `${RISKY} звоните`), ...legitimate.slice(0, 5)]);
  const page = await browser.open(html, { url: "https://wrong.example/" });
  await click(page, (await poll(async () => (await badges(page)).length === 1 && badges(page), "a badge"))[0]);
  await poll(async () => (await ours(page, "panel")).length === 1, "the panel");
  await click(page, await findButton(page, "Это ошибка"));
  await poll(async () => (await badges(page)).length === 0, "the mark goes");
  await page.reload();
  await page.waitForTimeout(1500);
  assert.equal((await badges(page)).length, 0, "it stays away");
  await page.close();

  const other = await browser.open(boardPage([risky("x", `${RISKY} ок`), ...legitimate.slice(0, 5)]), { url: "https://hide.example/" });
  await click(other, (await poll(async () => (await badges(other)).length === 1 && badges(other), "a badge"))[0]);
  await poll(async () => (await ours(other, "panel")).length === 1, "the panel");
  await click(other, await findButton(other, "Не отмечать на этом сайте"));
  await poll(async () => (await badges(other)).length === 0, "the marks go");
  await other.reload();
  await other.waitForTimeout(1200);
  assert.equal((await badges(other)).length, 0);
  const kept = await (await browser.worker()).evaluate(() => chrome.storage.local.get(null));
  assert.deepEqual(kept.quiet, ["hide.example"]);
  assert.ok(!JSON.stringify(kept).includes("Дубай"), "no advert is kept");
  await other.close();
});

/** A button of our panel by its text. */
async function findButton(page, text) {
  const [panel] = await ours(page, "panel");
  return panel.buttons.find((button) => button.text === text);
}

test("the context menu opens the check page with the selection and its line breaks", async () => {
  const page = await browser.open(`<!doctype html><meta charset="utf-8"><p id="a">Требуются девушки в Дубай</p><p>паспорт хранится у нас</p>`, { url: "https://menu.example/" });
  await page.evaluate(() => getSelection().selectAllChildren(document.body));
  const opening = browser.context.waitForEvent("page");
  await (await browser.worker()).evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: "https://menu.example/*" });
    // the browser's own menu cannot be reached without a window: its event is sent as the browser sends it
    chrome.contextMenus.onClicked.dispatch({ menuItemId: "check-selection", frameId: 0, selectionText: "x", editable: false, pageUrl: tab.url }, tab);
  });
  const check = await opening;
  await check.locator(".result.danger").waitFor();
  assert.match(await check.locator("textarea").inputValue(), /Дубай\n+паспорт/);
  assert.equal(new URL(check.url()).hash, "", "the address keeps no trace");
  await check.close();
  await page.close();
});

test("the popup: this page's summary, a text pasted, help lines", async () => {
  const page = await browser.open(boardPage([risky("first"), ...legitimate.slice(0, 5)]));
  await poll(async () => (await badges(page)).length === 1, "a badge");
  const popup = await browser.context.newPage();
  await popup.setViewportSize({ width: 380, height: 600 });
  // opened as a tab of its own, so the page's tab must be told to be the active one
  await popup.addInitScript(() => {
    const query = chrome.tabs.query;
    chrome.tabs.query = (asked) => (asked.active ? query.call(chrome.tabs, { url: "https://board.example/*" }) : query.call(chrome.tabs, asked));
  });
  await popup.goto(`${browser.origin}/popup.html`);
  await popup.locator(".list button").waitFor();
  assert.equal(await popup.locator(".list button").count(), 1);
  await popup.locator("textarea").fill(RISKY);
  await popup.locator("button.main").click();
  await popup.locator(".result.danger").waitFor();
  await popup.locator("textarea").fill("Кассир керек, Ош шаары. Айлык 30000 сом, эмгек келишими менен.");
  await popup.locator("button.main").click();
  await poll(async () => !(await popup.locator(".result").getAttribute("class")).includes("danger"), "the second answer");
  assert.match(await popup.locator(".result").innerText(), /не обещание|не гарантия/i);
  assert.match(await popup.locator("details.card").last().evaluate((e) => e.textContent), /1899/);
  await popup.close();
  await page.close();
});

test("a killed service worker wakes for the next advert", async () => {
  const page = await browser.open(boardPage([risky("first"), ...legitimate.slice(0, 5)]));
  await poll(async () => (await badges(page)).length === 1, "a badge");
  const screen = await browser.screen("check");
  const background = () => screen.evaluate(async () => (await chrome.runtime.getContexts({ contextTypes: ["BACKGROUND"] })).map((c) => c.contextId).join());
  const first = await background();
  assert.ok(first, "the worker is alive");
  const session = await browser.context.newCDPSession(screen);
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  await poll(async () => (await background()) === "", "the worker is dead");
  await page.evaluate((html) => document.querySelector("#list").insertAdjacentHTML("afterbegin", html), card(risky("second", `${RISKY} Срочно!`)));
  await poll(async () => (await badges(page)).length === 2, "the second badge");
  const second = await background();
  assert.ok(second && second !== first, "it is another worker");
  await screen.close();
  await page.close();
});

test("the reader who refuses: nothing is marked, pasting and the screens work", async () => {
  const refused = await launch({ granted: [] });
  try {
    const page = await refused.open(boardPage([risky("first"), ...legitimate.slice(0, 5)]));
    await page.waitForTimeout(2000);
    assert.equal((await badges(page)).length, 0);
    const welcome = await refused.screen("welcome");
    await welcome.evaluate(() => (chrome.permissions.request = () => Promise.resolve(false)));
    await welcome.locator("fieldset input").first().check();
    await welcome.locator("button.main").click();
    await poll(async () => (await welcome.locator("[role=status]").innerText()).length > 5, "the answer is told");
    const check = await refused.screen("check");
    await check.locator("textarea").fill(RISKY);
    await check.locator("button.main").click();
    await check.locator(".result.danger").waitFor();
  } finally {
    await refused.close();
  }
});
