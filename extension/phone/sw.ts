// Keeps the page for use without the internet, and catches what is shared to it before it could reach the host.
import { holderOf } from "./shared-text";

declare const __FILES__: string[];
declare const __VERSION__: string;

interface Extendable extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface Fetched extends Extendable {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerScope extends EventTarget {
  registration: { scope: string };
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = globalThis as unknown as WorkerScope;
const CACHE = `sakchy-${__VERSION__}`;
const LONGEST = 200_000;

worker.addEventListener("install", (event) => {
  const filled = caches.open(CACHE).then((cache) => cache.addAll(__FILES__));
  (event as Extendable).waitUntil(filled.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  (event as Extendable).waitUntil(others.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetched;
  const path = request.url.slice(worker.registration.scope.length).split(/[?#]/)[0];
  if (request.method === "POST") {
    (event as Fetched).respondWith(path === "share" ? sharedPage(request) : Promise.resolve(new Response(null, { status: 405 })));
  } else if (request.method === "GET") {
    (event as Fetched).respondWith(kept(request));
  }
});

/** From the cache, else from the host that the page came from; never from elsewhere. */
async function kept(request: Request): Promise<Response> {
  if (!request.url.startsWith(worker.registration.scope)) return Response.error();
  const found = await caches.match(request, { ignoreSearch: true });
  return found ?? (request.mode === "navigate" ? shell() : fetch(request));
}

async function shell(): Promise<Response> {
  return (await caches.match("./")) ?? fetch("./");
}

async function sharedPage(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const parts = await Promise.all(["title", "text", "url", "file"].flatMap((name) => form.getAll(name)).map(textOf));
  const text = parts.filter(Boolean).join("\n").slice(0, LONGEST);
  const page = await (await shell()).text();
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return new Response(page.replace("<main>", () => `${holderOf(text)}<main>`), { headers });
}

async function textOf(part: FormDataEntryValue): Promise<string> {
  return typeof part === "string" ? part : part.text();
}
