// The languages a reader can choose. Uzbek in Cyrillic is written from the Latin texts (uzbek.ts).
import type { Lang } from "@sakchy/screener";

export const READERS = ["ky", "ru", "uz", "uz-Cyrl", "en"] as const;
export type Reader = (typeof READERS)[number];

/** Each language's own name for itself. */
export const OWN_NAMES: Record<Reader, string> = {
  ky: "Кыргызча",
  ru: "Русский",
  uz: "Oʻzbekcha",
  "uz-Cyrl": "Ўзбекча",
  en: "English",
};

export function isReader(value: unknown): value is Reader {
  return READERS.some((reader) => reader === value);
}

/** The language in which pack and catalogue are asked. */
export function packLanguage(reader: Reader): Lang {
  return reader === "uz-Cyrl" ? "uz" : reader;
}

/** What fits the browser's languages; Russian, which most of the region reads, where nothing does. */
export function fitting(wanted: readonly string[]): Reader {
  for (const tag of wanted) {
    if (/^uz.*cyrl/i.test(tag)) return "uz-Cyrl";
    const found = READERS.find((reader) => tag.toLowerCase().startsWith(reader.toLowerCase()));
    if (found) return found;
  }
  return "ru";
}
