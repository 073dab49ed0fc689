// The labelled adverts, in the order in which `sakchy scan corpus/open corpus/legitimate corpus/frozen` reads them.
import { readFileSync, readdirSync } from "node:fs";

const here = new URL("../../corpus/", import.meta.url);

export function corpus() {
  return ["open", "legitimate", "frozen"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, here))
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .flatMap((name) => readFileSync(new URL(`${folder}/${name}`, here), "utf8").trimEnd().split("\n"))
      .map((line) => JSON.parse(line)),
  );
}
