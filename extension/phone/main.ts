// The check screen as a page of its own: the same screen as in the extension, the screener in the page itself.
import type { Assessment, HelpLine } from "@sakchy/screener";
import init, { Screener } from "@sakchy/screener/glue";
import wasm from "../../target/npm/screener/screener_bg.wasm?url";
import { assurances, checker } from "../src/screens/checker";
import { h } from "../src/shared/dom";
import { OWN_NAMES, READERS, type Reader, fitting, isReader, packLanguage } from "../src/shared/languages";
import type { Failure } from "../src/shared/protocol";
import { helpView } from "../src/shared/result";
import { COUNTRIES } from "../src/shared/countries";
import { type Texts, answerInScript, catalogue, helpInScript, packMessages, said, ui } from "../src/shared/texts";
import { takeShared } from "./shared-text";

const opened: Promise<Screener | Failure> = init({ module_or_path: wasm }).then(
  () => Screener.builtin(),
  (error: unknown) => ({ failed: "wasm" as const, detail: error instanceof Error ? error.message : String(error) }),
);

let shared = takeShared();
let language = choice("lang", isReader) ?? fitting(navigator.languages);
let country = choice("country", (value): value is string => COUNTRIES.some((code) => code === value)) ?? "KG";
await draw();
void goOffline();

/** What the reader chose before. Only language and country are kept. */
function choice<T extends string>(key: string, fits: (value: unknown) => value is T): T | null {
  try {
    const kept: unknown = localStorage.getItem(key);
    return fits(kept) ? kept : null;
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a browser that keeps nothing asks again next time
  }
}

async function draw(): Promise<void> {
  const main = document.querySelector("main");
  if (!main) return;
  const screener = await opened;
  const pack = "failed" in screener ? {} : packMessages(screener, language);
  const texts: Texts = { reader: language, ui: await catalogue("./", language), pack };
  document.documentElement.lang = language;
  document.title = ui(texts, "phoneTitle");
  const help = h("section", { class: "card" }, ...helpView(texts, helpLines(screener), "h2"));
  const check = checker(texts, async (text) => screenText(text), (hasHelp) => (help.hidden = hasHelp));
  main.replaceChildren(
    top(texts),
    h("section", { class: "card" }, check.element),
    assurances(texts),
    help,
    h("section", { class: "card" }, countryChoice(texts), h("p", {}, ui(texts, "phoneInstall")), h("p", { class: "note", role: "status", id: "offline" })),
  );
  if (shared) check.take(shared);
  shared = "";
}

async function screenText(text: string): Promise<{ answer: Assessment } | Failure> {
  const screener = await opened;
  if ("failed" in screener) return screener;
  return { answer: answerInScript(language, screener.screen(text, { lang: packLanguage(language), country })) };
}

function helpLines(screener: Screener | Failure): HelpLine[] {
  return "failed" in screener ? [] : helpInScript(language, screener.help(country, packLanguage(language)));
}

function top(texts: Texts): HTMLElement {
  const select = h(
    "select",
    {
      "aria-label": ui(texts, "language"),
      onchange: () => {
        language = select.value as Reader;
        keep("lang", language);
        void draw();
      },
    },
    ...READERS.map((reader) => h("option", { value: reader, lang: reader, selected: reader === language }, OWN_NAMES[reader])),
  );
  const exit = h("button", { type: "button", class: "exit", onclick: leave }, ui(texts, "quickExit"));
  return h(
    "div",
    { class: "top" },
    h("h1", {}, h("img", { src: "./icon/192.png", alt: "" }), ui(texts, "checkTitle")),
    h("div", { class: "row" }, select, exit),
  );
}

function countryChoice(texts: Texts): HTMLElement {
  const select = h(
    "select",
    {
      id: "country",
      onchange: () => {
        country = select.value;
        keep("country", country);
        void draw();
      },
    },
    ...COUNTRIES.map((code) => h("option", { value: code, selected: code === country }, said(texts, `country.${code}`))),
  );
  return h("div", {}, h("label", { for: "country" }, ui(texts, "countryLabel")), select);
}

/** Empties the page and leaves it without a way back. */
function leave(): void {
  document.body.replaceChildren();
  document.title = "";
  location.replace("about:blank");
}

async function goOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("./sw.js");
    await navigator.serviceWorker.ready;
    const note = document.querySelector("#offline");
    if (note) note.textContent = ui({ reader: language, ui: await catalogue("./", language), pack: {} }, "phoneReady");
  } catch {
    // opened from a file or forbidden: the page works, only not without the internet
  }
}
