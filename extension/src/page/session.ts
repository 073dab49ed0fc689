// One page under watch: finder, reader, marks and panel wired together.
import type { Site } from "../../sites";
import { type PageSummary, ask } from "../shared/protocol";
import type { Texts } from "../shared/texts";
import { type Found, find } from "./finder";
import { clearHighlight, highlight } from "./highlights";
import { Keys } from "./keys";
import { type Mark, Marks } from "./marks";
import { Overlay } from "./overlay";
import { Panel } from "./panel";
import { Reader } from "./reader";
import { type PageText, rangesOf } from "./text";
import { Watcher } from "./watcher";

export class PageSession {
  private readonly overlay = new Overlay();
  private readonly marks = new Marks(this.overlay, (mark) => void this.open(mark));
  private readonly panel = new Panel(this.overlay, {
    close: () => this.close(true),
    exit: () => this.exit(),
    quiet: () => {
      void ask("quiet", { host: location.hostname });
      this.exit();
    },
    wrong: (mark) => {
      void ask("wrong", { text: mark.page.text });
      this.marks.drop(mark.element);
      // the panel stays for the report, so its host must stay too
      this.overlay.show();
      this.count();
    },
  });
  private readonly keys = new Keys(() => this.panel.isOpen, () => this.close(true), () => this.exit());
  private readonly reader = new Reader((found, page, seen) => void this.seen(found, page, seen));
  private readonly watcher: Watcher;
  private readonly notices = new Set<Element>();
  private texts: Promise<Texts | null> | null = null;
  private counted = "0 0";

  constructor(private readonly site: Site | null) {
    this.watcher = new Watcher(
      (touched) => this.look(touched),
      (node) => node === this.overlay.host,
    );
    this.look(new Set());
  }

  /** Finds adverts; those that changed are read again. */
  look(touched: Set<Node>): void {
    this.reader.add(find(this.site));
    for (const node of touched) this.reader.touch(node);
    const gone = this.marks.dropGone();
    if (this.panel.mark && gone.includes(this.panel.mark)) this.close(false);
    for (const element of this.notices) if (!element.isConnected) this.notices.delete(element);
    this.marks.place();
    this.count();
  }

  summary(): PageSummary & { trouble: string } {
    return {
      read: this.reader.read,
      notices: this.notices.size,
      marked: this.marks.all.map(({ answer, page }) => ({ band: answer.band, words: page.text.trim().slice(0, 90) })),
      quiet: false,
      trouble: this.reader.trouble,
    };
  }

  /** Opens the mark with this number: the popup lists them. */
  openNumber(n: number): void {
    const mark = this.marks.all[n];
    if (!mark) return;
    mark.element.scrollIntoView({ block: "center" });
    void this.open(mark);
  }

  /** The next mark after the open one, by key. */
  next(): void {
    const all = this.marks.all;
    const at = this.panel.mark ? all.indexOf(this.panel.mark) : -1;
    this.openNumber(all.length > 0 ? (at + 1) % all.length : 0);
  }

  /** Everything of ours is gone at once, and stays away until the page is loaded again. */
  exit(): void {
    this.close(false);
    this.reader.stop();
    this.watcher.stop();
    this.marks.clear();
    this.overlay.hide();
    this.notices.clear();
    this.keys.off();
    this.count();
  }

  private async seen(found: Found, page: PageText, seen: { band: string; answer?: Mark["answer"] }): Promise<void> {
    const { element } = found;
    this.notices.delete(element);
    if (seen.answer) {
      this.texts ??= ask("texts", {});
      const texts = await this.texts;
      if (texts && element.isConnected) {
        if (this.marks.all.length === 0) this.keys.on();
        if (this.panel.mark?.element === element) this.close(false);
        this.marks.set(element, page, seen.answer, texts);
      }
      if (!texts) this.texts = null;
    } else {
      if (this.panel.mark?.element === element) this.close(false);
      this.marks.drop(element);
      if (seen.band === "notice") this.notices.add(element);
    }
    this.count();
  }

  private async open(mark: Mark): Promise<void> {
    const texts = await this.texts;
    if (!texts) return;
    this.panel.open(mark, texts);
    await highlight(merged(mark.answer).flatMap(([start, end]) => rangesOf(mark.page, start, end)));
  }

  private close(back: boolean): void {
    this.panel.close(back);
    clearHighlight();
    if (this.marks.all.length === 0) this.overlay.hide();
  }

  private count(): void {
    const [marked, notices] = [this.marks.all.length, this.notices.size];
    if (this.counted === `${marked} ${notices}`) return;
    this.counted = `${marked} ${notices}`;
    void ask("count", { marked, notices });
  }
}

/** The stretches of the text that some finding points at, in order, each once; without findings, the words of the comparison. */
function merged(answer: Mark["answer"]): [number, number][] {
  const found = answer.findings.flatMap((finding) => finding.evidence);
  const all = (found.length > 0 ? found : answer.classifier.terms).filter((e) => e.field === "text");
  const out: [number, number][] = [];
  for (const { start, end } of all.sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}
