import { browser } from "wxt/browser";
import { assurances, checker, troubleView } from "../../screens/checker";
import { screen, watchExitKey } from "../../screens/frame";
import { h, show } from "../../shared/dom";
import { type PageSummary, ask } from "../../shared/protocol";
import { helpView } from "../../shared/result";
import { type Texts, said, ui } from "../../shared/texts";

type Summary = PageSummary & { trouble?: string };

watchExitKey();
await screen(async (texts, main) => {
  const page = h("section", { class: "card" });
  const help = h("details", { class: "card" }, h("summary", {}, said(texts, "heading.help")));
  main.append(
    page,
    h("section", { class: "card" }, checker(texts, (text) => ask("check", { text })).element),
    help,
    assurances(texts),
    h(
      "p",
      { class: "row" },
      h("a", { href: "/check.html", target: "_blank" }, ui(texts, "checkTitle")),
      h("a", { href: "/options.html", target: "_blank" }, ui(texts, "optionsTitle")),
    ),
  );
  await Promise.all([
    drawPage(texts, page),
    ask("help", {}).then((answer) => help.append(...helpView(texts, answer?.lines ?? [], "h2").slice(1))),
  ]);
}, "popupTitle");

async function drawPage(texts: Texts, section: HTMLElement): Promise<void> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  const tabId = tab?.id;
  const summary = tabId === undefined ? null : await summaryOf(tabId);
  if (tabId === undefined || !summary) {
    show(
      section,
      h("h2", {}, ui(texts, "pageTitle")),
      h("p", {}, ui(texts, "pageUnread")),
      h("button", { type: "button", onclick: () => void readNow(texts, section, tabId) }, ui(texts, "pageRead")),
    );
    return;
  }
  show(section, h("h2", {}, ui(texts, "pageTitle")), ...summaryView(texts, summary, tabId));
}

function summaryView(texts: Texts, summary: Summary, tabId: number): HTMLElement[] {
  if (summary.quiet) return [h("p", {}, ui(texts, "pageQuiet"))];
  if (summary.trouble) return [troubleView(texts, { failed: summary.trouble === "wasm" ? "wasm" : "shape", detail: "" })];
  const lines = [
    said(texts, "summary.read", { n: summary.read }),
    said(texts, "summary.need-checking", { n: summary.marked.length }),
    said(texts, "summary.notice", { n: summary.notices }),
  ];
  return [
    ...lines.map((line) => h("p", {}, line)),
    h(
      "ul",
      { class: "list" },
      ...summary.marked.slice(0, 20).map(({ band, words }, n) =>
        h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => void browser.tabs.sendMessage(tabId, { sakchyOpen: n }).then(() => window.close(), () => undefined),
            },
            `${said(texts, `band.${band}-short`)}: ${words}…`,
          ),
        ),
      ),
    ),
  ];
}

async function summaryOf(tabId: number): Promise<Summary | null> {
  try {
    return ((await browser.tabs.sendMessage(tabId, { sakchyPage: true })) as Summary | undefined) ?? null;
  } catch {
    return null;
  }
}

/** The reader asks for this page: the click lends us the tab (activeTab), once. */
async function readNow(texts: Texts, section: HTMLElement, tabId: number | undefined): Promise<void> {
  try {
    if (tabId === undefined) throw new Error("no tab");
    await browser.scripting.executeScript({ target: { tabId }, files: ["/content-scripts/content.js"] });
  } catch {
    show(section, h("h2", {}, ui(texts, "pageTitle")), h("p", { role: "alert" }, ui(texts, "pageForbidden")));
    return;
  }
  // adverts are read in idle slices: shown as they come
  for (let i = 0; i < 8; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await drawPage(texts, section);
  }
}
