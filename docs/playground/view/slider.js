// A setting: its name, a slider for the hand and a field for the exact number, which always agree.

import { fault } from "../checks.js";
import { el, say, show, uid } from "./dom.js";
import { nameOf, scaleOf } from "./scales.js";

const FINE = 1000; // places of the slider

/**
 * @param {{name: string, kind: string, of?: string, label?: string, changed: (value: number) => void}} options
 *   `of` says whose setting it is, for those who hear the page; `kind` is one of the engine's, what values are allowed
 */
export function createSlider({ name, kind, of, changed, label = nameOf(name) }) {
  const scale = scaleOf(name, kind);
  const id = uid(name);
  const spoken = of ? `${label}, ${of}` : label;
  const range = el("input", { type: "range", id, min: 0, max: FINE, step: 1, "aria-label": spoken });
  const field = el("input", {
    type: "number", step: "any", class: "pg-number", inputmode: "decimal", "aria-label": `${spoken}, exact value`,
  });
  const problem = el("span", { class: "pg-problem", id: uid("problem") });
  const hint = el("span", { class: "pg-hint" });
  const track = el("span", { class: "pg-track" }, range);
  const node = el(
    "div", { class: "pg-setting", "data-setting": name },
    el("label", { for: id, class: "pg-name" }, label), track, field, hint, problem,
  );
  let current = Number.NaN;

  range.addEventListener("input", () => {
    const value = scale.back(Number(range.value) / FINE);
    accept(value);
    field.value = value;
  });
  field.addEventListener("input", () => {
    const value = field.valueAsNumber;
    const must = fault(kind, value);
    if (must === null) {
      place(value);
      accept(value);
    }
    complain(must === null ? "" : `must be ${must}`);
  });
  // Whoever leaves a field with an impossible number in it finds the last possible one there.
  field.addEventListener("change", () => set(current));

  function accept(value) {
    complain("");
    if (value === current) return;
    current = value;
    speak(value);
    changed(value);
  }

  function complain(text) {
    say(problem, text);
    field.toggleAttribute("aria-invalid", Boolean(text));
    if (text) field.setAttribute("aria-describedby", problem.id);
    else field.removeAttribute("aria-describedby");
  }

  function place(value) {
    range.value = Math.round(scale.at(value) * FINE);
  }

  function speak(value) {
    range.setAttribute("aria-valuetext", show(value, 6));
  }

  function set(value) {
    current = value;
    complain("");
    place(value);
    speak(value);
    if (document.activeElement !== field || field.valueAsNumber !== value) field.value = value;
  }

  return {
    node,
    set,
    lock(locked) {
      range.disabled = field.disabled = locked;
      node.classList.toggle("pg-locked", locked);
    },
    /** Shade what lies above a limit; `null` takes the shade away. */
    setLimit(limit, text = "") {
      track.classList.toggle("pg-limited", limit !== null);
      if (limit !== null) track.style.setProperty("--limit", scale.at(limit).toFixed(4));
      say(hint, text);
    },
  };
}

/** A finite number without a slider. */
export function createField({ label, changed }) {
  const id = uid("field");
  const field = el("input", {
    type: "number", step: "any", id, class: "pg-number",
    oninput: () => Number.isFinite(field.valueAsNumber) && changed(field.valueAsNumber),
  });
  return {
    node: el("div", { class: "pg-choice" }, el("label", { for: id }, label), field),
    set: (value) => field.valueAsNumber !== value && (field.value = value),
    lock: (locked) => (field.disabled = locked),
  };
}

/** A choice from a list. */
export function createChoice({ label, options, changed }) {
  const id = uid("choice");
  const select = el(
    "select", { id, class: "pg-select", onchange: () => changed(select.value) },
    options.map(([value, text]) => el("option", { value }, text)),
  );
  const node = el("div", { class: "pg-choice" }, el("label", { for: id }, label), select);
  return {
    node,
    set: (value) => (select.value = value),
    lock: (locked) => (select.disabled = locked),
  };
}
