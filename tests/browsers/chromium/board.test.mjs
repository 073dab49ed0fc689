// A board of 60 adverts with 6 risky ones: exactly those 6 are marked, the evidence is right to the character, and nothing that
// we do holds the page up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { adverts, boardPage } from "../board.mjs";
import { Screener } from "../../../target/npm/screener/node.js";
import { launch, poll } from "./launch.mjs";
import { badges, click, highlighted, ours } from "./shadow.mjs";

const list = adverts(60, 6);
const risky = list.filter((advert) => advert.risky);
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

/** Scrolls through the page as a reader does, until everything was in view. */
async function scrollThrough(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y <= height; y += 700) {
    await page.evaluate((top) => window.scrollTo(0, top), y);
    await page.waitForTimeout(60);
  }
}

const LONG_TASKS = "<script>window.long=[];new PerformanceObserver(l=>l.getEntries().forEach(e=>window.long.push(Math.round(e.duration)))).observe({type:'longtask',buffered:true})</script>";

test("exactly the 6 risky adverts are marked, without a long task", async () => {
  const page = await browser.open(boardPage(list, { head: LONG_TASKS }));
  await scrollThrough(page);
  await poll(async () => (await badges(page)).length === 6, "six badges");
  // adverts that are still to be read would show themselves now
  await page.waitForTimeout(1500);
  const labels = (await badges(page)).map((badge) => badge.label);
  assert.equal(labels.length, 6, labels.join("\n"));
  for (const advert of risky) {
    assert.ok(labels.some((label) => label.includes(advert.text.slice(0, 50))), `not marked: ${advert.id}`);
  }
  assert.deepEqual(await page.evaluate(() => window.long), [], "long tasks");
  const worker = await browser.worker();
  const count = await worker.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: "https://board.example/*" });
    return chrome.action.getBadgeText({ tabId: tab.id });
  });
  assert.equal(count, "6");
  await page.close();
});

test("the evidence is highlighted to the character, and the page's nodes stay as they are", async () => {
  const page = await browser.open(boardPage(list));
  const before = await page.evaluate(() => document.body.outerHTML);
  await scrollThrough(page);
  await poll(async () => (await badges(page)).length === 6, "six badges");
  const screener = Screener.builtin();
  for (const advert of risky) {
    const badge = (await badges(page)).find(({ label }) => label.includes(advert.text.slice(0, 50)));
    await click(page, badge);
    await poll(async () => (await ours(page, "panel")).length === 1, "the panel");
    const words = await poll(async () => {
      const found = await highlighted(page);
      return found.length > 0 && found;
    }, "the highlight");
    const answer = screener.screen(advert.text, { lang: "ru" });
    const covered = new Set(answer.findings.flatMap((f) => f.evidence.flatMap((e) => range(e.start, e.end))));
    const evidence = [...covered].sort((a, b) => a - b).map((i) => advert.text[i]);
    const squeezed = (texts) => texts.join("").replace(/\s+/g, "");
    assert.equal(squeezed(words), squeezed(evidence), advert.id);
    const [panel] = await ours(page, "panel");
    for (const finding of answer.findings) {
      assert.ok(panel.text.includes(finding.title) && panel.text.includes(finding.ask), finding.indicator);
    }
    assert.ok(panel.text.includes("1899"), "a help line");
    await page.keyboard.press("Escape");
    await poll(async () => (await ours(page, "panel")).length === 0, "the panel closes");
    assert.deepEqual(await highlighted(page), []);
    await page.waitForTimeout(800);
  }
  assert.equal(await page.evaluate(() => document.body.outerHTML), before);
  await page.close();
});

test("a page without a finding is not touched", async () => {
  const page = await browser.open(boardPage(list.filter((advert) => !advert.risky).slice(0, 20)), { url: "https://quiet.example/" });
  await scrollThrough(page);
  await page.waitForTimeout(2500);
  const state = await page.evaluate(() => ({
    inHtml: [...document.documentElement.children].map((e) => e.tagName),
    sheets: document.adoptedStyleSheets.length,
    globals: Object.keys(window).filter((name) => /sakchy/i.test(name)),
    highlights: [...CSS.highlights.keys()],
  }));
  assert.deepEqual(state, { inHtml: ["HEAD", "BODY"], sheets: 0, globals: [], highlights: [] });
  await page.close();
});
