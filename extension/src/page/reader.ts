// Reads the adverts that come into view, in idle slices, and asks the background about those whose text is new.
import { type Advert, LONGEST_ADVERT, MOST_ADVERTS, type Seen, ask, failed } from "../shared/protocol";
import type { Found } from "./finder";
import { type PageText, readText } from "./text";

const SHORTEST_ADVERT = 20;
/** Milliseconds of one slice: half of what a page's user would feel. */
const SLICE = 8;
/** Answers kept, by hash of the text. */
const MOST_KEPT = 5_000;
/** How far outside the window an advert is read ahead. */
const AHEAD = "300px";

interface Read {
  found: Found;
  page: PageText;
}

export type OnSeen = (found: Found, page: PageText, seen: Seen) => void;

export class Reader {
  private readonly known = new WeakMap<Element, { found: Found; hash: string }>();
  private readonly answers = new Map<string, Seen>();
  private readonly waiting = new Set<Element>();
  private readonly observer: IntersectionObserver;
  private pumping = false;
  private stopped = false;
  /** Adverts read so far. */
  read = 0;
  /** Why the background could not screen; empty while it can. */
  trouble = "";

  constructor(private readonly onSeen: OnSeen) {
    this.observer = new IntersectionObserver((entries) => this.came(entries), { rootMargin: AHEAD });
  }

  /** Adverts that were found; those known already stay as they are. */
  add(found: Found[]): void {
    for (const one of found) {
      if (this.known.has(one.element)) continue;
      this.known.set(one.element, { found: one, hash: "" });
      this.observer.observe(one.element);
    }
  }

  /** The page changed here: an advert around it is read again. */
  touch(node: Node): void {
    let element = node instanceof Element ? node : node.parentElement;
    for (let depth = 0; element && depth < 60; depth += 1, element = element.parentElement) {
      if (!this.known.has(element)) continue;
      // observed anew, so that it is read only if it is in view
      this.observer.unobserve(element);
      this.observer.observe(element);
      return;
    }
  }

  stop(): void {
    this.stopped = true;
    this.observer.disconnect();
    this.waiting.clear();
  }

  private came(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      this.observer.unobserve(entry.target);
      this.waiting.add(entry.target);
    }
    this.pump();
  }

  private pump(): void {
    if (this.pumping || this.stopped || this.waiting.size === 0) return;
    this.pumping = true;
    void this.work().finally(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private async work(): Promise<void> {
    await idle();
    const batch: Read[] = [];
    const until = performance.now() + SLICE;
    for (const element of this.waiting) {
      this.waiting.delete(element);
      const one = element.isConnected ? this.take(element) : null;
      if (one) batch.push(one);
      if (batch.length >= MOST_ADVERTS || performance.now() > until) break;
    }
    if (batch.length > 0) await this.screen(batch);
  }

  /** The advert's text, if it is new; an answer that is known already is told at once. */
  private take(element: Element): Read | null {
    const known = this.known.get(element);
    if (!known) return null;
    const page = readText(element, LONGEST_ADVERT);
    const hash = hashOf(`${known.found.title}\n${page.text}`);
    if (hash === known.hash) return null;
    known.hash = hash;
    this.read += 1;
    if (page.text.trim().length < SHORTEST_ADVERT) {
      this.onSeen(known.found, page, { band: "none" });
      return null;
    }
    const answered = this.answers.get(hash);
    if (!answered) return { found: known.found, page };
    this.onSeen(known.found, page, answered);
    return null;
  }

  private async screen(batch: Read[]): Promise<void> {
    const adverts = batch.map(({ found, page }): Advert => ({
      text: page.text,
      ...(found.title ? { title: found.title } : {}),
      ...(found.kind ? { kind: found.kind } : {}),
    }));
    // a worker that died in between is woken by the second question
    const answer = (await ask("screen", { adverts })) ?? (await ask("screen", { adverts }));
    if (this.stopped) return;
    if (answer === null || failed(answer)) {
      this.trouble = answer?.failed ?? "silent";
      return;
    }
    this.trouble = "";
    batch.forEach(({ found, page }, i) => {
      const seen = answer.seen[i];
      if (!seen) return;
      if (this.answers.size < MOST_KEPT) this.answers.set(hashOf(`${found.title}\n${page.text}`), seen);
      this.onSeen(found, page, seen);
    });
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari's absence of idle callbacks does not matter here; a page that is never idle still gets its turn
    requestIdleCallback(() => resolve(), { timeout: 1_000 });
  });
}

/** 64 bits in two lanes of FNV-1a, with the length: enough to tell the texts of one page apart. */
function hashOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + i), 0x85ebca6b);
  }
  return `${text.length}:${a >>> 0}:${b >>> 0}`;
}
