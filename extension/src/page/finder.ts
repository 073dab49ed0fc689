// Where are the adverts of this page? What the page or the site tells, else repeated blocks, else the article.
import type { Site } from "../../sites";
import { articles, repeated } from "./generic";
import { jsonLd, microdata } from "./postings";

export interface Found {
  element: Element;
  /** Known from the page's own data; empty where the element's text holds it. */
  title: string;
  kind: string;
}

/** Most adverts of one page. */
const MOST = 12_000;

export function find(site: Site | null): Found[] {
  const told = [...microdata(document), ...jsonLd(document), ...(site?.advert ? bySelector(site.advert) : [])];
  const guessed = told.length > 0 ? told : repeated(document.body);
  const all = guessed.length > 0 ? guessed : articles(document);
  return withoutNested(all).slice(0, MOST);
}

function bySelector(selector: string): Found[] {
  try {
    return [...document.querySelectorAll(selector)].map((element) => ({ element, title: "", kind: "" }));
  } catch {
    return [];
  }
}

/** An advert inside an advert is read with the outer one. */
function withoutNested(found: Found[]): Found[] {
  const elements = new Set(found.map((f) => f.element));
  const seen = new Set<Element>();
  return found.filter(({ element }) => {
    if (seen.has(element)) return false;
    seen.add(element);
    for (let outer = element.parentElement; outer; outer = outer.parentElement) {
      if (elements.has(outer)) return false;
    }
    return true;
  });
}
