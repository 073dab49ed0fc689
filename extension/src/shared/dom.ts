// Elements from data. Text only ever becomes text nodes, so markup in an advert stays words.

type Child = Node | string | null | undefined | false;
type Handler = (event: Event) => void;
export type Properties = Record<string, string | boolean | Handler | undefined>;

/** `on...` properties are listeners; they ignore events that a script made up. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), (event) => {
        if (event.isTrusted) value(event);
      });
    } else if (typeof value === "string") {
      element.setAttribute(name, value);
    } else if (value) {
      element.setAttribute(name, "");
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

export function show(parent: Element | ShadowRoot, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => !!child));
}
