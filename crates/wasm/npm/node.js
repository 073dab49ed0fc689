// For Node: the .wasm file is read when the module is imported, so `ready()` has nothing left to do.
import { readFileSync } from "node:fs";
import { initSync, Screener } from "./screener.js";

initSync({ module: readFileSync(new URL("./screener_bg.wasm", import.meta.url)) });

export async function ready() {}

export { Screener };
