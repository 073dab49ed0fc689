// On which pages the content script runs: those for which the reader gave leave.
import { browser } from "wxt/browser";
import type { Site } from "../../sites";

const SCRIPT_ID = "adverts";
const SCRIPT_FILE = "/content-scripts/content.js";

/** Registers the content script anew for all hosts that are granted. */
export async function watchGranted(): Promise<void> {
  const { origins = [] } = await browser.permissions.getAll();
  const known = await browser.scripting.getRegisteredContentScripts({ ids: [SCRIPT_ID] });
  if (known.length > 0) await browser.scripting.unregisterContentScripts({ ids: [SCRIPT_ID] });
  if (origins.length === 0) return;
  await browser.scripting.registerContentScripts([
    { id: SCRIPT_ID, js: [SCRIPT_FILE], matches: origins, runAt: "document_idle", persistAcrossSessions: true },
  ]);
}


/** The description of a site, if it is listed. */
export function siteOf(host: string, path: string): Site | null {
  return __SITES__.find((site) => site.hosts.some((pattern) => fits(pattern, host, path))) ?? null;
}

function fits(pattern: string, host: string, path: string): boolean {
  const [, rest = ""] = pattern.split("://");
  const slash = rest.indexOf("/");
  const wantedHost = rest.slice(0, slash);
  const wantedPath = rest.slice(slash, -1);
  const bare = wantedHost.replace(/^\*\./, "");
  const hostFits = host === bare || (wantedHost !== bare && host.endsWith(`.${bare}`));
  return hostFits && path.startsWith(wantedPath);
}
