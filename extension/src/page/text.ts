// The text of an element, and the way back from its offsets to the page's text nodes.

interface Piece {
  node: Text;
  /** Offset in the node. */
  from: number;
  /** Offset in the text. */
  at: number;
  length: number;
}

export interface PageText {
  text: string;
  pieces: Piece[];
}

const PASSED_OVER = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SVG", "CANVAS", "VIDEO", "AUDIO", "IFRAME", "TEXTAREA", "SELECT", "BUTTON", "NAV", "FORM"]);
/** Elements looked at inside one advert: a hostile page can nest without end. */
const MOST_ELEMENTS = 3_000;

/** Reads as the page shows it: white space runs are one space, blocks and line breaks end a line, hidden parts are left out. */
export function readText(root: Element, longest: number): PageText {
  const pieces: Piece[] = [];
  let text = "";
  let elements = 0;
  const newLine = (): void => {
    if (text && !text.endsWith("\n")) text += "\n";
  };
  const take = (node: Text, kept: boolean): void => {
    const data = node.data;
    const runs = kept ? /[^\r]+/g : /\S+/g;
    let end = 0;
    for (const run of data.matchAll(runs)) {
      if (run.index > end && text && !/\s$/.test(text)) text += " ";
      const length = Math.min(run[0].length, longest - text.length);
      if (length <= 0) return;
      pieces.push({ node, from: run.index, at: text.length, length });
      text += run[0].slice(0, length);
      end = run.index + run[0].length;
    }
    if (end < data.length && text && !/\s$/.test(text)) text += " ";
  };
  const walk = (element: Element, depth: number): void => {
    elements += 1;
    if (depth > 100 || elements > MOST_ELEMENTS || PASSED_OVER.has(element.tagName.toUpperCase())) return;
    if (element.tagName === "BR") {
      newLine();
      return;
    }
    const style = getComputedStyle(element);
    if (style.display === "none" || style.visibility === "hidden") return;
    const block = !style.display.startsWith("inline") && style.display !== "contents";
    const kept = style.whiteSpace.startsWith("pre") || style.whiteSpace === "break-spaces";
    if (block) newLine();
    for (let child = element.firstChild; child && text.length < longest && elements <= MOST_ELEMENTS; child = child.nextSibling) {
      if (child.nodeType === Node.TEXT_NODE) take(child as Text, kept);
      else if (child.nodeType === Node.ELEMENT_NODE) walk(child as Element, depth + 1);
    }
    if (block) newLine();
  };
  walk(root, 0);
  return { text, pieces };
}

/** The places in the page of `text.slice(start, end)`. */
export function rangesOf(page: PageText, start: number, end: number): Range[] {
  const ranges: Range[] = [];
  for (const piece of page.pieces) {
    const from = Math.max(start, piece.at);
    const to = Math.min(end, piece.at + piece.length);
    if (from >= to) continue;
    const last = ranges.at(-1);
    try {
      // the white space between two words of one node belongs to what is highlighted
      if (last?.endContainer === piece.node) {
        last.setEnd(piece.node, piece.from + to - piece.at);
        continue;
      }
      const range = document.createRange();
      range.setStart(piece.node, piece.from + from - piece.at);
      range.setEnd(piece.node, piece.from + to - piece.at);
      ranges.push(range);
    } catch {
      // the page changed the node meanwhile; the panel still shows the words
    }
  }
  return ranges;
}
