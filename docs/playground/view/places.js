// Where the race runs, and under which conditions: surface and its numbers, length, schedule, noise.

import { schedules, surfaces } from "../engine.js";
import { el, uid } from "./dom.js";
import { createChoice, createField, createSlider } from "./slider.js";

/** Sliders for the numbers of an engine's entry, made anew when the entry changes. */
function numbersOf(host, of, changed) {
  let shown = null;
  let sliders = {};
  return {
    update(entry, values, leaveOut, locked) {
      if (entry !== shown) {
        shown = entry;
        const names = entry ? Object.keys(entry.hyper).filter((name) => name !== leaveOut) : [];
        sliders = Object.fromEntries(
          names.map((name) => [
            name,
            createSlider({ name, kind: entry.kinds[name], of, changed: (value) => changed(name, value) }),
          ]),
        );
        host.replaceChildren(...Object.values(sliders).map((slider) => slider.node));
      }
      for (const [name, slider] of Object.entries(sliders)) {
        slider.set(values[name]);
        slider.lock(locked);
      }
    },
  };
}

/** The surfaces, one to be chosen, and the numbers of the chosen one. */
export function createPlaces(model) {
  const group = uid("surface");
  const radios = {};
  const title = el("span", { class: "pg-legend", id: uid("legend") }, "Surface");
  const field = el(
    "div", { class: "pg-surfaces", role: "radiogroup", "aria-labelledby": title.id }, title,
    Object.values(surfaces).map(({ name, label }) => {
      const choose = () => model.change({ surface: name, surfaceHyper: { ...surfaces[name].hyper }, start: [...surfaces[name].start] });
      radios[name] = el("input", { type: "radio", name: group, value: name, onchange: choose });
      return el("label", { class: "pg-pill" }, radios[name], el("span", {}, label));
    }),
  );
  const host = el("div", { class: "pg-numbers" });
  const numbers = numbersOf(host, "surface", (name, value) => {
    model.change({ surfaceHyper: { ...model.surfaceSelf, [name]: value } });
  });

  function update() {
    for (const [name, radio] of Object.entries(radios)) {
      radio.checked = name === model.state.surface;
      radio.disabled = model.locked("surface");
    }
    numbers.update(model.surface, model.surfaceSelf, null, model.locked("surface"));
  }
  model.addEventListener("runs", update);
  update();
  return { node: el("div", { class: "pg-places" }, field, host) };
}

/** The numbers of a schedule but its highest rate, which is each rule's own. */
function withoutPeak(entry) {
  return Object.fromEntries(Object.entries(entry?.hyper ?? {}).filter(([name]) => name !== entry.peak));
}

/** Length of the race, schedule of the rate, noise on the gradient. */
export function createConditions(model) {
  const steps = createSlider({ name: "steps", kind: "count", label: "steps to run", changed: (value) => model.change({ steps: value }) });
  const sigma = createSlider({ name: "sigma", kind: "non_negative", changed: (value) => model.change({ noise: value }) });
  const seed = createSlider({ name: "seed", kind: "whole", changed: (value) => model.change({ seed: value }) });
  const schedule = createChoice({
    label: "schedule of the rate",
    options: [["Constant", "constant"], ...Object.values(schedules).map(({ name, label }) => [name, label])],
    changed: (name) => model.change({ schedule: { name, hyper: withoutPeak(schedules[name]) } }),
  });
  const host = el("div", { class: "pg-numbers" });
  const numbers = numbersOf(host, "schedule", (name, value) => {
    const { schedule: now } = model.state;
    model.change({ schedule: { ...now, hyper: { ...now.hyper, [name]: value } } });
  });

  const start = [0, 1].map((i) =>
    createField({
      label: `start θ${"₁₂"[i]}`,
      changed: (value) => model.change({ start: model.start.map((old, j) => (j === i ? value : old)) }),
    }),
  );

  function update() {
    const { state } = model;
    start.forEach((field, i) => {
      field.set(model.start[i]);
      field.lock(model.locked("start"));
    });
    steps.set(state.steps);
    sigma.set(state.noise);
    seed.set(state.seed);
    schedule.set(state.schedule.name);
    steps.lock(model.locked("steps"));
    sigma.lock(model.locked("noise"));
    seed.lock(model.locked("seed"));
    schedule.lock(model.locked("schedule"));
    const entry = schedules[state.schedule.name] ?? null;
    numbers.update(entry, state.schedule.hyper, entry?.peak, model.locked("schedule"));
    seed.node.hidden = !(state.noise > 0);
  }
  model.addEventListener("runs", update);
  update();
  return { node: el("div", { class: "pg-conditions" }, el("div", { class: "pg-pair" }, start.map((field) => field.node)), steps.node, sigma.node, seed.node, schedule.node, host) };
}
