// Every word that our screens show: the catalogue (_locales) for the screens, the pack's messages for what is said of adverts.
import type { Assessment, HelpLine, Screener } from "@sakchy/screener";
import { type Reader, packLanguage } from "./languages";
import { toCyrillic } from "./uzbek";

export type Catalogue = Record<string, string>;

export interface Texts {
  reader: Reader;
  ui: Catalogue;
  pack: Catalogue;
}

/** A text of the screens; `{n}` and the like are filled in. A missing one shows its key, so that the gap is seen. */
export function ui(texts: Texts, key: string, values: Record<string, string | number> = {}): string {
  return fill(texts.ui[key] ?? key, values);
}

/** A text of the pack (`band.none`, `heading.ask` ...). */
export function said(texts: Texts, key: string, values: Record<string, string | number> = {}): string {
  return fill(texts.pack[key] ?? key, values);
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** Reads the catalogue that stands at `base`, the folder of the extension or of the page. */
export async function catalogue(base: string, reader: Reader): Promise<Catalogue> {
  const response = await fetch(`${base}_locales/${packLanguage(reader)}/messages.json`);
  const raw = (await response.json()) as Record<string, { message: string }>;
  return inScript(reader, Object.fromEntries(Object.entries(raw).map(([key, entry]) => [key, entry.message])));
}

/** The pack's messages, and its names of countries as `country.KG`. */
export function packMessages(screener: Screener, reader: Reader): Catalogue {
  const lang = packLanguage(reader);
  const countries = Object.entries(screener.countries(lang)).map(([code, name]) => [`country.${code}`, name]);
  return inScript(reader, { ...screener.messages(lang), ...(Object.fromEntries(countries) as Catalogue) });
}

/** The pack's messages in the reader's script. */
export function inScript(reader: Reader, texts: Catalogue): Catalogue {
  if (reader !== "uz-Cyrl") return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, toCyrillic(text)]));
}

/** The answer's own texts in the reader's script; the advert's words stay as they were written. */
export function answerInScript(reader: Reader, answer: Assessment): Assessment {
  if (reader !== "uz-Cyrl") return answer;
  return {
    ...answer,
    findings: answer.findings.map((finding) => ({
      ...finding,
      title: toCyrillic(finding.title),
      explanation: toCyrillic(finding.explanation),
      ask: toCyrillic(finding.ask),
    })),
    advice: answer.advice.map(toCyrillic),
    help: helpInScript(reader, answer.help),
  };
}

export function helpInScript(reader: Reader, lines: HelpLine[]): HelpLine[] {
  return reader === "uz-Cyrl" ? lines.map((line) => ({ ...line, name: toCyrillic(line.name) })) : lines;
}
