// The page runs in a browser; the rest of the project doesn't, and the project's own settings name no DOM.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
