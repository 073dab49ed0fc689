// What all screens of the extension share: heading, language, quick exit.
import { browser } from "wxt/browser";
import { h } from "../shared/dom";
import { OWN_NAMES, READERS, isReader } from "../shared/languages";
import { ask } from "../shared/protocol";
import { save } from "../shared/settings";
import { type Texts, catalogue, ui } from "../shared/texts";
import { settings } from "../shared/settings";

/** Draws the screen in the reader's language, anew when another is chosen. */
export async function screen(draw: (texts: Texts, main: HTMLElement) => void | Promise<void>, titleKey: string): Promise<void> {
  const main = document.querySelector("main");
  if (!main) return;
  const texts = await readTexts();
  document.documentElement.lang = texts.reader;
  document.title = `${ui(texts, titleKey)} · Sakchy`;
  main.replaceChildren(top(texts, ui(texts, titleKey), () => void screen(draw, titleKey)));
  await draw(texts, main);
}

async function readTexts(): Promise<Texts> {
  const texts = await ask("texts", {});
  if (texts) return texts;
  // the background does not answer: the screen must still be able to say so
  const { lang } = await settings();
  return { reader: lang, ui: await catalogue(browser.runtime.getURL("/"), lang), pack: {} };
}

function top(texts: Texts, title: string, again: () => void): HTMLElement {
  return h(
    "div",
    { class: "top" },
    h("h1", {}, h("img", { src: "/icon/48.png", alt: "" }), title),
    h(
      "div",
      { class: "row" },
      languageChoice(texts, (lang) => void save({ lang }).then(again)),
      h("button", { type: "button", class: "exit", onclick: () => void leave() }, ui(texts, "quickExit")),
    ),
  );
}

export function languageChoice(texts: Texts, choose: (lang: Texts["reader"]) => void): HTMLElement {
  const select = h(
    "select",
    {
      "aria-label": ui(texts, "language"),
      onchange: () => {
        if (isReader(select.value)) choose(select.value);
      },
    },
    ...READERS.map((reader) => h("option", { value: reader, lang: reader, selected: reader === texts.reader }, OWN_NAMES[reader])),
  );
  return select;
}

/** Empties the screen first: closing can take a moment, or be refused. */
export async function leave(): Promise<void> {
  document.body.replaceChildren();
  document.title = "";
  const tab = await browser.tabs.getCurrent().catch(() => undefined);
  if (tab?.id !== undefined) await browser.tabs.remove(tab.id);
  window.close();
}

/** Esc twice closes, as on the pages. */
export function watchExitKey(): void {
  let last = 0;
  window.addEventListener("keydown", (event) => {
    if (!event.isTrusted) return;
    const exit = (event.altKey && event.shiftKey && event.code === "KeyX") || (event.key === "Escape" && event.timeStamp - last < 700);
    if (event.key === "Escape") last = event.timeStamp;
    if (exit) void leave();
  });
}
