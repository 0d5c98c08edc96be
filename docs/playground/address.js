/**
 * The address read back: everything in it is checked against engine.js, and whatever is wrong falls back with a note.
 *
 * Exports:
 *   decode(fragment, base)      {state, notes} for a fragment with "#" or without: whatever is wrong, missing or hostile
 *                               is as in `base` (by default `defaults()` of state.js), with a note in plain text, which
 *                               a page must show as text; never throws
 */
import { fault, scheduleOf, shown } from "./checks.js";
import { rules, schedules, surfaces } from "./engine.js";
import { CONTROLS, defaults, LIMITS, OWN, readOwn, VERSION } from "./state.js";

const VIEWS = ["map", "basin"];
const PRESET = /^[a-z0-9][a-z0-9-]{0,39}$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export function decode(fragment, base = defaults()) {
  const state = structuredClone(base);
  const notes = [];
  const note = (text) => {
    if (notes.length < LIMITS.notes) notes.push(text);
  };
  const text = typeof fragment === "string" ? fragment.replace(/^#/, "") : "";
  if (text === "") return { state, notes };
  if (text.length > LIMITS.fragment)
    return { state, notes: [`the address is longer than ${LIMITS.fragment} characters and was not read`] };
  const given = pairsOf(text, note);
  const version = given.get("v")?.[0];
  if (version !== String(VERSION)) {
    const what = version === undefined ? "says no version" : `is of version ${shown(version)}`;
    return { state, notes: [`the address ${what}; this page reads version ${VERSION}, and shows its usual start`] };
  }
  new Reader(given, state, note).read();
  return { state, notes };
}

/** Names and values of a fragment; a value that is no text in UTF-8 is left out. */
function pairsOf(text, note) {
  const given = new Map();
  for (const part of text.split("&")) {
    const [name, value = ""] = part.split(/=(.*)/s, 2);
    let read;
    try {
      read = decodeURIComponent(value.replaceAll("+", "%20"));
    } catch {
      note(`${shown(name)} is not encoded as an address is, and was left out`);
      continue;
    }
    given.set(name, [...(given.get(name) ?? []), read]);
  }
  return given;
}

class Reader {
  constructor(given, state, note) {
    Object.assign(this, { given, state, note });
    this.known = new Set(["v"]);
  }

  read() {
    const { state } = this;
    this.surface();
    this.take(
      "own",
      (text) => (text.length <= LIMITS.own ? text : undefined),
      `a rule of at most ${LIMITS.own} characters`,
    );
    this.rules();
    this.schedule();
    this.number("noise", (x) => x >= 0 && x <= LIMITS.reach, `from 0 to ${LIMITS.reach}`);
    this.number("seed", (x) => Number.isInteger(x) && x >= 0 && x <= 0xffffffff, "a whole number from 0 to 4294967295");
    this.number(
      "steps",
      (x) => Number.isInteger(x) && x >= 1 && x <= LIMITS.steps,
      `a whole number from 1 to ${LIMITS.steps}`,
    );
    this.number("speed", (x) => x >= LIMITS.speed[0] && x <= LIMITS.speed[1], `from ${LIMITS.speed.join(" to ")}`);
    this.take("view", (text) => (VIEWS.includes(text) ? text : undefined), `one of ${VIEWS.join(", ")}`);
    const names = state.rules.map((rule) => rule.name);
    this.take("basin", (text) => (names.includes(text) ? text : undefined), "one of the rules shown");
    if (!names.includes(state.basin)) state.basin = names[0];
    this.take("preset", (text) => (PRESET.test(text) ? text : undefined), "the name of a preset");
    this.take(
      "lock",
      (text) => (text.split(",").every((name) => CONTROLS.includes(name)) ? [...new Set(text.split(","))] : undefined),
      `of ${CONTROLS.join(", ")}`,
    );
    this.take("hide", (text) => ({ 0: false, 1: true })[text], "0 or 1");
    for (const name of this.given.keys())
      if (!this.known.has(name)) this.note(`${shown(name)} means nothing here and was left out`);
  }

  /** The value of a name, once; `undefined` from `make` means that it is not allowed. */
  take(name, make, allowed) {
    this.known.add(name);
    const values = this.given.get(name);
    if (!values) return;
    const value = values.length === 1 ? make(values[0]) : undefined;
    if (value === undefined)
      this.note(`${name} must be ${allowed}, got ${shown(values.length === 1 ? values[0] : values)}`);
    else this.state[name] = value;
  }

  number(name, good, allowed) {
    this.take(name, (text) => (NUMBER.test(text) && good(Number(text)) ? Number(text) : undefined), allowed);
  }

  surface() {
    const { state } = this;
    const before = state.surface;
    this.take(
      "surface",
      (text) => (Object.hasOwn(surfaces, text) ? text : undefined),
      `one of ${Object.keys(surfaces).join(", ")}`,
    );
    const surface = surfaces[state.surface];
    if (state.surface !== before) {
      state.surfaceHyper = { ...surface.hyper };
      state.start = [...surface.start];
    }
    for (const name of Object.keys(surface.hyper)) {
      const key = `surface.${name}`;
      this.known.add(key);
      if (this.given.has(key))
        this.hyper(state.surfaceHyper, name, this.given.get(key).join(), surface.kinds[name], key);
    }
    const point = (text) => {
      const parts = text.split(",");
      const good =
        parts.length === 2 && parts.every((part) => NUMBER.test(part) && Math.abs(Number(part)) <= LIMITS.reach);
      return good ? parts.map(Number) : undefined;
    };
    this.take("start", point, `two numbers within ±${LIMITS.reach}, as in -1.5,1`);
  }

  /** One hyper-parameter from its text, if it is of its kind. */
  hyper(hyper, name, text, kind, key = name) {
    const value = NUMBER.test(text) ? Number(text) : NaN;
    const must = fault(kind, value) ?? (Math.abs(value) > 1e12 ? "within ±1e12" : null);
    if (must) this.note(`${key} must be ${must}, got ${shown(text)}; ${shown(hyper[name])} is used`);
    else hyper[name] = value;
  }

  /** "Adam,lr:0.1,beta1:0.8" over the entry's own values; `skip` is a name that may not be given. */
  named(text, entry, skip = null) {
    const hyper = { ...entry.hyper };
    if (skip) delete hyper[skip];
    for (const part of text.split(",").slice(1)) {
      const [name, value = ""] = part.split(/:(.*)/s, 2);
      if (!Object.hasOwn(hyper, name)) this.note(`${entry.name} has no ${shown(name)}`);
      else this.hyper(hyper, name, value, entry.kinds[name], `${name} of ${entry.name}`);
    }
    return hyper;
  }

  rules() {
    this.known.add("rule");
    const given = this.given.get("rule");
    const own = readOwn(this.state.own);
    if (this.state.own && !own)
      this.note("the rule of your own cannot be read as it stands; its text is in the editor");
    if (given) this.found(given, own);
    this.mend(own);
  }

  found(given, own) {
    const found = new Map();
    for (const text of given.slice(0, LIMITS.rules)) {
      const name = text.split(",", 1)[0];
      const entry = name === OWN ? own : Object.hasOwn(rules, name) ? rules[name] : null;
      if (!entry)
        this.note(`rule must be one of ${Object.keys(rules).join(", ")}, or Own with its text, got ${shown(name)}`);
      else if (found.has(name)) this.note(`${name} stands twice; the first one is used`);
      else found.set(name, { name, hyper: this.named(text, entry) });
    }
    if (given.length > LIMITS.rules) this.note(`at most ${LIMITS.rules} rules run at once; the others were left out`);
    if (found.size) this.state.rules = [...found.values()];
  }

  /** What the state had of the reader's rule before must fit the text that it has now. */
  mend(own) {
    const { state } = this;
    if (!own) state.rules = state.rules.filter((rule) => rule.name !== OWN);
    for (const rule of state.rules) {
      if (rule.name !== OWN) continue;
      const kept = Object.entries(rule.hyper).filter(([name]) => Object.hasOwn(own.hyper, name));
      rule.hyper = { ...own.hyper, ...Object.fromEntries(kept) };
    }
    if (state.rules.length === 0) state.rules = defaults().rules;
  }

  schedule() {
    const { state } = this;
    const make = (text) => {
      const name = text.split(",", 1)[0];
      if (name === "Constant") return { name, hyper: {} };
      return Object.hasOwn(schedules, name)
        ? { name, hyper: this.named(text, schedules[name], schedules[name].peak) }
        : undefined;
    };
    this.take("schedule", make, `one of Constant, ${Object.keys(schedules).join(", ")}`);
    try {
      for (const rule of state.rules) scheduleOf(state.schedule, rule.hyper.lr);
    } catch (error) {
      this.note(`${error.message}; the rate stays constant`);
      state.schedule = { name: "Constant", hyper: {} };
    }
  }
}
