import { browser } from "wxt/browser";
import { troubleView } from "../../screens/checker";
import { screen, watchExitKey } from "../../screens/frame";
import { siteChoice } from "../../screens/sites";
import { h, show } from "../../shared/dom";
import { ask, failed } from "../../shared/protocol";
import { COUNTRIES } from "../../shared/countries";
import { save, settings } from "../../shared/settings";
import { type Texts, said, ui } from "../../shared/texts";

/** A larger file is no pack of ours, and would not fit into the store. */
const LARGEST_PACK = 6_000_000;

watchExitKey();
await screen(async (texts, main) => {
  const chosen = await settings();
  main.append(
    h("section", { class: "card" }, h("h2", {}, ui(texts, "sitesTitle")), h("p", {}, ui(texts, "sitesWhy")), siteChoice(texts)),
    h("section", { class: "card" }, ...countryChoice(texts, chosen.country)),
    h("section", { class: "card" }, ...quietList(texts, chosen.quiet)),
    h("section", { class: "card" }, ...packChoice(texts, chosen.packName)),
    await version(texts),
  );
}, "optionsTitle");

function countryChoice(texts: Texts, country: string): HTMLElement[] {
  const select = h(
    "select",
    { id: "country", onchange: () => void save({ country: select.value }) },
    ...COUNTRIES.map((code) => h("option", { value: code, selected: code === country }, said(texts, `country.${code}`))),
  );
  return [h("label", { for: "country" }, ui(texts, "countryLabel")), select];
}

function quietList(texts: Texts, quiet: string[]): HTMLElement[] {
  const list = h("ul", { class: "list" });
  const draw = (hosts: string[]): void => {
    const items = hosts.map((host) =>
      h("li", {}, `${host} `, h("button", { type: "button", class: "link", onclick: () => void again(host) }, ui(texts, "quietAgain"))),
    );
    show(list, ...(items.length > 0 ? items : [h("li", { class: "note" }, ui(texts, "quietNone"))]));
  };
  const again = async (host: string): Promise<void> => {
    const left = (await settings()).quiet.filter((other) => other !== host);
    await save({ quiet: left });
    draw(left);
  };
  draw(quiet);
  return [h("h2", {}, ui(texts, "quietTitle")), list];
}

function packChoice(texts: Texts, name: string): HTMLElement[] {
  const file = h("input", { type: "file", id: "pack", accept: ".pack", onchange: () => void load() });
  const status = h("div", { role: "status" });
  const own = h("button", { type: "button", onclick: () => void unload() }, ui(texts, "packRemove"));
  own.hidden = !name;
  const now = h("p", { class: "note" }, name ? ui(texts, "packNow", { name }) : ui(texts, "packNone"));

  async function load(): Promise<void> {
    const chosen = file.files?.[0];
    if (!chosen) return;
    if (chosen.size > LARGEST_PACK) {
      show(status, troubleView(texts, { failed: "full", detail: chosen.name }));
      return;
    }
    const base64 = btoa([...new Uint8Array(await chosen.arrayBuffer())].map((byte) => String.fromCharCode(byte)).join(""));
    const answer = await ask("pack", { name: chosen.name, base64 });
    if (answer === null || failed(answer)) {
      show(status, troubleView(texts, answer));
      return;
    }
    own.hidden = false;
    now.textContent = ui(texts, "packNow", { name: chosen.name });
    show(status, h("p", {}, ui(texts, "packLoaded")));
  }

  async function unload(): Promise<void> {
    await ask("unpack", {});
    own.hidden = true;
    now.textContent = ui(texts, "packNone");
    show(status);
  }
  return [
    h("h2", {}, ui(texts, "packTitle")),
    h("p", {}, ui(texts, "packWhy")),
    now,
    // the browser would label a bare file field in its own language, not in the reader's
    h("div", { class: "row" }, h("span", { class: "file" }, file, h("label", { for: "pack", class: "button" }, ui(texts, "packLabel"))), own),
    status,
  ];
}

async function version(texts: Texts): Promise<HTMLElement> {
  const pack = (await ask("help", {}))?.pack ?? "";
  return h("p", { class: "note" }, `Sakchy ${browser.runtime.getManifest().version} · ${pack.slice(0, 23)} · ${ui(texts, "device")}`);
}
