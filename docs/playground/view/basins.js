// The basins: every start point of the map in the color of the place where the chosen rule ends. A worker computes
// them, coarse first; what it sends is painted under the level lines.

import { Basin, count, paint } from "../basin.js";
import { el, say, show } from "./dom.js";
import { channels } from "./palette.js";
import { specs } from "../state.js";
import { factsOf } from "./overlay.js";

const ROWS = 200; // runs from bottom to top; as many per length from left to right
const HUES = ["GradientDescent", "AdaGrad", "Nesterov", "RMSProp"];
const FATES = { elsewhere: "comes to rest elsewhere", moving: "still on its way", escaped: "escapes downward", gone: "diverges" };

/** @param {{announce: (text: string) => void}} announcer  @param {() => void} changed  the picture is another one */
export function createBasins(model, map, announcer, changed) {
  let basin = null;
  let asked = "";
  let waiting = null; // a request that waits until the one before has shown at least its first pass
  let busy = false;
  let answer = null;
  const button = el("button", {
    type: "button", class: "pg-button pg-basin-switch", "aria-pressed": "false",
    onclick: () => model.change({ view: isOn() ? "map" : "basin" }),
  }, "Basins");
  const title = el("caption");
  const body = el("tbody");
  const legend = el("div", { class: "pg-legend-box", hidden: true }, el("table", { class: "pg-table pg-shares" }, title, body));
  map.node.append(button);

  const isOn = () => model.state.view === "basin" && model.told;

  function update() {
    const track = model.chosenTrack;
    const bounds = map.bounds();
    button.disabled = !model.told || !track || model.locked("view");
    button.setAttribute("aria-pressed", String(isOn()));
    legend.hidden = !isOn();
    if (!isOn() && asked) {
      [asked, answer, waiting, busy] = ["", null, null, false];
      basin.cancel();
      changed();
    }
    if (!isOn() || !track || !bounds) return;
    const { start, steps, ...spec } = specs(model.state).find(({ name }) => name === track.name).spec;
    const [[x0, x1], [y0, y1]] = bounds;
    const size = { width: Math.round((ROWS * (x1 - x0)) / (y1 - y0)), height: ROWS, steps: Math.max(300, Math.min(steps, 1000)), window: bounds };
    const key = JSON.stringify([{ ...spec, rule: track.name, own: model.state.own }, size]);
    if (key === asked) return;
    asked = key;
    if (busy) waiting = [spec, size];
    else ask(spec, size);
  }

  function ask(spec, size) {
    basin ??= new Basin({ onUpdate: take, onError: (error) => say(title, error.message) });
    busy = true;
    waiting = null;
    basin.request(spec, size);
  }

  function take(next) {
    busy = false;
    if (!isOn()) return;
    answer = { ...next, bounds: map.bounds() };
    fill(next);
    if (waiting) ask(...waiting);
    changed();
  }

  function fill(next) {
    const { minimizers, minimum } = factsOf(model);
    // All fates that the surface allows, also those that nobody meets: the list keeps its length while sliders move.
    const shares = count(next, next.width, minimizers.length);
    const rows = Object.entries(shares).filter(([name]) => name !== "escaped" || minimum === -Infinity);
    const label = model.chosenTrack?.label ?? "";
    const many = `${next.width} × ${next.height} starts`;
    say(title, next.done ? `Where ${label} ends, from ${many}; paler is slower` : `Where ${label} ends: computing ${many} …`);
    body.replaceChildren(
      ...rows.map(([name, share]) => {
        const chip = el("span", { class: "pg-spot" });
        chip.style.background = `rgb(${colorOf(name).join(" ")})`;
        return el("tr", {}, el("th", { scope: "row" }, chip, wordsFor(name, minimizers)), el("td", {}, `${(100 * share).toFixed(1)} %`));
      }),
    );
    if (next.done) announcer.announce(`${title.textContent}: ${rows.map(([name, share]) => `${wordsFor(name, minimizers)} ${Math.round(100 * share)} %`).join(", ")}`);
  }

  let palette = null;
  const mix = (color, share) => channels(color).map((part, i) => Math.round(part * share + channels(palette.ground)[i] * (1 - share)));
  const colors = () => ({
    minimizers: HUES.map((name) => mix(palette.rule(name), 0.62)),
    elsewhere: mix(palette.accent, 0.6), moving: mix(palette.muted, 0.25), escaped: mix(palette.rule("Adam"), 0.6),
    gone: mix(palette.ink, 0.5), ground: channels(palette.ground),
  });
  const colorOf = (name) => (name.startsWith("minimizer") ? colors().minimizers[Number(name.slice(10)) % HUES.length] : colors()[name]);

  model.addEventListener("runs", update);
  return {
    legend,
    update,
    /** The picture to lie under the level lines, or null. */
    picture(now) {
      palette = now;
      if (!isOn() || !answer) return null;
      const { width, height, bounds } = answer;
      return { picture: new ImageData(paint(answer, width, height, colors()), width, height), bounds };
    },
  };
}

function wordsFor(name, minimizers) {
  if (!name.startsWith("minimizer")) return FATES[name];
  const [x, y] = minimizers[Number(name.slice(10))];
  return `ends at (${show(x, 3)}, ${show(y, 3)})`;
}
