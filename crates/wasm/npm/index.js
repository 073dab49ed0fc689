// For browsers and bundlers. `ready()` fetches the .wasm file that stands beside this one; a caller that holds the bytes, a
// response or a compiled module passes it instead.
import init, { Screener } from "./screener.js";

let started;

export function ready(source) {
  // a failed start may be tried again
  started ??= init(source === undefined ? undefined : { module_or_path: source }).then(
    () => undefined,
    (error) => {
      started = undefined;
      throw error;
    },
  );
  return started;
}

export { Screener };
