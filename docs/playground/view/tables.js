// The drawings in numbers: for those who cannot see them, and for those who want to know exactly.

import { el, show } from "./dom.js";

const MOST = 40; // rows; the download has them all

/** Steps to list: all of a short run, of a long one the first few, evenly spaced ones and the last. */
export function listed(last) {
  if (last < MOST) return Array.from({ length: last + 1 }, (_, k) => k);
  const every = Math.ceil(last / (MOST - 10));
  const steps = new Set([...Array(6).keys(), last]);
  for (let k = every; k < last; k += every) steps.add(k);
  return [...steps].sort((a, b) => a - b);
}

function tableOf(model, title, columns) {
  const table = el("table", { class: "pg-table" });
  const box = el("div", { class: "pg-scroll", tabindex: 0, role: "region", "aria-label": title }, table);
  const node = el("details", { class: "pg-data", ontoggle: () => fill() }, el("summary", {}, title), box);

  function fill() {
    if (!node.open) return;
    const heads = model.tracks.flatMap((track) => columns.map(({ head }) => `${track.label}, ${head}`));
    const rows = listed(model.last).map((k) => {
      const values = model.tracks.flatMap((track) =>
        columns.map(({ at }) => (k < track.count ? show(at(track, k), 5) : "–")),
      );
      return el("tr", {}, el("th", { scope: "row" }, String(k)), values.map((text) => el("td", {}, text)));
    });
    table.replaceChildren(
      el("caption", {}, model.open ? title : "Play the run to its end first; then its numbers stand here."),
      el("thead", {}, el("tr", {}, ["step", ...heads].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, model.open ? rows : []),
    );
  }
  model.addEventListener("runs", fill);
  return node;
}

export const createPathTable = (model) =>
  tableOf(model, "The paths on the map, as a table", [
    { head: "θ₁", at: (track, k) => track.theta[2 * k] },
    { head: "θ₂", at: (track, k) => track.theta[2 * k + 1] },
  ]);

export const createLossTable = (model) =>
  tableOf(model, "The losses of the chart, as a table", [{ head: "loss", at: (track, k) => track.loss[k] }]);
