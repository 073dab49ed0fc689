// The screener: opened when first needed, and again after the browser has put this worker to sleep.
import type { Assessment, HelpLine } from "@sakchy/screener";
import init, { Screener } from "@sakchy/screener/glue";
import { browser } from "wxt/browser";
import { packLanguage } from "../shared/languages";
import type { Advert, Failure } from "../shared/protocol";
import { PACK_KEY, type Settings } from "../shared/settings";
import { type Catalogue, answerInScript, helpInScript, packMessages } from "../shared/texts";

let opened: Promise<Screener> | null = null;
/** Answers of late, so that a list that is drawn again costs nothing. In memory only. */
const recent = new Map<string, Assessment>();
const MOST_RECENT = 400;

export async function engine(): Promise<Screener> {
  opened ??= open();
  try {
    return await opened;
  } catch (error) {
    opened = null;
    throw error;
  }
}

/** Own rules were loaded or taken away. */
export function reopen(): void {
  opened = null;
  recent.clear();
}

async function open(): Promise<Screener> {
  await init({ module_or_path: browser.runtime.getURL("/screener_bg.wasm" as never) });
  const kept = await browser.storage.local.get(PACK_KEY);
  const base64 = kept[PACK_KEY];
  return typeof base64 === "string" ? Screener.withPack(bytes(base64)) : Screener.builtin();
}

/** Throws where the bytes are no pack. */
export async function tryPack(base64: string): Promise<void> {
  await engine().catch(() => undefined);
  Screener.withPack(bytes(base64)).free();
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

export function screen(screener: Screener, advert: Advert, chosen: Settings): Assessment {
  const key = JSON.stringify([chosen.lang, chosen.country, advert.title ?? "", advert.kind ?? "", advert.text]);
  const known = recent.get(key);
  if (known) return known;
  const answer = screener.screen(advert.text, {
    lang: packLanguage(chosen.lang),
    country: chosen.country,
    ...(advert.title ? { title: advert.title } : {}),
    ...(advert.kind ? { kind: advert.kind } : {}),
  });
  const told = answerInScript(chosen.lang, answer);
  if (recent.size >= MOST_RECENT) recent.delete(recent.keys().next().value ?? "");
  recent.set(key, told);
  return told;
}

export function helpLines(screener: Screener, chosen: Settings): HelpLine[] {
  return helpInScript(chosen.lang, screener.help(chosen.country, packLanguage(chosen.lang)));
}

export function packTexts(screener: Screener, chosen: Settings): Catalogue {
  return packMessages(screener, chosen.lang);
}

export function failure(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  if (/pack/.test(detail)) return { failed: "pack", detail };
  return { failed: "wasm", detail };
}
