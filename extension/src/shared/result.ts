// The result of one advert, the same on every screen: concern, words found, why, what to ask, what to do, whom to call.
import type { Assessment, Evidence, Finding, HelpLine } from "@sakchy/screener";
import { h } from "./dom";
import { type Texts, said, ui } from "./texts";

/** Findings shown at once, gravest first; the others are one press away, so that nobody drowns in them. */
const SHOWN = 5;

/** `heading`: level of the finding titles, so that every screen keeps its order of headings. */
export interface ResultOptions {
  heading: 2 | 3;
}

export function resultView(texts: Texts, answer: Assessment, options: ResultOptions): HTMLElement[] {
  const parts: HTMLElement[] = [];
  const { terms } = answer.classifier;
  if (answer.findings.length > 0 || (answer.band !== "none" && terms.length > 0)) {
    const level = options.heading === 2 ? "h2" : "h3";
    parts.push(
      h("p", { class: "note" }, said(texts, "note.no-accusation")),
      findingList(texts, answer.findings.slice(0, SHOWN), level),
    );
    const more = answer.findings.slice(SHOWN);
    if (more.length > 0) {
      parts.push(
        h("details", { class: "more" }, h("summary", {}, ui(texts, "moreSigns", { n: more.length })), findingList(texts, more, level)),
      );
    }
    if (terms.length > 0) parts.push(comparedView(texts, terms, level));
    if (answer.advice.length > 0) {
      parts.push(
        h(level, {}, said(texts, "heading.advice")),
        h("ul", { class: "advice" }, ...answer.advice.map((line) => h("li", {}, line))),
      );
    }
    parts.push(...helpView(texts, answer.help, level), sumView(texts, answer));
  } else if (!answer.offer) {
    const reason = said(texts, `no-offer.${answer.no_offer ?? "other"}`);
    parts.push(h("p", {}, `${said(texts, "no-offer.title")} (${reason}).`));
  }
  parts.push(h("p", { class: "note" }, said(texts, "note.no-promise")));
  return parts;
}

function findingList(texts: Texts, findings: Finding[], level: "h2" | "h3"): HTMLElement {
  return h("ol", { class: "findings" }, ...findings.map((finding) => h("li", {}, findingView(texts, finding, level))));
}

/** The band, as a headline that a screen puts where its own heading stands. */
export function bandLine(texts: Texts, answer: Assessment): string {
  if (!answer.offer && answer.findings.length === 0) return said(texts, "heading.not-offer");
  const text = said(texts, `band.${answer.band}`);
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function findingView(texts: Texts, finding: Finding, level: "h2" | "h3"): HTMLElement {
  return h(
    "section",
    { class: `finding ${finding.strength}` },
    h(level, {}, finding.title),
    h(
      "p",
      { class: "words" },
      h("span", { class: "label" }, said(texts, finding.absent ? "summary.absent" : "heading.words-found"), finding.absent ? ". " : ": "),
      ...finding.evidence.flatMap((evidence, i) => [i > 0 ? " … " : null, quoted(evidence)]),
    ),
    h("p", {}, finding.explanation),
    finding.ask ? h("p", { class: "ask" }, h("span", { class: "label" }, said(texts, "heading.ask"), ": "), finding.ask) : null,
  );
}

/** What the comparison with other adverts rests on: its words, so that it is no verdict out of nowhere. */
function comparedView(texts: Texts, terms: Evidence[], level: "h2" | "h3"): HTMLElement {
  return h(
    "section",
    { class: "finding compared" },
    h(level, {}, said(texts, "classifier.name")),
    h(
      "p",
      { class: "words" },
      h("span", { class: "label" }, said(texts, "classifier.words"), ": "),
      ...terms.flatMap((term, i) => [i > 0 ? " … " : null, quoted(term)]),
    ),
  );
}

function quoted(evidence: Evidence): HTMLElement {
  // an advert's own language is not known word by word, so none is claimed
  return h("mark", { dir: "auto", lang: "" }, evidence.text);
}

export function helpView(texts: Texts, lines: HelpLine[], level: "h2" | "h3"): HTMLElement[] {
  if (lines.length === 0) return [];
  return [
    h(level, {}, said(texts, "heading.help")),
    h("ul", { class: "help" }, ...lines.map((line) => h("li", {}, ...helpLine(texts, line)))),
    h("p", { class: "note" }, said(texts, "help-line.emergency")),
  ];
}

function helpLine(texts: Texts, line: HelpLine): (HTMLElement | string)[] {
  if (!line.telephone) return [line.name];
  const checked = line.verified_on
    ? said(texts, "help-line.checked-on", { date: line.verified_on })
    : line.source_date
      ? said(texts, "help-line.not-checked-since", { date: line.source_date })
      : said(texts, "help-line.not-checked");
  return [
    h("a", { class: "number", href: `tel:${line.telephone.replace(/[^+\d]/g, "")}` }, line.telephone),
    h("span", {}, line.name),
    h("small", {}, `(${checked})`),
  ];
}

function sumView(texts: Texts, answer: Assessment): HTMLElement {
  const title = (term: string): string =>
    term === "classifier" ? said(texts, "classifier.name") : (answer.findings.find((f) => f.indicator === term)?.title ?? term);
  return h(
    "details",
    { class: "sum" },
    h("summary", {}, `${said(texts, "heading.sum")}: ${answer.score}`),
    h(
      "table",
      {},
      h(
        "tbody",
        {},
        ...answer.sum.map((term) =>
          h("tr", {}, h("td", {}, title(term.term)), h("td", {}, term.of === undefined ? `${term.points}` : `${term.points} (${term.of})`)),
        ),
        h("tr", {}, h("th", { scope: "row" }, said(texts, "heading.total")), h("td", {}, `${answer.score}`)),
      ),
    ),
    h("p", { class: "note" }, `${said(texts, "summary.cap")}. ${said(texts, "note.machine")}. ${ui(texts, "device")}`),
  );
}
