import { screen, watchExitKey } from "../../screens/frame";
import { siteChoice } from "../../screens/sites";
import { h } from "../../shared/dom";
import { said, ui } from "../../shared/texts";

watchExitKey();
await screen((texts, main) => {
  main.append(
    h(
      "section",
      { class: "card" },
      h("p", {}, ui(texts, "welcomeWhat")),
      h("ul", {}, ...["welcomeDevice", "welcomeWords", "welcomeNoPromise"].map((key) => h("li", {}, ui(texts, key)))),
    ),
    h("section", { class: "card" }, h("h2", {}, ui(texts, "sitesTitle")), h("p", {}, ui(texts, "sitesWhy")), siteChoice(texts)),
    h(
      "section",
      { class: "card" },
      h("h2", {}, ui(texts, "withoutTitle")),
      h("p", {}, ui(texts, "withoutHow")),
      h("a", { class: "button", href: "/check.html" }, ui(texts, "checkTitle")),
    ),
    h("p", { class: "note" }, said(texts, "help-line.emergency")),
  );
}, "welcomeTitle");
