// The words found, highlighted in the page without a change to its nodes (CSS Custom Highlight API, where there is one).
import { ask } from "../shared/protocol";

const NAME = "sakchy-evidence";

export async function highlight(ranges: Range[]): Promise<boolean> {
  clearHighlight();
  if (ranges.length === 0 || typeof Highlight === "undefined" || !CSS.highlights) return false;
  // the style first, so that the words never stand there in the browser's own colours
  const styled = (await ask("highlight", {})) === true;
  try {
    CSS.highlights.set(NAME, new Highlight(...ranges));
  } catch {
    return false;
  }
  return styled;
}

export function clearHighlight(): void {
  try {
    CSS.highlights?.delete(NAME);
  } catch {
    // a browser that keeps highlights from extensions has nothing to clear
  }
}
