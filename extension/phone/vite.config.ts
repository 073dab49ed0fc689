// The page: one folder of static files, and the service worker that knows them all.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const OUT = here("../../target/page");
const alias = { "@sakchy/screener/glue": here("../../target/npm/screener/screener.js") };

export default defineConfig({
  root: here("."),
  base: "./",
  publicDir: here("static"),
  resolve: { alias },
  build: { outDir: OUT, emptyOutDir: true, sourcemap: false, target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
  plugins: [
    {
      name: "sakchy-service-worker",
      async closeBundle() {
        const files = (readdirSync(OUT, { recursive: true, withFileTypes: true }) as import("node:fs").Dirent[])
          .filter((entry) => entry.isFile() && entry.name !== "sw.js")
          .map((entry) => `${entry.parentPath}/${entry.name}`.slice(OUT.length + 1))
          .sort();
        const hash = createHash("sha256");
        for (const file of files) hash.update(file).update(readFileSync(`${OUT}/${file}`));
        const kept = files.map((file) => (file === "index.html" ? "./" : `./${file}`));
        await build({
          configFile: false,
          root: here("."),
          publicDir: false,
          logLevel: "warn",
          define: { __FILES__: JSON.stringify(kept), __VERSION__: JSON.stringify(hash.digest("hex").slice(0, 16)) },
          build: {
            outDir: OUT,
            emptyOutDir: false,
            lib: { entry: here("sw.ts"), formats: ["iife"], name: "sakchyWorker", fileName: () => "sw.js" },
          },
        });
      },
    },
    {
      // the catalogues are those of the extension
      name: "sakchy-catalogues",
      generateBundle() {
        for (const lang of ["ky", "ru", "uz", "en"]) {
          const fileName = `_locales/${lang}/messages.json`;
          this.emitFile({ type: "asset", fileName, source: readFileSync(here(`../public/${fileName}`)) });
        }
      },
    },
  ],
});
