import { browser } from "wxt/browser";
import { defineBackground } from "wxt/utils/define-background";
import { engine, reopen } from "../background/engine";
import { watchGranted } from "../background/hosts";
import { makeMenu, watchMenu } from "../background/menus";
import { serve } from "../background/service";
import { managed } from "../shared/settings";

export default defineBackground({
  type: "module",
  main() {
    browser.runtime.onMessage.addListener((message, sender, respond) => {
      serve(message, sender).then(respond, () => respond(null));
      return true;
    });
    watchMenu();
    browser.runtime.onInstalled.addListener(({ reason }) => {
      void watchGranted();
      void makeMenu();
      if (reason === "install") void welcome();
    });
    browser.permissions.onAdded.addListener(() => void watchGranted());
    browser.permissions.onRemoved.addListener(() => void watchGranted());
    browser.storage.onChanged.addListener((changes, area) => {
      if (area !== "local") return;
      if (changes.lang) void makeMenu();
      if (changes.lang || changes.country) reopen();
    });
    browser.commands?.onCommand.addListener((command, tab) => {
      if (tab?.id !== undefined) void browser.tabs.sendMessage(tab.id, { sakchyCommand: command }).catch(() => undefined);
    });
    // opened ahead, while nothing waits for it
    void engine().catch(() => undefined);
  },
});

async function welcome(): Promise<void> {
  const organisation = await managed();
  if (organisation.welcome !== false) await browser.tabs.create({ url: browser.runtime.getURL("/welcome.html") });
}
