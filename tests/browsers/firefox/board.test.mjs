// Firefox ESR with the extension really installed: a board is marked (also under a page's strict content policy), the panel opens
// with its words and closes, the event page answers, the screens work.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { adverts, boardPage } from "../board.mjs";
import { poll } from "../chromium/launch.mjs";
import { serve } from "../server.mjs";

const BUILT = fileURLToPath(new URL("../../../extension/.output/firefox-mv3", import.meta.url));
const PICTURES = fileURLToPath(new URL("../../../target/screens/", import.meta.url));
// the address of our screens is drawn at random for each profile, unless it is told
const UUID = "3b1d2c5e-0000-4000-8000-5a6b7c8d9e0f";
const list = adverts(20, 2);
const STRICT = { "content-security-policy": "default-src 'none'; style-src 'sha256-abc'" };

let folder, browser, server;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "sakchy-fx-"));
  cpSync(BUILT, join(folder, "extension"), { recursive: true });
  const path = join(folder, "extension/manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  manifest.host_permissions = ["http://127.0.0.1/*"];
  writeFileSync(path, JSON.stringify(manifest));
  server = await serve(null, {
    "/board": { body: boardPage(list) },
    "/strict": { body: boardPage(list), headers: STRICT },
  });
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    protocol: "webDriverBiDi",
    extraPrefsFirefox: { "intl.locale.requested": "en-US", "intl.accept_languages": "ky", "extensions.webextensions.uuids": JSON.stringify({ "extension@sakchy.org": UUID }) },
    defaultViewport: { width: 1100, height: 900 },
  });
  await browser.installExtension(join(folder, "extension"));
  await new Promise((resolve) => setTimeout(resolve, 2500));
});
after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Our host is the only child of the page's root element besides head and body. */
const hosts = (page) => page.evaluate(() => document.documentElement.children.length - 2);
const words = (page) => page.evaluate(() => [...(CSS.highlights?.get("sakchy-evidence") ?? [])].map((range) => range.toString()));

for (const path of ["board", "strict"]) {
  test(`the ${path} page is marked`, async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}${path}`);
    for (let y = 0; y < 4000; y += 600) {
      await page.evaluate((top) => window.scrollTo(0, top), y);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await poll(async () => (await hosts(page)) === 1, "our host element");
    const risky = list.find((advert) => advert.risky);
    await page.evaluate((id) => document.querySelector(`[data-id="${id}"]`).scrollIntoView({ block: "center" }), risky.id);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.screenshot({ path: `${PICTURES}firefox-${path}-badge.png` });
    const box = await page.evaluate((id) => {
      const { right, top } = document.querySelector(`[data-id="${id}"]`).getBoundingClientRect();
      return { right, top };
    }, risky.id);
    // the badge hangs over the upper right corner; the root is closed, so it is met where a reader meets it
    await page.mouse.click(box.right - 24, box.top + 4);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await page.screenshot({ path: `${PICTURES}firefox-${path}-panel.png` });
    const found = await words(page);
    assert.ok(found.length > 0, "words are highlighted");
    for (const one of found) assert.ok(risky.text.replace(/\s+/g, "").includes(one.replace(/\s+/g, "")), one);
    await page.keyboard.press("Escape");
    await poll(async () => (await words(page)).length === 0, "Esc closes the panel");
    await page.keyboard.down("Alt");
    await page.keyboard.down("Shift");
    await page.keyboard.press("KeyX");
    await page.keyboard.up("Shift");
    await page.keyboard.up("Alt");
    await poll(async () => (await hosts(page)) === 0, "the quick exit takes everything away");
    await page.close();
  });
}

test("the check page: pasted, answered by the event page, in the reader's language", async () => {
  const page = await browser.newPage();
  // the driver is not told of the end of a navigation to an extension's page, so the page itself is asked
  const arriving = page.goto(`moz-extension://${UUID}/check.html`, { timeout: 5_000 }).catch(() => undefined);
  await poll(() => page.evaluate(() => document.querySelector("textarea") !== null), "the check page");
  await page.evaluate(() => document.querySelector("textarea").focus());
  await page.keyboard.type("Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас.");
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  await poll(() => page.evaluate(() => document.querySelector(".result.danger .finding") !== null), "the result");
  await arriving;
  const shown = await page.evaluate(() => ({ text: document.querySelector(".result").innerText, lang: document.documentElement.lang }));
  assert.equal(shown.lang, "en", "the browser's language, as nothing was chosen");
  assert.match(shown.text, /1899/);
  assert.match(shown.text, /аспорт хранится у нас/);
  await page.screenshot({ path: `${PICTURES}firefox-check.png` });
  assert.equal(await page.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused")), "refused");
  await page.close();
});
