// The finder for pages of which nothing is known: blocks that repeat, else articles.
import type { Found } from "./finder";

const SHORTEST = 40;
const LONGEST = 8_000;
/** Fewest like blocks that make a list. */
const LIST = 3;
/** Elements walked over: enough for any list, an end for hostile pages. */
const MOST_ELEMENTS = 60_000;
const NEVER = new Set(["SCRIPT", "STYLE", "NAV", "HEADER", "FOOTER", "FORM", "SVG", "SELECT", "TEXTAREA", "BUTTON", "NOSCRIPT", "TEMPLATE"]);
/** Parts of one text, not texts of their own. */
const PARTS = new Set(["P", "BR", "SPAN", "B", "I", "EM", "STRONG", "A", "H1", "H2", "H3", "H4", "H5", "H6", "DT", "DD", "OPTION", "IMG"]);

/** Outermost blocks that stand in a row of at least three of their like, each long enough for an advert. */
export function repeated(body: Element | null): Found[] {
  const found: Found[] = [];
  const queue: Element[] = body ? [body] : [];
  let walked = 0;
  for (let at = 0; at < queue.length && walked < MOST_ELEMENTS; at += 1) {
    const parent = queue[at] as Element;
    const groups = new Map<string, Element[]>();
    for (let child = parent.firstElementChild; child && walked < MOST_ELEMENTS; child = child.nextElementSibling) {
      walked += 1;
      if (NEVER.has(child.tagName.toUpperCase())) continue;
      const key = likeness(child);
      const group = groups.get(key);
      if (group) group.push(child);
      else groups.set(key, [child]);
    }
    for (const group of groups.values()) {
      const fitting = group.length < LIST ? [] : group.filter(isBlock);
      const isList = fitting.length >= LIST && fitting.length * 2 >= group.length;
      for (const element of group) {
        if (isList && fitting.includes(element) && !holdsList(element)) found.push({ element, title: "", kind: "" });
        else queue.push(element);
      }
    }
  }
  return found;
}

/** Like elements have the same name and the same first class. */
function likeness(element: Element): string {
  return `${element.tagName} ${element.classList.item(0) ?? ""}`;
}

function isBlock(element: Element): boolean {
  if (PARTS.has(element.tagName.toUpperCase()) && !(element.tagName === "A" && element.firstElementChild)) return false;
  const length = (element.textContent ?? "").trim().length;
  return length >= SHORTEST && length <= LONGEST;
}

/** A row of cards is looked into: its cards have a class of their own and are long themselves. */
function holdsList(element: Element): boolean {
  const inside = [...element.children].filter((child) => child.classList.length > 0 && isBlock(child));
  return inside.length >= 2 && inside.every((child) => likeness(child) === likeness(inside[0] as Element));
}

/** The article, else the main part of the page. */
export function articles(root: Document): Found[] {
  for (const selector of ["article, [role=article]", "[itemprop=articleBody]", "main, [role=main]"]) {
    const found = [...root.querySelectorAll(selector)].filter((e) => (e.textContent ?? "").trim().length >= SHORTEST);
    if (found.length > 0) return found.slice(0, 200).map((element) => ({ element, title: "", kind: "" }));
  }
  const body = root.body;
  const length = (body?.innerText ?? "").trim().length;
  // a page without any such mark: its whole text, if it is as short as an advert
  return body && length >= SHORTEST && length <= LONGEST ? [{ element: body, title: "", kind: "" }] : [];
}
