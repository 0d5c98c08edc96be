// Where the parts of a playground stand: all of them on its own page, within a text only what the text is about.

import { el, folded } from "./dom.js";

function columns(main, side) {
  return el("div", { class: "pg-columns" }, el("div", { class: "pg-main" }, main), el("div", { class: "pg-side" }, side));
}

/** @param {object} parts  the nodes by name */
export function wholeLayout(parts) {
  const { places, chips, map, legend, transport, race, conditions, chart, story, inspector } = parts;
  const { share, editor, pathTable, lossTable, assignment, announcer } = parts;
  return el(
    "div", { class: "pg" },
    places, chips,
    columns([map, transport, legend, race, conditions], [chart, story, inspector]),
    el("div", { class: "pg-more" }, share, editor, pathTable, lossTable, assignment),
    announcer,
  );
}

/** @param {object} parts  @param {() => string} link  to the same state on the page of the playground */
export function smallLayout(parts, link) {
  const { places, chips, map, legend, transport, race, conditions, chart, story, inspector } = parts;
  const { pathTable, lossTable, announcer } = parts;
  const refresh = () => (away.href = link());
  const away = el("a", { href: link(), onfocus: refresh, onpointerenter: refresh, onclick: refresh }, "Open this in the playground");
  return el(
    "div", { class: "pg pg-small" },
    columns([map, transport, legend, race], [chart, story]),
    el(
      "div", { class: "pg-more" },
      folded("Another surface, other rules", places, chips),
      folded("Start, length, noise, schedule", conditions),
      folded("What the rule remembers", inspector),
      pathTable, lossTable,
      el("p", { class: "pg-away" }, away),
    ),
    announcer,
  );
}
