// Serves a folder on this machine and writes down every request: what a host would see.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** `pages`: path -> {body, headers} served before the folder. */
export async function serve(folder, pages = {}) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const path = request.url.split("?")[0];
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, path, body });
    const page = Object.hasOwn(pages, path) ? pages[path] : null;
    if (page) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers }).end(page.body);
      return;
    }
    try {
      const name = path.endsWith("/") ? `${path}index.html` : path;
      if (!folder || name.includes("..")) throw new Error("no such file");
      const bytes = await readFile(new URL(`.${name}`, folder));
      response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { seen, url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}
