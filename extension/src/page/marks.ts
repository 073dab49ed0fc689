// The badges beside adverts that need checking, and their places.
import type { Assessment } from "@sakchy/screener";
import { h } from "../shared/dom";
import { type Texts, said, ui } from "../shared/texts";
import type { Overlay } from "./overlay";
import type { PageText } from "./text";

export interface Mark {
  element: Element;
  page: PageText;
  answer: Assessment;
  badge: HTMLButtonElement;
  /** Ancestors that cut off what they hold. */
  clips: Element[];
}

/** More badges than this are not drawn; the toolbar's number still counts them. */
const MOST_DRAWN = 300;

export class Marks {
  private readonly marks = new Map<Element, Mark>();
  private frame = 0;

  constructor(
    private readonly overlay: Overlay,
    private readonly onOpen: (mark: Mark) => void,
  ) {}

  get all(): Mark[] {
    return [...this.marks.values()];
  }

  set(element: Element, page: PageText, answer: Assessment, texts: Texts): void {
    this.drop(element);
    const words = page.text.trim().replace(/\s+/g, " ").slice(0, 60);
    const badge = h(
      "button",
      {
        type: "button",
        class: `badge ${answer.band}`,
        "aria-haspopup": "dialog",
        "aria-label": `${said(texts, `band.${answer.band}-short`)}: ${words}. ${ui(texts, "badgeOpen")}`,
        onclick: () => this.onOpen(mark),
      },
      h("span", { class: "sign", "aria-hidden": "true" }, "!"),
      h("span", { class: "band" }, said(texts, `band.${answer.band}-short`)),
    );
    const mark: Mark = { element, page, answer, badge, clips: clipping(element) };
    if (this.marks.size === 0) this.listen(true);
    this.marks.set(element, mark);
    if (this.marks.size <= MOST_DRAWN) this.overlay.root.append(badge);
    this.overlay.show();
    this.place();
  }

  drop(element: Element): Mark | undefined {
    const mark = this.marks.get(element);
    if (!mark) return undefined;
    mark.badge.remove();
    this.marks.delete(element);
    if (this.marks.size === 0) {
      this.listen(false);
      this.overlay.hide();
    }
    return mark;
  }

  /** Takes the marks away whose adverts are gone, and gives them. */
  dropGone(): Mark[] {
    const gone = this.all.filter((mark) => !mark.element.isConnected);
    for (const mark of gone) this.drop(mark.element);
    return gone;
  }

  clear(): void {
    for (const mark of this.all) this.drop(mark.element);
  }

  /** Moves the badges to their adverts, once before the next frame. */
  readonly place = (): void => {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.marks.size === 0) return;
      this.overlay.show();
      const origin = this.overlay.host.getBoundingClientRect();
      // all is measured first, then all is written: the page is laid out once
      const places = this.all.map((mark) => ({ mark, at: corner(mark) }));
      for (const { mark, at } of places) {
        mark.badge.hidden = at === null;
        if (at) mark.badge.style.transform = `translate(${Math.round(at.x - origin.x)}px, ${Math.round(at.y - origin.y)}px)`;
      }
    });
  };

  private listen(on: boolean): void {
    for (const name of ["scroll", "resize", "load", "transitionend"]) {
      if (on) window.addEventListener(name, this.place, { capture: true, passive: true });
      else window.removeEventListener(name, this.place, { capture: true });
    }
  }
}

function clipping(element: Element): Element[] {
  const clips: Element[] = [];
  for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(outer).overflow)) clips.push(outer);
  }
  return clips;
}

/** The advert's upper right corner in the window; null where it is not to be seen. The badge hangs to the left of it. */
function corner(mark: Mark): { x: number; y: number } | null {
  const box = mark.element.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return null;
  const x = Math.min(box.right, document.documentElement.clientWidth) - 4;
  const y = box.top - 10;
  for (const clip of mark.clips) {
    const window = clip.getBoundingClientRect();
    if (box.top < window.top - 2 || box.top > window.bottom || x < window.left || x > window.right + 4) return null;
  }
  return { x, y };
}
