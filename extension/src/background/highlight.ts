// The look of the words found. Put in by the browser, not as a node of the page. The origin is AUTHOR: Chromium paints no background
// of highlights whose style has the origin USER.
export const HIGHLIGHT_STYLE =
  "::highlight(sakchy-evidence) { background-color: #ffd94d !important; color: #1d1600 !important; " +
  "text-decoration: underline 2px #9a3b00 !important; }";
