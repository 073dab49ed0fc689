// What is remembered until the browser is closed: in memory (storage.session), never on disk.
import { browser } from "wxt/browser";

const MOST_WRONG = 500;

/** A text waits for the check page, which takes it once. */
export async function leaveText(text: string): Promise<string> {
  const id = crypto.randomUUID();
  await browser.storage.session.set({ [`text-${id}`]: text });
  return id;
}

export async function takeText(id: string): Promise<string> {
  const key = `text-${id}`;
  const kept = await browser.storage.session.get(key);
  await browser.storage.session.remove(key);
  const text = kept[key];
  return typeof text === "string" ? text : "";
}

export async function rememberWrong(text: string): Promise<void> {
  const list = await wrongList();
  await browser.storage.session.set({ wrong: [...list, await digest(text)].slice(-MOST_WRONG) });
}

export async function isWrong(text: string): Promise<boolean> {
  const list = await wrongList();
  return list.length > 0 && list.includes(await digest(text));
}

async function wrongList(): Promise<string[]> {
  const { wrong } = await browser.storage.session.get("wrong");
  return Array.isArray(wrong) ? (wrong as string[]) : [];
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
