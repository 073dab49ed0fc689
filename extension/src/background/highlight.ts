// The look of the words found. Put in with the origin USER, so that a page neither sees nor overrides it.
export const HIGHLIGHT_STYLE =
  "::highlight(sakchy-evidence) { background-color: #ffd94d !important; color: #1d1600 !important; " +
  "text-decoration: underline 2px #9a3b00 !important; }";
