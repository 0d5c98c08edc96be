// Write your own rule: the reader's text is read as it is typed, and what it says joins the race.

import { el, say, uid } from "./dom.js";
import { rules } from "../engine.js";
import { ownRule } from "../machine.js";
import { OWN } from "../state.js";
import { createChoice } from "./slider.js";

/** @param {Model} model  @param {{announce: (text: string) => void}} announcer */
export function createEditor(model, announcer) {
  const help = el("p", { class: "pg-help", id: uid("help") },
    "Python, in the grammar of the book's rules: each line assigns + − * / of names, self. numbers and sqrt, abs, sign, " +
    "maximum, minimum, exp, cos, sin. What stands behind lr in the first line of update is remembered from step to step.");
  const problem = el("p", { class: "pg-problem", id: uid("problem") });
  const numbers = el("div", { class: "pg-lines", "aria-hidden": "true" });
  const area = el("textarea", {
    class: "pg-code", id: uid("code"), spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", rows: 12,
    "aria-label": "Source of your rule", "aria-describedby": `${help.id} ${problem.id}`,
    oninput: () => parse(true), onscroll: () => (numbers.scrollTop = area.scrollTop),
  });
  const base = createChoice({
    label: "begin with",
    options: Object.values(rules).map(({ name, label }) => [name, label]),
    changed: (name) => put(rules[name].source, true),
  });
  const enter = el("button", { type: "button", class: "pg-button", onclick: () => parse(true) }, "Put it in the race");
  const extra = el("div", { class: "pg-exercise" });
  const node = el(
    "details", { class: "pg-data pg-editor", ontoggle: () => node.open && begin() },
    el("summary", {}, "Write your own rule"),
    extra, help,
    el("div", { class: "pg-editor-bar" }, base.node, enter),
    el("div", { class: "pg-paper" }, numbers, area),
    problem,
  );

  function begin() {
    area.readOnly = enter.disabled = model.locked("own");
    base.lock(model.locked("own"));
    if (area.value) return;
    const source = model.state.own || (rules[model.chosen] ?? rules.Momentum).source;
    base.set(rules[model.chosen] ? model.chosen : "Momentum");
    put(source, false);
  }

  function put(text, join) {
    area.value = text;
    parse(join);
  }

  /** Read the text; a rule that can be read replaces the one before, one that cannot leaves it in the race. */
  function parse(join) {
    let rule = null;
    let fault = null;
    try {
      rule = ownRule(area.value, OWN);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      fault = error;
    }
    const text = fault ? `Line ${fault.line ?? 1}: ${fault.message}.` : "";
    say(problem, text);
    area.toggleAttribute("aria-invalid", Boolean(fault));
    if (fault) announcer.announce(text);
    numberLines(fault?.line);
    if (rule && join) model.setOwn(rule, area.value);
    return rule;
  }

  function numberLines(wrong) {
    const count = area.value.split("\n").length;
    numbers.replaceChildren(
      ...Array.from({ length: count }, (_, i) => el("span", { class: i + 1 === wrong ? "pg-wrong" : "" }, String(i + 1))),
    );
    numbers.scrollTop = area.scrollTop;
  }

  return {
    node,
    extra,
    put,
    read: () => parse(false),
    /** Open the editor; on request with a rule in the race already, and the cursor in its text. */
    open(join = false) {
      node.open = true;
      begin();
      if (!join) return;
      parse(true);
      area.focus();
    },
  };
}
