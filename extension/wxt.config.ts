import { fileURLToPath } from "node:url";
import { defineConfig } from "wxt";
import { sites } from "./sites";

const listed = sites();
const screener = fileURLToPath(new URL("../target/npm/screener/", import.meta.url));

export default defineConfig({
  srcDir: "src",
  publicDir: "public",
  manifestVersion: 3,
  // every name comes from a written import: nothing is pulled in unseen
  imports: false,
  vite: () => ({
    define: { __SITES__: JSON.stringify(listed) },
    resolve: { alias: { "@sakchy/screener/glue": `${screener}screener.js` } },
    build: { sourcemap: false, modulePreload: { polyfill: false } },
  }),
  manifest: ({ browser }) => ({
    name: "__MSG_extensionName__",
    short_name: "Sakchy",
    description: "__MSG_extensionDescription__",
    default_locale: "ru",
    permissions: ["activeTab", "contextMenus", "scripting", "storage"],
    optional_host_permissions: listed.flatMap((site) => site.hosts),
    // no page of ours can reach the network, even if it wanted to
    content_security_policy: {
      extension_pages:
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    },
    icons: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png", 128: "icon/128.png" },
    action: { default_icon: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png" }, default_title: "__MSG_extensionName__" },
    commands: {
      "next-finding": { suggested_key: { default: "Alt+Shift+N" }, description: "__MSG_commandNext__" },
      "quick-exit": { suggested_key: { default: "Alt+Shift+X" }, description: "__MSG_commandExit__" },
    },
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "extension@sakchy.org",
              strict_min_version: "140.0",
              data_collection_permissions: { required: ["none"] },
            },
            gecko_android: { strict_min_version: "142.0" },
          },
        }
      : { minimum_chrome_version: "120", storage: { managed_schema: "managed.json" } }),
  }),
});
