import { browser } from "wxt/browser";
import { defineContentScript } from "wxt/utils/define-content-script";
import { PageSession } from "../page/session";
import { type PageSummary, ask } from "../shared/protocol";

// registered at run time, for the sites that the reader gave leave for
export default defineContentScript({
  registration: "runtime",
  matches: [],
  async main() {
    // in the extension's own world, which the page cannot see; a second run on the same page does nothing
    const world = globalThis as { sakchyHere?: boolean };
    if (world.sakchyHere || !document.body) return;
    world.sakchyHere = true;

    let session: PageSession | null = null;
    browser.runtime.onMessage.addListener((message: unknown, sender, respond) => {
      if (sender.id !== browser.runtime.id || typeof message !== "object" || message === null) return;
      const { sakchyPage, sakchyOpen, sakchyCommand } = message as Record<string, unknown>;
      if (sakchyPage === true) respond(session?.summary() ?? silent());
      if (typeof sakchyOpen === "number") session?.openNumber(sakchyOpen);
      if (sakchyCommand === "next-finding") session?.next();
      if (sakchyCommand === "quick-exit") session?.exit();
    });
    const hello = await ask("hello", { host: location.hostname, path: location.pathname });
    if (hello?.watch) session = new PageSession(hello.site);
  },
});

function silent(): PageSummary {
  return { read: 0, notices: 0, marked: [], quiet: true };
}
