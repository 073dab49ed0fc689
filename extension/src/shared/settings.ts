// What the reader chose. Nothing about adverts or pages is kept here, save the sites on which the reader asked us to be quiet.
import { browser } from "wxt/browser";
import { type Reader, fitting, isReader } from "./languages";

export interface Settings {
  lang: Reader;
  country: string;
  /** Hosts where nothing is marked. */
  quiet: string[];
  /** Name of the reader's own pack, if one is loaded. */
  packName: string;
}

export const PACK_KEY = "pack";

export async function settings(): Promise<Settings> {
  const [own, organisation] = await Promise.all([browser.storage.local.get(["lang", "country", "quiet", "packName"]), managed()]);
  const lang = [own.lang, organisation.lang].find(isReader) ?? fitting([browser.i18n.getUILanguage(), ...navigator.languages]);
  const country = [own.country, organisation.country].find((c): c is string => typeof c === "string" && /^[A-Z]{2}$/.test(c));
  const quiet = Array.isArray(own.quiet) ? own.quiet.filter((host): host is string => typeof host === "string") : [];
  return { lang, country: country ?? "KG", quiet, packName: typeof own.packName === "string" ? own.packName : "" };
}

export async function save(changed: Partial<Settings>): Promise<void> {
  await browser.storage.local.set(changed);
}

/** An organisation's defaults; a browser without such a store, or an empty one, gives none. */
export async function managed(): Promise<Record<string, unknown>> {
  try {
    return await browser.storage.managed.get(null);
  } catch {
    return {};
  }
}
