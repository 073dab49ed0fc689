// Messages between our own parts. A page cannot send them (nothing is externally connectable); shapes are checked all the same.
import type { Assessment, Band, HelpLine } from "@sakchy/screener";
import { browser } from "wxt/browser";
import type { Site } from "../../sites";
import type { Texts } from "./texts";

/** Longest advert that is read; what stands behind it is not looked at. UTF-16 units. */
export const LONGEST_ADVERT = 20_000;
/** Most adverts in one message. */
export const MOST_ADVERTS = 12;

export interface Advert {
  text: string;
  title?: string;
  kind?: string;
}

/** What a page needs to know of an advert that is not marked. */
export type Seen = { band: "none" | "notice" | "failed" } | { band: "warning" | "danger"; answer: Assessment };

export interface Listed {
  band: Band;
  words: string;
}

export interface PageSummary {
  read: number;
  notices: number;
  marked: Listed[];
  quiet: boolean;
}

export interface Requests {
  /** A page asks whether it is to be watched, and how adverts are found on it. */
  hello: { host: string; path: string };
  screen: { adverts: Advert[] };
  texts: Record<never, never>;
  count: { marked: number; notices: number };
  /** The page's style for the words found; it cannot be seen by the page. */
  highlight: Record<never, never>;
  quiet: { host: string };
  /** The reader says that a mark is wrong: remembered until the browser is closed. */
  wrong: { text: string };
  /** From our own screens only. */
  check: { text: string };
  help: Record<never, never>;
  take: { id: string };
  pack: { name: string; base64: string };
  unpack: Record<never, never>;
}

export interface Answers {
  hello: { watch: boolean; site: Site | null };
  screen: { seen: Seen[] } | Failure;
  texts: Texts;
  count: null;
  highlight: boolean;
  quiet: null;
  wrong: null;
  check: { answer: Assessment } | Failure;
  help: { lines: HelpLine[]; pack: string };
  take: { text: string };
  pack: { ok: true } | Failure;
  unpack: null;
}

/** `wasm`: the browser forbids WebAssembly; `pack`: these rules cannot be opened; `full`: no room to keep them. */
export interface Failure {
  failed: "wasm" | "pack" | "full" | "shape";
  detail: string;
}

export type Name = keyof Requests;
export type Message<N extends Name = Name> = { sakchy: N } & Requests[N];

/** How long an answer may take: a worker that dies while it works never answers. */
const PATIENCE = 20_000;

/** Asks the background. Null where it does not answer: after an update of the extension, or when it died. */
export async function ask<N extends Name>(name: N, request: Requests[N]): Promise<Answers[N] | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE);
  });
  try {
    const answer = browser.runtime.sendMessage({ sakchy: name, ...request }) as Promise<Answers[N] | undefined>;
    return (await Promise.race([answer, late])) ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

export function failed(answer: object | null): answer is Failure {
  return answer !== null && "failed" in answer;
}
