// Who takes part: a chip for every rule, and for each that runs a row with its learning rate. The rows share one scale
// and show, shaded, from where on each rule is unstable: three rules, three limits.

import { rules } from "../engine.js";
import { el, say, uid } from "./dom.js";
import { swatch } from "./marks.js";
import { ruleColor } from "./palette.js";
import { labelOf, lookOf, ruleOf } from "./model.js";
import { OWN } from "../state.js";
import { createSlider } from "./slider.js";
import { stableBelow } from "./overlay.js";

/**
 * @param {Model} model
 * @param {?() => void} write  open the editor, where there is one */
export function createRace(model, write) {
  const title = el("span", { class: "pg-legend", id: uid("legend") }, "Rules");
  const chips = el("div", { class: "pg-chips", role: "group", "aria-labelledby": title.id }, title);
  const list = el("div", { class: "pg-rows" });
  const group = uid("chosen");
  const together = el("input", { type: "checkbox", id: uid("together") });
  const node = el(
    "section", { class: "pg-race", "aria-label": "Settings of the rules" },
    list,
    el("p", { class: "pg-together" }, together, el("label", { for: together.id }, "move all learning rates together")),
  );
  const boxes = new Map();
  const rows = new Map();

  function addChip(name) {
    const box = el("input", { type: "checkbox", onchange: () => toggle(name, box.checked) });
    const chip = el("label", { class: "pg-chip" }, box, swatch(name, lookOf(name)), labelOf(name));
    boxes.set(name, { box });
    chips.append(chip);
  }
  for (const name of Object.keys(rules)) addChip(name);
  if (write) addChip(OWN);

  function toggle(name, on) {
    if (name === OWN && !model.own) {
      boxes.get(OWN).box.checked = false; // there is none yet: it is written first
      write();
      return;
    }
    const entries = model.state.rules.filter((entry) => entry.name !== name);
    if (on) {
      // A new rule starts at the rate of the chosen one, so that one thing only differs between the two.
      const { hyper } = ruleOf(name, model.own);
      entries.push({ name, hyper: { ...hyper, lr: model.hyperOf(model.chosen).lr ?? hyper.lr } });
    }
    model.change({ rules: entries, ...(on ? { basin: name } : {}) });
  }

  function setRate(name, lr) {
    if (!together.checked) model.setHyper(name, { lr });
    else model.change({ rules: model.state.rules.map((entry) => ({ ...entry, hyper: { ...entry.hyper, lr } })) });
  }

  function addRow(name) {
    const rule = ruleOf(name, model.own);
    const label = labelOf(name);
    const radio = el("input", { type: "radio", name: group, onchange: () => model.change({ basin: name }) });
    const status = el("span", { class: "pg-status" });
    const sliders = {};
    for (const key of Object.keys(rule.hyper)) {
      const kind = rule.kinds[key];
      const changed = key === "lr" ? (value) => setRate(name, value) : (value) => model.setHyper(name, { [key]: value });
      sliders[key] = createSlider({ name: key, kind, of: label, changed });
    }
    const { lr, ...others } = sliders;
    const more = el("div", { class: "pg-others" }, Object.values(others).map((slider) => slider.node));
    const row = el(
      "div", { class: "pg-row", "data-rule": name },
      el("label", { class: "pg-who" }, radio, swatch(name, lookOf(name)), el("span", {}, label)),
      status, lr.node, more,
    );
    row.style.setProperty("--tint", ruleColor(name));
    row.addEventListener("pointerdown", () => model.chosen !== name && model.change({ basin: name }));
    return { row, radio, status, sliders, more, rule };
  }

  function update() {
    const names = model.state.rules.map((entry) => entry.name).filter((name) => ruleOf(name, model.own));
    for (const [name, { box }] of boxes) {
      box.checked = names.includes(name);
      box.disabled = model.locked(name === OWN ? "own" : "rules");
    }
    for (const [name, { row, rule }] of rows) {
      if (names.includes(name) && rule === ruleOf(name, model.own)) continue;
      row.remove();
      rows.delete(name);
    }
    for (const name of names) {
      if (!rows.has(name)) rows.set(name, addRow(name));
      const { row, radio, sliders, more } = rows.get(name);
      if (row.parentNode !== list) list.append(row);
      radio.checked = name === model.chosen;
      row.classList.toggle("pg-chosen", radio.checked);
      more.hidden = !radio.checked;
      const hyper = model.hyperOf(name);
      for (const [key, slider] of Object.entries(sliders)) {
        slider.set(hyper[key]);
        slider.lock(model.locked(key));
      }
      const limit = model.told ? stableBelow(model, name) : null;
      sliders.lr.setLimit(limit?.rate ?? null, limit?.text ?? "");
    }
    node.classList.toggle("pg-alone", names.length < 2);
  }

  /** Say how each run went, in a few words beside its name. */
  function setStatus(words) {
    for (const [name, { status }] of rows) {
      const { text = "", kind = "" } = words[name] ?? {};
      say(status, text);
      status.dataset.kind = kind;
    }
  }

  model.addEventListener("runs", update);
  update();
  return { node, chips, setStatus };
}
