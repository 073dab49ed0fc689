import { assurances, checker } from "../../screens/checker";
import { screen, watchExitKey } from "../../screens/frame";
import { h } from "../../shared/dom";
import { ask } from "../../shared/protocol";
import { helpView } from "../../shared/result";

// a text that waits for this page is taken once; the address keeps no trace of it
const waiting = location.hash.slice(1);
if (waiting) history.replaceState(null, "", location.pathname);
let text = waiting ? ((await ask("take", { id: waiting }))?.text ?? "") : "";

watchExitKey();
await screen(async (texts, main) => {
  const help = h("section", { class: "card" });
  const check = checker(texts, (given) => ask("check", { text: given }), (hasHelp) => (help.hidden = hasHelp));
  main.append(h("section", { class: "card" }, check.element), assurances(texts), help);
  if (text) check.take(text);
  text = "";
  const lines = (await ask("help", {}))?.lines ?? [];
  help.append(...helpView(texts, lines, "h2"));
}, "checkTitle");
