export * from "./screener.js";

/** Makes the screener ready. In a browser `source` may be the .wasm file's address, bytes, response or module. */
export function ready(source?: RequestInfo | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;
