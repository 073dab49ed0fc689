// Looks into our closed shadow root through the debugger: what a reader sees, no script of the page can.

const sessions = new WeakMap();

async function debug(page) {
  if (!sessions.has(page)) sessions.set(page, await page.context().newCDPSession(page));
  return sessions.get(page);
}

/** Our shadow root as a tree of the debugger's nodes; null where there is none. */
async function root(page) {
  const session = await debug(page);
  const { root: top } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  const html = top.children.find((node) => node.nodeName === "HTML");
  const host = (html?.children ?? []).find((node) => node.shadowRoots?.[0]?.shadowRootType === "closed");
  return host?.shadowRoots[0] ?? null;
}

function attributes(node) {
  const list = node.attributes ?? [];
  return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1]]] : [])));
}

function all(node) {
  return [node, ...(node.children ?? []).flatMap(all)];
}

function text(node) {
  return node.nodeType === 3 ? node.nodeValue : (node.children ?? []).map(text).join("");
}

/** Elements of ours with this class: label, text, attributes. */
export async function ours(page, name) {
  const shadow = await root(page);
  if (!shadow) return [];
  return all(shadow)
    .filter((node) => (attributes(node).class ?? "").split(" ").includes(name))
    .map((node) => ({
      ...attributes(node),
      id: node.nodeId,
      text: text(node),
      buttons: all(node)
        .filter((inner) => inner.nodeName === "BUTTON")
        .map((inner) => ({ id: inner.nodeId, text: text(inner) })),
    }));
}

export const badges = async (page) => (await ours(page, "badge")).map((badge) => ({ ...badge, label: badge["aria-label"] }));

/** A real click of the mouse in the middle of one of our elements. */
export async function click(page, element) {
  const session = await debug(page);
  await session.send("DOM.scrollIntoViewIfNeeded", { nodeId: element.id });
  // what still moves would be missed by a press at where it stood
  let content = [];
  for (let n = 0; n < 20; n++) {
    const { model } = await session.send("DOM.getBoxModel", { nodeId: element.id });
    const resting = String(content) === String(model.content);
    content = model.content;
    if (resting) break;
    await page.waitForTimeout(50);
  }
  const [x, y, , , x2, y2] = content;
  await page.mouse.click((x + x2) / 2, (y + y2) / 2);
}

/** Our shadow root's HTML, for the accessibility check. */
export async function html(page) {
  const session = await debug(page);
  const shadow = await root(page);
  if (!shadow) return "";
  const parts = await Promise.all(
    (shadow.children ?? []).map((node) => session.send("DOM.getOuterHTML", { nodeId: node.nodeId }).then((r) => r.outerHTML)),
  );
  return parts.join("");
}

/** The words that are highlighted in the page. */
export function highlighted(page) {
  return page.evaluate(() => [...(CSS.highlights.get("sakchy-evidence") ?? [])].map((range) => range.toString()));
}
