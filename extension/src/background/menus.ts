// "Check this text" on a selection, where the browser has such menus (Firefox for Android has none).
import { browser } from "wxt/browser";
import { settings } from "../shared/settings";
import { catalogue, ui } from "../shared/texts";
import { leaveText } from "./session";

const MENU_ID = "check-selection";

export async function makeMenu(): Promise<void> {
  if (!browser.contextMenus) return;
  const chosen = await settings();
  const texts = { reader: chosen.lang, ui: await catalogue(browser.runtime.getURL("/"), chosen.lang), pack: {} };
  await browser.contextMenus.removeAll();
  browser.contextMenus.create({ id: MENU_ID, title: ui(texts, "menuCheck"), contexts: ["selection"] });
}

export function watchMenu(): void {
  browser.contextMenus?.onClicked.addListener((info, tab) => {
    if (info.menuItemId !== MENU_ID) return;
    void (async () => {
      const text = (await selectedText(tab?.id, info.frameId)) || (info.selectionText ?? "");
      const id = await leaveText(text);
      await browser.tabs.create({ url: `${browser.runtime.getURL("/check.html")}#${id}` });
    })();
  });
}

/** The selection with its line breaks, which the menu's own text has lost. */
async function selectedText(tabId: number | undefined, frameId: number | undefined): Promise<string> {
  if (tabId === undefined || tabId < 0) return "";
  try {
    const target = { tabId, frameIds: [frameId ?? 0] };
    const [frame] = await browser.scripting.executeScript({ target, func: () => getSelection()?.toString() ?? "" });
    return typeof frame?.result === "string" ? frame.result : "";
  } catch {
    return "";
  }
}
