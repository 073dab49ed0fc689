// schema.org JobPosting: as JSON-LD in a script, or as microdata on the elements themselves.
import type { Found } from "./finder";

const LONGEST_SCRIPT = 500_000;
/** Letters of the description that must stand in an element to be taken for it. */
const PROBE = 60;

export function microdata(root: ParentNode): Found[] {
  return [...root.querySelectorAll('[itemscope][itemtype*="schema.org/JobPosting" i]')].map((element) => ({
    element,
    title: "",
    kind: "job",
  }));
}

/** The elements that show the postings which the page tells of in JSON-LD. */
export function jsonLd(root: Document): Found[] {
  const found: Found[] = [];
  for (const script of root.querySelectorAll('script[type="application/ld+json"]')) {
    const source = script.textContent ?? "";
    if (source.length > LONGEST_SCRIPT) continue;
    for (const posting of postings(parsed(source), 0)) {
      const description = plain(own(posting, "description"));
      const element = shownBy(root, description);
      if (element) found.push({ element, title: plain(own(posting, "title")).slice(0, 300), kind: "job" });
    }
  }
  return found;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

/** A field of the object itself: a page may hang anything on prototypes. */
function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function postings(value: unknown, depth: number): object[] {
  if (typeof value !== "object" || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.slice(0, 200).flatMap((item) => postings(item, depth + 1));
  const type = own(value, "@type");
  if (type === "JobPosting" || (Array.isArray(type) && type.includes("JobPosting"))) return [value];
  return ["@graph", "itemListElement", "item", "mainEntity"].flatMap((name) => postings(own(value, name), depth + 1));
}

/** HTML as text, without making elements of it. */
function plain(html: unknown): string {
  if (typeof html !== "string") return "";
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&nbsp;|&#160;/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** The smallest element that holds the beginning of the description. */
function shownBy(root: Document, description: string): Element | null {
  const probe = squeezed(description).slice(0, PROBE);
  if (probe.length < 20 || !root.body) return null;
  let smallest: Element | null = null;
  let inside: Element[] = [root.body];
  for (let depth = 0; depth < 60; depth += 1) {
    const next = inside.find((element) => squeezed(element.textContent ?? "").includes(probe));
    if (!next) break;
    smallest = next;
    inside = [...next.children];
  }
  return smallest === root.body ? null : smallest;
}

function squeezed(text: string): string {
  return text.slice(0, LONGEST_SCRIPT).replace(/\s+/g, "");
}
