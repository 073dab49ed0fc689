// Parts that need no browser: Uzbek letters, languages, site descriptions, the catalogues.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { read, sites } from "../sites";
import { fitting } from "../src/shared/languages";
import { toCyrillic } from "../src/shared/uzbek";
import { holderOf } from "../phone/shared-text";

test("Uzbek in Cyrillic letters", () => {
  const pairs: [string, string][] = [
    ["O'zbekcha e'lon", "Ўзбекча эълон"],
    ["Yo'l puli qarzga", "Йўл пули қарзга"],
    ["G'ayrat, tog' va bog‘", "Ғайрат, тоғ ва боғ"],
    ["Shartnoma, choy, ishchi", "Шартнома, чой, ишчи"],
    ["ehtiyot bo'ling, yetarli, yangi, yoki, yurt", "эҳтиёт бўлинг, етарли, янги, ёки, юрт"],
    ["Pasportingizni hech kimga bermang.", "Паспортингизни ҳеч кимга берманг."],
    ["migrant.kg yoki https://example.org/yo'l, @kanal_ish", "migrant.kg ёки https://example.org/yo'l, @kanal_ish"],
    ["{n} ta, WhatsApp", "{n} та, WhatsApp"],
    ["politsiya, Sakchy, sotsial, ketsin", "полиция, Sakchy, социал, кетсин"],
    ["poezd, Poyezd", "поэзд, Поезд"],
  ];
  for (const [latin, cyrillic] of pairs) assert.equal(toCyrillic(latin), cyrillic);
});

test("the reader's language is guessed from the browser's", () => {
  assert.equal(fitting(["ky-KG", "ru"]), "ky");
  assert.equal(fitting(["uz-Cyrl-UZ"]), "uz-Cyrl");
  assert.equal(fitting(["kk-KZ", "en"]), "en");
  assert.equal(fitting(["tg"]), "ru");
  assert.equal(fitting([]), "ru");
});

test("at least ten sites are listed, and mistakes in a description are named", () => {
  assert.ok(sites().length >= 10);
  const good = 'id = "x"\nname = "X"\nhosts = ["*://*.x.kg/*"]\n';
  assert.equal(read("x.toml", good).advert, "");
  assert.throws(() => read("y.toml", good), /id must be the file's name/);
  assert.throws(() => read("x.toml", good.replace("*://*.x.kg/*", "<all_urls>")), /no match pattern of one site/);
  assert.throws(() => read("x.toml", `${good}advert = ".a"\n`), /need the public source/);
  assert.throws(() => read("x.toml", `${good}adverts = ".a"\n`), /"adverts" is not known/);
});

test("the four catalogues hold the same keys and places", () => {
  const load = (lang: string): Record<string, { message: string }> =>
    JSON.parse(readFileSync(new URL(`../public/_locales/${lang}/messages.json`, import.meta.url), "utf8"));
  const [first, ...others] = ["ru", "ky", "uz", "en"].map(load);
  const places = (text = ""): string => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const other of others) {
    assert.deepEqual(Object.keys(other).sort(), Object.keys(first ?? {}).sort());
    for (const [key, { message }] of Object.entries(other)) assert.equal(places(message), places(first?.[key]?.message), key);
  }
});

test("no markup in a shared text can end its element", () => {
  const holder = holderOf("a</script><script>x\u2028&");
  assert.equal(holder.match(/</g)?.length, 2);
  assert.equal(JSON.parse(holder.replace(/^<[^>]*>|<[^>]*>$/g, "")), "a</script><script>x\u2028&");
});
