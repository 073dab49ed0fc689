// One host element of ours with a closed shadow root: badges lie over the page beside their adverts, and nothing of the page is
// moved, wrapped or changed. It exists only while there is something to show.
import css from "./overlay.css?inline";

/** A page that takes our element away gets it back this often; then we leave it be. */
const MOST_RETURNS = 5;

export class Overlay {
  readonly host = document.createElement("div");
  readonly root: ShadowRoot;
  private returns = 0;
  private wanted = false;

  constructor() {
    this.root = this.host.attachShadow({ mode: "closed" });
    dress(this.root);
  }

  /** Puts the host into the page, again if the page took it away. */
  show(): void {
    if (this.host.isConnected) return;
    if (this.wanted) {
      if (this.returns >= MOST_RETURNS) return;
      this.returns += 1;
    }
    this.wanted = true;
    document.documentElement.append(this.host);
  }

  hide(): void {
    this.wanted = false;
    this.host.remove();
  }

  get shown(): boolean {
    return this.host.isConnected;
  }
}

/** A style sheet object is not subject to the page's content policy; where it cannot be adopted, a style element is. */
function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    if (root.adoptedStyleSheets.length === 1) return;
  } catch {
    // Firefox keeps the lists of style sheets from content scripts
  }
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}
