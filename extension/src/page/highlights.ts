// The words found, highlighted in the page without a change to its nodes (CSS Custom Highlight API, where there is one).
import { ask } from "../shared/protocol";

const NAME = "sakchy-evidence";

export async function highlight(ranges: Range[]): Promise<boolean> {
  clearHighlight();
  if (ranges.length === 0 || typeof Highlight === "undefined" || !CSS.highlights) return false;
  try {
    CSS.highlights.set(NAME, new Highlight(...ranges));
  } catch {
    return false;
  }
  return (await ask("highlight", {})) === true;
}

export function clearHighlight(): void {
  try {
    CSS.highlights?.delete(NAME);
  } catch {
    // a browser that keeps highlights from extensions has nothing to clear
  }
}
