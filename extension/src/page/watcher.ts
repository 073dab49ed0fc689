// Tells when a page has changed, not more often than needed, and stops watching a page that stands still.

/** Milliseconds after a change before the page is looked at; a page that never rests is looked at this often. */
const PAUSE = 500;
const STILL = 60_000;
const AWAKE = ["scroll", "click", "keydown", "popstate", "pageshow", "visibilitychange"] as const;
/** Changes remembered one by one; a page that changes more is looked at as a whole. */
const MOST_TOUCHED = 500;

export class Watcher {
  private readonly observer = new MutationObserver((records) => this.changed(records));
  private touched = new Set<Node>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stillTimer: ReturnType<typeof setTimeout> | undefined;
  private watching = false;
  private stopped = false;

  constructor(
    private readonly onChange: (touched: Set<Node>) => void,
    private readonly isOurs: (node: Node) => boolean,
  ) {
    for (const name of AWAKE) window.addEventListener(name, this.wake, { capture: true, passive: true });
    this.watch();
  }

  stop(): void {
    this.stopped = true;
    this.observer.disconnect();
    clearTimeout(this.timer);
    clearTimeout(this.stillTimer);
    for (const name of AWAKE) window.removeEventListener(name, this.wake, { capture: true });
  }

  private watch(): void {
    this.watching = true;
    this.observer.observe(document.documentElement, { childList: true, characterData: true, subtree: true });
    this.rest();
  }

  private rest(): void {
    clearTimeout(this.stillTimer);
    this.stillTimer = setTimeout(() => {
      this.observer.disconnect();
      this.watching = false;
    }, STILL);
  }

  private readonly wake = (): void => {
    if (this.stopped || this.watching || document.visibilityState === "hidden") return;
    this.watch();
    this.soon();
  };

  private changed(records: MutationRecord[]): void {
    let any = false;
    for (const record of records) {
      if ([...record.addedNodes, ...record.removedNodes].some(this.isOurs)) continue;
      any = true;
      if (this.touched.size < MOST_TOUCHED) this.touched.add(record.target);
    }
    if (!any) return;
    this.rest();
    this.soon();
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const touched = this.touched;
      this.touched = new Set();
      requestIdleCallback(() => !this.stopped && this.onChange(touched), { timeout: 1_000 });
    }, PAUSE);
  }
}
