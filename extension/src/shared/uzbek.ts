// Uzbek Latin letters to Cyrillic, by the rules of the 1995 alphabet. Links, handles, e-mail addresses and words in capital
// letters that are no Uzbek words (IOM, SMS) stay as they are.

const KEEP = /(?:https?:\/\/\S+|\S+@\S+|@\w+|\b[\w-]+\.(?:kg|uz|kz|ru|org|com|me)\b\S*|\{\w+\}|\b(?:Sakchy|sakchy|SMS|ID|WhatsApp|Telegram|PDF|WASM|WebAssembly)\b)/g;

const PAIRS: [RegExp, string][] = [
  [/o['ʻʼ‘’`]/g, "ў"],
  [/g['ʻʼ‘’`]/g, "ғ"],
  // loan words only: in ketsin, aytsin the t belongs to the stem
  [/ts(?=iy|ial|ion)/g, "ц"],
  [/sh/g, "ш"],
  [/ch/g, "ч"],
  [/ya/g, "я"],
  [/yo(?!['ʻʼ‘’`])/g, "ё"],
  [/yu/g, "ю"],
  [/ye/g, "е"],
  [/(^|[^\p{L}'ʻʼ‘’`]|[aeiouў])e/gu, "$1э"],
  [/['ʻʼ‘’`](?=\p{L})/gu, "ъ"],
];

const LETTERS: Record<string, string> = {
  a: "а", b: "б", d: "д", e: "е", f: "ф", g: "г", h: "ҳ", i: "и", j: "ж", k: "к", l: "л", m: "м", n: "н", o: "о", p: "п",
  q: "қ", r: "р", s: "с", t: "т", u: "у", v: "в", x: "х", y: "й", z: "з", c: "к", w: "в",
};

function words(text: string): string {
  return text.replace(/[\p{L}'ʻʼ‘’`]+/gu, (word) => {
    const first = word.charAt(0);
    const capitals = word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();
    let low = word.toLowerCase();
    // yoʻ is йў, not ёъ: the pair with the apostrophe is taken first
    for (const [pattern, letters] of PAIRS) low = low.replace(pattern, letters);
    const out = [...low].map((letter) => LETTERS[letter] ?? letter).join("");
    if (capitals) return out.toUpperCase();
    return first !== first.toLowerCase() ? out.charAt(0).toUpperCase() + out.slice(1) : out;
  });
}

export function toCyrillic(text: string): string {
  let out = "";
  let at = 0;
  for (const kept of text.matchAll(KEEP)) {
    out += words(text.slice(at, kept.index)) + kept[0];
    at = kept.index + kept[0].length;
  }
  return out + words(text.slice(at));
}
