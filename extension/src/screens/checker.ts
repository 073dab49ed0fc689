// The check screen: paste or drop a text, see the result. The extension and the phone page show the same one.
import type { Assessment } from "@sakchy/screener";
import { h, show } from "../shared/dom";
import type { Failure } from "../shared/protocol";
import { bandLine, resultView } from "../shared/result";
import { type Texts, said, ui } from "../shared/texts";

export type Check = (text: string) => Promise<{ answer: Assessment } | Failure | null>;

/** Longest text that is checked; a book dropped here is told, not swallowed. */
const LONGEST = 200_000;

export interface Checker {
  element: HTMLElement;
  /** Puts a text in and checks it at once. */
  take(text: string): void;
  clear(): void;
}

/** `onAnswer` is told whether the result now shows help lines. */
export function checker(texts: Texts, check: Check, onAnswer: (hasHelp: boolean) => void = () => undefined): Checker {
  const field = h("textarea", { id: "advert", rows: "6", spellcheck: "false", placeholder: ui(texts, "pasteHint") });
  const result = h("div", { class: "result", role: "region", "aria-label": ui(texts, "result") });
  const status = h("p", { class: "note", role: "status" });
  const button = h("button", { type: "button", class: "main", onclick: () => void run() }, ui(texts, "checkButton"));
  const empty = h("button", { type: "button", onclick: () => clear() }, ui(texts, "clear"));

  async function run(): Promise<void> {
    const text = field.value;
    if (!text.trim()) {
      status.textContent = ui(texts, "pasteFirst");
      field.focus();
      return;
    }
    button.disabled = true;
    status.textContent = ui(texts, "checking");
    const answer = await check(text.slice(0, LONGEST));
    button.disabled = false;
    status.textContent = text.length > LONGEST ? ui(texts, "cutOff", { n: LONGEST }) : "";
    if (answer === null || "failed" in answer) {
      result.className = "result";
      show(result, troubleView(texts, answer));
      return;
    }
    showAnswer(answer.answer);
  }

  function showAnswer(answer: Assessment): void {
    result.className = `result ${answer.band}`;
    const title = h("h2", { tabindex: "-1" }, bandLine(texts, answer));
    show(result, title, ...resultView(texts, answer, { heading: 3 }));
    onAnswer(answer.help.length > 0);
    title.focus();
  }

  function clear(): void {
    field.value = "";
    result.className = "result";
    show(result);
    onAnswer(false);
    status.textContent = "";
    field.focus();
  }

  field.addEventListener("keydown", (event) => {
    if (event.isTrusted && event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run();
  });
  dropsInto(field, (text) => {
    field.value = text;
    void run();
  });
  const element = h(
    "div",
    { class: "checker" },
    h("label", { for: "advert" }, ui(texts, "pasteLabel")),
    field,
    h("div", { class: "row" }, button, empty),
    status,
    result,
  );
  return {
    element,
    take(text) {
      field.value = text;
      void run();
    },
    clear,
  };
}

/** Text or a text file dropped on the field. */
function dropsInto(field: HTMLTextAreaElement, take: (text: string) => void): void {
  field.addEventListener("dragover", () => field.classList.add("over"));
  for (const name of ["dragleave", "drop"]) field.addEventListener(name, () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file || !event.isTrusted) return;
    event.preventDefault();
    void file.slice(0, LONGEST * 4).text().then(take);
  });
}

export function troubleView(texts: Texts, failure: Failure | null): HTMLElement {
  const key = { wasm: "troubleWasm", pack: "troublePack", full: "troubleFull", shape: "troubleSilent" }[failure?.failed ?? "shape"];
  return h("p", { class: "trouble", role: "alert" }, ui(texts, key), failure?.detail ? h("small", {}, ` (${failure.detail})`) : null);
}

/** Privacy and what a result is not; below every check. */
export function assurances(texts: Texts): HTMLElement {
  return h("p", { class: "note" }, `${said(texts, "note.private")}. ${said(texts, "note.no-promise")}.`);
}
