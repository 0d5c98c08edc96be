// What the chosen rule knows at the step that is shown: the memory behind the motion.

import { el, say, show } from "./dom.js";
import { swatch } from "./marks.js";

// What a slot of this name holds in the package's rules; a new one shows its name.
const SLOTS = {
  m: "first moment m", v: "second moment v", v_max: "largest v so far", s: "squares s", u: "largest gradient u",
  z: "squared steps z", p1: "power of β₁", p2: "power of β₂",
};
const VELOCITY = { v: "velocity v" };

// A rule that looks at squares keeps their average in v; one that does not keeps a velocity there.
const keyOf = (track) => [track.name, ...Object.keys(track.rule.state)].join();
const nameOfSlot = (rule, slot) => ({ ...SLOTS, ...(rule.source?.includes("grad * grad") ? {} : VELOCITY) })[slot] ?? slot;

export function createInspector(model) {
  const title = el("p", { class: "pg-heading" });
  const body = el("tbody");
  const table = el(
    "table", { class: "pg-table pg-inspector" },
    el("caption", { class: "pg-hidden" }, "State of the chosen rule at the step that is shown"),
    el("thead", {}, el("tr", {}, ["", "θ₁", "θ₂"].map((text) => (text ? el("th", { scope: "col" }, text) : el("td"))))),
    body,
  );
  const node = el("section", { class: "pg-inspect", "aria-label": "State inspector" }, title, table);
  let cells = [];
  let built = null;

  function build(track) {
    built = keyOf(track);
    title.replaceChildren(swatch(track.name, track.look), el("span"));
    const slots = Object.keys(track.rule.state).map((slot) => [slot, nameOfSlot(track.rule, slot)]);
    const rows = [
      ["theta", "position θ"], ["grad", "gradient g"], ...slots.map(([slot, name]) => [`slot ${slot}`, name]),
      ["step", "next step Δθ"], ["effective", "effective rate −Δθ/g"],
    ];
    cells = rows.map(([key, name]) => ({ key, x: el("td"), y: el("td"), name }));
    body.replaceChildren(...cells.map(({ name, x, y }) => el("tr", {}, el("th", { scope: "row" }, name), x, y)));
  }

  function update() {
    const track = model.chosenTrack;
    node.hidden = !track;
    if (!track) return;
    if (keyOf(track) !== built) build(track);
    const k = Math.min(model.peek ?? model.step, track.count - 1);
    const found = track.runner.inspect(k);
    say(title.lastChild, `${track.label} at step ${k}: loss ${show(found.loss)}, rate ${show(found.lr)}`);
    for (const { key, x, y } of cells) {
      const pair = key.startsWith("slot ") ? found.slots[key.slice(5)] : found[key];
      say(x, write(pair[0]));
      say(y, write(pair[1]));
    }
  }

  const write = (value) => (value === null ? "–" : show(value));

  for (const type of ["runs", "step"]) model.addEventListener(type, update);
  update();
  return { node };
}
