// Answers messages of our own content script and screens.
import { browser } from "wxt/browser";
import { type Advert, type Answers, LONGEST_ADVERT, MOST_ADVERTS, type Message, type Name, type Seen } from "../shared/protocol";
import { PACK_KEY, save, settings } from "../shared/settings";
import { catalogue } from "../shared/texts";
import { engine, failure, helpLines, packTexts, reopen, screen, tryPack } from "./engine";
import { HIGHLIGHT_STYLE } from "./highlight";
import { isWrong, rememberWrong, takeText } from "./session";
import { siteOf } from "./hosts";
import { showCount } from "./toolbar";

type Sender = Parameters<Parameters<typeof browser.runtime.onMessage.addListener>[0]>[1];

/** Only our screens may ask these; a content script lives inside a page and is trusted less. */
const SCREENS_ONLY: ReadonlySet<Name> = new Set<Name>(["check", "help", "take", "pack", "unpack"]);

export async function serve(message: unknown, sender: Sender): Promise<unknown> {
  if (sender.id !== browser.runtime.id || !isMessage(message)) return null;
  const ours = sender.url?.startsWith(browser.runtime.getURL("/")) ?? false;
  if (SCREENS_ONLY.has(message.sakchy) && !ours) return null;
  const serving = HANDLERS[message.sakchy] as (message: Message, sender: Sender) => Promise<unknown>;
  return serving(message, sender);
}

function isMessage(message: unknown): message is Message {
  if (typeof message !== "object" || message === null || !Object.hasOwn(message, "sakchy")) return false;
  const name = (message as { sakchy: unknown }).sakchy;
  return typeof name === "string" && Object.hasOwn(HANDLERS, name);
}

type Handlers = { [N in Name]: (message: Message<N>, sender: Sender) => Promise<Answers[N]> };

const HANDLERS: Handlers = {
  async hello({ host, path }) {
    const chosen = await settings();
    return { watch: !chosen.quiet.includes(String(host)), site: siteOf(String(host), String(path)) };
  },

  async screen({ adverts }) {
    if (!Array.isArray(adverts) || adverts.length > MOST_ADVERTS) return { failed: "shape", detail: "adverts" };
    const chosen = await settings();
    try {
      const screener = await engine();
      const seen: Seen[] = [];
      for (const advert of adverts.map(plain)) {
        if (await isWrong(advert.text)) {
          seen.push({ band: "none" });
          continue;
        }
        const answer = screen(screener, advert, chosen);
        seen.push(answer.band === "warning" || answer.band === "danger" ? { band: answer.band, answer } : { band: answer.band });
      }
      return { seen };
    } catch (error) {
      return failure(error);
    }
  },

  async texts() {
    const chosen = await settings();
    const screens = await catalogue(browser.runtime.getURL("/"), chosen.lang);
    const pack = await engine().then((screener) => packTexts(screener, chosen), () => ({}));
    return { reader: chosen.lang, ui: screens, pack };
  },

  async count({ marked, notices }, sender) {
    if (sender.tab?.id !== undefined && sender.frameId === 0) await showCount(sender.tab.id, Number(marked), Number(notices));
    return null;
  },

  async highlight(_, sender) {
    if (sender.tab?.id === undefined) return false;
    try {
      const target = { tabId: sender.tab.id, frameIds: [sender.frameId ?? 0] };
      await browser.scripting.insertCSS({ target, css: HIGHLIGHT_STYLE, origin: "AUTHOR" });
      return true;
    } catch {
      return false;
    }
  },

  async quiet({ host }) {
    const chosen = await settings();
    if (!chosen.quiet.includes(host)) await save({ quiet: [...chosen.quiet, String(host)] });
    return null;
  },

  async wrong({ text }) {
    await rememberWrong(String(text));
    return null;
  },

  async check({ text }) {
    try {
      const chosen = await settings();
      return { answer: screen(await engine(), { text: String(text) }, chosen) };
    } catch (error) {
      return failure(error);
    }
  },

  async help() {
    const chosen = await settings();
    return engine().then(
      (screener) => ({ lines: helpLines(screener, chosen), pack: screener.packVersion }),
      () => ({ lines: [], pack: "" }),
    );
  },

  async take({ id }) {
    return { text: await takeText(String(id)) };
  },

  async pack({ name, base64 }) {
    try {
      await tryPack(base64);
    } catch (error) {
      return { ...failure(error), failed: "pack" };
    }
    try {
      await browser.storage.local.set({ [PACK_KEY]: base64, packName: String(name) });
    } catch (error) {
      return { failed: "full", detail: error instanceof Error ? error.message : "" };
    }
    reopen();
    return { ok: true };
  },

  async unpack() {
    await browser.storage.local.remove([PACK_KEY, "packName"]);
    reopen();
    return null;
  },
};

/** Only what an advert has, of the right type and length. */
function plain(advert: Advert): Advert {
  const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, LONGEST_ADVERT) : "");
  const title = text(advert?.title);
  const kind = text(advert?.kind);
  return { text: text(advert?.text), ...(title ? { title } : {}), ...(kind ? { kind } : {}) };
}
