// The listed sites, each with a box: the reader gives or takes back leave to read its pages.
import { browser } from "wxt/browser";
import { h, show } from "../shared/dom";
import { type Texts, ui } from "../shared/texts";

export function siteChoice(texts: Texts): HTMLElement {
  const list = h("div", { class: "sites" });
  const status = h("p", { class: "note", role: "status" });
  const draw = async (): Promise<void> => {
    const granted = await Promise.all(__SITES__.map((site) => browser.permissions.contains({ origins: site.hosts })));
    const boxes = __SITES__.map((site, i) => {
      const box = h("input", { type: "checkbox", value: site.id, checked: granted[i] === true });
      return { site, box };
    });
    const chosen = (): string[] => boxes.filter(({ box }) => box.checked).flatMap(({ site }) => site.hosts);
    const dropped = (): string[] => boxes.filter(({ box }, i) => !box.checked && granted[i]).flatMap(({ site }) => site.hosts);
    // the browser asks only within a click, so nothing may be awaited before the request
    const apply = async (): Promise<void> => {
      const origins = chosen();
      const asked = origins.length > 0 ? browser.permissions.request({ origins }) : Promise.resolve(true);
      const given = await asked.catch(() => false);
      const gone = dropped();
      if (gone.length > 0) await browser.permissions.remove({ origins: gone }).catch(() => false);
      await draw();
      status.textContent = ui(texts, given ? "sitesSaved" : "sitesRefused");
    };
    show(
      list,
      h(
        "fieldset",
        {},
        h("legend", {}, ui(texts, "sitesLegend")),
        ...boxes.map(({ site, box }) => h("label", { class: "inline" }, box, h("span", {}, site.name, h("small", {}, ` ${hostsOf(site.hosts)}`)))),
      ),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "main", onclick: () => void apply() }, ui(texts, "sitesSave")),
        h("button", { type: "button", onclick: () => boxes.forEach(({ box }) => (box.checked = true)) }, ui(texts, "sitesAll")),
      ),
    );
  };
  void draw();
  return h("div", {}, list, status);
}

function hostsOf(patterns: string[]): string {
  return patterns.map((pattern) => pattern.replace(/^\*:\/\/(\*\.)?/, "").replace(/\/.*$/, "")).join(", ");
}
