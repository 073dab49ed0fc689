// Every screen in every language: no text is left without a translation, nothing is cut off, no serious accessibility fault.
// Pictures are written to target/screens for a person to look at.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { faults } from "../axe.mjs";
import { adverts, boardPage } from "../board.mjs";
import { launch, poll } from "./launch.mjs";
import { badges, click, html, ours } from "./shadow.mjs";

const PICTURES = fileURLToPath(new URL("../../../target/screens/", import.meta.url));
mkdirSync(PICTURES, { recursive: true });
const overlayCss = readFileSync(new URL("../../../extension/src/page/overlay.css", import.meta.url), "utf8");
const resultCss = readFileSync(new URL("../../../extension/src/shared/result.css", import.meta.url), "utf8");
const LANGUAGES = ["ky", "ru", "uz", "uz-Cyrl", "en"];
const RISKY = "Требуются девушки 18-25 лет в Дубай. Билет и визу оплатим, отработаете. Паспорт хранится у нас. Пишите в WhatsApp +996 700 12 34 56";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Elements whose text is wider than they are, and keys that stand where a text should. */
async function cutOff(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? [`page: ${document.documentElement.scrollWidth} > ${innerWidth}`] : [];
    const texts = [...document.querySelectorAll("button,h1,h2,h3,label,summary,option,a")];
    const cut = texts.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== "inline");
    const keys = [...document.querySelectorAll("body :not(small)")].filter((e) => e.children.length === 0 && /^[a-z-]+\.[a-z-]+$|^[a-z]+[A-Z]\w+$/.test(e.textContent.trim()));
    return [...wide, ...[...cut, ...keys].map((e) => e.outerHTML)];
  });
}

for (const lang of LANGUAGES) {
  for (const name of ["popup", "options", "welcome", "check"]) {
    test(`${name} in ${lang}`, async () => {
      await (await browser.worker()).evaluate((chosen) => chrome.storage.local.set({ lang: chosen }), lang);
      const page = await browser.screen(name);
      await page.setViewportSize(name === "popup" ? { width: 380, height: 600 } : { width: 900, height: 900 });
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      if (name === "check" || name === "popup") {
        await page.locator("textarea").fill(RISKY);
        await page.locator("button.main").click();
        await page.locator(".result .finding").first().waitFor();
      }
      if (name === "popup" || name === "check") await page.locator(".help li").first().waitFor({ state: "attached" });
      if (name === "options" || name === "welcome") await page.locator("fieldset").waitFor();
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        if (scheme === "light" || lang === "ru") await page.screenshot({ path: `${PICTURES}${name}-${lang}-${scheme}.png`, fullPage: true });
        if (lang === "ru" || scheme === "light") assert.deepEqual(await faults(page), [], `${name} ${lang} ${scheme}`);
      }
      assert.deepEqual(await cutOff(page), []);
      const words = await page.evaluate(() => document.body.innerText.toLowerCase());
      assert.doesNotMatch(words, /\b(is safe|безопасно\b|коопсуз|xavfsiz ish)/, "no screen promises anything");
      await page.close();
    });
  }

  test(`the badge and its panel in ${lang}`, async () => {
    await (await browser.worker()).evaluate((chosen) => chrome.storage.local.set({ lang: chosen }), lang);
    const list = adverts(8, 2);
    list[1] = { id: "shown", text: RISKY, risky: true };
    const page = await browser.open(boardPage(list), { url: `https://board.example/${lang}` });
    const badge = await poll(async () => (await badges(page)).find(({ label }) => label.includes("Требуются девушки")), "the badge");
    await click(page, badge);
    await poll(async () => (await ours(page, "panel")).length === 1, "the panel");
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${PICTURES}panel-${lang}-light.png` });
    if (lang === "ru") {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `${PICTURES}panel-${lang}-dark.png` });
      await page.emulateMedia({ colorScheme: "light" });
    }
    await page.setViewportSize({ width: 390, height: 780 });
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${PICTURES}panel-${lang}-phone.png` });
    // the closed root's own HTML and style on a page of its own, where axe-core can see it
    const copy = await browser.context.newPage();
    const css = overlayCss.replace(/@import[^;]+;/, resultCss).replace(/:host \{\n {2}all[^}]+\}/, "").replaceAll(":host", "html");
    await copy.setContent(`<!doctype html><html lang="${lang}"><head><title>panel</title><style>${css}</style></head><body><main>${await html(page)}</main></body></html>`);
    assert.deepEqual(await faults(copy), []);
    await copy.close();
    await page.close();
  });
}
