// The panel that a badge opens: the concern, the words, what to ask, whom to call, and what the reader can do about the mark.
import { h } from "../shared/dom";
import { bandLine, resultView } from "../shared/result";
import { type Texts, said, ui } from "../shared/texts";
import type { Mark } from "./marks";
import type { Overlay } from "./overlay";

export interface PanelActions {
  close(): void;
  exit(): void;
  quiet(): void;
  /** The mark is taken away. */
  wrong(mark: Mark): void;
}

export class Panel {
  private panel: HTMLElement | null = null;
  /** The mark whose panel is open. */
  mark: Mark | null = null;

  constructor(
    private readonly overlay: Overlay,
    private readonly actions: PanelActions,
  ) {}

  open(mark: Mark, texts: Texts): void {
    this.close(false);
    this.mark = mark;
    mark.badge.setAttribute("aria-expanded", "true");
    const title = h("h2", { id: "title", tabindex: "-1" }, bandLine(texts, mark.answer));
    const panel = h(
      "div",
      { class: `panel ${mark.answer.band}`, role: "dialog", "aria-labelledby": "title", lang: texts.reader },
      h(
        "header",
        {},
        title,
        h("button", { type: "button", class: "close", "aria-label": ui(texts, "close"), onclick: () => this.actions.close() }, "×"),
      ),
      h(
        "div",
        { class: "body", tabindex: "0", role: "group", "aria-labelledby": "title" },
        ...resultView(texts, mark.answer, { heading: 3 }),
      ),
      h(
        "footer",
        {},
        h("button", { type: "button", class: "exit", onclick: () => this.actions.exit() }, ui(texts, "quickExit")),
        h("button", { type: "button", onclick: () => this.wrong(mark, texts) }, ui(texts, "wrong")),
        h("button", { type: "button", onclick: () => this.actions.quiet() }, ui(texts, "quietHere")),
      ),
    );
    this.panel = panel;
    this.overlay.show();
    this.overlay.root.append(panel);
    title.focus();
  }

  /** `back`: the focus returns to the badge. */
  close(back: boolean): void {
    this.panel?.remove();
    this.panel = null;
    const badge = this.mark?.badge;
    this.mark = null;
    badge?.removeAttribute("aria-expanded");
    if (back && badge?.isConnected) badge.focus();
  }

  get isOpen(): boolean {
    return this.panel !== null;
  }

  /** The mark goes; the reader may copy a report. Nothing is sent. */
  private wrong(mark: Mark, texts: Texts): void {
    this.actions.wrong(mark);
    const lines = mark.answer.findings.map((f) => `- ${f.indicator}: ${f.evidence.map((e) => e.text).join(" … ")}`);
    const { points, terms } = mark.answer.classifier;
    if (points > 0) lines.push(`- classifier ${points}: ${terms.map((t) => t.text).join(" … ")}`);
    const report = [`sakchy ${mark.answer.engine} ${mark.answer.pack}`, ...lines, "", mark.page.text].join("\n");
    const field = h("textarea", { readonly: true, rows: "6", "aria-label": ui(texts, "report") });
    field.value = report;
    const thanks = h("p", { role: "status", tabindex: "-1" }, ui(texts, "wrongThanks"));
    const copy = h(
      "button",
      {
        type: "button",
        onclick: () => {
          field.select();
          void navigator.clipboard?.writeText(report).then(
            () => (copy.textContent = ui(texts, "copied")),
            () => undefined,
          );
        },
      },
      ui(texts, "copy"),
    );
    this.panel?.querySelector(".body")?.replaceChildren(thanks, field);
    this.panel?.querySelector("footer")?.replaceChildren(
      copy,
      h("button", { type: "button", onclick: () => this.actions.close() }, ui(texts, "close")),
    );
    const heading = this.panel?.querySelector("h2");
    if (heading) heading.textContent = said(texts, "summary.title");
    thanks.focus();
  }
}
