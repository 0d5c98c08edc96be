// Two things that style alone cannot do: let the keyboard reach what scrolls, and print what is folded.
"use strict";

const mayScroll = ".table-wrapper, .katex-display, .plate, .highlight pre";

function markScrollers() {
  for (const box of document.querySelectorAll(mayScroll)) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

markScrollers();
document.fonts?.ready.then(markScrollers);
window.addEventListener("resize", markScrollers);
window.addEventListener("load", markScrollers);
// A tab or a folded part has no width until it opens.
document.addEventListener("change", markScrollers);
document.addEventListener("toggle", markScrollers, true);

const folded = () => document.querySelectorAll("details:not([open])");
window.addEventListener("beforeprint", () => folded().forEach((part) => part.setAttribute("open", "printing")));
window.addEventListener("afterprint", () =>
  document.querySelectorAll('details[open="printing"]').forEach((part) => part.removeAttribute("open")),
);
