// The labelled adverts, in the order in which `sakchy scan` is given the folders (crates/xtask/src/npm.rs).
import { readFileSync, readdirSync } from "node:fs";

const here = new URL("../../corpus/", import.meta.url);

export function corpus() {
  return ["open", "seen", "training", "legitimate", "frozen"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, here))
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .flatMap((name) => readFileSync(new URL(`${folder}/${name}`, here), "utf8").trimEnd().split("\n"))
      .map((line) => ({ folder, ...JSON.parse(line) })),
  );
}
