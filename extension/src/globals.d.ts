// Put in by wxt.config.ts from rules/sites.
declare const __SITES__: import("../sites").Site[];

declare module "*.css?inline" {
  const css: string;
  export default css;
}
declare module "*.wasm?url" {
  const address: string;
  export default address;
}
