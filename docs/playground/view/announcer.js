// The one place from which the page speaks to those who do not see it: politely, once things have come to rest, and
// never the same twice in a row.

import { el, say } from "./dom.js";

const REST = 600; // milliseconds without a change, after which it is said

export function createAnnouncer() {
  const node = el("div", { class: "pg-hidden", role: "status", "aria-live": "polite" });
  let waiting = 0;
  return {
    node,
    announce(text) {
      clearTimeout(waiting);
      waiting = setTimeout(() => say(node, text), REST);
    },
  };
}
