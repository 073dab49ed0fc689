// The package in Node gives the same bytes as the native program, over the whole corpus; offsets are UTF-16.
// node bytes.mjs NATIVE.jsonl
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { corpus } from "../corpus.mjs";
import { Screener, ready } from "../../../target/npm/screener/node.js";

const started = performance.now();
await ready();
const screener = Screener.builtin();
const opened = performance.now() - started;

const rows = corpus();
const native = readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
assert.equal(native.length, rows.length, "the native program answered another number of adverts");

let evidence = 0;
rows.forEach((row, i) => {
  assert.equal(screener.screenJson(row.text, { id: row.id, title: row.title, country: "KG" }), native[i], row.id);
  const answer = screener.screen(row.text, { id: row.id, title: row.title });
  for (const finding of answer.findings) {
    for (const e of finding.evidence) {
      const field = e.field === "title" ? row.title : row.text;
      assert.equal(field.slice(e.start, e.end), e.text, `${row.id}: ${finding.indicator}`);
      evidence += 1;
    }
  }
  for (const term of answer.classifier.terms) {
    const field = term.field === "title" ? row.title : row.text;
    assert.equal(field.slice(term.start, term.end), term.text, `${row.id}: classifier`);
  }
});
assert.ok(evidence > 500, `only ${evidence} pieces of evidence were compared`);

// the written types fit the answers, field by field: TypeScript checks this file (extension::test)
const sample = rows.filter((_, i) => i % 9 === 0).map((row) => screener.screen(row.text, { id: row.id }));
const typed = sample.map((answer) => `  ${JSON.stringify(answer)},`).join("\n");
writeFileSync(
  new URL("../../../target/npm/answers.ts", import.meta.url),
  `import type { Assessment } from "./screener/index.js";\nexport const answers: Assessment[] = [\n${typed}\n];\n`,
);

// what a caller may do wrong, and what the shape of an answer is
const text = "😀 Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас.";
const [one, two] = screener.screenMany([text, ""], { lang: "en" });
assert.equal(one.band, "danger");
assert.equal(two.offer, false);
assert.deepEqual(one, screener.screen(text, { lang: "en" }));
assert.equal(screener.screen("\ud800 " + text).band, "danger", "a lone surrogate is no obstacle");
assert.throws(() => screener.screen(text, { lang: 5 }), TypeError);
assert.throws(() => screener.screen(text, "ru"), TypeError);
assert.throws(() => Screener.withPack(new Uint8Array([1, 2, 3])), /no sakchy pack/);
assert.ok(screener.explain(text).signals.some((s) => s.words.length > 0 && text.slice(s.words[0].start, s.words[0].end) === s.words[0].text));
assert.equal(screener.help("KG", "ky")[0].telephone, "1899");
assert.equal(screener.countries("ky").KG, "Кыргызстан");
assert.ok(screener.messages("uz")["band.none"].length > 10);
console.log(`node: ${rows.length} answers are the native bytes, ${evidence} pieces of evidence; ready in ${opened.toFixed(0)} ms`);
