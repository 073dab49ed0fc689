// A text handed over by "Share": the service worker writes it into the page that it answers with, so it is on no server, in no
// address and on no disk.

export const SHARED_ID = "shared-text";

export function takeShared(): string {
  const holder = document.getElementById(SHARED_ID);
  if (!holder) return "";
  history.replaceState(null, "", "./");
  try {
    const text: unknown = JSON.parse(holder.textContent ?? "");
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  } finally {
    holder.remove();
  }
}

/** The text as an inert element: JSON in which no markup can end it. */
export function holderOf(text: string): string {
  const json = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `<script type="application/json" id="${SHARED_ID}">${json}</script>`;
}
