// Taking things along: a link, also one for an assignment, the record as CSV, the same runs as a Python script.

import { csv, python } from "../exports.js";
import { el, say, uid } from "./dom.js";
import { encode, specs } from "../state.js";

const LOCKS = {
  surface: "surface", start: "start", rules: "rules", hyper: "learning rates and other numbers", schedule: "schedule",
  noise: "noise", seed: "seed", steps: "steps", own: "own rule", view: "basins",
};

/** @param {string} page  address of the page of the playground  @param {{announce: (text: string) => void}} announcer */
export function createShare(model, page, announcer) {
  const note = el("span", { class: "pg-hint pg-shared" });
  const button = (text, act) => el("button", { type: "button", class: "pg-button", onclick: act }, text);
  const link = (part = {}) => `${page}#${encode({ ...model.state, ...part })}`;

  function tell(text) {
    say(note, text);
    announcer.announce(text);
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      tell(`${what} is on the clipboard.`);
    } catch {
      field.value = text;
      field.hidden = false;
      field.select();
      tell("The browser does not let this page use the clipboard: copy the text from the field.");
    }
  }
  const field = el("input", { class: "pg-number", type: "text", readonly: true, hidden: true, "aria-label": "Link to copy" });

  function save(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    tell(`${name} is saved.`);
  }

  const boxes = Object.entries(LOCKS).map(([name, label]) => {
    const box = el("input", { type: "checkbox", value: name, id: uid("lock") });
    return [box, el("span", { class: "pg-check" }, box, el("label", { for: box.id }, label))];
  });
  const hide = el("input", { type: "checkbox", id: uid("hide") });
  const assignment = el(
    "details", { class: "pg-data" },
    el("summary", {}, "Make an assignment of it"),
    el("p", { class: "pg-help" }, "Students who open the link find these controls fixed:"),
    el("div", { class: "pg-checks" }, boxes.map(([, node]) => node)),
    el("p", { class: "pg-check" }, hide, el("label", { for: hide.id }, "hide the theory and the verdict, so that they have to find them")),
    button("Copy the link for students", () => {
      const lock = boxes.filter(([box]) => box.checked).map(([box]) => box.value);
      return copy(link({ lock, hide: hide.checked }), "The link for students");
    }),
  );
  const saveCsv = button("Download CSV", () => {
    const track = model.chosenTrack;
    if (track) save(`playground-${track.name}.csv`, "text/csv", csv(track.runner));
  });
  const savePython = button("Download Python", () => save("playground.py", "text/x-python", python(specs(model.state))));
  const share = el("div", { class: "pg-share", role: "group", "aria-label": "Take it along" },
    button("Copy link", () => copy(link(), "The link")), saveCsv, savePython, note, field,
  );

  function update() {
    saveCsv.title = `The record of ${model.chosenTrack?.label ?? "the chosen rule"}, every step`;
    saveCsv.disabled = savePython.disabled = model.tracks.length === 0;
    // Whoever was given an assignment shall not unlock it with the means of the one who made it.
    assignment.hidden = model.state.lock.length > 0 || model.state.hide;
  }
  model.addEventListener("runs", update);
  update();
  return { share, assignment, link };
}
