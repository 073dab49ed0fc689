// The number beside the toolbar's icon: adverts that need checking; only things to ask about: another colour.
import { browser } from "wxt/browser";

export async function showCount(tabId: number, marked: number, notices: number): Promise<void> {
  const text = marked > 0 ? String(Math.min(marked, 999)) : notices > 0 ? String(Math.min(notices, 999)) : "";
  try {
    await browser.action.setBadgeText({ tabId, text });
    if (text) {
      await browser.action.setBadgeBackgroundColor({ tabId, color: marked > 0 ? "#9a3b00" : "#5a6470" });
      await browser.action.setBadgeTextColor({ tabId, color: "#ffffff" });
    }
  } catch {
    // the tab was closed meanwhile
  }
}
