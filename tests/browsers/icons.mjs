// Draws the extension's icons from extension/art/icon.svg. Run by hand when the drawing changes: node tests/browsers/icons.mjs
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const folder = new URL("../../extension/public/icon/", import.meta.url);
const phone = new URL("../../extension/phone/static/icon/", import.meta.url);
mkdirSync(folder, { recursive: true });
const svg = readFileSync(new URL("../../extension/art/icon.svg", import.meta.url), "utf8");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const size of [16, 32, 48, 128, 192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(new URL(`${size}.png`, size > 128 ? phone : folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
