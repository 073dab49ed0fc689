// Pages that mean harm, and input that is broken: a clear message or no effect, never a broken page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { adverts, boardPage } from "../board.mjs";
import { BOARD, launch, poll } from "./launch.mjs";
import { badges, click, ours } from "./shadow.mjs";

const RISKY = "Требуются девушки 18-25 лет в Дубай. Билет и визу оплатим, отработаете. Паспорт хранится у нас. WhatsApp +996 700 12 34 56";
const legitimate = adverts(12, 1).filter((advert) => !advert.risky);
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("markup in an advert stays words, in the page's text and in our panel", async () => {
  const text = `${RISKY} <img src=x onerror="window.bad=1"><script>window.bad=2</script>`;
  const page = await browser.open(boardPage([{ id: "a", text }, ...legitimate]));
  const [badge] = await poll(async () => (await badges(page)).length === 1 && badges(page), "a badge");
  await click(page, badge);
  const [panel] = await poll(async () => (await ours(page, "panel")).length === 1 && ours(page, "panel"), "the panel");
  assert.ok(panel.text.includes("1899"));
  assert.equal(await page.evaluate(() => window.bad), undefined);
  await page.close();
});

test("5 MB of text and 10,000 blocks leave the page answering", async () => {
  const page = await browser.open(`<!doctype html><meta charset="utf-8"><body><article id="a"></article></body>`);
  await page.evaluate((text) => (document.querySelector("#a").textContent = text + " слово".repeat(900_000)), RISKY);
  await poll(async () => (await badges(page)).length === 1, "the long text is read as far as adverts go");
  await page.close();
  const blocks = await browser.open(`<!doctype html><meta charset="utf-8"><body><div id="list"></div></body>`, { url: "https://many.example/" });
  const worst = await blocks.evaluate(
    (text) =>
      new Promise((resolve) => {
        document.querySelector("#list").innerHTML = Array.from({ length: 10_000 }, (_, i) => `<div class="ad"><p>${i === 3 ? text : `Сдаётся квартира номер ${i}, две комнаты, недалеко от рынка`}</p></div>`).join("");
        let last = performance.now();
        let slowest = 0;
        const timer = setInterval(() => {
          slowest = Math.max(slowest, performance.now() - last - 20);
          last = performance.now();
        }, 20);
        // the first second is the page's own: it lays out ten thousand blocks
        setTimeout(() => (slowest = 0), 400);
        setTimeout(() => (clearInterval(timer), resolve(slowest)), 5_000);
      }),
    RISKY,
  );
  await poll(async () => (await badges(blocks)).length === 1, "the one among ten thousand");
  console.log(`10,000 blocks: the page waited at most ${worst.toFixed(0)} ms`);
  assert.ok(worst < 1_000, `the page stood still for ${worst} ms`);
  await blocks.close();
});

test("poisoned prototypes, forged events and messages, a fake badge: no effect", async () => {
  const poison = `<script>
    Object.prototype.band = "none"; Object.prototype.advert = "body"; Array.prototype.map = () => []; Array.prototype.filter = () => [];
    Element.prototype.getBoundingClientRect = () => ({}); Element.prototype.attachShadow = () => { throw 1 };
    window.chrome = { runtime: { sendMessage() { throw 1 } } };
    setInterval(() => window.postMessage({ sakchy: "quiet", host: location.hostname }, "*"), 100);
  </script>`;
  const fake = '<div class="badge danger" role="button">! нужна проверка</div>';
  const posting = '<script type="application/ld+json">{"__proto__":{"@type":"JobPosting"},"@type":"JobPosting","description":{"toString":1}}</script>';
  const page = await browser.open(boardPage([{ id: "a", text: RISKY }, ...legitimate], { head: poison + posting, tail: fake }));
  await poll(async () => (await badges(page)).length === 1, "a badge in spite of all");
  // the page sees our host element at most; what it sends there is not trusted
  await page.evaluate(() => {
    const host = document.documentElement.lastElementChild;
    for (const type of ["click", "keydown", "pointerdown"]) host.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    window.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyX", altKey: true, shiftKey: true }));
  });
  await page.waitForTimeout(500);
  assert.equal((await badges(page)).length, 1);
  assert.equal((await ours(page, "panel")).length, 0);
  const kept = await (await browser.worker()).evaluate(() => chrome.storage.local.get("quiet"));
  assert.deepEqual(kept, {});
  await page.close();
});

test("a page that takes our nodes away gets them back some times, then is left alone", async () => {
  const page = await browser.open(
    boardPage([{ id: "a", text: RISKY }, ...legitimate], {
      tail: "<script>window.taken=0;new MutationObserver(()=>{const e=document.documentElement.lastElementChild;if(e!==document.body){e.remove();window.taken++}}).observe(document.documentElement,{childList:true})</script>",
    }),
  );
  await poll(() => page.evaluate(() => window.taken > 0), "our host was taken");
  for (let i = 0; i < 12; i += 1) {
    await page.evaluate((y) => window.scrollTo(0, y), 50 * (i % 2));
    await page.waitForTimeout(120);
  }
  const taken = await page.evaluate(() => window.taken);
  assert.ok(taken <= 6, `${taken} times`);
  await page.close();
});

test("the page's own scripts are unaffected", async () => {
  const app = `<script>
    window.errors = []; window.addEventListener("error", (e) => window.errors.push(String(e.message)));
    window.keys = Object.keys(window).length; window.clicks = 0;
    document.addEventListener("click", () => window.clicks++);
    document.addEventListener("keydown", (e) => (window.lastKey = e.key));
  </script>`;
  const page = await browser.open(boardPage([{ id: "a", text: RISKY }, ...legitimate], { tail: app }));
  await poll(async () => (await badges(page)).length === 1, "a badge");
  await page.locator("h1").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  const state = await page.evaluate(() => ({ errors: window.errors, clicks: window.clicks, lastKey: window.lastKey, chrome: typeof window.chrome?.runtime }));
  assert.deepEqual(state, { errors: [], clicks: 1, lastKey: "a", chrome: "undefined" });
  // nothing of ours can be fetched by the page
  const reached = await page.evaluate((origin) => fetch(`${origin}/screener_bg.wasm`).then(() => true, () => false), browser.origin);
  assert.equal(reached, false);
  await page.close();
});

test("a pack of a wrong version, cut short, or no pack: told, and the rules stay", async () => {
  const sakchy = fileURLToPath(new URL("../../../target/release/sakchy", import.meta.url));
  const good = join(tmpdir(), `sakchy-test-${process.pid}.pack`);
  execFileSync(sakchy, ["rules", "build", "--out", good], { cwd: fileURLToPath(new URL("../../../", import.meta.url)) });
  const bytes = readFileSync(good);
  const cut = `${good}.cut.pack`;
  writeFileSync(cut, bytes.subarray(0, bytes.length - 100));
  const other = `${good}.version.pack`;
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(250, 8);
  writeFileSync(other, changed);
  const none = `${good}.none.pack`;
  copyFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), none);
  const page = await browser.screen("options");
  for (const path of [cut, other, none]) {
    await page.locator("input[type=file]").setInputFiles([]);
    await page.locator("input[type=file]").setInputFiles(path);
    await page.locator(".trouble").waitFor();
    assert.match(await page.locator(".trouble").innerText(), /не открывается/, path);
    await page.evaluate(() => document.querySelector(".trouble").remove());
  }
  await page.locator("input[type=file]").setInputFiles(good);
  await poll(async () => /Правила загружены/.test(await page.locator("main").innerText()), "the good pack is loaded");
  const check = await browser.screen("check");
  await check.locator("textarea").fill(RISKY);
  await check.locator("button.main").click();
  await check.locator(".result.danger").waitFor();
  // the store is full: what is there stays, the reader is told
  await (await browser.worker()).evaluate(() => (chrome.storage.local.set = () => Promise.reject(new Error("QUOTA_BYTES quota exceeded"))));
  await page.locator("input[type=file]").setInputFiles([]);
  await page.locator("input[type=file]").setInputFiles(good);
  await page.locator(".trouble").waitFor();
  assert.match(await page.locator(".trouble").innerText(), /не хватает места/);
  await page.close();
  await check.close();
});

test("WebAssembly forbidden: said plainly", async () => {
  const without = await launch({
    change: (manifest) => {
      const policy = manifest.content_security_policy;
      policy.extension_pages = policy.extension_pages.replace(" 'wasm-unsafe-eval'", "");
    },
  });
  try {
    const check = await without.screen("check");
    await check.locator("textarea").fill(RISKY);
    await check.locator("button.main").click();
    await check.locator(".trouble").waitFor();
    assert.match(await check.locator(".trouble").innerText(), /WebAssembly/);
    const page = await without.open(boardPage([{ id: "a", text: RISKY }, ...legitimate]), { url: BOARD });
    await page.waitForTimeout(1500);
    assert.equal(await page.evaluate(() => document.documentElement.children.length), 2);
  } finally {
    await without.close();
  }
});

test("our screens ask no host anything, and cannot", async () => {
  const page = await browser.screen("check");
  const out = await page.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused"));
  assert.equal(out, "refused");
  const worker = await browser.worker();
  assert.equal(await worker.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused")), "refused");
  const manifest = JSON.parse(readFileSync(new URL("../../../extension/.output/chrome-mv3/manifest.json", import.meta.url), "utf8"));
  assert.deepEqual(manifest.permissions, ["activeTab", "contextMenus", "scripting", "storage"]);
  assert.deepEqual([manifest.host_permissions, manifest.web_accessible_resources, manifest.externally_connectable, manifest.content_scripts], [undefined, undefined, undefined, undefined]);
  assert.ok(manifest.optional_host_permissions.every((host) => !/all_urls|^\*:\/\/\*\//.test(host)));
  await page.close();
});
