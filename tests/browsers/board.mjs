// Boards of adverts written for this project (corpus), as web pages.
import { corpus } from "./corpus.mjs";

const rows = corpus().filter((row) => row.text.length > 80 && row.text.length < 900 && !row.text.includes("<"));
const risky = rows.filter((row) => row.folder === "open" && row.label === "risky" && row.offer);
const legitimate = rows.filter((row) => row.folder === "legitimate" && row.offer);

/** `n` adverts of which `bad` are risky, mixed the same way at each run. */
export function adverts(n, bad) {
  const every = Math.floor(n / bad);
  const step = Math.floor(risky.length / bad);
  const chosen = [];
  for (let i = 0; chosen.length < n; i += 1) {
    const isBad = i % every === every - 1;
    const row = isBad ? risky[Math.floor(i / every) * step] : legitimate[i % legitimate.length];
    chosen.push({ id: row.id, text: row.text.replace(/\s+/g, " ").trim(), risky: isBad });
  }
  return chosen;
}

export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A card as boards draw them: words in bold in the middle, so that evidence runs over several text nodes. */
export function card(advert) {
  const words = advert.text.split(" ");
  const third = Math.ceil(words.length / 3);
  const part = (from, to) => escaped(words.slice(from, to).join(" "));
  return `<div class="ad" data-id="${advert.id}"><p>${part(0, third)}
      <b>${part(third, 2 * third)}</b> ${part(2 * third)}</p></div>`;
}

export function boardPage(list, { head = "", tail = "" } = {}) {
  return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Доска объявлений</title><style>body{font:16px sans-serif;max-width:700px;margin:20px auto;padding:0 12px}.ad{border:1px solid #bbb;margin:14px 0;padding:4px 14px}</style>${head}</head>
<body><header><h1>Доска объявлений</h1><nav><a href="#">Работа</a> <a href="#">Услуги</a></nav></header>
<div id="list">${list.map(card).join("\n")}</div><footer>Правила доски</footer>${tail}</body></html>`;
}
