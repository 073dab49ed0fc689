// Starts Chromium with the built extension. The copy that is loaded has the hosts as granted ones, because nobody can press
// "Allow" in a browser without a window; `granted: []` is the reader who refused.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const BUILT = fileURLToPath(new URL("../../../extension/.output/chrome-mv3", import.meta.url));
export const BOARD = "https://board.example/";

const QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"];

export async function launch({ granted = ["*://*/*"], lang = "ru", settings = {}, options = {}, change } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sakchy-"));
  const extension = join(folder, "extension");
  cpSync(BUILT, extension, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8"));
  if (granted.length > 0) manifest.host_permissions = granted;
  change?.(manifest, extension);
  writeFileSync(join(extension, "manifest.json"), JSON.stringify(manifest));
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: "/usr/bin/chromium",
    headless: true,
    viewport: { width: 1200, height: 900 },
    args: [...QUIET, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`, "--lang=ru"],
    ...options,
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  const origin = worker.url().split("/").slice(0, 3).join("/");
  await worker.evaluate((chosen) => chrome.storage.local.set(chosen), { lang, ...settings });
  // the welcome page opens by itself; the content script is registered once the installation was told
  await poll(() => context.pages().some((page) => page.url().endsWith("/welcome.html")), "the welcome page opens");
  if (granted.length > 0) {
    await poll(() => worker.evaluate(async () => (await chrome.scripting.getRegisteredContentScripts()).length > 0), "the content script is registered");
  }
  return {
    context,
    origin,
    worker: () => context.serviceWorkers()[0] ?? context.waitForEvent("serviceworker"),
    /** Serves `html` at `url` and opens it. */
    async open(html, { url = BOARD, headers = {}, page } = {}) {
      const tab = page ?? (await context.newPage());
      await tab.route(url, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: html }));
      await tab.goto(url);
      return tab;
    },
    async screen(name) {
      const tab = await context.newPage();
      await tab.goto(`${origin}/${name}.html`);
      await tab.locator("main h1").waitFor();
      return tab;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `isTrue` gives something true; a bound, no second try of a test. */
export async function poll(isTrue, what, patience = 15_000) {
  const until = Date.now() + patience;
  for (;;) {
    const value = await isTrue();
    if (value) return value;
    if (Date.now() > until) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
